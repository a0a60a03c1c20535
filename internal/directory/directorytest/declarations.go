package directorytest

import (
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func declarationCases() []testCase {
	return []testCase{
		{"creating what is there just so adopts it", declarationAdopts},
		{"what differs is a conflict that says how", declarationConflicts},
		{"a tenant without a code is adopted by its domain", declarationByDomain},
		{"updating takes the declaration over", declarationUpdates},
		{"deleting deletes one's own", declarationDeletes},
		{"changing what went with its former address", declarationSeen},
		{"changing what nothing declared and went with a map", declarationSeenUndeclared},
		{"a map that is created adds and adopts", declarationMapCreates},
		{"a map that is changed is of what the plan showed", declarationMapSeen},
		{"a map that is destroyed removes its own", declarationMapDeletes},
	}
}

// effect checks what a change did and whose the entry is now.
func effect[E directory.Entry](f *fixture, got directory.Result[E], err error, want directory.Effect, of rolemodel.Declaration) E {
	f.Helper()
	f.ok(err)
	f.same("the effect", got.Effect, want)
	if declared := declarationOf(got.Entry); declared != of {
		f.Fatalf("the entry is declared as %q, want %q", declared, of)
	}
	return got.Entry
}

func declarationOf[E directory.Entry](entry E) rolemodel.Declaration {
	switch e := any(entry).(type) {
	case rolemodel.Partner:
		return e.Declaration
	case rolemodel.Tenant:
		return e.Declaration
	case rolemodel.Role:
		return e.Declaration
	case rolemodel.ExternalAdmin:
		return e.Declaration
	}
	return ""
}

// adopts checks that creating an entry again hands it over.
func adopts[E directory.Entry](f *fixture, entry E) {
	f.Helper()
	first, err := directory.Create(f.ctx, f.basic, entry, "d1")
	made := effect(f, first, err, directory.EffectCreated, "d1")
	trail := len(f.events())
	again, err := directory.Create(f.ctx, f.basic, entry, "d1")
	f.same("the entry", effect(f, again, err, directory.EffectUnchanged, "d1"), made)
	f.same("the trail", len(f.events()), trail)
	other, err := directory.Create(f.ctx, f.basic, entry, "d2")
	effect(f, other, err, directory.EffectAdopted, "d2")
	f.same("the event", f.lastEvent().Action, directory.ActionAdopt)
	if _, err := directory.Create(f.ctx, f.basic, entry, ""); err == nil {
		f.Fatal("it is created twice without a declaration")
	}
}

func declarationAdopts(f *fixture) {
	f.world()
	adopts(f, rolemodel.Partner{AccountCode: "CNEWP", Name: "New", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"newp.example"}})
	adopts(f, rolemodel.Tenant{AccountCode: "CNEWT", Name: "New", PrimaryDomain: "newt.example", PartnerID: msp})
	adopts(f, rolemodel.Role{TenantID: alpha, Name: "New Admin", SecurityPermission: rolemodel.CannotManageRoles})
	adopts(f, rolemodel.ExternalAdmin{TenantID: alpha, Email: "new@msp.example", RoleID: rolemodel.BasicAdmin})
}

func declarationConflicts(f *fixture) {
	f.world()
	_, err := directory.Create(f.ctx, f.basic, rolemodel.Tenant{AccountCode: alpha, Name: "Other", Region: "us", PrimaryDomain: "alpha.example", InternalDomains: []rolemodel.Domain{"alpha.example", "alpha.test"}, PartnerID: msp}, "d1")
	f.conflict(err, directory.ConflictError{Kind: directory.KindTenant, Key: "CALPHA", Differences: []string{`name: it has "Alpha", and "Other" is asked for`}})
	role := f.role("Desk Admin")
	_, err = directory.Create(f.ctx, f.basic, rolemodel.Role{TenantID: alpha, Name: "Desk Admin", Description: "x", SecurityPermission: rolemodel.CannotManageRoles}, "d1")
	f.conflict(err, directory.ConflictError{Kind: directory.KindRole, Key: directory.KeyOf(role).String(), Differences: []string{`description: it has "", and "x" is asked for`}})
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	_, err = directory.Create(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: rolemodel.HelpDeskAdmin}, "d1")
	if !breaks(rolemodel.OneRole)(err) {
		f.Fatalf("got %v, want one-role", err)
	}
}

