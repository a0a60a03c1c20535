package rolemodel

import (
	"fmt"
	"slices"
	"strings"
)

// Grant is what is known of one external admin's grant. A zero field is not
// known yet: the rules that need it are left for when it is, so that a plan
// and the directory decide with the same function. The same goes for the
// domains and the program of the partner and the domains of the tenant, which
// a canonical one always has.
type Grant struct {
	Email  Email
	Tenant *Tenant
	// Partner is the tenant's partner.
	Partner *Partner
	Role    *Role
	// ExpiresAt is until when the grant counts, "" for ever.
	ExpiresAt Time
}

// DecideGrant decides whether the actor may turn the grant before into the
// grant after. A nil before adds the grant, a nil after removes it. A nil actor
// is not known yet. Now is when it is decided. Paths are those of an external admin: tenant_id,
// email, role_id, expires_at; a violation for which nothing in the grant is at fault has none.
func DecideGrant(actor *Actor, before, after *Grant, now Time) Violations {
	var vs Violations
	vs = mayManage(vs, actor)
	var held *Role
	if before != nil {
		held = before.Role
		vs = mayAssign(vs, actor, held)
	}
	if after == nil {
		if before != nil {
			vs = mayActFor(vs, actor, before.Tenant, before.Partner)
		}
		return vs
	}
	vs = mayActFor(vs, actor, after.Tenant, after.Partner)
	moved := before != nil && before.Email != "" && after.Email != "" && before.Email != after.Email
	given := before == nil || held != nil && after.Role != nil && held.ID != after.Role.ID
	if given {
		vs = mayAssign(vs, actor, after.Role)
		vs = append(vs, CheckGrantable(after.Role)...)
	}
	if held != nil && held.CarriesProtected && moved {
		vs = append(vs, violate(AddressBySupport, At("email"),
			fmt.Sprintf("%q holds %s, which carries protected permissions, so the address cannot become %q here.", before.Email, held.Name, after.Email)))
	}
	if before != nil && before.ExpiresAt != after.ExpiresAt && after.ExpiresAt.Passed(now) {
		vs = append(vs, violate(ExpiryAhead, At("expires_at"),
			fmt.Sprintf("The grant of %q would expire at %s, which has passed.", after.Email, after.ExpiresAt)))
	}
	if (given || moved) && after.Role != nil && after.Role.Retired {
		vs = append(vs, violate(RoleRetired, At("role_id"),
			fmt.Sprintf("%s was deleted while somebody held it, so it is retired and nobody new gets it.", after.Role.Name)))
	}
	if (before == nil || moved) && after.Tenant != nil && after.Tenant.Retired {
		vs = append(vs, retired(At("tenant_id"), "tenant", string(after.Tenant.AccountCode)))
	}
	return append(vs, checkPlace(after)...)
}

// CheckGrantable returns a violation if nobody but Mimecast Support grants the
// role. A nil role is not known yet.
func CheckGrantable(role *Role) Violations {
	if role == nil || role.ID != SuperAdmin {
		return nil
	}
	return Violations{violate(SuperBySupport, At("role_id"), "Super Administrator is granted only by Mimecast Support.")}
}

// DecideView decides whether the actor may read custom roles, external admins,
// sign-in decisions and the audit trail. A nil actor is not known yet.
func DecideView(actor *Actor) Violations {
	if actor == nil || actor.Role.SecurityPermission.Level() > 0 {
		return nil
	}
	return Violations{actor.violate(ViewRoles, nil,
		fmt.Sprintf("%s cannot manage roles, and so sees neither custom roles, external admins and sign-in decisions nor the audit trail.", actor.Role.Name))}
}

// mayManage adds a violation if the actor cannot manage roles.
func mayManage(vs Violations, actor *Actor) Violations {
	if actor == nil || actor.Role.SecurityPermission.Level() > 0 {
		return vs
	}
	return append(vs, actor.violate(ManageRoles, nil,
		fmt.Sprintf("%s cannot manage roles, and so neither custom roles nor external admins.", actor.Role.Name)))
}

