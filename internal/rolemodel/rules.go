package rolemodel

import (
	"slices"
	"sync"
)

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
	ViewRoles           RuleID = "view-roles"
	ManageAccounts      RuleID = "manage-accounts"
	PartnerFacts        RuleID = "partner-facts"
	ProtectedAssignment RuleID = "protected-assignment"
	SuperBySupport      RuleID = "super-by-support"
	AddressBySupport    RuleID = "address-by-support"
	DefaultRoleFixed    RuleID = "default-role-fixed"
	RoleNameUnique      RuleID = "role-name-unique"
	NoEscalation        RuleID = "no-escalation"
	KnownPermission     RuleID = "known-permission"
	RoleRetired         RuleID = "role-retired"
	DomainTaken         RuleID = "domain-taken"
	DomainInUse         RuleID = "domain-in-use"
	AccountRetired      RuleID = "account-retired"
	IPRange             RuleID = "ip-range"
	ExpiryAhead         RuleID = "expiry-ahead"
	LastWord            RuleID = "last-word"
	WithinLimits        RuleID = "within-limits"
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
	// CredentialAdvice is the advice to those who come with a service's credential, "" where it is the same.
	CredentialAdvice string `json:"credential_advice,omitempty"`
}

// Rules returns the catalogue of rules in a fixed order.
func Rules() []Rule { return slices.Clone(catalogueOfRules()) }