func declarationByDomain(f *fixture) {
	f.world()
	asked := rolemodel.Tenant{Name: "Beta", PrimaryDomain: "beta.example", PartnerID: reseller}
	adopted, err := directory.Create(f.ctx, f.basic, asked, "d1")
	f.same("the tenant", effect(f, adopted, err, directory.EffectAdopted, "d1").AccountCode, beta)
	if _, err := directory.Create(f.ctx, f.basic, asked, ""); !breaks(rolemodel.DomainTaken)(err) {
		f.Fatalf("got %v, want domain-taken", err)
	}
	asked.Name = "Another name"
	_, err = directory.Create(f.ctx, f.basic, asked, "d2")
	f.conflict(err, directory.ConflictError{Kind: directory.KindTenant, Key: string(beta), Differences: []string{`name: it has "Beta", and "Another name" is asked for`}})
}

func declarationUpdates(f *fixture) {
	f.world()
	key := directory.Key{Account: alpha}
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	taken, err := directory.Update(f.ctx, f.basic, key, tenant, 0, "d1")
	effect(f, taken, err, directory.EffectAdopted, "d1")
	tenant.Name = "Renamed"
	kept, err := directory.Update(f.ctx, f.basic, key, tenant, 0, "")
	effect(f, kept, err, directory.EffectChanged, "d1")
	same, err := directory.Update(f.ctx, f.basic, key, tenant, 0, "d1")
	effect(f, same, err, directory.EffectUnchanged, "d1")
	// A change that is made already is no conflict.
	same, err = directory.Update(f.ctx, f.basic, key, tenant, 1, "d1")
	effect(f, same, err, directory.EffectUnchanged, "d1")
}

func declarationDeletes(f *fixture) {
	f.world()
	key := directory.Key{Account: alpha, Email: "anna@msp.example"}
	_, err := directory.Create(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: key.Email, RoleID: rolemodel.BasicAdmin}, "d1")
	f.ok(err)
	f.unchanged(func() {
		left, err := directory.Delete[rolemodel.ExternalAdmin](f.ctx, f.basic, key, "d2")
		effect(f, left, err, directory.EffectLeft, "d1")
	})
	gone, err := directory.Delete[rolemodel.ExternalAdmin](f.ctx, f.basic, key, "d1")
	effect(f, gone, err, directory.EffectDeleted, "d1")
	f.grant("bob@msp.example", rolemodel.BasicAdmin) // Declared by nobody, so anybody's.
	anybodys, err := directory.Delete[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "bob@msp.example"}, "d3")
	effect(f, anybodys, err, directory.EffectDeleted, "")
}

func declarationSeen(f *fixture) {
	f.world()
	key := directory.Key{Account: alpha, Email: "anna@msp.example"}
	admin := rolemodel.ExternalAdmin{TenantID: alpha, Email: key.Email, RoleID: rolemodel.BasicAdmin}
	update := func(seen rolemodel.Declaration) error {
		_, err := f.basic.Apply(f.ctx, directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionUpdate, Key: key, Entry: admin, As: "d2", Seen: seen})
		return err
	}
	for _, went := range []func(){
		func() {
			_, err := directory.Delete[rolemodel.ExternalAdmin](f.ctx, f.basic, key, "d1")
			f.ok(err)
		},
		func() { // As one of a map.
			_, err := directory.ReplaceExternalAdmins(f.ctx, f.basic, directory.Replace{Action: directory.ActionDelete, Tenant: alpha, As: "d1", Seen: []rolemodel.ExternalAdmin{}})
			f.ok(err)
		},
	} {
		_, err := directory.Create(f.ctx, f.basic, admin, "d1")
		f.ok(err)
		went()
		f.notFound(update(""), directory.KindExternalAdmin, key.String())
		f.notFound(update("d9"), directory.KindExternalAdmin, key.String())
		f.ok(update("d1"))
		f.same("who holds it", must(f.basic.ExternalAdmin(f.ctx, alpha, key.Email))(f).Declaration, rolemodel.Declaration("d2"))
		_, err = directory.Delete[rolemodel.ExternalAdmin](f.ctx, f.basic, key, "d2")
		f.ok(err)
	}
}

