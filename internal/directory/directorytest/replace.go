package directorytest

import (
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func replaceCases() []testCase {
	return []testCase{
		{"adds, changes, removes and keeps", replaceAll},
		{"unchanged is silent", replaceUnchanged},
		{"why and until when", replaceTerm},
		{"with nothing removes everybody", replaceWithNothing},
		{"one violation stops all of it", replaceAtomic},
		{"a grant that stays needs no authority over its role", replaceKeepsProtected},
		{"a thousand grants", replaceThousand},
	}
}

// grants makes grants of alternating addresses and roles.
func grants(pairs ...string) []rolemodel.ExternalAdmin {
	var admins []rolemodel.ExternalAdmin
	for i := 0; i < len(pairs); i += 2 {
		admins = append(admins, rolemodel.ExternalAdmin{Email: rolemodel.Email(pairs[i]), RoleID: rolemodel.RoleID(pairs[i+1])})
	}
	return admins
}

func replaceAll(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	elsewhere := must(add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: beta, Email: "x@reseller.example", RoleID: rolemodel.BasicAdmin}))(f)
	f.grant("changed@msp.example", rolemodel.BasicAdmin)
	f.grant("kept@msp.example", rolemodel.BasicAdmin)
	f.grant("removed@msp.example", rolemodel.BasicAdmin)

	given := grants("New@MSP.example", string(role.ID), "kept@msp.example", "basic-admin", "changed@msp.example", "gateway-admin")
	given[0].TenantID, given[0].Revision = beta, 42 // Both are ignored.
	want := []rolemodel.ExternalAdmin{
		{TenantID: alpha, Email: "changed@msp.example", RoleID: rolemodel.GatewayAdmin, RoleName: "Gateway Administrator", Revision: 2},
		{TenantID: alpha, Email: "kept@msp.example", RoleID: rolemodel.BasicAdmin, RoleName: "Basic Administrator", Revision: 1},
		{TenantID: alpha, Email: "new@msp.example", RoleID: role.ID, RoleName: "Desk Admin", Revision: 1},
	}
	f.same("what replace returns", must(replace(f.ctx, f.basic, alpha, given))(f), want)
	f.same("what is read", list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{alpha}})), want)
	f.same("the other tenant's", must(f.basic.ExternalAdmin(f.ctx, beta, "x@reseller.example"))(f), elsewhere)
}

func replaceUnchanged(f *fixture) {
	f.world()
	a, b := f.grant("a@msp.example", rolemodel.BasicAdmin), f.grant("b@msp.example", rolemodel.HelpDeskAdmin)
	f.unchanged(func() {
		given := grants("B@msp.example", "help-desk-admin", "a@MSP.example", "basic-admin")
		f.same("what replace returns", must(replace(f.ctx, f.basic, alpha, given))(f), []rolemodel.ExternalAdmin{a, b})
	})
	f.unchanged(func() {
		f.same("what replace returns", must(replace(f.ctx, f.basic, delta, nil))(f), []rolemodel.ExternalAdmin{})
	})
}

func replaceTerm(f *fixture) {
	f.world()
	given := grants("anna@msp.example", "basic-admin", "bob@msp.example", "basic-admin")
	must(replace(f.ctx, f.basic, alpha, given))(f)
	seen := list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{alpha}}))
	given[0].Reason, given[0].ExpiresAt = "On call", "2199-01-31T16:00:00Z"
	given[1].RoleID = rolemodel.HelpDeskAdmin
	change := directory.Replace{Action: directory.ActionUpdate, Tenant: alpha, Admins: given, Seen: seen}
	result, err := directory.ReplaceExternalAdmins(f.ctx, f.basic, change)
	f.ok(err)
	f.same("what is stored", fmt.Sprint(result.Entry[0].Reason, result.Entry[0].ExpiresAt, result.Entry[0].Revision, result.Entry[1].Reason), "On call2199-01-31T16:00:00Z2")
	// It is based on what was there before, and asks for something else again.
	change.Admins[0].Reason = "Holidays"
	_, err = directory.ReplaceExternalAdmins(f.ctx, f.basic, change)
	f.conflict(err, directory.ConflictError{Kind: directory.KindExternalAdmins, Key: "CALPHA", Changed: true, Differences: []string{`"anna@msp.example" has another reason or end`}})
	change.Seen = result.Entry
	change.Admins[0].ExpiresAt, change.Admins[1].ExpiresAt = "2001-01-01T00:00:00Z", "soon"
	f.unchanged(func() {
		_, err := directory.ReplaceExternalAdmins(f.ctx, f.basic, change)
		vs, _ := rolemodel.AsViolations(err)
		f.same("where the violations lie", paths(vs), `admins["anna@msp.example"].expires_at admins["bob@msp.example"].expires_at`)
	})
	// Who is new with a past end is stored expired, so that one line keeps nobody else out.
	change.Admins = append(given[:1:1], grants("carl@msp.example", "basic-admin")...)
	change.Admins[0].ExpiresAt, change.Admins[1].ExpiresAt = "2199-01-31T16:00:00Z", "2001-01-01T00:00:00Z"
	_, err = directory.ReplaceExternalAdmins(f.ctx, f.basic, change)
	f.ok(err)
}

func replaceWithNothing(f *fixture) {
	f.world()
	f.grant("a@msp.example", rolemodel.BasicAdmin)
	f.same("what replace returns", must(replace(f.ctx, f.basic, alpha, nil))(f), []rolemodel.ExternalAdmin{})
	f.same("what is read", list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{alpha}})), []rolemodel.ExternalAdmin{})
}

func replaceAtomic(f *fixture) {
	f.world()
	f.grant("a@msp.example", rolemodel.BasicAdmin)
	before := f.content()
	_, err := replace(f.ctx, f.basic, alpha, grants("b@msp.example", "basic-admin", "c@alpha.example", "basic-admin"))
	if _, refused := rolemodel.AsViolations(err); !refused {
		f.Fatalf("got %v, want violations", err)
	}
	f.same("the directory", f.content(), before)
}

func replaceKeepsProtected(f *fixture) {
	f.world()
	f.grant("boss@msp.example", rolemodel.FullAdmin)
	must(replace(f.ctx, f.basic, alpha, grants("boss@msp.example", "full-admin", "a@msp.example", "basic-admin")))(f)
}

func replaceThousand(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	many := func(role rolemodel.RoleID, from int) []rolemodel.ExternalAdmin {
		admins := make([]rolemodel.ExternalAdmin, 1000)
		for i := range admins {
			admins[i] = rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("admin%04d@msp.example", from+i)), RoleID: role}
		}
		return admins
	}
	must(replace(f.ctx, f.basic, alpha, many(rolemodel.BasicAdmin, 0)))(f)
	stored := must(replace(f.ctx, f.basic, alpha, many(role.ID, 500)))(f)
	f.same("the number of grants", len(stored), 1000)
	for i, admin := range stored {
		want := rolemodel.ExternalAdmin{TenantID: alpha, Email: rolemodel.Email(fmt.Sprintf("admin%04d@msp.example", 500+i)), RoleID: role.ID, RoleName: "Desk Admin", Revision: 1}
		if i < 500 {
			want.Revision = 2
		}
		f.same("the grant", admin, want)
	}
}
