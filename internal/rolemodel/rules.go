package rolemodel

import "slices"

// RuleID is the stable ID of a rule. It appears in errors, in the audit trail
// and in the documentation.
type RuleID string

// The rules. Rules returns each with its sentence, source and advice.
const (
	ExternalAddress     RuleID = "external-address"
	PortalRequired      RuleID = "portal-required"
	PartnerLogin        RuleID = "partner-login"
	MSPOnlyRole         RuleID = "msp-only-role"
	OneRole             RuleID = "one-role"
	RoleOfTenant        RuleID = "role-of-tenant"
	ManageRoles         RuleID = "manage-roles"
	ProtectedAssignment RuleID = "protected-assignment"
	SuperBySupport      RuleID = "super-by-support"
	AddressBySupport    RuleID = "address-by-support"
	DefaultRoleFixed    RuleID = "default-role-fixed"
	RoleNameUnique      RuleID = "role-name-unique"
	NoEscalation        RuleID = "no-escalation"
	KnownPermission     RuleID = "known-permission"
	RoleInUse           RuleID = "role-in-use"
	DomainTaken         RuleID = "domain-taken"
	DomainInUse         RuleID = "domain-in-use"
	TenantInUse         RuleID = "tenant-in-use"
	PartnerInUse        RuleID = "partner-in-use"
	IPRange             RuleID = "ip-range"
	WellFormed          RuleID = "well-formed"
	ReferenceExists     RuleID = "reference-exists"
)

// Rule is one rule of the role model.
type Rule struct {
	ID RuleID `json:"id"`
	// Sentence states the rule.
	Sentence string `json:"sentence"`
	// Source says where the rule comes from; "modelled" means that Mimecast's
	// documents are silent and this project chose.
	Source string `json:"source"`
	// Advice says what to do when the rule is broken.
	Advice string `json:"advice"`
}

// Rules returns the catalogue of rules in a fixed order.
func Rules() []Rule {
	const (
		external = `Mimecast's article "Managing Partner Administrators"`
		roles    = `Mimecast's article "Understanding Administrator Roles"`
		both     = `Mimecast's articles "Managing Partner Administrators" and "Understanding Administrator Roles"`
		modelled = "modelled"
	)
	return []Rule{
		{
			ExternalAddress, "An external admin's address is outside every internal domain of the tenant.", external,
			"Use the address the person logs in to the Partner Portal with; people inside the tenant's domains are managed in the tenant itself.",
		},
		{
			PortalRequired, "External admins exist only where the tenant's partner uses the Partner Portal.", external,
			"Set partner_id on the tenant, to a partner with partner_portal = true.",
		},
		{
			PartnerLogin, "An external admin's address is a login of the partner's own account: its domain is one of the partner's domains.", "Mimecast partner articles (Getting Started, Managing Partner Details)",
			"Use an address in one of the partner's domains, or add the domain to the partner's domains. Subdomains count as other domains.",
		},
		{
			MSPOnlyRole, "Partner Administrator is only for tenants of an MSP partner.", both,
			"Choose another role, or set the partner's program to \"msp\" if it is an MSP.",
		},
		{
			OneRole, "One address holds one role in a tenant.", modelled,
			"Import the grant that exists, or change its role instead of adding a second one.",
		},
		{
			RoleOfTenant, "The role is a default role or a custom role of the same tenant.", modelled,
			"Use the ID of a default role (see the data source mimecast_default_roles) or the id of a mimecast_role of this tenant.",
		},
		{
			ManageRoles, "Only an actor whose role can manage roles may create, change or remove custom roles and external admins.", roles,
			"Set acting_as to a role that can manage roles, for example \"basic-admin\".",
		},
		{
			ProtectedAssignment, "A role that carries protected permissions is granted, changed or removed only by an actor who can manage protected roles.", roles,
			"Choose a role without protected permissions, or set acting_as = \"super-admin\" if you hold that role.",
		},
		{
			SuperBySupport, "Super Administrator is granted only by Mimecast Support; a Super Administrator elevates others below that role.", both,
			"Ask Mimecast Support for this role, or choose a role below Super Administrator.",
		},
		{
			AddressBySupport, "The address of an admin whose role carries protected permissions is changed only by Mimecast Support.", both,
			"Ask Mimecast Support to change the address, or remove the grant and add one for the new address as two separate applies.",
		},
		{
			DefaultRoleFixed, "Default roles are not created, edited or deleted, and their names are taken.", roles,
			"Create a custom role with a name of its own.",
		},
		{
			RoleNameUnique, "A role name is unique in its tenant, whatever its letter case.", "Mimecast article Managing Administrator Roles",
			"Choose another name, or import the role that has this name.",
		},
		{
			NoEscalation, "A custom role's security permission is not above the actor's, and protected permissions need an actor who can manage protected roles.", roles,
			"Lower the role's security_permission, leave out its protected permissions, or set acting_as to a role with that authority.",
		},
		{
			KnownPermission, "A permission is in the catalogue, and in the right set (application or protected).", "permissions named in Mimecast's API documentation",
			"Correct the spelling, or set allow_unlisted_permissions = true: the published list is incomplete.",
		},
		{
			RoleInUse, "A role that somebody holds is not deleted.", modelled,
			"Give its holders another role or remove them first, in an apply of its own: within one apply Terraform deletes the role before it changes them.",
		},
		{
			DomainTaken, "A domain is internal to one tenant only, and is not a partner's domain.", modelled,
			"Remove the domain from the other account first, or leave it out here.",
		},
		{
			DomainInUse, "A domain does not become internal while an external admin of that tenant has an address in it.", "follows from external-address",
			"Remove these external admins first, in an apply of its own.",
		},
		{
			TenantInUse, "A tenant that has external admins or custom roles is not deleted.", modelled,
			"Remove its external admins and custom roles first.",
		},
		{
			PartnerInUse, "A partner that manages tenants is not deleted.", modelled,
			"Delete its tenants, or give them another partner_id, first.",
		},
		{
			IPRange, "Admin IP ranges are valid prefixes.", external,
			"Write the range in CIDR notation, for example \"192.0.2.0/24\" or \"2001:db8::/32\".",
		},
		{
			WellFormed, "Names, addresses, domains, account codes and choices are well-formed.", modelled,
			"Correct the value.",
		},
		{
			ReferenceExists, "What a tenant, role or external admin refers to is in the directory.", modelled,
			"Refer to the resource's id instead of writing it out, so that Terraform creates it first.",
		},
	}
}

// advice returns the general advice of the rule, or "" if the rule is unknown.
func (id RuleID) advice() string {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return ""
	}
	return rules[i].Advice
}