// declarationSeenUndeclared: a map that goes takes a grant of nobody with it, which
// another resource has imported and changes in the same apply.
func declarationSeenUndeclared(f *fixture) {
	f.world()
	f.declared("anna=d1 bob=")
	bob := rolemodel.ExternalAdmin{TenantID: alpha, Email: "bob@msp.example", RoleID: rolemodel.HelpDeskAdmin}
	update := directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionUpdate, Key: directory.KeyOf(bob), Entry: bob, As: "d2"}
	_, err := f.mapForm(directory.ActionDelete, "d1", "anna=d1 bob=", "")
	f.ok(err)
	outcome, err := f.basic.Apply(f.ctx, update)
	f.ok(err)
	f.same("the effect", outcome.Effect, directory.EffectCreated)
	f.same("who is there", f.holders(), "bob=d2")
	// What somebody deleted outside Terraform is gone.
	f.declared("carl=")
	f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "carl@msp.example"}))
	update.Key.Email, update.Entry.Email = "carl@msp.example", "carl@msp.example"
	_, err = f.basic.Apply(f.ctx, update)
	f.notFound(err, directory.KindExternalAdmin, "CALPHA/carl@msp.example")

	// Another map has what it declares, too.
	f.declared("dora=")
	_, err = f.mapForm(directory.ActionDelete, "d1", "dora=", "")
	f.ok(err)
	effect, err := f.mapForm(directory.ActionUpdate, "d3", "bob=d2 dora=", "bob dora")
	f.ok(err)
	f.same("the effect", effect, directory.EffectChanged)
	f.same("who is there", f.holders(), "bob=d3 dora=d3")
	f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "dora@msp.example"}))
	_, err = f.mapForm(directory.ActionUpdate, "d3", "bob=d3 dora=", "bob dora")
	f.conflict(err, directory.ConflictError{Kind: directory.KindExternalAdmins, Key: "CALPHA", Changed: true, Differences: []string{`"dora@msp.example" is gone`}})
}

// holders are the addresses in alpha with their declarations, "anna=d1 bob=".
func (f *fixture) holders() string {
	f.Helper()
	var all []string
	for _, a := range list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{alpha}})) {
		local, _, _ := strings.Cut(string(a.Email), "@")
		all = append(all, local+"="+string(a.Declaration))
	}
	return strings.Join(all, " ")
}

// declared adds grants as they are declared, "anna=d1 bob=".
func (f *fixture) declared(holders string) {
	f.Helper()
	for _, h := range strings.Fields(holders) {
		local, of, _ := strings.Cut(h, "=")
		_, err := directory.Create(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: rolemodel.Email(local + "@msp.example"), RoleID: rolemodel.BasicAdmin}, rolemodel.Declaration(of))
		f.ok(err)
	}
}

