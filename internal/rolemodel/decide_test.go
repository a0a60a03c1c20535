package rolemodel_test

import (
	"fmt"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// The cast: an MSP, a client of it, and custom roles of that client.
func msp() *rolemodel.Partner {
	return &rolemodel.Partner{
		AccountCode: "CMSP1", Name: "Fabrikam MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true,
		Domains: []rolemodel.Domain{"fabrikam.example", "msp.example"},
	}
}

func client() *rolemodel.Tenant {
	return &rolemodel.Tenant{
		AccountCode: "CCLIENT1", Name: "Contoso", PrimaryDomain: "contoso.example",
		InternalDomains: []rolemodel.Domain{"contoso.example", "contoso.test"}, PartnerID: "CMSP1", InitialAdminEmail: "msp_contoso@contoso.example",
	}
}

func defaultRole(id rolemodel.RoleID) *rolemodel.Role {
	r, ok := rolemodel.DefaultRole(id)
	if !ok {
		panic("there is no default role " + id)
	}
	return &r
}

func customRole(name string, security rolemodel.SecurityPermission, protected ...rolemodel.Permission) *rolemodel.Role {
	return &rolemodel.Role{
		TenantID: "CCLIENT1", ID: rolemodel.RoleID("id of " + name), Name: name, SecurityPermission: security,
		ProtectedPermissions: protected, CarriesProtected: len(protected) > 0,
	}
}

func actor(id rolemodel.RoleID) *rolemodel.Actor {
	return &rolemodel.Actor{Name: "test", Role: *defaultRole(id)}
}

// grant is a grant to anna@fabrikam.example in the client's tenant, changed by the edits.
func grant(role *rolemodel.Role, edits ...func(*rolemodel.Grant)) *rolemodel.Grant {
	g := &rolemodel.Grant{Email: "anna@fabrikam.example", Tenant: client(), Partner: msp(), Role: role}
	for _, edit := range edits {
		edit(g)
	}
	return g
}

// violation is a violation as a table writes it: "" for advice means the rule's own.
type violation struct {
	rule                  rolemodel.RuleID
	path, problem, advice string
}

func check(t *testing.T, got rolemodel.Violations, want []violation) {
	t.Helper()
	all := make([]rolemodel.Violation, len(want))
	for i, w := range want {
		var path rolemodel.Path
		if w.path != "" {
			path = rolemodel.At(w.path)
		}
		if w.advice == "" {
			w.advice = ruleAdvice(t, w.rule)
		}
		all[i] = rolemodel.Violation{Rule: w.rule, Path: path, Problem: w.problem, Advice: w.advice}
	}
	checkViolations(t, got, all)
}

const contentView = rolemodel.Permission("Archive | Search Content View")

func TestDecideGrant(t *testing.T) {
	email := func(e rolemodel.Email) func(*rolemodel.Grant) { return func(g *rolemodel.Grant) { g.Email = e } }
	role := defaultRole
	manageProtected := customRole("Role Keeper", rolemodel.ManageApplicationAndProtectedRoles)
	readsMail := customRole("Mail Auditor", rolemodel.CannotManageRoles, contentView)

	tests := []struct {
		name          string
		actor         *rolemodel.Actor
		before, after *rolemodel.Grant
		want          []violation
	}{
		{name: "add Partner Administrator as Basic Administrator, seed 000's steps", actor: actor("basic-admin"), after: grant(role("partner-admin"))},
		{name: "add Help Desk Administrator as Gateway Administrator", actor: actor("gateway-admin"), after: grant(role("help-desk-admin"))},
		{name: "add a custom role as Basic Administrator", actor: actor("basic-admin"), after: grant(customRole("Help Desk Plus", rolemodel.ManageApplicationRoles))},
		{
			name: "a subdomain is another domain: contradiction 4", actor: actor("basic-admin"),
			after: grant(role("basic-admin"), email("anna@mail.contoso.example"), func(g *rolemodel.Grant) {
				g.Partner.Domains = append(g.Partner.Domains, "mail.contoso.example")
			}),
		},
		{name: "remove as Basic Administrator", actor: actor("basic-admin"), before: grant(role("partner-admin"))},
		{
			name: "remove where nothing could be added any more: contradiction 3", actor: actor("basic-admin"),
			before: grant(role("partner-admin"), func(g *rolemodel.Grant) {
				g.Tenant.PartnerID, g.Partner.PartnerPortal, g.Email = "", false, "anna@contoso.example"
			}),
		},
		{name: "grant Full Administrator as Super Administrator: contradiction 2", actor: actor("super-admin"), after: grant(role("full-admin"))},
		{name: "remove Full Administrator as Super Administrator", actor: actor("super-admin"), before: grant(role("full-admin"))},
		{
			name: "change the address of an unprotected role", actor: actor("basic-admin"), before: grant(role("basic-admin")),
			after: grant(role("basic-admin"), email("ben@fabrikam.example")),
		},
		{name: "nothing known", after: &rolemodel.Grant{}},
		{name: "whether the role changes is not known", actor: actor("super-admin"), before: &rolemodel.Grant{Email: "anna@fabrikam.example"}, after: grant(role("super-admin"))},
		{name: "neither before nor after", actor: actor("basic-admin")},

		{"external-address", actor("basic-admin"), nil, grant(role("basic-admin"), email("anna@contoso.test"), func(g *rolemodel.Grant) {
			g.Partner.Domains = append(g.Partner.Domains, "contoso.test")
		}), []violation{
			{"external-address", "email", `"anna@contoso.test" is inside Contoso: "contoso.test" is one of its internal domains.`, ""},
		}},
		{"portal-required: no partner", actor("basic-admin"), nil, grant(role("basic-admin"), func(g *rolemodel.Grant) { g.Tenant.PartnerID, g.Partner = "", nil }), []violation{
			{"portal-required", "tenant_id", `Tenant "CCLIENT1" (Contoso) has no partner, so nobody outside it can administer it.`, ""},
		}},
		{"portal-required: partner without portal", actor("basic-admin"), nil, grant(role("basic-admin"), func(g *rolemodel.Grant) { g.Partner.PartnerPortal = false }), []violation{
			{"portal-required", "tenant_id", `Fabrikam MSP, the partner of tenant "CCLIENT1", does not use the Partner Portal.`, ""},
		}},
		{"partner-login", actor("basic-admin"), nil, grant(role("basic-admin"), email("anna@mail.fabrikam.example")), []violation{
			{"partner-login", "email", `"anna@mail.fabrikam.example" is not a login of Fabrikam MSP: its domains are "fabrikam.example", "msp.example".`, ""},
		}},
		{"msp-only-role", actor("basic-admin"), nil, grant(role("partner-admin"), func(g *rolemodel.Grant) { g.Partner.Program = rolemodel.ProgramReseller }), []violation{
			{"msp-only-role", "role_id", `Fabrikam MSP, the partner of tenant "CCLIENT1", is not an MSP (its program is "reseller").`, ""},
		}},
		{"manage-roles: help desk", actor("help-desk-admin"), nil, grant(role("basic-admin")), []violation{
			{"manage-roles", "", "Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.", ""},
		}},
		{"manage-roles: synchronization engine", actor("sync-engine-admin"), grant(role("basic-admin")), nil, []violation{
			{"manage-roles", "", "Synchronization Engine Administrator cannot manage roles, and so neither custom roles nor external admins.", ""},
		}},
		{"manage-roles: an actor without a role", &rolemodel.Actor{Role: rolemodel.Role{Name: "Nobody"}}, nil, grant(role("basic-admin")), []violation{
			{"manage-roles", "", "Nobody cannot manage roles, and so neither custom roles nor external admins.", ""},
		}},
		{"protected-assignment: add", actor("full-admin"), nil, grant(role("discovery-officer")), []violation{
			{"protected-assignment", "role_id", "Discovery Officer carries protected permissions, and Full Administrator cannot manage protected roles.", ""},
		}},
		{"protected-assignment: change to", actor("basic-admin"), grant(role("basic-admin")), grant(role("reviewer")), []violation{
			{"protected-assignment", "role_id", "Reviewer carries protected permissions, and Basic Administrator cannot manage protected roles.", ""},
		}},
		{"protected-assignment: change from", actor("basic-admin"), grant(role("reviewer")), grant(role("basic-admin")), []violation{
			{"protected-assignment", "role_id", "Reviewer carries protected permissions, and Basic Administrator cannot manage protected roles.", ""},
		}},
		{"protected-assignment: remove", actor("partner-admin"), grant(role("full-admin")), nil, []violation{
			{"protected-assignment", "role_id", "Full Administrator carries protected permissions, and Partner Administrator cannot manage protected roles.", ""},
		}},
		{"protected-assignment: custom role", actor("basic-admin"), nil, grant(readsMail), []violation{
			{"protected-assignment", "role_id", "Mail Auditor carries protected permissions, and Basic Administrator cannot manage protected roles.", ""},
		}},
		{"super-by-support", actor("super-admin"), nil, grant(role("super-admin")), []violation{
			{"super-by-support", "role_id", "Super Administrator is granted only by Mimecast Support.", ""},
		}},
		{"super-by-support and protected-assignment", actor("basic-admin"), grant(role("basic-admin")), grant(role("super-admin")), []violation{
			{"protected-assignment", "role_id", "Super Administrator carries protected permissions, and Basic Administrator cannot manage protected roles.", ""},
			{"super-by-support", "role_id", "Super Administrator is granted only by Mimecast Support.", ""},
		}},
		{"address-by-support: contradiction 2", actor("super-admin"), grant(role("full-admin")), grant(role("full-admin"), email("ben@fabrikam.example")), []violation{
			{"address-by-support", "email", `"anna@fabrikam.example" holds Full Administrator, which carries protected permissions, so the address cannot become "ben@fabrikam.example" here.`, ""},
		}},
		{"no-escalation", actor("basic-admin"), nil, grant(manageProtected), []violation{
			{"no-escalation", "role_id", "Role Keeper may manage application and protected roles, which is above what Basic Administrator may.", ""},
		}},
		{"everything at once", actor("help-desk-admin"), grant(readsMail), grant(role("super-admin"), email("ben@contoso.example"), func(g *rolemodel.Grant) { g.Partner.PartnerPortal = false }), []violation{
			{"manage-roles", "", "Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.", ""},
			{"protected-assignment", "role_id", "Mail Auditor carries protected permissions, and Help Desk Administrator cannot manage protected roles.", ""},
			{"protected-assignment", "role_id", "Super Administrator carries protected permissions, and Help Desk Administrator cannot manage protected roles.", ""},
			{"super-by-support", "role_id", "Super Administrator is granted only by Mimecast Support.", ""},
			{"address-by-support", "email", `"anna@fabrikam.example" holds Mail Auditor, which carries protected permissions, so the address cannot become "ben@contoso.example" here.`, ""},
			{"external-address", "email", `"ben@contoso.example" is inside Contoso: "contoso.example" is one of its internal domains.`, ""},
			{"portal-required", "tenant_id", `Fabrikam MSP, the partner of tenant "CCLIENT1", does not use the Partner Portal.`, ""},
			{"partner-login", "email", `"ben@contoso.example" is not a login of Fabrikam MSP: its domains are "fabrikam.example", "msp.example".`, ""},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check(t, rolemodel.DecideGrant(tt.actor, tt.before, tt.after), tt.want)
		})
	}
}

func TestViolationsOfOneGrantAmongOthers(t *testing.T) {
	held := rolemodel.ExternalAdmin{TenantID: "CCLIENT1", Email: "anna@fabrikam.example", RoleID: "basic-admin", RoleName: "Basic Administrator"}
	check(t, rolemodel.Violations{
		rolemodel.OneRoleViolation(held),
		rolemodel.RepeatedAddressViolation("anna@fabrikam.example", "Anna@fabrikam.example", "anna@FABRIKAM.example"),
		rolemodel.RepeatedAddressViolation("anna@fabrikam.example"),
		rolemodel.RoleOfTenantViolation("CCLIENT1", "x", []rolemodel.Role{*defaultRole("basic-admin"), *customRole("Auditor", "cannot_manage_roles")}),
		rolemodel.MissingReference("partner_id", "partner", "CMSP1"),
	}, []violation{
		{"one-role", "email", `"anna@fabrikam.example" already holds Basic Administrator in tenant "CCLIENT1".`, `Import the grant that exists, whose import ID is "CCLIENT1/anna@fabrikam.example", or change its role instead of adding a second one.`},
		{"one-role", "email", `"Anna@fabrikam.example", "anna@FABRIKAM.example" are the same address "anna@fabrikam.example".`, "Keep one of them."},
		{"one-role", "email", `"anna@fabrikam.example" is there more than once.`, "Keep one of them."},
		{"role-of-tenant", "role_id", `"x" is neither a default role nor a custom role of tenant "CCLIENT1".`, "Write one of basic-admin, id of Auditor (Auditor)."},
		{"reference-exists", "partner_id", `There is no partner "CMSP1" in the directory.`, ""},
	})
}

func TestDecideRole(t *testing.T) {
	plain := customRole("Auditor Admin", rolemodel.CannotManageRoles)
	withPermissions := func(edit func(*rolemodel.Role)) *rolemodel.Role {
		r := customRole("Auditor Admin", rolemodel.CannotManageRoles)
		edit(r)
		return r
	}
	const helpDesk = "Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins."
	holder := []rolemodel.ExternalAdmin{{Email: "anna@fabrikam.example"}, {Email: "ben@fabrikam.example"}}

	tests := []struct {
		name          string
		actor         *rolemodel.Actor
		before, after *rolemodel.Role
		facts         rolemodel.RoleFacts
		want          []violation
	}{
		{name: "create", actor: actor("basic-admin"), after: plain},
		{name: "create as high as the actor", actor: actor("basic-admin"), after: customRole("Auditor Admin", rolemodel.ManageApplicationRoles)},
		{name: "create with protected permissions as Super Administrator", actor: actor("super-admin"), after: customRole("Keeper", rolemodel.ManageApplicationAndProtectedRoles, contentView)},
		{name: "update", actor: actor("basic-admin"), before: plain, after: customRole("Another name", rolemodel.ManageApplicationRoles)},
		{name: "delete", actor: actor("basic-admin"), before: plain},
		{name: "held, and only updated", actor: actor("basic-admin"), before: plain, after: plain, facts: rolemodel.RoleFacts{Holders: holder}},
		{name: "nothing known", after: &rolemodel.Role{}},
		{name: "listed permissions", actor: actor("basic-admin"), after: withPermissions(func(r *rolemodel.Role) {
			r.ApplicationPermissions = []rolemodel.Permission{"Directories | Groups | Edit"}
		})},
		{name: "an unlisted permission, allowed", actor: actor("basic-admin"), after: withPermissions(func(r *rolemodel.Role) {
			r.ApplicationPermissions, r.AllowUnlistedPermissions = []rolemodel.Permission{"New Area | New Item | Edit"}, true
		})},

		{"manage-roles", actor("help-desk-admin"), nil, plain, rolemodel.RoleFacts{}, []violation{{"manage-roles", "", helpDesk, ""}}},
		{"manage-roles: delete", actor("help-desk-admin"), plain, nil, rolemodel.RoleFacts{}, []violation{{"manage-roles", "", helpDesk, ""}}},
		{"protected-assignment: update", actor("basic-admin"), customRole("Mail Auditor", rolemodel.CannotManageRoles, contentView), customRole("Mail Auditor", rolemodel.CannotManageRoles), rolemodel.RoleFacts{}, []violation{
			{"protected-assignment", "", "Mail Auditor carries protected permissions, and Basic Administrator cannot manage protected roles.", ""},
		}},
		{"protected-assignment: delete", actor("full-admin"), customRole("Mail Auditor", rolemodel.CannotManageRoles, contentView), nil, rolemodel.RoleFacts{}, []violation{
			{"protected-assignment", "", "Mail Auditor carries protected permissions, and Full Administrator cannot manage protected roles.", ""},
		}},
		{"no-escalation: security permission", actor("basic-admin"), nil, customRole("Keeper", rolemodel.ManageApplicationAndProtectedRoles), rolemodel.RoleFacts{}, []violation{
			{"no-escalation", "security_permission", "A role that may manage application and protected roles is above what Basic Administrator may.", ""},
		}},
		{"no-escalation: protected permissions", actor("full-admin"), nil, customRole("Mail Auditor", rolemodel.CannotManageRoles, contentView), rolemodel.RoleFacts{}, []violation{
			{"no-escalation", "protected_permissions", "Full Administrator cannot give protected permissions.", ""},
		}},
		{"no-escalation: lower a role above the actor", actor("basic-admin"), customRole("Keeper", rolemodel.ManageApplicationAndProtectedRoles), plain, rolemodel.RoleFacts{}, []violation{
			{"no-escalation", "", "Keeper may manage application and protected roles, which is above what Basic Administrator may.", ""},
		}},
		{"default-role-fixed: delete", actor("super-admin"), defaultRole("basic-admin"), nil, rolemodel.RoleFacts{}, []violation{
			{"default-role-fixed", "", "Basic Administrator is a default role and cannot be edited or deleted.", ""},
		}},
		{"default-role-fixed: edit without authority", actor("help-desk-admin"), defaultRole("basic-admin"), plain, rolemodel.RoleFacts{}, []violation{
			{"manage-roles", "", helpDesk, ""},
			{"default-role-fixed", "", "Basic Administrator is a default role and cannot be edited or deleted.", ""},
		}},
		{"default-role-fixed: name", actor("basic-admin"), nil, customRole("HELP desk administrator", rolemodel.CannotManageRoles), rolemodel.RoleFacts{SameName: defaultRole("help-desk-admin")}, []violation{
			{"default-role-fixed", "name", `"Help Desk Administrator" is the name of a default role.`, ""},
		}},
		{"role-name-unique", actor("basic-admin"), nil, plain, rolemodel.RoleFacts{SameName: customRole("AUDITOR Admin", rolemodel.CannotManageRoles)}, []violation{
			{"role-name-unique", "name", `Tenant "CCLIENT1" already has a role named "AUDITOR Admin" (ID id of AUDITOR Admin).`, ""},
		}},
		{"role-in-use", actor("basic-admin"), plain, nil, rolemodel.RoleFacts{Holders: holder}, []violation{
			{"role-in-use", "", `Auditor Admin is held by "anna@fabrikam.example", "ben@fabrikam.example".`, ""},
		}},
		{"known-permission", actor("super-admin"), nil, withPermissions(func(r *rolemodel.Role) {
			r.ApplicationPermissions = []rolemodel.Permission{"Directories | Group | Edit", "Archive | Search Content View"}
			r.ProtectedPermissions = []rolemodel.Permission{"Archive | Content View", "Gateway | Policies | Edit"}
		}), rolemodel.RoleFacts{}, []violation{
			{
				"known-permission", "application_permissions", `"Directories | Group | Edit" is not in the catalogue of application permissions.`,
				`The nearest known ones are "Directories | Groups | Edit", "Directories | Groups | Read", "Directories | Import | Edit". Write one of them, or set allow_unlisted_permissions = true: the published list is incomplete.`,
			},
			{"known-permission", "application_permissions", `"Archive | Search Content View" is one of the catalogue's protected permissions, not of its application permissions.`, "Move it to protected_permissions."},
			{
				"known-permission", "protected_permissions", `"Archive | Content View" is not in the catalogue of protected permissions.`,
				`The only known one is "Archive | Search Content View". Write it, or set allow_unlisted_permissions = true: the published list is incomplete.`,
			},
			{"known-permission", "protected_permissions", `"Gateway | Policies | Edit" is one of the catalogue's application permissions, not of its protected permissions.`, "Move it to application_permissions."},
		}},
		{"a permission in the wrong set is not unlisted", actor("super-admin"), nil, withPermissions(func(r *rolemodel.Role) {
			r.ApplicationPermissions, r.AllowUnlistedPermissions = []rolemodel.Permission{"Archive | Search Content View"}, true
		}), rolemodel.RoleFacts{}, []violation{
			{"known-permission", "application_permissions", `"Archive | Search Content View" is one of the catalogue's protected permissions, not of its application permissions.`, "Move it to protected_permissions."},
		}},
		{"everything at once", actor("help-desk-admin"), customRole("Mail Auditor", rolemodel.ManageApplicationRoles, contentView), func() *rolemodel.Role {
			r := customRole("reviewer", rolemodel.ManageApplicationAndProtectedRoles, contentView)
			r.ApplicationPermissions = []rolemodel.Permission{"Archive | Search Content View"}
			return r
		}(), rolemodel.RoleFacts{}, []violation{
			{"manage-roles", "", helpDesk, ""},
			{"protected-assignment", "", "Mail Auditor carries protected permissions, and Help Desk Administrator cannot manage protected roles.", ""},
			{"no-escalation", "", "Mail Auditor may manage application roles, which is above what Help Desk Administrator may.", ""},
			{"default-role-fixed", "name", `"Reviewer" is the name of a default role.`, ""},
			{"known-permission", "application_permissions", `"Archive | Search Content View" is one of the catalogue's protected permissions, not of its application permissions.`, "Move it to protected_permissions."},
			{"no-escalation", "security_permission", "A role that may manage application and protected roles is above what Help Desk Administrator may.", ""},
			{"no-escalation", "protected_permissions", "Help Desk Administrator cannot give protected permissions.", ""},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check(t, rolemodel.DecideRole(tt.actor, tt.before, tt.after, tt.facts), tt.want)
		})
	}
}

const settleFirst = "Remove these external admins, or give them another address or role, in an apply of its own first."

func TestDecidePartner(t *testing.T) {
	with := func(edit func(*rolemodel.Partner)) *rolemodel.Partner { p := msp(); edit(p); return p }
	grants := []rolemodel.Grant{
		*grant(defaultRole("partner-admin")),
		*grant(defaultRole("basic-admin"), func(g *rolemodel.Grant) { g.Email = "ben@msp.example" }),
		*grant(defaultRole("basic-admin"), func(g *rolemodel.Grant) { g.Email = "ben@msp.example"; g.Tenant.AccountCode = "CCLIENT2" }),
	}
	many := make([]rolemodel.AccountCode, 12)
	for i := range many {
		many[i] = rolemodel.AccountCode(fmt.Sprintf("C%02d", i))
	}
	tests := []struct {
		name          string
		before, after *rolemodel.Partner
		facts         rolemodel.PartnerFacts
		want          []violation
	}{
		{name: "create", after: msp()},
		{name: "delete", before: msp()},
		{name: "rename", before: msp(), after: with(func(p *rolemodel.Partner) { p.Name = "New" }), facts: rolemodel.PartnerFacts{Grants: grants}},
		{name: "nothing known", before: msp(), after: &rolemodel.Partner{PartnerPortal: true}, facts: rolemodel.PartnerFacts{Grants: grants}},
		{name: "drop a domain that nobody has", before: with(func(p *rolemodel.Partner) { p.Domains = append(p.Domains, "old.example") }), after: msp(), facts: rolemodel.PartnerFacts{Grants: grants}},

		{"domain-taken", nil, msp(), rolemodel.PartnerFacts{InternalTo: map[rolemodel.Domain]rolemodel.AccountCode{"msp.example": "CCLIENT1"}}, []violation{
			{"domain-taken", "domains", `"msp.example" is an internal domain of tenant "CCLIENT1".`, ""},
		}},
		{"partner-in-use", msp(), nil, rolemodel.PartnerFacts{Tenants: []rolemodel.AccountCode{"CCLIENT1", "CCLIENT2"}}, []violation{
			{"partner-in-use", "", `Fabrikam MSP manages "CCLIENT1", "CCLIENT2".`, ""},
		}},
		{"partner-in-use by many", msp(), nil, rolemodel.PartnerFacts{Tenants: many}, []violation{
			{"partner-in-use", "", `Fabrikam MSP manages "C00", "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09" and 2 more.`, ""},
		}},
		{"portal-required, partner-login and msp-only-role", msp(), with(func(p *rolemodel.Partner) {
			p.PartnerPortal, p.Program, p.Domains = false, rolemodel.ProgramReseller, []rolemodel.Domain{"fabrikam.example"}
		}), rolemodel.PartnerFacts{Grants: grants}, []violation{
			{"portal-required", "partner_portal", `These external admins need a partner that uses the Partner Portal: "anna@fabrikam.example", "ben@msp.example".`, settleFirst},
			{"partner-login", "domains", `These external admins would have an address outside the partner's domains: "ben@msp.example".`, settleFirst},
			{"msp-only-role", "program", `These external admins hold Partner Administrator, which is only for tenants of an MSP partner: "anna@fabrikam.example".`, settleFirst},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check(t, rolemodel.DecidePartner(tt.before, tt.after, tt.facts), tt.want)
		})
	}
}

func TestDecideTenant(t *testing.T) {
	with := func(edit func(*rolemodel.Tenant)) *rolemodel.Tenant { c := client(); edit(c); return c }
	held := []rolemodel.Grant{*grant(defaultRole("partner-admin")), *grant(defaultRole("basic-admin"), func(g *rolemodel.Grant) { g.Email = "ben@msp.example" })}
	reseller := &rolemodel.Partner{AccountCode: "CRES1", Name: "Reseller", Program: rolemodel.ProgramReseller, Domains: []rolemodel.Domain{"fabrikam.example"}}
	tests := []struct {
		name          string
		before, after *rolemodel.Tenant
		facts         rolemodel.TenantFacts
		want          []violation
	}{
		{name: "create", after: client(), facts: rolemodel.TenantFacts{Partner: msp()}},
		{name: "create without partner", after: with(func(c *rolemodel.Tenant) { c.PartnerID = "" })},
		{name: "delete", before: client()},
		{name: "rename", before: client(), after: with(func(c *rolemodel.Tenant) { c.Name = "New" }), facts: rolemodel.TenantFacts{Partner: msp(), Grants: held}},
		{name: "nothing known but the partner", before: client(), after: &rolemodel.Tenant{PartnerID: "CMSP1"}, facts: rolemodel.TenantFacts{Grants: held}},
		{name: "another partner that is not known yet", before: client(), after: with(func(c *rolemodel.Tenant) { c.PartnerID = "COTHER" }), facts: rolemodel.TenantFacts{Grants: held}},

		{"domain-taken", nil, client(), rolemodel.TenantFacts{OwnerOf: map[rolemodel.Domain]string{"contoso.example": `tenant "COTHER"`, "contoso.test": `partner "CMSP1"`}}, []violation{
			{"domain-taken", "primary_domain", `"contoso.example" belongs to tenant "COTHER".`, ""},
			{"domain-taken", "internal_domains", `"contoso.test" belongs to partner "CMSP1".`, ""},
		}},
		{"domain-taken: the internal domains are not known yet", nil, &rolemodel.Tenant{PrimaryDomain: "contoso.example"}, rolemodel.TenantFacts{OwnerOf: map[rolemodel.Domain]string{"contoso.example": `tenant "COTHER"`}}, []violation{
			{"domain-taken", "primary_domain", `"contoso.example" belongs to tenant "COTHER".`, ""},
		}},
		{"domain-in-use", client(), with(func(c *rolemodel.Tenant) {
			c.InternalDomains = []rolemodel.Domain{"contoso.example", "contoso.test", "msp.example"}
		}), rolemodel.TenantFacts{Partner: msp(), Grants: held}, []violation{
			{"domain-in-use", "internal_domains", `These external admins have an address in one of the internal domains: "ben@msp.example".`, settleFirst},
		}},
		{"no partner any more", client(), with(func(c *rolemodel.Tenant) { c.PartnerID = "" }), rolemodel.TenantFacts{Grants: held}, []violation{
			{"portal-required", "partner_id", `These external admins need a partner that uses the Partner Portal: "anna@fabrikam.example", "ben@msp.example".`, settleFirst},
		}},
		{"a partner of another kind", client(), with(func(c *rolemodel.Tenant) { c.PartnerID = "CRES1" }), rolemodel.TenantFacts{Partner: reseller, Grants: held}, []violation{
			{"portal-required", "partner_id", `These external admins need a partner that uses the Partner Portal: "anna@fabrikam.example", "ben@msp.example".`, settleFirst},
			{"partner-login", "partner_id", `These external admins would have an address outside the partner's domains: "ben@msp.example".`, settleFirst},
			{"msp-only-role", "partner_id", `These external admins hold Partner Administrator, which is only for tenants of an MSP partner: "anna@fabrikam.example".`, settleFirst},
		}},
		{"tenant-in-use", client(), nil, rolemodel.TenantFacts{Grants: held, Roles: []rolemodel.Role{*customRole("Auditor", "cannot_manage_roles")}}, []violation{
			{"tenant-in-use", "", `Tenant "CCLIENT1" (Contoso) has the external admins "anna@fabrikam.example", "ben@msp.example" and the custom roles "Auditor".`, ""},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check(t, rolemodel.DecideTenant(tt.before, tt.after, tt.facts), tt.want)
		})
	}
}
