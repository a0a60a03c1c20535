package directorytest

import (
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func grantRefusals() []refusal {
	const basic, super, desk = rolemodel.BasicAdmin, rolemodel.SuperAdmin, rolemodel.HelpDeskAdmin
	deskAdmin := func(f *fixture) { f.role("Desk Admin") }
	return []refusal{
		{"an internal address", nil, basic, granting(alpha, "Bob@alpha.TEST", basic), []string{
			`external-address at email: "bob@alpha.test" is inside Alpha: "alpha.test" is one of its internal domains.`,
			`partner-login at email: "bob@alpha.test" is not a login of Northwind MSP: its domains are "msp.example", "msp.test".`,
		}},
		{"a partner without the portal", nil, basic, granting(gamma, "bob@noportal.example", basic), []string{
			`portal-required at tenant_id: Offline MSP, the partner of tenant "CGAMMA", does not use the Partner Portal.`,
		}},
		{"no partner", nil, basic, granting(delta, "bob@msp.example", basic), []string{
			`portal-required at tenant_id: Tenant "CDELTA" (Delta) has no partner, so nobody outside it can administer it.`,
		}},
		{"another partner's address", nil, basic, granting(alpha, "bob@reseller.example", basic), []string{
			`partner-login at email: "bob@reseller.example" is not a login of Northwind MSP: its domains are "msp.example", "msp.test".`,
		}},
		{"a subdomain is another domain", nil, basic, granting(alpha, "bob@mail.msp.example", basic), []string{
			`partner-login at email: "bob@mail.msp.example" is not a login of Northwind MSP: its domains are "msp.example", "msp.test".`,
		}},
		{"Partner Administrator of a reseller's tenant", nil, basic, granting(beta, "bob@reseller.example", rolemodel.PartnerAdmin), []string{
			`msp-only-role at role_id: Contoso Resale, the partner of tenant "CBETA", is not an MSP (its program is "reseller").`,
		}},
		{"a second role", annaHolds(desk), basic, granting(alpha, "ANNA@msp.example", basic), []string{
			`one-role at email: "anna@msp.example" already holds Help Desk Administrator in tenant "CALPHA".`,
		}},
		{"a change to an address that holds a role", func(f *fixture) {
			annaHolds(basic)(f)
			f.grant("bob@msp.example", desk)
		}, basic, changing("bob@msp.example", basic), []string{
			`one-role at email: "bob@msp.example" already holds Help Desk Administrator in tenant "CALPHA".`,
		}},
		{"no confirmation is taken back", nil, basic, func(f *fixture, d directory.Directory) error {
			_, err := directory.SayObserved(f.ctx, d, directory.Observe{Tenant: alpha, Means: rolemodel.MeansConfirmation, TakesBack: "none"})
			return err
		}, []string{
			`last-word at takes_back: What is to be taken back is no observation of tenant "CALPHA" in the audit trail.`,
		}},
		{"an end that has passed", annaHolds(desk), basic, func(f *fixture, d directory.Directory) error {
			_, err := regrant(f.ctx, d, "anna@msp.example", rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: desk, ExpiresAt: "2001-01-01T00:00:00Z"})
			return err
		}, []string{
			`expiry-ahead at expires_at: The grant of "anna@msp.example" would expire at 2001-01-01T00:00:00Z, which has passed.`,
		}},
		{"no such role", nil, basic, granting(alpha, "bob@msp.example", "none"), []string{
			`role-of-tenant at role_id: "none" is neither a default role nor a custom role of tenant "CALPHA".`,
		}},
		{"no such role in a change", annaHolds(desk), basic, changing("anna@msp.example", "none"), []string{
			`role-of-tenant at role_id: "none" is neither a default role nor a custom role of tenant "CALPHA".`,
		}},
		{"an actor who cannot manage roles adds", nil, desk, granting(alpha, "bob@msp.example", basic), []string{
			`manage-roles at : Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.`,
		}},
		{"an actor who cannot manage roles changes", annaHolds(basic), desk, changing("anna@msp.example", desk), []string{
			`manage-roles at : Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.`,
		}},
		{"an actor who cannot manage roles removes", annaHolds(basic), desk, removingAnna, []string{
			`manage-roles at : Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.`,
		}},
		{"an actor who manages synchronization sites only", nil, rolemodel.SyncEngineAdmin, granting(alpha, "bob@msp.example", basic), []string{
			`manage-roles at : Synchronization Engine Administrator cannot manage roles, and so neither custom roles nor external admins.`,
		}},
		{"a protected role is granted", nil, basic, granting(alpha, "bob@msp.example", rolemodel.FullAdmin), []string{
			`protected-assignment at role_id: Full Administrator carries protected permissions, and Basic Administrator cannot manage protected roles.`,
		}},
		{"a protected role is taken away", annaHolds(rolemodel.Reviewer), basic, removingAnna, []string{
			`protected-assignment at role_id: Reviewer carries protected permissions, and Basic Administrator cannot manage protected roles.`,
		}},
		{"a protected role becomes another", annaHolds(rolemodel.FullAdmin), basic, changing("anna@msp.example", basic), []string{
			`protected-assignment at role_id: Full Administrator carries protected permissions, and Basic Administrator cannot manage protected roles.`,
		}},
		{"a role becomes a protected one", annaHolds(basic), rolemodel.PartnerAdmin, changing("anna@msp.example", rolemodel.DiscoveryOfficer), []string{
			`protected-assignment at role_id: Discovery Officer carries protected permissions, and Partner Administrator cannot manage protected roles.`,
		}},
		{"a custom role with protected permissions", func(f *fixture) { f.role("Secrets Admin", protected) }, basic, func(f *fixture, d directory.Directory) error {
			return granting(alpha, "bob@msp.example", f.theRole().ID)(f, d)
		}, []string{
			`protected-assignment at role_id: Secrets Admin carries protected permissions, and Basic Administrator cannot manage protected roles.`,
		}},
		{"a custom role above the actor", func(f *fixture) { f.role("Top Admin", managesProtected) }, basic, func(f *fixture, d directory.Directory) error {
			return granting(alpha, "bob@msp.example", f.theRole().ID)(f, d)
		}, []string{
			`no-escalation at role_id: Top Admin may manage application and protected roles, which is above what Basic Administrator may.`,
		}},
		{"Super Administrator", nil, super, granting(alpha, "bob@msp.example", super), []string{
			`super-by-support at role_id: Super Administrator is granted only by Mimecast Support.`,
		}},
		{"a change to Super Administrator", annaHolds(basic), super, changing("anna@msp.example", super), []string{
			`super-by-support at role_id: Super Administrator is granted only by Mimecast Support.`,
		}},
		{"the address of a protected admin", annaHolds(rolemodel.FullAdmin), super, changing("anna@msp.test", rolemodel.FullAdmin), []string{
			`address-by-support at email: "anna@msp.example" holds Full Administrator, which carries protected permissions, so the address cannot become "anna@msp.test" here.`,
		}},
		{"no such tenant", nil, basic, granting("CNONE", "bob@msp.example", basic), []string{
			`reference-exists at tenant_id: There is no tenant "CNONE" in the directory.`,
		}},
		{"a malformed grant", nil, basic, granting(alpha, "bob", ""), []string{
			`well-formed at email: "bob" is not an email address: write one like "anna@example.com", without a name or spaces.`,
			`well-formed at role_id: No role is given: write the ID of a default role, for example "basic-admin", or of a custom role.`,
		}},
		{"everything at once", nil, basic, granting(beta, "bob@beta.example", super), []string{
			`protected-assignment at role_id: Super Administrator carries protected permissions, and Basic Administrator cannot manage protected roles.`,
			`super-by-support at role_id: Super Administrator is granted only by Mimecast Support.`,
			`external-address at email: "bob@beta.example" is inside Beta: "beta.example" is one of its internal domains.`,
			`partner-login at email: "bob@beta.example" is not a login of Contoso Resale: its domains are "reseller.example".`,
		}},
		{"a replacement, grant by grant", annaHolds(rolemodel.FullAdmin), basic, replacing(grants("bob@alpha.test", "basic-admin", "carl@msp.example", "full-admin")...), []string{
			`external-address at admins["bob@alpha.test"]: "bob@alpha.test" is inside Alpha: "alpha.test" is one of its internal domains.`,
			`partner-login at admins["bob@alpha.test"]: "bob@alpha.test" is not a login of Northwind MSP: its domains are "msp.example", "msp.test".`,
			`protected-assignment at admins["carl@msp.example"].role_id: Full Administrator carries protected permissions, and Basic Administrator cannot manage protected roles.`,
			`protected-assignment at admins["anna@msp.example"].role_id: Full Administrator carries protected permissions, and Basic Administrator cannot manage protected roles.`,
			`address-by-support at admins["carl@msp.example"]: "carl@msp.example" would get Full Administrator, which carries protected permissions, as it is taken from "anna@msp.example": that is a change of address.`,
		}},
		{"a replacement with an address twice", deskAdmin, basic, replacing(grants("bob@msp.example", "basic-admin", "Bob@MSP.example", "help-desk-admin")...), []string{
			`one-role at admins["Bob@MSP.example"]: "bob@msp.example", "Bob@MSP.example" are the same address "bob@msp.example".`,
		}},
		{"a malformed replacement", nil, basic, replacing(grants("bob", "basic-admin", "carl@msp.example", "")...), []string{
			`well-formed at admins["bob"]: "bob" is not an email address: write one like "anna@example.com", without a name or spaces.`,
			`well-formed at admins["carl@msp.example"].role_id: No role is given: write the ID of a default role, for example "basic-admin", or of a custom role.`,
		}},
		{"a replacement by who cannot manage roles", annaHolds(basic), desk, replacing(), []string{
			`manage-roles at : Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.`,
		}},
		{"a replacement without a tenant", nil, basic, func(f *fixture, d directory.Directory) error {
			_, err := replace(f.ctx, d, "CNONE", grants("bob@msp.example", "basic-admin"))
			return err
		}, []string{
			`reference-exists at tenant_id: There is no tenant "CNONE" in the directory.`,
		}},
	}
}

func removingAnna(f *fixture, d directory.Directory) error {
	return drop[rolemodel.ExternalAdmin](f.ctx, d, directory.Key{Account: alpha, Email: "anna@msp.example"})
}

func managesProtected(r *rolemodel.Role) {
	r.SecurityPermission = rolemodel.ManageApplicationAndProtectedRoles
}

// replacing is a write that replaces the grants of alpha.
func replacing(admins ...rolemodel.ExternalAdmin) func(*fixture, directory.Directory) error {
	return func(f *fixture, d directory.Directory) error {
		_, err := replace(f.ctx, d, alpha, admins)
		return err
	}
}
