package externaladmin

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// allModel is all grants of a tenant as mimecast_external_admins sees them.
type allModel struct {
	ID       types.String `tfsdk:"id"`
	TenantID tfkit.String `tfsdk:"tenant_id"`
	// Admins maps an address, in the user's spelling, to an object of a role_id and a term.
	Admins   types.Map  `tfsdk:"admins"`
	Declared types.Bool `tfsdk:"declared"`
}

// allIdentity identifies all grants of a tenant.
type allIdentity struct {
	TenantID types.String `tfsdk:"tenant_id"`
}

func adminType() types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{"role_id": types.StringType, "reason": tfkit.ReasonType(), "expires_at": tfkit.TimeType()}}
}

// grants returns the grants in the order of the map's keys, and the spelling
// that each address has in the map. The role of a grant that is not all known is "". An
// address that stands in the map twice is a violation. The map must be known.
func (m allModel) grants() ([]rolemodel.ExternalAdmin, map[string]string, rolemodel.Violations) {
	var violations rolemodel.Violations
	elements := m.Admins.Elements()
	grants := make([]rolemodel.ExternalAdmin, 0, len(elements))
	spelling := make(map[string]string, len(elements))
	for _, written := range slices.Sorted(maps.Keys(elements)) {
		email := tfkit.EmailType().Value(written).Canonical()
		if other, repeated := spelling[email]; repeated {
			v := rolemodel.RepeatedAddressViolation(rolemodel.Email(email), other, written)
			v.Path = rolemodel.AtKey("admins", written)
			violations = append(violations, v)
			continue
		}
		spelling[email] = written
		grant := rolemodel.ExternalAdmin{TenantID: rolemodel.AccountCode(m.TenantID.Canonical()), Email: rolemodel.Email(email)}
		if term := termOf(elements[written]); !term.unknown() { // Otherwise what is given is not known yet.
			grant.RoleID = rolemodel.RoleID(roleOf(elements[written]).ValueString())
			grant.Reason, grant.ExpiresAt = term.Reason.Canonical(), rolemodel.Time(term.ExpiresAt.Canonical())
		}
		grants = append(grants, grant)
	}
	return grants, spelling, violations
}

// roleOf returns the role_id of an element of the map: null where the element
// is null, unknown where it is not known.
func roleOf(element attr.Value) types.String {
	object, ok := element.(basetypes.ObjectValue)
	if !ok || object.IsNull() {
		return types.StringNull()
	}
	if id, ok := object.Attributes()["role_id"].(basetypes.StringValue); ok {
		return id
	}
	return types.StringUnknown()
}

// termOf returns the term of an element of the map.
func termOf(element attr.Value) term {
	t := term{Reason: tfkit.ReasonType().Null(), ExpiresAt: tfkit.TimeType().Null()}
	if object, ok := element.(basetypes.ObjectValue); ok && !object.IsNull() {
		if reason, ok := object.Attributes()["reason"].(tfkit.String); ok {
			t.Reason = reason
		}
		if expires, ok := object.Attributes()["expires_at"].(tfkit.String); ok {
			t.ExpiresAt = expires
		}
	}
	return t
}

// fromDirectory returns the grants of a tenant, and whether they are declared. An
// address and a term keep the spelling that they have in m.
func (m allModel) fromDirectory(tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin, declared bool) allModel {
	spelling := map[string]string{}
	if !m.Admins.IsUnknown() {
		_, spelling, _ = m.grants()
	}
	elements := make(map[string]attr.Value, len(admins))
	for _, a := range admins {
		written, ok := spelling[string(a.Email)]
		if !ok {
			written = string(a.Email)
		}
		term := termOf(m.Admins.Elements()[written]).of(&a)
		elements[written] = types.ObjectValueMust(adminType().AttrTypes, map[string]attr.Value{
			"role_id": types.StringValue(string(a.RoleID)), "reason": term.Reason, "expires_at": term.ExpiresAt,
		})
	}
	return allModel{
		ID:       types.StringValue(string(tenant)),
		TenantID: tfkit.AccountCodeType().Value(string(tenant)),
		Admins:   types.MapValueMust(adminType(), elements),
		Declared: types.BoolValue(declared),
	}
}

// means says whether both models have the same grants, however the addresses are spelled.
func (m allModel) means(other allModel) bool {
	if m.Admins.IsUnknown() || other.Admins.IsUnknown() || hasUnknown(m.Admins) || hasUnknown(other.Admins) {
		return false
	}
	a, _, _ := m.grants()
	b, _, _ := other.grants()
	byEmail := func(x, y rolemodel.ExternalAdmin) int { return cmp.Compare(x.Email, y.Email) }
	slices.SortFunc(a, byEmail)
	slices.SortFunc(b, byEmail)
	return slices.EqualFunc(a, b, func(x, y rolemodel.ExternalAdmin) bool { return x.Email == y.Email && x.Same(&y) })
}

func hasUnknown(m types.Map) bool {
	v, err := m.ToTerraformValue(context.Background())
	return err != nil || !v.IsFullyKnown()
}

// replace returns the change that declares the grants.
func (m allModel) replace(action directory.Action, note tfkit.Note) directory.Replace {
	change := directory.Replace{Action: action, Tenant: rolemodel.AccountCode(m.TenantID.Canonical()), As: note.As}
	if action == directory.ActionDelete {
		change.Seen = m.seen(note)
	} else if !m.Admins.IsUnknown() {
		change.Admins, _, _ = m.grants()
	}
	return change
}

// seen returns the grants of a state with the declarations that they had when it was read.
func (m allModel) seen(note tfkit.Note) []rolemodel.ExternalAdmin {
	grants, _, _ := m.grants()
	for i, grant := range grants {
		declaration, other := note.Grants[grant.Email]
		if !other {
			declaration = note.As
		}
		grants[i].Declaration = declaration
	}
	return grants
}
