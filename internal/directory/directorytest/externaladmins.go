package directorytest

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func externalAdminCases() []testCase {
	return []testCase{
		{"stored in canonical form", adminCanonical},
		{"one person in two tenants", adminTwoTenants},
		{"the role changes", adminRoleChanges},
		{"the address changes", adminAddressChanges},
		{"an update that changes nothing is silent", adminUnchanged},
		{"an outdated revision conflicts", adminRevision},
		{"why and until when", adminTerm},
		{"deleted", adminDeleted},
		{"removed where it could not be granted", adminRemovedAnyway},
		{"every actor who may, may", adminActors},
		{"a renamed role has its new name at its holders", renamedAtHolders},
	}
}

func adminCanonical(f *fixture) {
	f.world()
	want := rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna.möller@msp.example", RoleID: rolemodel.BasicAdmin, RoleName: "Basic Administrator", Revision: 1}
	stored := must(add(f.ctx, f.basic, rolemodel.ExternalAdmin{
		TenantID: "calpha", Email: "Anna.MÖLLER@MSP.example", RoleID: rolemodel.BasicAdmin, RoleName: "Emperor", Revision: 9,
	}))(f)
	f.same("what create returns", stored, want)
	f.same("what is read", must(f.basic.ExternalAdmin(f.ctx, alpha, want.Email))(f), want)
}

func adminTwoTenants(f *fixture) {
	f.world()
	tenant := must(f.basic.Tenant(f.ctx, delta))(f)
	tenant.PartnerID = msp
	must(edit(f.ctx, f.basic, tenant))(f)
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	other := must(add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: delta, Email: "anna@msp.example", RoleID: rolemodel.HelpDeskAdmin}))(f)
	f.same("the second grant", must(f.basic.ExternalAdmin(f.ctx, delta, "anna@msp.example"))(f), other)
}

func adminRoleChanges(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	want := rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: role.ID, RoleName: "Desk Admin", Revision: 2}
	given := rolemodel.ExternalAdmin{TenantID: "calpha", Email: "Anna@MSP.example", RoleID: role.ID, Revision: 1}
	f.same("what update returns", must(regrant(f.ctx, f.basic, "anna@msp.example", given))(f), want)
	f.same("what is read", must(f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example"))(f), want)

	given.RoleID, given.Revision = rolemodel.GatewayAdmin, 0
	want.RoleID, want.RoleName, want.Revision = rolemodel.GatewayAdmin, "Gateway Administrator", 3
	f.same("what update returns", must(regrant(f.ctx, f.basic, "anna@msp.example", given))(f), want)
}

func adminAddressChanges(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	want := rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.test", RoleID: rolemodel.HelpDeskAdmin, RoleName: "Help Desk Administrator", Revision: 2}
	given := rolemodel.ExternalAdmin{TenantID: alpha, Email: "Anna@MSP.test", RoleID: rolemodel.HelpDeskAdmin}
	f.same("what update returns", must(regrant(f.ctx, f.basic, "anna@msp.example", given))(f), want)
	f.same("what is read", must(f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.test"))(f), want)
	_, err := f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example")
	f.notFound(err, directory.KindExternalAdmin, "CALPHA/anna@msp.example")
}

func adminUnchanged(f *fixture) {
	f.world()
	stored := f.grant("anna@msp.example", rolemodel.BasicAdmin)
	f.unchanged(func() {
		given := rolemodel.ExternalAdmin{TenantID: alpha, Email: "ANNA@msp.example", RoleID: rolemodel.BasicAdmin}
		f.same("what update returns", must(regrant(f.ctx, f.basic, "anna@msp.example", given))(f), stored)
	})
}

func adminRevision(f *fixture) {
	f.world()
	stored := f.grant("anna@msp.example", rolemodel.BasicAdmin)
	stored.RoleID = rolemodel.HelpDeskAdmin
	must(regrant(f.ctx, f.basic, stored.Email, stored))(f)
	f.unchanged(func() {
		stored.RoleID = rolemodel.GatewayAdmin
		_, err := regrant(f.ctx, f.basic, stored.Email, stored)
		f.conflict(err, directory.ConflictError{Kind: directory.KindExternalAdmin, Key: "CALPHA/anna@msp.example", Changed: true})
	})
}

func adminTerm(f *fixture) {
	f.world()
	given := rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: rolemodel.BasicAdmin, Reason: "On call, CHG-1042 – Zürich", ExpiresAt: "2199-01-31T18:00:00.5+02:00"}
	want := given
	want.RoleName, want.Revision, want.ExpiresAt, want.Declaration = "Basic Administrator", 1, "2199-01-31T16:00:00Z", "d1"
	stored, err := directory.Create(f.ctx, f.basic, given, "d1")
	f.same("what create returns", effect(f, stored, err, directory.EffectCreated, "d1"), want)
	f.same("what is read", must(f.basic.ExternalAdmin(f.ctx, alpha, given.Email))(f), want)
	f.same("what is listed", list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{Email: given.Email})), []rolemodel.ExternalAdmin{want})
	var recorded rolemodel.ExternalAdmin
	f.ok(json.Unmarshal([]byte(f.lastEvent().After), &recorded))
	f.same("what the trail has", recorded, want)

	adopted, err := directory.Create(f.ctx, f.basic, given, "d2")
	effect(f, adopted, err, directory.EffectAdopted, "d2")
	other := given
	other.Reason = "Another one"
	_, err = directory.Create(f.ctx, f.basic, other, "d3")
	f.same("one-role", breaks(rolemodel.OneRole)(err), true)

	given.Reason, given.ExpiresAt = "", ""
	want.Reason, want.ExpiresAt, want.Revision, want.Declaration = "", "", 3, "d2"
	f.same("what update returns", must(regrant(f.ctx, f.basic, given.Email, given))(f), want)
	given.ExpiresAt = "2001-01-01T00:00:00Z"
	f.unchanged(func() {
		_, err := regrant(f.ctx, f.basic, given.Email, given)
		f.same("expiry-ahead", breaks(rolemodel.ExpiryAhead)(err), true)
	})

	past := must(add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: "bob@msp.example", RoleID: rolemodel.BasicAdmin, ExpiresAt: given.ExpiresAt}))(f)
	f.same("what is stored", past.ExpiresAt, given.ExpiresAt)
	decision := must(directory.SignIn(f.ctx, f.basic, alpha, past.Email, netip.MustParseAddr("192.0.2.1"), rolemodel.PartnerPortal))(f)
	f.same("signing in", fmt.Sprint(decision.Allowed, decision.Reasons), `false [The grant of "bob@msp.example" in tenant "CALPHA" expired at 2001-01-01T00:00:00Z.]`)

	_, err = add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: "eve@msp.example", RoleID: rolemodel.BasicAdmin, Reason: "two\nlines", ExpiresAt: "tomorrow"})
	vs, _ := rolemodel.AsViolations(err)
	f.same("where the violations lie", paths(vs), "expires_at reason")
}

