package rolemodel_test

import (
	"fmt"
	"slices"
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

// now is when the tests decide.
const now rolemodel.Time = "2026-11-25T12:00:00Z"

const contentView = rolemodel.Permission("Archive | Search Content View")

func TestDecideGrant(t *testing.T) {
	email := func(e rolemodel.Email) func(*rolemodel.Grant) { return func(g *rolemodel.Grant) { g.Email = e } }
	role := defaultRole
	manageProtected := customRole("Role Keeper", rolemodel.ManageApplicationAndProtectedRoles)
	readsMail := customRole("Mail Auditor", rolemodel.CannotManageRoles, contentView)
	leaving := customRole("Former Admin", rolemodel.CannotManageRoles)
	leaving.Retired = true
	until := func(at rolemodel.Time) func(*rolemodel.Grant) { return func(g *rolemodel.Grant) { g.ExpiresAt = at } }
	inRetired := func(g *rolemodel.Grant) { g.Tenant.Retired = true }
	ofReseller := func(g *rolemodel.Grant) { g.Partner = reseller(); g.Partner.PartnerPortal = true }
	ofNobody := func(g *rolemodel.Grant) { g.Tenant.PartnerID, g.Partner = "", nil }
	const basicInstead = `Set acting_as to another role, for example "basic-admin".`
	withCredential := func(id rolemodel.RoleID) *rolemodel.Actor { a := actor(id); a.Credential = true; return a }

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
		{name: "keep a retired role", actor: actor("basic-admin"), before: grant(leaving), after: grant(leaving)},
		{name: "give a retired role up", actor: actor("basic-admin"), before: grant(leaving), after: grant(role("basic-admin"))},
		{name: "remove a retired role", actor: actor("basic-admin"), before: grant(leaving)},
		{name: "change a role in a retired tenant", actor: actor("basic-admin"), before: grant(role("basic-admin"), inRetired), after: grant(role("gateway-admin"), inRetired)},
		{name: "remove from a retired tenant", actor: actor("basic-admin"), before: grant(role("basic-admin"), inRetired)},
		{name: "act as Partner Administrator for an MSP", actor: actor("partner-admin"), after: grant(role("partner-admin"))},
		{name: "add with an end ahead", actor: actor("basic-admin"), after: grant(role("basic-admin"), until("2026-11-25T12:00:01Z"))},
		{name: "add with an end that has passed, stored expired", actor: actor("basic-admin"), after: grant(role("basic-admin"), until(now))},
		{name: "move the end ahead", actor: actor("basic-admin"), before: grant(role("basic-admin"), until(now)), after: grant(role("basic-admin"), until("2026-11-25T12:00:01Z"))},
		{name: "take the end away", actor: actor("basic-admin"), before: grant(role("basic-admin"), until(now)), after: grant(role("basic-admin"))},
		{name: "change the role of an expired grant", actor: actor("basic-admin"), before: grant(role("basic-admin"), until(now)), after: grant(role("gateway-admin"), until(now))},
		{name: "remove an expired grant", actor: actor("basic-admin"), before: grant(role("basic-admin"), until(now))},
		{
			name: "expiry-ahead", actor: actor("basic-admin"), before: grant(role("basic-admin"), until("2027-01-31T18:00:00Z")), after: grant(role("basic-admin"), until(now)),
			want: []violation{{"expiry-ahead", "expires_at", `The grant of "anna@fabrikam.example" would expire at 2026-11-25T12:00:00Z, which has passed.`, ""}},
		},
		{
			name: "expiry-ahead, where there was no end", actor: actor("basic-admin"), before: grant(role("basic-admin")), after: grant(role("basic-admin"), until("2026-01-01T00:00:00Z")),
			want: []violation{{"expiry-ahead", "expires_at", `The grant of "anna@fabrikam.example" would expire at 2026-01-01T00:00:00Z, which has passed.`, ""}},
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
		{"msp-only-role beside portal-required: no partner", actor("basic-admin"), nil, grant(role("partner-admin"), ofNobody), []violation{
			{"portal-required", "tenant_id", `Tenant "CCLIENT1" (Contoso) has no partner, so nobody outside it can administer it.`, ""},
			{"msp-only-role", "role_id", `Tenant "CCLIENT1" (Contoso) has no partner, and so no MSP.`, ""},
		}},
		{"msp-only-role: acting for a reseller", actor("partner-admin"), nil, grant(role("basic-admin"), ofReseller), []violation{
			{"msp-only-role", "", `Reseller is not an MSP (its program is "reseller"), and nobody acts there as Partner Administrator.`, basicInstead},
		}},
		{"msp-only-role: acting for a reseller, to remove", actor("partner-admin"), grant(role("basic-admin"), ofReseller), nil, []violation{
			{"msp-only-role", "", `Reseller is not an MSP (its program is "reseller"), and nobody acts there as Partner Administrator.`, basicInstead},
		}},
		{"msp-only-role: acting where there is no partner, with a credential", withCredential("partner-admin"), grant(role("basic-admin"), ofNobody), nil, []violation{
			{"msp-only-role", "", `Tenant "CCLIENT1" (Contoso) has no partner, and nobody acts there as Partner Administrator.`, `Use a credential with another role, for example "basic-admin".`},
		}},
		{"role-retired: add", actor("basic-admin"), nil, grant(leaving), []violation{
			{"role-retired", "role_id", "Former Admin was deleted while somebody held it, so it is retired and nobody new gets it.", ""},
		}},
		{"role-retired: change to", actor("basic-admin"), grant(role("basic-admin")), grant(leaving), []violation{
			{"role-retired", "role_id", "Former Admin was deleted while somebody held it, so it is retired and nobody new gets it.", ""},
		}},
		{"role-retired: another address", actor("basic-admin"), grant(leaving), grant(leaving, email("ben@fabrikam.example")), []violation{
			{"role-retired", "role_id", "Former Admin was deleted while somebody held it, so it is retired and nobody new gets it.", ""},
		}},
		{"account-retired: add", actor("basic-admin"), nil, grant(role("basic-admin"), inRetired), []violation{
			{"account-retired", "tenant_id", `The tenant "CCLIENT1" was deleted while it was in use, so it is retired.`, ""},
		}},
		{"account-retired: another address", actor("basic-admin"), grant(role("basic-admin"), inRetired), grant(role("basic-admin"), inRetired, email("ben@fabrikam.example")), []violation{
			{"account-retired", "tenant_id", `The tenant "CCLIENT1" was deleted while it was in use, so it is retired.`, ""},
		}},
		{"advice to a credential", withCredential("help-desk-admin"), grant(readsMail), grant(manageProtected), []violation{
			{"manage-roles", "", "Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.", `Use a credential whose role can manage roles, for example "basic-admin".`},
			{
				"protected-assignment", "role_id", "Mail Auditor carries protected permissions, and Help Desk Administrator cannot manage protected roles.",
				`Choose a role without protected permissions, or use a credential with the role "super-admin".`,
			},
			{
				"no-escalation", "role_id", "Role Keeper may manage application and protected roles, which is above what Help Desk Administrator may.",
				"Lower the role's security_permission, leave out its protected permissions, or use a credential whose role has that authority.",
			},
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
			check(t, rolemodel.DecideGrant(tt.actor, tt.before, tt.after, now), tt.want)
		})
	}
}

func TestViolationsOfOneGrantAmongOthers(t *testing.T) {
	held := rolemodel.ExternalAdmin{TenantID: "CCLIENT1", Email: "anna@fabrikam.example", RoleID: "basic-admin", RoleName: "Basic Administrator"}
	swapped := rolemodel.AddressChangeViolation(defaultRole("full-admin"), numbered[rolemodel.Email](12, "a%d@fabrikam.example"), "new@fabrikam.example")
	check(t, rolemodel.Violations{
		rolemodel.OneRoleViolation(held),
		rolemodel.RepeatedAddressViolation("anna@fabrikam.example", "Anna@fabrikam.example", "anna@FABRIKAM.example"),
		rolemodel.RepeatedAddressViolation("anna@fabrikam.example"),
		rolemodel.MissingReference("partner_id", "partner", "CMSP1"),
		swapped,
	}, []violation{
		{"one-role", "email", `"anna@fabrikam.example" already holds Basic Administrator in tenant "CCLIENT1".`, `Import the grant that exists, whose import ID is "CCLIENT1/anna@fabrikam.example", or change its role instead of adding a second one.`},
		{"one-role", "email", `"Anna@fabrikam.example", "anna@FABRIKAM.example" are the same address "anna@fabrikam.example".`, "Keep one of them."},
		{"one-role", "email", `"anna@fabrikam.example" is there more than once.`, "Keep one of them."},
		{"reference-exists", "partner_id", `There is no partner "CMSP1" in the directory.`, ""},
		{
			"address-by-support", "email",
			`"new@fabrikam.example" would get Full Administrator, which carries protected permissions, as it is taken from "a0@fabrikam.example", "a1@fabrikam.example", "a2@fabrikam.example", ` +
				`"a3@fabrikam.example", "a4@fabrikam.example", "a5@fabrikam.example", "a6@fabrikam.example", "a7@fabrikam.example", "a8@fabrikam.example", "a9@fabrikam.example" and 2 more: that is a change of address.`, "",
		},
	})
	if len(swapped.People) != 10 || swapped.People[0] != "new@fabrikam.example" {
		t.Errorf("the change of address is about %q", swapped.People)
	}
}

// Who wrote something else than a role's ID is told the ID.
func TestRoleOfTenant(t *testing.T) {
	const defaults = "super-admin, partner-admin, full-admin, basic-admin, help-desk-admin, gateway-admin, discovery-officer, reviewer, sync-engine-admin"
	custom := func(id rolemodel.RoleID, name string) rolemodel.Role {
		return rolemodel.Role{TenantID: "CCLIENT1", ID: id, Name: name}
	}
	some := []rolemodel.Role{custom("former-name", "Mail Auditor Admin"), custom("tier-2-admin", "Tier 2 Admin")}
	const listed = defaults + ", former-name (Mail Auditor Admin), tier-2-admin (Tier 2 Admin)"
	neither := func(id string) string {
		return fmt.Sprintf("%q is neither a default role nor a custom role of tenant %q.", id, "CCLIENT1")
	}
	var many []rolemodel.Role
	for i := range 12 {
		many = append(many, custom(rolemodel.RoleID(fmt.Sprintf("team-%02d", i)), fmt.Sprintf("Team %02d", i)))
	}
	for _, tt := range []struct {
		id              rolemodel.RoleID
		custom          []rolemodel.Role
		problem, advice string
	}{
		{"Help Desk Administrator", some, `"Help Desk Administrator" is the name of a default role, not its ID.`, `Write "help-desk-admin".`},
		{"help desk administrator", nil, `"help desk administrator" is the name of a default role, not its ID.`, `Write "help-desk-admin".`},
		{"mail auditor ADMIN", some, `"mail auditor ADMIN" is the name of a custom role of tenant "CCLIENT1", not its ID.`, `Write "former-name".`},
		{"mail-auditor-admin", some, neither("mail-auditor-admin"), `Write "former-name" (Mail Auditor Admin) if that is meant, or one of ` + listed + "."},
		{"reviewer", nil, `"reviewer" is the ID of a default role, not its name.`, `Write "Reviewer".`}, // Where a name is looked for.
		{"tier-2-admin", some, `"tier-2-admin" is the ID of a custom role of tenant "CCLIENT1", not its name.`, `Write "Tier 2 Admin".`},
		{"helpdesk", some, neither("helpdesk"), `Write "help-desk-admin" (Help Desk Administrator) if that is meant, or one of ` + listed + "."},
		{"Help-Desk-Admin", nil, neither("Help-Desk-Admin"), `Write "help-desk-admin" (Help Desk Administrator) if that is meant, or one of ` + defaults + "."},
		{"superuser", nil, neither("superuser"), "Write one of " + defaults + "."},
		{"gatway-admin", nil, neither("gatway-admin"), `Write "gateway-admin" (Gateway Administrator) if that is meant, or one of ` + defaults + "."},
		{"basic adminstratr", nil, neither("basic adminstratr"), `Write "basic-admin" (Basic Administrator) if that is meant, or one of ` + defaults + "."},
		{"full", nil, neither("full"), `Write "full-admin" (Full Administrator) if that is meant, or one of ` + defaults + "."},
		{"Mail Auditor", nil, neither("Mail Auditor"), "Write one of " + defaults + "."},
		{"help_desk_admin", nil, neither("help_desk_admin"), `Write "help-desk-admin" (Help Desk Administrator) if that is meant, or one of ` + defaults + "."},
		{"Tier 3 Admin", some, neither("Tier 3 Admin"), `Write "tier-2-admin" (Tier 2 Admin) if that is meant, or one of ` + listed + "."},
		{"none", some, neither("none"), "Write one of " + listed + "."},
		{"admin", nil, neither("admin"), "Write one of " + defaults + "."}, // Several are as near.
		{"team-1x", many, neither("team-1x"), "Write one of " + defaults + ", team-00 (Team 00), team-01 (Team 01), team-02 (Team 02), team-03 (Team 03), " +
			"team-04 (Team 04), team-05 (Team 05), team-06 (Team 06), team-07 (Team 07), team-08 (Team 08), team-09 (Team 09), or another one of its custom roles."},
	} {
		check(t, rolemodel.Violations{rolemodel.RoleOfTenantViolation("CCLIENT1", tt.id, append(rolemodel.DefaultRoles(), tt.custom...))},
			[]violation{{"role-of-tenant", "role_id", tt.problem, tt.advice}})
	}
	check(t, rolemodel.Violations{rolemodel.RoleOfTenantViolation("", "Auditor", rolemodel.DefaultRoles())},
		[]violation{{"role-of-tenant", "role_id", `"Auditor" is neither a default role nor a custom role.`, "Write one of " + defaults + "."}})
}

func TestDecideRole(t *testing.T) {
	plain := customRole("Auditor Admin", rolemodel.CannotManageRoles)
	withPermissions := func(edit func(*rolemodel.Role)) *rolemodel.Role {
		r := customRole("Auditor Admin", rolemodel.CannotManageRoles)
		edit(r)
		return r
	}
	const helpDesk = "Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins."
	was := func(r *rolemodel.Role) *rolemodel.Role { r.Retired = true; return r }
	left := client()
	left.Retired = true

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
		{name: "take a retired one up", actor: actor("basic-admin"), before: was(customRole("Auditor Admin", rolemodel.CannotManageRoles)), after: plain},
		{name: "update in a retired tenant", actor: actor("basic-admin"), before: plain, after: plain, facts: rolemodel.RoleFacts{Tenant: left}},
		{name: "nothing known", after: &rolemodel.Role{}},
		{name: "listed permissions", actor: actor("basic-admin"), after: withPermissions(func(r *rolemodel.Role) {
			r.ApplicationPermissions = []rolemodel.Permission{"Directories | Groups | Edit"}
		})},
		{name: "an unlisted permission, allowed", actor: actor("super-admin"), after: withPermissions(func(r *rolemodel.Role) {
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
		{"role-name-unique: the ID is that of a renamed role", actor("basic-admin"), nil, plain, rolemodel.RoleFacts{SameID: func() *rolemodel.Role {
			r := customRole("Renamed Admin", rolemodel.CannotManageRoles)
			r.ID = "auditor-admin"
			return r
		}()}, []violation{
			{"role-name-unique", "name", `A role named "Auditor Admin" gets the ID "auditor-admin", which the role "Renamed Admin" of tenant "CCLIENT1" has since it was renamed.`, "Choose another name."},
		}},
		{"account-retired", actor("basic-admin"), nil, plain, rolemodel.RoleFacts{Tenant: left}, []violation{
			{"account-retired", "tenant_id", `The tenant "CCLIENT1" was deleted while it was in use, so it is retired.`, ""},
		}},
		{"msp-only-role: acting for a reseller", actor("partner-admin"), nil, plain, rolemodel.RoleFacts{Tenant: client(), Partner: reseller()}, []violation{
			{"msp-only-role", "", `Reseller is not an MSP (its program is "reseller"), and nobody acts there as Partner Administrator.`, `Set acting_as to another role, for example "basic-admin".`},
		}},
		{"no-escalation: an unlisted permission counts as protected", actor("basic-admin"), nil, unlistedRole(), rolemodel.RoleFacts{}, []violation{
			{"no-escalation", "application_permissions", `Basic Administrator cannot give permissions that are not in the catalogue, which count as protected: "Archive | Search | Content View".`, ""},
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

// reseller is a partner that is no MSP.
func reseller() *rolemodel.Partner {
	return &rolemodel.Partner{AccountCode: "CRES1", Name: "Reseller", Program: rolemodel.ProgramReseller, Domains: []rolemodel.Domain{"fabrikam.example"}}
}

// unlistedRole has an application permission that is not in the catalogue.
func unlistedRole() *rolemodel.Role {
	r := customRole("Auditor Admin", rolemodel.CannotManageRoles)
	r.ApplicationPermissions, r.AllowUnlistedPermissions = []rolemodel.Permission{"Archive | Search | Content View"}, true
	return r
}

const settleFirst = "Remove these external admins, or give them another address or role, in an apply of its own first."

// found answers searches as a directory with the grants would.
func found(searches []rolemodel.GrantSearch, admins ...rolemodel.ExternalAdmin) []rolemodel.AffectedGrants {
	var all []rolemodel.AffectedGrants
	for _, s := range searches {
		of := slices.DeleteFunc(slices.Clone(admins), func(a rolemodel.ExternalAdmin) bool {
			return s.RoleID != "" && a.RoleID != s.RoleID || len(s.Domains) > 0 && !slices.Contains(s.Domains, a.Email.Domain()) ||
				slices.Contains(s.OutsideDomains, a.Email.Domain())
		})
		all = append(all, rolemodel.AffectedGrants{Search: s, Admins: of[:min(len(of), 10)], Total: len(of)})
	}
	return all
}

var admins = []rolemodel.ExternalAdmin{
	{TenantID: "CCLIENT1", Email: "anna@fabrikam.example", RoleID: "partner-admin"},
	{TenantID: "CCLIENT1", Email: "ben@msp.example", RoleID: "basic-admin"},
}

const noAccounts = " neither creates nor changes nor deletes partners and tenants: Super, Partner, Full and Basic Administrators do."

func TestDecidePartner(t *testing.T) {
	with := func(edit func(*rolemodel.Partner)) *rolemodel.Partner { p := msp(); edit(p); return p }
	own := actor("basic-admin")
	own.PartnerID, own.Credential = "CMSP1", true
	operator := actor("basic-admin")
	operator.Credential = true
	gone := with(func(p *rolemodel.Partner) { p.Retired = true })
	many := make([]rolemodel.ExternalAdmin, 12)
	for i := range many {
		many[i] = rolemodel.ExternalAdmin{TenantID: "CCLIENT1", Email: rolemodel.Email(fmt.Sprintf("a%02d@msp.example", i)), RoleID: "basic-admin"}
	}
	lessDomains := with(func(p *rolemodel.Partner) { p.Domains = []rolemodel.Domain{"fabrikam.example"} })
	tests := []struct {
		name          string
		actor         *rolemodel.Actor
		before, after *rolemodel.Partner
		owners        map[rolemodel.Domain]rolemodel.Owner
		more          int
		holders       []rolemodel.ExternalAdmin
		want          []violation
	}{
		{name: "create", actor: actor("basic-admin"), after: msp()},
		{name: "create as Partner Administrator", actor: actor("partner-admin"), after: msp()},
		{name: "delete", actor: actor("full-admin"), before: msp()},
		{name: "rename", actor: actor("super-admin"), before: msp(), after: with(func(p *rolemodel.Partner) { p.Name = "New" }), holders: admins},
		{name: "nothing known", before: msp(), after: &rolemodel.Partner{PartnerPortal: true}, holders: admins},
		{name: "a reseller stays one", actor: actor("basic-admin"), before: reseller(), after: reseller(), holders: admins},
		{name: "take up a retired one with an operator's credential", actor: operator, before: gone, after: msp()},
		{name: "change what an operator may", actor: operator, before: msp(), after: with(func(p *rolemodel.Partner) { p.Domains = append(p.Domains, "new.example") })},
		{name: "drop a domain that nobody has", before: with(func(p *rolemodel.Partner) { p.Domains = append(p.Domains, "old.example") }), after: msp(), holders: admins},
		{name: "rename with its own credential", actor: own, before: msp(), after: with(func(p *rolemodel.Partner) { p.Name = "New" })},
		{name: "manage-accounts", actor: actor("gateway-admin"), after: msp(), want: []violation{{"manage-accounts", "", "Gateway Administrator" + noAccounts, ""}}},
		{name: "manage-accounts: delete", actor: actor("reviewer"), before: msp(), want: []violation{{"manage-accounts", "", "Reviewer" + noAccounts, ""}}},
		{name: "msp-only-role", actor: actor("partner-admin"), before: reseller(), after: msp(), want: []violation{
			{"msp-only-role", "", `Reseller is not an MSP (its program is "reseller"), and nobody acts there as Partner Administrator.`, `Set acting_as to another role, for example "basic-admin".`},
		}},
		{name: "partner-facts: delete", actor: own, before: msp(), want: []violation{{"partner-facts", "", "A partner's credential neither creates nor deletes partners.", ""}}},
		{name: "partner-facts: create", actor: own, after: msp(), want: []violation{{"partner-facts", "", "A partner's credential neither creates nor deletes partners.", ""}}},
		{name: "partner-facts: take up", actor: own, before: gone, after: msp(), want: []violation{{"partner-facts", "", "A partner's credential neither creates nor deletes partners.", ""}}},
		{name: "manage-accounts with a credential", actor: func() *rolemodel.Actor { a := actor("sync-engine-admin"); a.Credential = true; return a }(), after: msp(), want: []violation{
			{"manage-accounts", "", "Synchronization Engine Administrator" + noAccounts, `Use a credential with one of these roles, for example "basic-admin".`},
		}},
		{name: "partner-facts", actor: own, before: reseller(), after: with(func(p *rolemodel.Partner) { p.AccountCode = "CRES1" }), want: []violation{
			{"partner-facts", "program", "The program of a partner is not set with the partner's own credential: it decides what the partner may do.", ""},
			{"partner-facts", "partner_portal", "Whether a partner uses the Partner Portal is not set with the partner's own credential: it decides what the partner may do.", ""},
			{"partner-facts", "domains", "The login domains of a partner are not set with the partner's own credential: they decide what the partner may do.", ""},
		}},
		{name: "domain-taken by one more", after: msp(), more: 1, want: []violation{{"domain-taken", "domains", `Some of the domains belong to 1 more accounts.`, ""}}},
		{name: "domain-taken", actor: actor("basic-admin"), after: msp(), owners: map[rolemodel.Domain]rolemodel.Owner{"msp.example": {Kind: "partner", Code: "CRES1"}}, more: 2, want: []violation{
			{"domain-taken", "domains", `"msp.example" belongs to partner "CRES1".`, ""},
			{"domain-taken", "domains", `Some of the domains belong to 2 more accounts.`, ""},
		}},
		{
			name: "portal-required, partner-login and msp-only-role", before: msp(), holders: admins,
			after: with(func(p *rolemodel.Partner) {
				p.PartnerPortal, p.Program, p.Domains = false, rolemodel.ProgramReseller, []rolemodel.Domain{"fabrikam.example"}
			}),
			want: []violation{
				{"portal-required", "partner_portal", `These external admins need a partner that uses the Partner Portal: "anna@fabrikam.example", "ben@msp.example".`, settleFirst},
				{"partner-login", "domains", `These external admins would have an address outside the partner's domains: "ben@msp.example".`, settleFirst},
				{"msp-only-role", "program", `These external admins hold Partner Administrator, which is only for tenants of an MSP partner: "anna@fabrikam.example".`, settleFirst},
			},
		},
		{name: "partner-login of many", before: msp(), after: lessDomains, holders: many, want: []violation{
			{"partner-login", "domains", `These external admins would have an address outside the partner's domains: "a00@msp.example", "a01@msp.example", "a02@msp.example", ` +
				`"a03@msp.example", "a04@msp.example", "a05@msp.example", "a06@msp.example", "a07@msp.example", "a08@msp.example", "a09@msp.example" and 2 more.`, settleFirst},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			facts := rolemodel.AccountFacts{Owners: tt.owners, MoreOwners: tt.more, Affected: found(rolemodel.PartnerSearches(tt.before, tt.after), tt.holders...)}
			check(t, rolemodel.DecidePartner(tt.actor, tt.before, tt.after, facts), tt.want)
		})
	}
}

func TestDecideTenant(t *testing.T) {
	with := func(edit func(*rolemodel.Tenant)) *rolemodel.Tenant { c := client(); edit(c); return c }
	alone := with(func(c *rolemodel.Tenant) { c.PartnerID = "" })
	own := actor("basic-admin")
	own.PartnerID, own.Credential = "CMSP1", true
	gone := msp()
	gone.Retired = true
	tests := []struct {
		name            string
		actor           *rolemodel.Actor
		before, after   *rolemodel.Tenant
		former, partner *rolemodel.Partner
		owners          map[rolemodel.Domain]rolemodel.Owner
		holders         []rolemodel.ExternalAdmin
		want            []violation
	}{
		{name: "create", actor: actor("basic-admin"), after: client(), partner: msp()},
		{name: "create as Partner Administrator", actor: actor("partner-admin"), after: client(), partner: msp()},
		{name: "create without partner", actor: actor("full-admin"), after: alone},
		{name: "delete", actor: actor("super-admin"), before: client()},
		{name: "rename", before: client(), after: with(func(c *rolemodel.Tenant) { c.Name = "New" }), former: msp(), partner: msp(), holders: admins},
		{name: "nothing known but the partner", before: client(), after: &rolemodel.Tenant{PartnerID: "CMSP1"}, holders: admins},
		{name: "another partner that is not known yet", before: client(), after: with(func(c *rolemodel.Tenant) { c.PartnerID = "COTHER" }), holders: admins},
		{name: "what does not hold now is not asked for", before: client(), after: alone, former: reseller(), holders: admins},
		{name: "a region, once", before: client(), after: with(func(c *rolemodel.Tenant) { c.Region = "us" })},
		{name: "another region when it is taken up", before: with(func(c *rolemodel.Tenant) { c.Region, c.Retired = "us", true }), after: with(func(c *rolemodel.Tenant) { c.Region = "uk" })},
		{name: "a partner's credential creates", actor: own, after: client(), partner: msp()},
		{name: "stays with a retired partner", before: client(), after: client(), former: gone, partner: gone},

		{name: "manage-accounts", actor: actor("help-desk-admin"), after: alone, want: []violation{{"manage-accounts", "", "Help Desk Administrator" + noAccounts, ""}}},
		{name: "msp-only-role: no partner", actor: actor("partner-admin"), after: alone, want: []violation{
			{"msp-only-role", "", `Tenant "CCLIENT1" (Contoso) has no partner, and nobody acts there as Partner Administrator.`, `Set acting_as to another role, for example "basic-admin".`},
		}},
		{name: "a partner's credential", actor: own, after: alone, want: []violation{
			{"reference-exists", "partner_id", `A credential of partner "CMSP1" manages only tenants of that partner.`, `Set partner_id = "CMSP1".`},
		}},
		{name: "the region changes", before: with(func(c *rolemodel.Tenant) { c.Region = "us" }), after: with(func(c *rolemodel.Tenant) { c.Region = "uk" }), want: []violation{
			{"well-formed", "region", `The region of tenant "CCLIENT1" is "us", and never changes.`, "Keep it, or create another tenant."},
		}},
		{name: "account-retired", after: client(), partner: gone, want: []violation{
			{"account-retired", "partner_id", `The partner "CMSP1" was deleted while it was in use, so it is retired.`, ""},
		}},
		{name: "account-retired: another partner", before: alone, after: client(), partner: gone, want: []violation{
			{"account-retired", "partner_id", `The partner "CMSP1" was deleted while it was in use, so it is retired.`, ""},
		}},
		{name: "account-retired: taken up", before: with(func(c *rolemodel.Tenant) { c.Retired = true }), after: client(), former: gone, partner: gone, want: []violation{
			{"account-retired", "partner_id", `The partner "CMSP1" was deleted while it was in use, so it is retired.`, ""},
		}},
		{name: "msp-only-role: a reseller gives its tenant away", actor: actor("partner-admin"), before: client(), after: client(), former: reseller(), partner: msp(), want: []violation{
			{"msp-only-role", "", `Reseller is not an MSP (its program is "reseller"), and nobody acts there as Partner Administrator.`, `Set acting_as to another role, for example "basic-admin".`},
		}},
		{name: "domain-taken", after: client(), partner: msp(), owners: map[rolemodel.Domain]rolemodel.Owner{"contoso.example": {Kind: "tenant", Code: "COTHER"}, "contoso.test": {Kind: "partner", Code: "CMSP1"}}, want: []violation{
			{"domain-taken", "primary_domain", `"contoso.example" belongs to tenant "COTHER".`, ""},
			{"domain-taken", "internal_domains", `"contoso.test" belongs to partner "CMSP1".`, ""},
		}},
		{name: "domain-in-use", before: client(), former: msp(), partner: msp(), holders: admins, after: with(func(c *rolemodel.Tenant) {
			c.InternalDomains = []rolemodel.Domain{"contoso.example", "contoso.test", "msp.example"}
		}), want: []violation{
			{"domain-in-use", "internal_domains", `These external admins have an address in one of the internal domains: "ben@msp.example".`, settleFirst},
		}},
		{name: "no partner any more", before: client(), after: alone, former: msp(), holders: admins, want: []violation{
			{"portal-required", "partner_id", `These external admins need a partner that uses the Partner Portal: "anna@fabrikam.example", "ben@msp.example".`, settleFirst},
			{"msp-only-role", "partner_id", `These external admins hold Partner Administrator, which is only for tenants of an MSP partner: "anna@fabrikam.example".`, settleFirst},
		}},
		{name: "a partner of another kind", before: client(), after: with(func(c *rolemodel.Tenant) { c.PartnerID = "CRES1" }), former: msp(), partner: reseller(), holders: admins, want: []violation{
			{"portal-required", "partner_id", `These external admins need a partner that uses the Partner Portal: "anna@fabrikam.example", "ben@msp.example".`, settleFirst},
			{"partner-login", "partner_id", `These external admins would have an address outside the partner's domains: "ben@msp.example".`, settleFirst},
			{"msp-only-role", "partner_id", `These external admins hold Partner Administrator, which is only for tenants of an MSP partner: "anna@fabrikam.example".`, settleFirst},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			facts := rolemodel.AccountFacts{
				Owners: tt.owners, Former: tt.former, Partner: tt.partner,
				Affected: found(rolemodel.TenantSearches(tt.before, tt.after, tt.former, tt.partner), tt.holders...),
			}
			check(t, rolemodel.DecideTenant(tt.actor, tt.before, tt.after, facts), tt.want)
		})
	}
}

func TestDecideView(t *testing.T) {
	for _, role := range rolemodel.DefaultRoles() {
		a := actor(role.ID)
		want := []violation(nil)
		if role.SecurityPermission.Level() == 0 {
			want = []violation{{"view-roles", "", role.Name + " cannot manage roles, and so sees neither custom roles, external admins and sign-in decisions nor the audit trail.", ""}}
		}
		check(t, rolemodel.DecideView(a), want)
		if a.Credential = true; len(want) > 0 { // Who comes with a credential has no acting_as.
			want[0].advice = `Use a credential whose role can manage roles, for example "basic-admin".`
		}
		check(t, rolemodel.DecideView(a), want)
	}
	check(t, rolemodel.DecideView(nil), nil)
}

func TestRetiring(t *testing.T) {
	goes := "Nobody new gets it then, and it goes with its last holder. Creating a role of that name again takes it up."
	check(t, rolemodel.Violations{
		rolemodel.RetiredViolation("role", "CCLIENT1/auditor-admin"),
		rolemodel.RetiringViolation("role", "CCLIENT1/auditor-admin", rolemodel.Dependants{What: "holders", Admins: admins, Total: 12}),
		rolemodel.RetiringViolation("partner", "CMSP1", rolemodel.Dependants{What: "tenants", Tenants: []rolemodel.Tenant{{AccountCode: "CCLIENT1"}}, Total: 1}),
	}, []violation{
		{"role-retired", "", `The role "CCLIENT1/auditor-admin" was deleted while it was in use, so it is retired.`, "Create a role of that name again, which takes it up."},
		{"role-retired", "", `The role "CCLIENT1/auditor-admin" has holders, so deleting it retires it: "anna@fabrikam.example", "ben@msp.example" and 10 more.`, goes},
		{"account-retired", "", `The partner "CMSP1" has tenants, so deleting it retires it: "CCLIENT1".`, "Nothing new is possible in it then, and it goes with the last of them. Creating it again takes it up."},
	})
}