// catalogueOfRules holds the rules. It is never written to.
var catalogueOfRules = sync.OnceValue(func() []Rule {
	const (
		external = `Mimecast's article "Managing Partner Administrators"`
		roles    = `Mimecast's article "Understanding Administrator Roles"`
		both     = `Mimecast's articles "Managing Partner Administrators" and "Understanding Administrator Roles"`
		modelled = "modelled"
	)
	return []Rule{
		{
			ExternalAddress, "An external admin's address is outside every internal domain of the tenant.", external,
			"Use the address the person logs in to the Partner Portal with; people inside the tenant's domains are managed in the tenant itself.", "",
		},
		{
			PortalRequired, "External admins exist only where the tenant's partner uses the Partner Portal.", external,
			"Set partner_id on the tenant, to a partner with partner_portal = true.", "",
		},
		{
			PartnerLogin, "An external admin's address is a login of the partner's own account: its domain is one of the partner's domains.", "Mimecast partner articles (Getting Started, Managing Partner Details)",
			"Use an address in one of the partner's domains, or add the domain to the partner's domains. Subdomains count as other domains.", "",
		},
		{
			MSPOnlyRole, "Partner Administrator is only for tenants of an MSP partner, and nobody acts with it for another partner. A tenant without a partner has no MSP.", both,
			"Choose another role, or set the partner's program to \"msp\" if it is an MSP.", "",
		},
		{
			OneRole, "One address holds one role in a tenant.", modelled,
			"Import the grant that exists, or change its role instead of adding a second one.", "",
		},
		{
			RoleOfTenant, "The role is a default role or a custom role of the same tenant, given by its ID and not by its name.", modelled,
			"Use the ID of a default role (see the data source mimecast_default_roles) or the id of a mimecast_role of this tenant.", "",
		},
		{
			ManageRoles, "Only an actor whose role can manage roles may create, change or remove custom roles and external admins.", roles,
			"Set acting_as to a role that can manage roles, for example \"basic-admin\".",
			"Use a credential whose role can manage roles, for example \"basic-admin\".",
		},
		{
			ViewRoles, "Only an actor whose role can manage roles reads custom roles, external admins, sign-in decisions and the audit trail. The default roles and the known permissions are open to everybody.", roles,
			"Set acting_as to a role that can manage roles, for example \"basic-admin\".",
			"Use a credential whose role can manage roles, for example \"basic-admin\".",
		},
		{
			ManageAccounts, "Partners and tenants are created, changed and deleted by Super, Partner, Full and Basic Administrators.", "modelled on the descriptions in " + roles,
			"Set acting_as to one of these roles, for example \"basic-admin\".",
			"Use a credential with one of these roles, for example \"basic-admin\".",
		},
		{
			PartnerFacts, "A partner's credential neither creates nor deletes partners, and does not change a partner's program, Partner Portal use or login domains: they decide what the partner may do.", modelled,
			"Ask the operator of the directory to do it.", "",
		},
		{
			ProtectedAssignment, "A role that carries protected permissions is granted, changed or removed only by an actor who can manage protected roles.", roles,
			"Choose a role without protected permissions, or set acting_as = \"super-admin\" if you hold that role.",
			"Choose a role without protected permissions, or use a credential with the role \"super-admin\".",
		},
		{
			SuperBySupport, "Super Administrator is granted only by Mimecast Support; a Super Administrator elevates others below that role.", both,
			"Ask Mimecast Support for this role, or choose a role below Super Administrator.", "",
		},
		{
			AddressBySupport, "The address of an admin whose role carries protected permissions is changed only by Mimecast Support. One replacement that takes such a role from one address and gives it to another is that change.", both,
			"Ask Mimecast Support to change the address, or remove the grant and add one for the new address as two separate applies.", "",
		},
		{
			DefaultRoleFixed, "Default roles are not created, edited or deleted, and their names are taken.", roles,
			"Create a custom role with a name of its own.", "",
		},
		{
			RoleNameUnique, "A role name is unique in its tenant, whatever its letter case, and so is the ID that is made from it when the role is created.", "Mimecast article Managing Administrator Roles",
			"Choose another name, or import the role that has this name.", "",
		},
		{
			NoEscalation, "A custom role's security permission is not above the actor's, and protected permissions need an actor who can manage protected roles.", roles,
			"Lower the role's security_permission, leave out its protected permissions, or set acting_as to a role with that authority.",
			"Lower the role's security_permission, leave out its protected permissions, or use a credential whose role has that authority.",
		},
		{
			KnownPermission, "A permission is in the catalogue, and in the right set (application or protected). One that is not in the catalogue counts as protected, whichever set it is in: it could be anything.", "permissions named in Mimecast's API documentation",
			"Correct the spelling, or set allow_unlisted_permissions = true: the published list is incomplete.", "",
		},
		{
			RoleRetired, "Deleting a custom role that somebody holds retires it: nobody new gets it, it cannot be edited, and it goes with its last holder. Creating a role of that name takes it up again.", modelled,
			"Choose another role, or create a role of that name again, which takes it up.", "",
		},
		{
			DomainTaken, "A domain belongs to one account: it is internal to one tenant, or a login domain of one partner.", modelled,
			"Remove the domain from the other account first, or leave it out here.", "",
		},
		{
			DomainInUse, "A domain does not become internal while an external admin of that tenant has an address in it.", "follows from external-address",
			"Remove these external admins first, in an apply of its own.", "",
		},
		{
			AccountRetired, "Deleting a tenant that has external admins or custom roles, or a partner that has tenants, retires it: nothing new is in it, it is not changed, and it goes with the last of them. Creating it again takes it up.", modelled,
			"Create it again, which takes it up.", "",
		},
		{
			IPRange, "Admin IP ranges are valid prefixes.", external,
			"Write the range in CIDR notation, for example \"192.0.2.0/24\" or \"2001:db8::/32\".", "",
		},
		{
			ExpiryAhead, "An expires_at that an existing grant gets or moves lies in the future. One that is created with a past one is stored expired. From then on signing in is denied, and the grant is there until somebody deletes it.", modelled,
			"Write a later time, or delete the grant, which takes the access away.", "",
		},
		{
			LastWord, "A confirmation is taken back only while nobody has seen anything newer of the same people and roles.", modelled,
			"Look at Mimecast, and say what is there: confirm the item or observe the tenant.", "",
		},
		{
			WithinLimits, "Lists and texts have upper bounds: " + limits() + ".", modelled,
			"Write no more than that.", "",
		},
		{
			WellFormed, "Names, addresses, domains, account codes and choices are well-formed. None of them contains a character that cannot be seen: the error names it by its code point, for example U+200D. Descriptions may have several lines.", modelled,
			"Correct the value.", "",
		},
		{
			ReferenceExists, "What a tenant, role or external admin refers to is in the directory.", modelled,
			"Refer to the resource's id instead of writing it out, so that Terraform creates it first.", "",
		},
	}
})

// rule returns the rule with the ID, the zero one if it is unknown.
func (id RuleID) rule() Rule {
	rules := catalogueOfRules()
	if i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id }); i >= 0 {
		return rules[i]
	}
	return Rule{}
}
