package role

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// model is a custom role as the resource sees it.
type model struct {
	ID                       types.String `tfsdk:"id"`
	TenantID                 tfkit.String `tfsdk:"tenant_id"`
	Name                     types.String `tfsdk:"name"`
	Description              types.String `tfsdk:"description"`
	SecurityPermission       types.String `tfsdk:"security_permission"`
	ApplicationPermissions   tfkit.Set    `tfsdk:"application_permissions"`
	ProtectedPermissions     tfkit.Set    `tfsdk:"protected_permissions"`
	AllowUnlistedPermissions types.Bool   `tfsdk:"allow_unlisted_permissions"`
	Protected                types.Bool   `tfsdk:"protected"`
	Declared                 types.Bool   `tfsdk:"declared"`
}

// identity identifies a custom role.
type identity struct {
	TenantID types.String `tfsdk:"tenant_id"`
	RoleID   types.String `tfsdk:"role_id"`
}

// known says whether every value that the directory is given is known.
func (m model) known() bool {
	return !m.Name.IsUnknown() && !m.Description.IsUnknown() && !m.SecurityPermission.IsUnknown() &&
		m.ApplicationPermissions.FullyKnown() && m.ProtectedPermissions.FullyKnown() && !m.AllowUnlistedPermissions.IsUnknown()
}

// toDirectory returns the role. Values that are not known are zero.
func (m model) toDirectory() rolemodel.Role {
	r := rolemodel.Role{
		TenantID:           rolemodel.AccountCode(m.TenantID.Canonical()),
		ID:                 rolemodel.RoleID(m.ID.ValueString()),
		Name:               m.Name.ValueString(),
		Description:        m.Description.ValueString(),
		SecurityPermission: rolemodel.SecurityPermission(m.SecurityPermission.ValueString()),
		// Whether unlisted permissions are allowed is not known: decide that at apply.
		AllowUnlistedPermissions: m.AllowUnlistedPermissions.IsUnknown() || m.AllowUnlistedPermissions.ValueBool(),
	}
	if m.ApplicationPermissions.FullyKnown() {
		r.ApplicationPermissions = tfkit.Canonical[rolemodel.Permission](m.ApplicationPermissions)
	}
	if m.ProtectedPermissions.FullyKnown() {
		r.ProtectedPermissions = tfkit.Canonical[rolemodel.Permission](m.ProtectedPermissions)
	}
	canonical, _ := r.Normalise()
	r.CarriesProtected = canonical.CarriesProtected
	return r
}

// fromDirectory returns the role r, and whether it is declared. Where m has the
// same value in another spelling, the framework keeps that spelling.
func (m model) fromDirectory(r rolemodel.Role, declared bool) model {
	description := types.StringValue(r.Description)
	if r.Description == "" && m.Description.IsNull() {
		description = types.StringNull()
	}
	return model{
		ID:                       types.StringValue(string(r.ID)),
		TenantID:                 tfkit.AccountCodeType().Value(string(r.TenantID)),
		Name:                     types.StringValue(r.Name),
		Description:              description,
		SecurityPermission:       types.StringValue(string(r.SecurityPermission)),
		ApplicationPermissions:   tfkit.SetFrom(tfkit.PermissionType(), r.ApplicationPermissions, m.ApplicationPermissions),
		ProtectedPermissions:     tfkit.SetFrom(tfkit.PermissionType(), r.ProtectedPermissions, m.ProtectedPermissions),
		AllowUnlistedPermissions: types.BoolValue(r.AllowUnlistedPermissions),
		Protected:                types.BoolValue(r.CarriesProtected),
		Declared:                 types.BoolValue(declared),
	}
}
