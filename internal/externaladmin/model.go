package externaladmin

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// model is one grant as mimecast_external_admin sees it.
type model struct {
	ID       types.String `tfsdk:"id"`
	TenantID tfkit.String `tfsdk:"tenant_id"`
	Email    tfkit.String `tfsdk:"email"`
	RoleID   types.String `tfsdk:"role_id"`
	Declared types.Bool   `tfsdk:"declared"`
}

// identity identifies one grant.
type identity struct {
	TenantID types.String `tfsdk:"tenant_id"`
	Email    types.String `tfsdk:"email"`
}

// toDirectory returns the grant. Values that are not known are zero.
func (m model) toDirectory() rolemodel.ExternalAdmin {
	return rolemodel.ExternalAdmin{
		TenantID: rolemodel.AccountCode(m.TenantID.Canonical()),
		Email:    rolemodel.Email(m.Email.Canonical()),
		RoleID:   rolemodel.RoleID(m.RoleID.ValueString()),
	}
}

// fromDirectory returns the grant a, and whether it is declared. Where m has the
// same value in another spelling, the framework keeps that spelling.
func (m model) fromDirectory(a rolemodel.ExternalAdmin, declared bool) model {
	return model{
		ID:       types.StringValue(directory.KeyOf(a).String()),
		TenantID: tfkit.AccountCodeType().Value(string(a.TenantID)),
		Email:    tfkit.EmailType().Value(string(a.Email)),
		RoleID:   types.StringValue(string(a.RoleID)),
		Declared: types.BoolValue(declared),
	}
}

func identityOf(a rolemodel.ExternalAdmin) identity {
	return identity{TenantID: types.StringValue(string(a.TenantID)), Email: types.StringValue(string(a.Email))}
}

// checkRole returns what is wrong with a role before anything else is known.
func checkRole(id types.String) rolemodel.Violations {
	if id.IsUnknown() {
		return nil
	}
	grant := rolemodel.ExternalAdmin{RoleID: rolemodel.RoleID(id.ValueString())}
	if role, ok := rolemodel.DefaultRole(grant.RoleID); ok {
		return rolemodel.CheckGrantable(&role)
	}
	_, violations := grant.Normalise()
	return slices.DeleteFunc(violations, func(v rolemodel.Violation) bool { return v.Path.String() != "role_id" })
}
