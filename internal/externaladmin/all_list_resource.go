package externaladmin

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var _ list.ListResourceWithConfigure = &allList{}

// NewAllListResource returns the list resource mimecast_external_admins.
func NewAllListResource() list.ListResource { return &allList{} }

type allList struct{ allResource }

// allFilter is the config of a list block of all grants of each tenant.
type allFilter struct {
	TenantIDs []tfkit.String `tfsdk:"tenant_ids"`
	PartnerID tfkit.String   `tfsdk:"partner_id"`
}

func (l *allList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All external admins of each tenant that has any, one result for each tenant, by account code, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"tenant_ids": tfkit.AnyOf(tfkit.AccountCodeType(), "Only those of the tenants with these account codes."),
			"partner_id": schema.StringAttribute{Optional: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "Only those of the tenants of the partner with this account code."},
		},
	}
}

func (l *allList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var f allFilter
	if diags := req.Config.Get(ctx, &f); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	admins := l.session.Directory.ExternalAdmins(ctx, directory.ExternalAdminFilter{
		TenantIDs: tfkit.CanonicalOf[rolemodel.AccountCode](f.TenantIDs),
		PartnerID: rolemodel.AccountCode(f.PartnerID.Canonical()),
	})
	stream.Results = tfkit.List(ctx, l.session, directory.KindExternalAdmins, req, directory.ByTenant(admins), func(of []rolemodel.ExternalAdmin) tfkit.Listed {
		tenant := of[0].TenantID
		return tfkit.Listed{
			DisplayName: fmt.Sprintf("External admins of %s: %d", tenant, len(of)),
			Identity:    allIdentityOf(tenant),
			Resource:    allModel{}.fromDirectory(tenant, of, false),
		}
	})
}
