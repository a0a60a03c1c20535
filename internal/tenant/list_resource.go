package tenant

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var _ list.ListResourceWithConfigure = &tenantList{}

// NewListResource returns the list resource mimecast_tenant.
func NewListResource() list.ListResource { return &tenantList{} }

type tenantList struct{ tenantResource }

// filter is the config of a list block.
type filter struct {
	AccountCodes []tfkit.String `tfsdk:"account_codes"`
	PartnerID    tfkit.String   `tfsdk:"partner_id"`
	Domains      []tfkit.String `tfsdk:"domains"`
	Name         types.String   `tfsdk:"name"`
}

func (l *tenantList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The tenants of the directory by account code, for `terraform query`. Retired ones are left out.",
		Attributes: map[string]schema.Attribute{
			"account_codes": tfkit.AnyOf(tfkit.AccountCodeType(), "Only the tenants with these account codes."),
			"partner_id":    schema.StringAttribute{Optional: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "Only the tenants of the partner with this account code."},
			"domains":       tfkit.AnyOf(tfkit.DomainType(), "Only the tenants that one of these domains is internal to."),
			"name":          schema.StringAttribute{Optional: true, MarkdownDescription: "Only the tenants of this name. Letter case does not matter."},
		},
	}
}

func (l *tenantList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var f filter
	if diags := req.Config.Get(ctx, &f); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	tenants := l.session.Directory.Tenants(ctx, directory.TenantFilter{
		Codes:     tfkit.CanonicalOf[rolemodel.AccountCode](f.AccountCodes),
		PartnerID: rolemodel.AccountCode(f.PartnerID.Canonical()),
		Domains:   tfkit.CanonicalOf[rolemodel.Domain](f.Domains),
		Name:      f.Name.ValueString(),
	})
	stream.Results = tfkit.List(ctx, l.session, directory.KindTenant, req, tfkit.InUse(tenants), func(t rolemodel.Tenant) tfkit.Listed {
		return tfkit.Listed{
			DisplayName: fmt.Sprintf("%s (%s)", t.Name, t.AccountCode),
			Identity:    identityOf(t.AccountCode),
			Resource:    resourceModel{}.stored(t, false),
		}
	})
}