// mayAssign adds a violation for each way in which the role is above the actor.
// A role is nil if it is not known yet.
func mayAssign(vs Violations, actor *Actor, role *Role) Violations {
	if actor == nil || role == nil {
		return vs
	}
	level := actor.Role.SecurityPermission.Level()
	if role.CarriesProtected && level < ManageApplicationAndProtectedRoles.Level() {
		vs = append(vs, actor.violate(ProtectedAssignment, At("role_id"),
			fmt.Sprintf("%s carries protected permissions, and %s cannot manage protected roles.", role.Name, actor.Role.Name)))
	}
	if !role.IsDefault() && role.SecurityPermission.Level() > level {
		vs = append(vs, actor.violate(NoEscalation, At("role_id"),
			fmt.Sprintf("%s may %s, which is above what %s may.", role.Name, words(role.SecurityPermission), actor.Role.Name)))
	}
	return vs
}

// mayActFor adds a violation if the actor is a Partner Administrator and the
// tenant has no MSP. The tenant and its partner are nil if they are not known yet.
func mayActFor(vs Violations, actor *Actor, tenant *Tenant, partner *Partner) Violations {
	switch {
	case actor == nil || actor.Role.ID != PartnerAdmin || tenant == nil:
		return vs
	case tenant.PartnerID == "":
		return append(vs, actor.notForMSP(fmt.Sprintf("Tenant %q (%s) has no partner", tenant.AccountCode, tenant.Name)))
	}
	return mayActWith(vs, actor, partner)
}

// mayActWith adds a violation if the actor is a Partner Administrator and the
// partner, nil if it is not known yet, is not an MSP.
func mayActWith(vs Violations, actor *Actor, partner *Partner) Violations {
	if actor == nil || actor.Role.ID != PartnerAdmin || partner == nil || mayBeMSP(partner.Program) {
		return vs
	}
	return append(vs, actor.notForMSP(fmt.Sprintf("%s is not an MSP (its program is %q)", partner.Name, partner.Program)))
}

func (a *Actor) notForMSP(problem string) Violation {
	advice := "Set acting_as to another role, for example \"basic-admin\"."
	if a.Credential {
		advice = "Use a credential with another role, for example \"basic-admin\"."
	}
	return violate(MSPOnlyRole, nil, problem+", and nobody acts there as Partner Administrator.", advice)
}

// checkPlace returns what is wrong with the address or role of a grant in the
// place it is for: its tenant and the tenant's partner.
func checkPlace(g *Grant) Violations {
	var vs Violations
	if g.Tenant == nil {
		return nil
	}
	if g.Email != "" && slices.Contains(g.Tenant.InternalDomains, g.Email.Domain()) {
		vs = append(vs, violate(ExternalAddress, At("email"),
			fmt.Sprintf("%q is inside %s: %q is one of its internal domains.", g.Email, g.Tenant.Name, g.Email.Domain())))
	}
	partnerAdmin := g.Role != nil && g.Role.ID == PartnerAdmin
	if g.Tenant.PartnerID == "" {
		vs = append(vs, violate(PortalRequired, At("tenant_id"),
			fmt.Sprintf("Tenant %q (%s) has no partner, so nobody outside it can administer it.", g.Tenant.AccountCode, g.Tenant.Name)))
		if partnerAdmin {
			vs = append(vs, violate(MSPOnlyRole, At("role_id"),
				fmt.Sprintf("Tenant %q (%s) has no partner, and so no MSP.", g.Tenant.AccountCode, g.Tenant.Name)))
		}
		return vs
	}
	if g.Partner == nil {
		return vs
	}
	if !g.Partner.PartnerPortal {
		vs = append(vs, violate(PortalRequired, At("tenant_id"),
			fmt.Sprintf("%s, the partner of tenant %q, does not use the Partner Portal.", g.Partner.Name, g.Tenant.AccountCode)))
	}
	if g.Email != "" && len(g.Partner.Domains) > 0 && !slices.Contains(g.Partner.Domains, g.Email.Domain()) {
		vs = append(vs, violate(PartnerLogin, At("email"),
			fmt.Sprintf("%q is not a login of %s: its domains are %s.", g.Email, g.Partner.Name, list(g.Partner.Domains))))
	}
	if partnerAdmin && !mayBeMSP(g.Partner.Program) {
		vs = append(vs, violate(MSPOnlyRole, At("role_id"),
			fmt.Sprintf("%s, the partner of tenant %q, is not an MSP (its program is %q).", g.Partner.Name, g.Tenant.AccountCode, g.Partner.Program)))
	}
	return vs
}

