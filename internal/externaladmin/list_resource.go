package externaladmin

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

var _ list.ListResourceWithConfigure = &adminList{}

// NewListResource returns the list resource mimecast_external_admin.
func NewListResource() list.ListResource { return &adminList{} }

type adminList struct{ adminResource }

// filter is the config of a list block of single grants.
type filter struct {
	TenantIDs []tfkit.String `tfsdk:"tenant_ids"`
	PartnerID tfkit.String   `tfsdk:"partner_id"`
	Email     tfkit.String   `tfsdk:"email"`
	Domains   []tfkit.String `tfsdk:"domains"`
	RoleID    types.String   `tfsdk:"role_id"`
}

func (l *adminList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The external admins of the directory by tenant and address, one result for each grant, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"tenant_ids": tfkit.AnyOf(tfkit.AccountCodeType(), "Only those of the tenants with these account codes."),
			"partner_id": schema.StringAttribute{Optional: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "Only those of the tenants of the partner with this account code."},
			"email":      schema.StringAttribute{Optional: true, CustomType: tfkit.EmailType(), MarkdownDescription: "Only those of this address."},
			"domains":    tfkit.AnyOf(tfkit.DomainType(), "Only those whose address is in one of these domains."),
			"role_id":    schema.StringAttribute{Optional: true, MarkdownDescription: "Only those who hold the role with this ID."},
		},
	}
}

func (l *adminList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var f filter
	if diags := req.Config.Get(ctx, &f); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	admins := l.session.Directory.ExternalAdmins(ctx, directory.ExternalAdminFilter{
		TenantIDs: tfkit.CanonicalOf[rolemodel.AccountCode](f.TenantIDs),
		PartnerID: rolemodel.AccountCode(f.PartnerID.Canonical()),
		Email:     rolemodel.Email(f.Email.Canonical()),
		RoleID:    rolemodel.RoleID(f.RoleID.ValueString()),
		Domains:   tfkit.CanonicalOf[rolemodel.Domain](f.Domains),
	})
	stream.Results = tfkit.List(ctx, l.session, directory.KindExternalAdmin, req, admins, func(a rolemodel.ExternalAdmin) tfkit.Listed {
		return tfkit.Listed{
			DisplayName: fmt.Sprintf("%s: %s of %s", a.Email, a.RoleName, a.TenantID),
			Identity:    identityOf(a),
			Resource:    model{}.fromDirectory(a, false),
		}
	})
}