// paths are where violations lie, sorted.
func paths(vs rolemodel.Violations) string {
	all := make([]string, len(vs))
	for i, v := range vs {
		all[i] = v.Path.String()
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func adminDeleted(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "anna@msp.example"}))
	_, err := f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example")
	f.notFound(err, directory.KindExternalAdmin, "CALPHA/anna@msp.example")
	f.grant("anna@msp.example", rolemodel.HelpDeskAdmin) // She may come back.
}

// adminRemovedAnyway: removing needs authority over the role and nothing else
// (decided contradiction 3), so that a leaver can always be removed.
func adminRemovedAnyway(f *fixture) {
	f.world()
	f.grant("boss@msp.example", rolemodel.FullAdmin)
	f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.super, directory.Key{Account: alpha, Email: "boss@msp.example"}))
}

func adminActors(f *fixture) {
	f.world()
	for _, actor := range rolemodel.DefaultRoles() {
		d := f.actor(actor.ID)
		for _, role := range rolemodel.DefaultRoles() {
			if role.ID == rolemodel.SuperAdmin || role.CarriesProtected && actor.SecurityPermission.Level() < 2 || actor.SecurityPermission.Level() == 0 {
				continue // Refused, see the rules.
			}
			given := rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: role.ID}
			stored := must(add(f.ctx, d, given))(f)
			f.same("the role's name", stored.RoleName, role.Name)
			f.ok(drop[rolemodel.ExternalAdmin](f.ctx, d, directory.Key{Account: alpha, Email: "anna@msp.example"}))
		}
	}
}

func renamedAtHolders(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	f.grant("anna@msp.example", role.ID)
	f.grant("bob@msp.example", rolemodel.BasicAdmin)
	role.Name = "Service Desk Admin"
	must(edit(f.ctx, f.basic, role))(f)
	f.same("the name at a holder", must(f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example"))(f).RoleName, role.Name)
	var names []string
	for _, a := range list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{})) {
		names = append(names, a.RoleName)
	}
	f.same("the names in the list", names, []string{role.Name, "Basic Administrator"})
}