// mayBeMSP says whether a partner of the program may be an MSP. A zero program is not known yet.
func mayBeMSP(p Program) bool { return p == ProgramMSP || p == "" }

// AddressChangeViolation says that one replacement takes a role that carries
// protected permissions from some addresses and gives it to another one.
func AddressChangeViolation(role *Role, from []Email, to Email) Violation {
	v := violate(AddressBySupport, At("email"),
		fmt.Sprintf("%q would get %s, which carries protected permissions, as it is taken from %s: that is a change of address.", to, role.Name, list(from)))
	v.People = append([]Email{to}, from[:min(len(from), listed-1)]...)
	return v
}

// OneRoleViolation says that an address holds a role in the tenant already.
func OneRoleViolation(held ExternalAdmin) Violation {
	return violate(OneRole, At("email"), fmt.Sprintf("%q already holds %s in tenant %q.", held.Email, held.RoleName, held.TenantID),
		fmt.Sprintf("Import the grant that exists, whose import ID is \"%s/%s\", or change its role instead of adding a second one.", held.TenantID, held.Email))
}

// RepeatedAddressViolation says that one address stands in a list of grants
// twice, under the keys if there are any.
func RepeatedAddressViolation(email Email, keys ...string) Violation {
	if len(keys) == 0 {
		return violate(OneRole, At("email"), fmt.Sprintf("%q is there more than once.", email), "Keep one of them.")
	}
	return violate(OneRole, At("email"),
		fmt.Sprintf("%s are the same address %q.", list(keys), email), "Keep one of them.")
}

// RoleOfTenantViolation says that a tenant, "" for one that is not known yet, has
// no role with the ID, or the name that stands in its place. The roles are those
// that it has, one that has the ID as its name among them; of the custom ones the
// message names ten.
func RoleOfTenantViolation(tenant AccountCode, id RoleID, roles []Role) Violation {
	owner := fmt.Sprintf(" of tenant %q", tenant)
	if tenant == "" {
		owner = ""
	}
	for _, r := range roles {
		what := "custom role" + owner
		if r.IsDefault() {
			what = "default role"
		}
		switch {
		case r.ID == id: // It was looked up by name.
			return violate(RoleOfTenant, At("role_id"), fmt.Sprintf("%q is the ID of a %s, not its name.", id, what), fmt.Sprintf("Write %q.", r.Name))
		case FoldName(r.Name) == FoldName(string(id)):
			return violate(RoleOfTenant, At("role_id"), fmt.Sprintf("%q is the name of a %s, not its ID.", id, what), fmt.Sprintf("Write %q.", r.ID))
		}
	}
	choices := "one of " + choices(roles)
	if role, ok := meant(string(id), roles); ok {
		choices = fmt.Sprintf("%q (%s) if that is meant, or %s", role.ID, role.Name, choices)
	}
	return violate(RoleOfTenant, At("role_id"), fmt.Sprintf("%s is neither a default role nor a custom role%s.", quote(string(id)), owner), "Write "+choices+".")
}

// choices names the default roles and ten custom ones.
func choices(roles []Role) string {
	var ids []string
	custom := 0
	for _, r := range roles {
		switch {
		case r.IsDefault():
			ids = append(ids, string(r.ID))
		case custom < listed:
			ids = append(ids, string(r.ID)+" ("+r.Name+")")
			custom++
		case custom == listed:
			ids = append(ids, "or another one of its custom roles")
			custom++
		}
	}
	return strings.Join(ids, ", ")
}

// MissingReference says that the entry of a kind that the attribute refers to is not in the directory.
func MissingReference(attribute, kind string, key AccountCode) Violation {
	return violate(ReferenceExists, At(attribute), fmt.Sprintf("There is no %s %q in the directory.", kind, key))
}

// RoleFacts is what the directory knows of a custom role's surroundings. A nil
// tenant or partner is not known.
type RoleFacts struct {
	Tenant  *Tenant
	Partner *Partner
	// SameName is the other role of the tenant that has the role's name, if there is one.
	SameName *Role
	// SameID is the role of another name, to which it was changed, that has the ID
	// that the new role would get, if there is one.
	SameID *Role
}

