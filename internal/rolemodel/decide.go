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
}

// DecideGrant decides whether the actor may turn the grant before into the
// grant after. A nil before adds the grant, a nil after removes it. A nil actor
// is not known yet. Paths are those of an external admin: tenant_id, email,
// role_id; a violation for which nothing in the grant is at fault has none.
func DecideGrant(actor *Actor, before, after *Grant) Violations {
	var vs Violations
	vs = mayManage(vs, actor)
	var held *Role
	if before != nil {
		held = before.Role
		vs = mayAssign(vs, actor, held)
	}
	if after == nil {
		return vs
	}
	if before == nil || held != nil && after.Role != nil && held.ID != after.Role.ID {
		vs = mayAssign(vs, actor, after.Role)
		vs = append(vs, CheckGrantable(after.Role)...)
	}
	if held != nil && held.CarriesProtected && before.Email != "" && after.Email != "" && before.Email != after.Email {
		vs = append(vs, violate(AddressBySupport, At("email"),
			fmt.Sprintf("%q holds %s, which carries protected permissions, so the address cannot become %q here.", before.Email, held.Name, after.Email)))
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

// mayManage adds a violation if the actor cannot manage roles.
func mayManage(vs Violations, actor *Actor) Violations {
	if actor == nil || actor.Role.SecurityPermission.Level() > 0 {
		return vs
	}
	return append(vs, violate(ManageRoles, nil,
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
		vs = append(vs, violate(ProtectedAssignment, At("role_id"),
			fmt.Sprintf("%s carries protected permissions, and %s cannot manage protected roles.", role.Name, actor.Role.Name)))
	}
	if !role.IsDefault() && role.SecurityPermission.Level() > level {
		vs = append(vs, violate(NoEscalation, At("role_id"),
			fmt.Sprintf("%s may %s, which is above what %s may.", role.Name, words(role.SecurityPermission), actor.Role.Name)))
	}
	return vs
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
	if g.Tenant.PartnerID == "" {
		return append(vs, violate(PortalRequired, At("tenant_id"),
			fmt.Sprintf("Tenant %q (%s) has no partner, so nobody outside it can administer it.", g.Tenant.AccountCode, g.Tenant.Name)))
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
	if g.Role != nil && g.Role.ID == PartnerAdmin && !mayBeMSP(g.Partner.Program) {
		vs = append(vs, violate(MSPOnlyRole, At("role_id"),
			fmt.Sprintf("%s, the partner of tenant %q, is not an MSP (its program is %q).", g.Partner.Name, g.Tenant.AccountCode, g.Partner.Program)))
	}
	return vs
}

// mayBeMSP says whether a partner of the program may be an MSP. A zero program is not known yet.
func mayBeMSP(p Program) bool { return p == ProgramMSP || p == "" }

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

// RoleOfTenantViolation says that a tenant has no role with the ID. The roles
// are those that it has.
func RoleOfTenantViolation(tenant AccountCode, id RoleID, roles []Role) Violation {
	ids := make([]string, len(roles))
	for i, r := range roles {
		ids[i] = string(r.ID)
		if !r.IsDefault() {
			ids[i] += " (" + r.Name + ")"
		}
	}
	return violate(RoleOfTenant, At("role_id"),
		fmt.Sprintf("%q is neither a default role nor a custom role of tenant %q.", id, tenant),
		fmt.Sprintf("Write one of %s.", strings.Join(ids, ", ")))
}

// MissingReference says that the entry of a kind that the attribute refers to is not in the directory.
func MissingReference(attribute, kind string, key AccountCode) Violation {
	return violate(ReferenceExists, At(attribute), fmt.Sprintf("There is no %s %q in the directory.", kind, key))
}

// RoleFacts is what the directory knows of a custom role's surroundings.
type RoleFacts struct {
	// SameName is the other role of the tenant that has the role's name, if there is one.
	SameName *Role
	// Holders are those who hold the role. They matter if it is deleted.
	Holders []ExternalAdmin
}

// DecideRole decides whether the actor may turn the role before into the role
// after. A nil before creates it, a nil after deletes it. A nil actor and zero
// fields of after are not known yet, but for AllowUnlistedPermissions, which is
// true where it is not known. Paths are those of a custom role.
func DecideRole(actor *Actor, before, after *Role, facts RoleFacts) Violations {
	vs := mayManage(nil, actor)
	if before != nil && before.IsDefault() {
		return append(vs, violate(DefaultRoleFixed, nil, fmt.Sprintf("%s is a default role and cannot be edited or deleted.", before.Name)))
	}
	for _, v := range mayAssign(nil, actor, before) {
		v.Path = nil // The role as it is, not an attribute of the new one.
		vs = append(vs, v)
	}
	if after == nil {
		if len(facts.Holders) > 0 {
			vs = append(vs, violate(RoleInUse, nil, fmt.Sprintf("%s is held by %s.", before.Name, holders(facts.Holders))))
		}
		return vs
	}
	vs = append(vs, CheckRole(after)...)
	if facts.SameName != nil && !facts.SameName.IsDefault() {
		vs = append(vs, violate(RoleNameUnique, At("name"),
			fmt.Sprintf("Tenant %q already has a role named %q (ID %s).", facts.SameName.TenantID, facts.SameName.Name, facts.SameName.ID)))
	}
	if actor == nil {
		return vs
	}
	if after.SecurityPermission.Level() > actor.Role.SecurityPermission.Level() {
		vs = append(vs, violate(NoEscalation, At("security_permission"),
			fmt.Sprintf("A role that may %s is above what %s may.", words(after.SecurityPermission), actor.Role.Name)))
	}
	if len(after.ProtectedPermissions) > 0 && actor.Role.SecurityPermission != ManageApplicationAndProtectedRoles {
		vs = append(vs, violate(NoEscalation, At("protected_permissions"),
			fmt.Sprintf("%s cannot give protected permissions.", actor.Role.Name)))
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

// PartnerFacts is what the directory knows of a partner's surroundings.
type PartnerFacts struct {
	// InternalTo are the tenants to which one of the partner's new domains is internal.
	InternalTo map[Domain]AccountCode
	// Tenants are those that the partner manages. They matter if it is deleted.
	Tenants []AccountCode
	// Grants are the external admins of these tenants. They matter if RestrictsGrants says so.
	Grants []Grant
}

// RestrictsGrants says whether the change of a partner could break a rule for
// a grant that exists.
func RestrictsGrants(before, after *Partner) bool {
	return before.PartnerPortal && !after.PartnerPortal ||
		mayBeMSP(before.Program) && !mayBeMSP(after.Program) ||
		len(after.Domains) > 0 && slices.ContainsFunc(before.Domains, func(d Domain) bool { return !slices.Contains(after.Domains, d) })
}

// DecidePartner decides whether the partner before may become the partner
// after. A nil before creates it, a nil after deletes it. Zero fields of after
// are not known yet, but for PartnerPortal, which is true where it is not
// known. Paths are those of a partner.
func DecidePartner(before, after *Partner, facts PartnerFacts) Violations {
	var vs Violations
	if after == nil {
		if len(facts.Tenants) > 0 {
			vs = append(vs, violate(PartnerInUse, nil, fmt.Sprintf("%s manages %s.", before.Name, list(facts.Tenants))))
		}
		return vs
	}
	for _, d := range after.Domains {
		if tenant, ok := facts.InternalTo[d]; ok {
			vs = append(vs, violate(DomainTaken, At("domains"), fmt.Sprintf("%q is an internal domain of tenant %q.", d, tenant)))
		}
	}
	if before != nil {
		attributes := map[RuleID]string{PortalRequired: "partner_portal", PartnerLogin: "domains", MSPOnlyRole: "program"}
		vs = append(vs, broken(attributes, facts.Grants, func(g *Grant) { g.Partner = after })...)
	}
	return vs
}

// TenantFacts is what the directory knows of a tenant's surroundings.
type TenantFacts struct {
	// OwnerOf are the other accounts that one of the tenant's domains belongs to,
	// for example `partner "CUSA00A000"`.
	OwnerOf map[Domain]string
	// Partner is the tenant's new partner, nil if there is none or it is not known yet.
	Partner *Partner
	// Grants are the tenant's external admins and Roles its custom roles.
	Grants []Grant
	Roles  []Role
}

// DecideTenant decides whether the tenant before may become the tenant after.
// A nil before creates it, a nil after deletes it. Zero fields of after are not
// known yet, but for PartnerID, which is "" for none. Paths are those of a tenant.
func DecideTenant(before, after *Tenant, facts TenantFacts) Violations {
	var vs Violations
	if after == nil {
		var uses []string
		if n := len(facts.Grants); n > 0 {
			uses = append(uses, "the external admins "+holders(facts.Grants))
		}
		if n := len(facts.Roles); n > 0 {
			names := make([]string, n)
			for i, r := range facts.Roles {
				names[i] = r.Name
			}
			uses = append(uses, "the custom roles "+list(names))
		}
		if len(uses) > 0 {
			vs = append(vs, violate(TenantInUse, nil, fmt.Sprintf("Tenant %q (%s) has %s.", before.AccountCode, before.Name, strings.Join(uses, " and "))))
		}
		return vs
	}
	after = withPrimaryDomain(after)
	for _, d := range after.InternalDomains {
		if owner, ok := facts.OwnerOf[d]; ok {
			path := At("internal_domains")
			if d == after.PrimaryDomain {
				path = At("primary_domain")
			}
			vs = append(vs, violate(DomainTaken, path, fmt.Sprintf("%q belongs to %s.", d, owner)))
		}
	}
	if before != nil {
		attributes := map[RuleID]string{PortalRequired: "partner_id", PartnerLogin: "partner_id", MSPOnlyRole: "partner_id", ExternalAddress: "internal_domains"}
		vs = append(vs, broken(attributes, facts.Grants, func(g *Grant) { g.Tenant, g.Partner = after, facts.Partner })...)
	}
	return vs
}

// withPrimaryDomain returns the tenant with its primary domain among the
// internal ones, where it will be even if these are not known yet.
func withPrimaryDomain(t *Tenant) *Tenant {
	if t.PrimaryDomain == "" || slices.Contains(t.InternalDomains, t.PrimaryDomain) {
		return t
	}
	with := *t
	with.InternalDomains = append(slices.Clone(t.InternalDomains), t.PrimaryDomain)
	slices.Sort(with.InternalDomains)
	return &with
}

// broken returns one violation for each rule that grants which hold now would
// break after the change, at the attribute that the change is made in.
func broken(attributes map[RuleID]string, grants []Grant, change func(*Grant)) Violations {
	broken := map[RuleID][]Grant{}
	for _, g := range grants {
		changed := g
		change(&changed)
		for _, v := range checkPlace(&changed) {
			held := slices.ContainsFunc(checkPlace(&g), func(w Violation) bool { return w.Rule == v.Rule })
			if attributes[v.Rule] == "" || held {
				continue
			}
			broken[v.Rule] = append(broken[v.Rule], g)
		}
	}
	var vs Violations
	report := func(rule, reported RuleID, problem string) {
		if grants := broken[rule]; len(grants) > 0 {
			vs = append(vs, violate(reported, At(attributes[rule]), fmt.Sprintf("%s: %s.", problem, holders(grants)),
				"Remove these external admins, or give them another address or role, in an apply of its own first."))
		}
	}
	report(ExternalAddress, DomainInUse, "These external admins have an address in one of the internal domains")
	report(PortalRequired, PortalRequired, "These external admins need a partner that uses the Partner Portal")
	report(PartnerLogin, PartnerLogin, "These external admins would have an address outside the partner's domains")
	report(MSPOnlyRole, MSPOnlyRole, "These external admins hold Partner Administrator, which is only for tenants of an MSP partner")
	return vs
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
	if more := len(values) - listed; more > 0 {
		return strings.Join(quoted, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(quoted, ", ")
}

// holders names the people of grants, each once.
func holders[G Grant | ExternalAdmin](grants []G) string {
	var emails []Email
	seen := map[Email]bool{}
	for _, g := range grants {
		var email Email
		switch g := any(g).(type) {
		case Grant:
			email = g.Email
		case ExternalAdmin:
			email = g.Email
		}
		if !seen[email] {
			seen[email] = true
			emails = append(emails, email)
		}
	}
	return list(emails)
}