func (f *fixture) mapForm(action directory.Action, as rolemodel.Declaration, seen, locals string) (directory.Effect, error) {
	admins := func(locals string) []rolemodel.ExternalAdmin {
		all := []rolemodel.ExternalAdmin{}
		for _, h := range strings.Fields(locals) {
			local, of, _ := strings.Cut(h, "=")
			all = append(all, rolemodel.ExternalAdmin{TenantID: alpha, Email: rolemodel.Email(local + "@msp.example"), RoleID: rolemodel.BasicAdmin, Declaration: rolemodel.Declaration(of)})
		}
		return all
	}
	change := directory.Replace{Action: action, Tenant: alpha, Admins: admins(locals), As: as}
	if seen != "-" {
		change.Seen = admins(seen)
	}
	got, err := directory.ReplaceExternalAdmins(f.ctx, f.basic, change)
	return got.Effect, err
}

func declarationMapCreates(f *fixture) {
	f.world()
	f.declared("anna=d1 bob= carl=d2")
	got, err := f.mapForm(directory.ActionCreate, "d3", "-", "anna dora")
	f.ok(err)
	f.same("the effect", got, directory.EffectCreated)
	f.same("who is there", f.holders(), "anna=d3 bob= carl=d2 dora=d3")
	got, err = f.mapForm(directory.ActionCreate, "d4", "-", "anna dora")
	f.ok(err)
	f.same("the effect", got, directory.EffectAdopted)
	got, err = f.mapForm(directory.ActionCreate, "d4", "-", "anna dora")
	f.ok(err)
	f.same("the effect", got, directory.EffectUnchanged)
	_, err = directory.ReplaceExternalAdmins(f.ctx, f.basic, directory.Replace{Action: directory.ActionCreate, Tenant: alpha, As: "d5", Admins: grants("bob@msp.example", "help-desk-admin")})
	if !breaks(rolemodel.OneRole)(err) {
		f.Fatalf("got %v, want one-role", err)
	}
}

func declarationMapSeen(f *fixture) {
	f.world()
	f.declared("anna=d1 bob=d1")
	f.declared("zoe=") // Since the plan.
	_, err := f.mapForm(directory.ActionUpdate, "d1", "anna=d1 bob=d1", "anna")
	f.conflict(err, directory.ConflictError{Kind: directory.KindExternalAdmins, Key: string(alpha), Changed: true, Differences: []string{`"zoe@msp.example" (basic-admin) came`}})
	_, err = f.mapForm(directory.ActionUpdate, "d1", "anna=d1 bob=d1 zoe=", "anna")
	f.ok(err)
	f.same("who is there", f.holders(), "anna=d1")
	// What is as asked for already is no conflict: a saved plan that is tried again.
	got, err := f.mapForm(directory.ActionUpdate, "d1", "anna=d1 bob=d1 zoe=", "anna")
	f.ok(err)
	f.same("the effect", got, directory.EffectUnchanged)
	// Nor is what was changed under the declaration that the plan read there.
	f.declared("carl=d2")
	_, err = directory.Delete[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "carl@msp.example"}, "d2")
	f.ok(err)
	_, err = f.mapForm(directory.ActionUpdate, "d1", "anna=d1 carl=d2", "anna carl")
	f.ok(err)
	f.same("who is there", f.holders(), "anna=d1 carl=d1")
	// Who was adopted since is left.
	_, err = directory.Create(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: "carl@msp.example", RoleID: rolemodel.BasicAdmin}, "d3")
	f.ok(err)
	_, err = f.mapForm(directory.ActionUpdate, "d1", "anna=d1 carl=d1", "anna")
	f.ok(err)
	f.same("who is there", f.holders(), "anna=d1 carl=d3")
}

func declarationMapDeletes(f *fixture) {
	f.world()
	f.declared("anna=d1 bob= carl=d2 dora=")
	got, err := f.mapForm(directory.ActionDelete, "d1", "anna=d1 bob= carl=d2", "")
	f.ok(err)
	f.same("the effect", got, directory.EffectDeleted)
	f.same("who is left", f.holders(), "carl=d2 dora=")
	got, err = f.mapForm(directory.ActionDelete, "d1", "anna=d1 bob= carl=d2", "")
	f.ok(err)
	f.same("the effect", got, directory.EffectLeft)
}