// DecideRole decides whether the actor may turn the role before into the role
// after. A nil before creates it, a nil after deletes it; a retired before is
// taken up again, which is a creation. A nil actor and zero fields of after are
// not known yet, but for AllowUnlistedPermissions, which is true where it is not
// known. Paths are those of a custom role.
func DecideRole(actor *Actor, before, after *Role, facts RoleFacts) Violations {
	vs := mayManage(nil, actor)
	vs = mayActFor(vs, actor, facts.Tenant, facts.Partner)
	if before != nil && before.IsDefault() {
		return append(vs, violate(DefaultRoleFixed, nil, fmt.Sprintf("%s is a default role and cannot be edited or deleted.", before.Name)))
	}
	for _, v := range mayAssign(nil, actor, before) {
		v.Path = nil // The role as it is, not an attribute of the new one.
		vs = append(vs, v)
	}
	if after == nil {
		return vs
	}
	if (before == nil || before.Retired) && facts.Tenant != nil && facts.Tenant.Retired {
		vs = append(vs, retired(At("tenant_id"), "tenant", string(facts.Tenant.AccountCode)))
	}
	vs = append(vs, CheckRole(after)...)
	if same := facts.SameName; same != nil && !same.IsDefault() {
		vs = append(vs, violate(RoleNameUnique, At("name"),
			fmt.Sprintf("Tenant %q already has a role named %q (ID %s).", same.TenantID, same.Name, same.ID)))
	}
	if same := facts.SameID; same != nil {
		vs = append(vs, violate(RoleNameUnique, At("name"),
			fmt.Sprintf("A role named %q gets the ID %q, which the role %q of tenant %q has since it was renamed.", after.Name, same.ID, same.Name, same.TenantID),
			"Choose another name."))
	}
	if actor == nil {
		return vs
	}
	if after.SecurityPermission.Level() > actor.Role.SecurityPermission.Level() {
		vs = append(vs, actor.violate(NoEscalation, At("security_permission"),
			fmt.Sprintf("A role that may %s is above what %s may.", words(after.SecurityPermission), actor.Role.Name)))
	}
	if actor.Role.SecurityPermission == ManageApplicationAndProtectedRoles {
		return vs
	}
	if len(after.ProtectedPermissions) > 0 {
		vs = append(vs, actor.violate(NoEscalation, At("protected_permissions"),
			fmt.Sprintf("%s cannot give protected permissions.", actor.Role.Name)))
	}
	if unlisted := unlisted(after.ApplicationPermissions); len(unlisted) > 0 && after.AllowUnlistedPermissions {
		vs = append(vs, actor.violate(NoEscalation, At("application_permissions"),
			fmt.Sprintf("%s cannot give permissions that are not in the catalogue, which count as protected: %s.", actor.Role.Name, list(unlisted))))
	}
	return vs
}

// CheckRole returns the violations in a custom role that need no directory and
// no actor. Zero fields are not known yet, but for AllowUnlistedPermissions,
// which is true where it is not known.
func CheckRole(role *Role) Violations {
	var vs Violations
	if taken, ok := DefaultRoleByName(role.Name); ok {
		vs = append(vs, violate(DefaultRoleFixed, At("name"), fmt.Sprintf("%q is the name of a default role.", taken.Name)))
	}
	vs = append(vs, checkPermissions(ApplicationPermission, At("application_permissions"), role.ApplicationPermissions, role.AllowUnlistedPermissions)...)
	return append(vs, checkPermissions(ProtectedPermission, At("protected_permissions"), role.ProtectedPermissions, role.AllowUnlistedPermissions)...)
}

// words says what a security permission allows, to follow "may".
func words(s SecurityPermission) string { return strings.ReplaceAll(string(s), "_", " ") }

// listed is how many entries a message names before it says how many more there are.
const listed = 10

// list quotes the values and joins them.
func list[T ~string](values []T) string {
	quoted := make([]string, 0, min(len(values), listed))
	for _, v := range values[:min(len(values), listed)] {
		quoted = append(quoted, fmt.Sprintf("%q", string(v)))
	}
	return more(strings.Join(quoted, ", "), len(values)-listed)
}

// more says how many more there are than a list names.
func more(named string, n int) string {
	if n > 0 {
		return fmt.Sprintf("%s and %d more", named, n)
	}
	return named
}
