package role

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

var _ list.ListResourceWithConfigure = &roleList{}

// NewListResource returns the list resource mimecast_role.
func NewListResource() list.ListResource { return &roleList{} }

type roleList struct{ roleResource }

// filter is the config of a list block.
type filter struct {
	TenantIDs []tfkit.String `tfsdk:"tenant_ids"`
	Name      types.String   `tfsdk:"name"`
}

func (l *roleList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The custom roles of the directory by tenant and ID, for `terraform query`. Retired ones are left out, and default roles are in every tenant and not managed.",
		Attributes: map[string]schema.Attribute{
			"tenant_ids": tfkit.AnyOf(tfkit.AccountCodeType(), "Only the roles of the tenants with these account codes."),
			"name":       schema.StringAttribute{Optional: true, MarkdownDescription: "Only the roles of this name. Letter case does not matter."},
		},
	}
}

func (l *roleList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var f filter
	if diags := req.Config.Get(ctx, &f); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	roles := l.session.Directory.Roles(ctx, directory.RoleFilter{
		TenantIDs: tfkit.CanonicalOf[rolemodel.AccountCode](f.TenantIDs),
		Name:      f.Name.ValueString(),
	})
	stream.Results = tfkit.List(ctx, l.session, directory.KindRole, req, tfkit.InUse(roles), func(r rolemodel.Role) tfkit.Listed {
		return tfkit.Listed{
			DisplayName: fmt.Sprintf("%s (%s)", r.Name, directory.KeyOf(r)),
			Identity:    identityOf(r.TenantID, r.ID),
			Resource:    model{}.fromDirectory(r, false),
		}
	})
}
