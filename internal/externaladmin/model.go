package externaladmin

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
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
	term
	Declared types.Bool `tfsdk:"declared"`
}

// term is why a grant is there and until when.
type term struct {
	Reason    tfkit.String `tfsdk:"reason"`
	ExpiresAt tfkit.String `tfsdk:"expires_at"`
}

func (t term) unknown() bool { return t.Reason.IsUnknown() || t.ExpiresAt.IsUnknown() }

// of returns the term of the grant, in the spelling that t has for it.
func (t term) of(a *rolemodel.ExternalAdmin) term {
	return term{
		Reason:    tfkit.ReasonType().Written(a.Reason, t.Reason),
		ExpiresAt: tfkit.TimeType().Written(string(a.ExpiresAt), t.ExpiresAt),
	}
}

// termAttributes are the attributes of a term.
func termAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"reason": schema.StringAttribute{
			Optional: true, CustomType: tfkit.ReasonType(),
			MarkdownDescription: "Why the person has the grant, in one line: an access review shows it.",
		},
		"expires_at": schema.StringAttribute{
			Optional: true, CustomType: tfkit.TimeType(), PlanModifiers: []planmodifier.String{tfkit.KeepSpelling()},
			MarkdownDescription: "From when on the grant does not count any more, in RFC 3339, for example `2027-01-31T18:00:00Z`. Signing in is denied from then on, and every plan warns until the grant is deleted here: nothing changes merely because time has passed.",
		},
	}
}

// withTerm adds the attributes of a term to others.
func withTerm(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	maps.Copy(attributes, termAttributes())
	return attributes
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

		Reason:    m.Reason.Canonical(),
		ExpiresAt: rolemodel.Time(m.ExpiresAt.Canonical()),
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
		term:     m.of(&a),
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
