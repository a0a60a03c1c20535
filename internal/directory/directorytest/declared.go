package directorytest

import (
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// declaredCases are further cases of declarations, for every kind and every way to replace.
func declaredCases() []testCase {
	return []testCase{
		{"who is removed by a replacement", declaredReplace},
		{"what went in the same apply is created again, of each kind", declaredAgain},
		{"updates and deletions of each kind", declaredKinds},
		{"what another declaration holds is left, of each kind", declaredLeft},
	}
}

func declaredReplace(f *fixture) {
	f.world()
	const conflict = "conflict"
	for _, c := range []struct {
		held, action, as, seen, asked, want string
		effect                              directory.Effect
	}{
		// Outside Terraform an update is about everybody, and keeps who declared those that stay.
		{"anna=d1 bob= carl=d2", directory.ActionUpdate, "", "-", "anna dora", "anna=d1 dora=", directory.EffectChanged},
		{"anna=d1 bob=", directory.ActionUpdate, "", "anna=d1 bob=", "anna", "anna=d1", directory.EffectChanged},
		{"anna=d1 bob=", directory.ActionUpdate, "", "anna=d1", "anna", "anna=d1 bob=", conflict},
		{"anna=d1 bob=", directory.ActionUpdate, "", "", "anna bob", "anna=d1 bob=", directory.EffectUnchanged},
		// A map is about its own, those of nobody and those that its plan showed.
		{"anna=d1 bob= carl=d2", directory.ActionUpdate, "d1", "-", "anna", "anna=d1 carl=d2", directory.EffectChanged},
		{"anna=d1 bob= carl=d2", directory.ActionUpdate, "d1", "anna=d1 bob= carl=d2", "anna", "anna=d1", directory.EffectChanged},
		{"anna=d1 carl=d3", directory.ActionUpdate, "d1", "anna=d1 carl=d2", "anna", "anna=d1 carl=d3", directory.EffectUnchanged},
		{"anna=d1 carl=d3", directory.ActionUpdate, "d1", "anna=d1 carl=d1", "anna", "anna=d1 carl=d3", directory.EffectUnchanged},
		{"anna=d1 carl=d2", directory.ActionUpdate, "d1", "anna=d1 carl=d2", "anna carl", "anna=d1 carl=d1", directory.EffectAdopted},
		{"anna=d1 zoe=d2", directory.ActionUpdate, "d1", "anna=d1", "anna", "anna=d1 zoe=d2", conflict},
		{"anna=d1", directory.ActionUpdate, "d1", "anna=d1 bob=", "anna bob", "anna=d1", conflict},
		{"anna=d1", directory.ActionUpdate, "d1", "anna=d1 bob=", "anna", "anna=d1", directory.EffectUnchanged},
		{"", directory.ActionUpdate, "d1", "", "anna", "anna=d1", directory.EffectChanged},
		// A creation removes nobody, whatever was seen.
		{"anna= bob=d2", directory.ActionCreate, "d1", "anna= bob=d2", "anna carl", "anna=d1 bob=d2 carl=d1", directory.EffectCreated},
		{"anna=d1 bob=d1", directory.ActionCreate, "d1", "-", "anna", "anna=d1 bob=d1", directory.EffectUnchanged},
		{"bob=d2", directory.ActionCreate, "", "-", "anna", "anna= bob=d2", directory.EffectCreated},
		// A destruction is of one's own, and of those of nobody that the plan showed.
		{"anna=d1 bob= carl=d2", directory.ActionDelete, "d1", "-", "", "bob= carl=d2", directory.EffectDeleted},
		{"anna=d1 bob= carl=d2", directory.ActionDelete, "d1", "", "", "bob= carl=d2", directory.EffectDeleted},
		{"anna=d1 bob= carl=d2", directory.ActionDelete, "d1", "anna=d1 bob= carl=d2", "", "carl=d2", directory.EffectDeleted},
		{"anna=d1 bob= zoe=d1", directory.ActionDelete, "d1", "anna=d1", "", "bob=", directory.EffectDeleted},
		{"bob= carl=d2", directory.ActionDelete, "d1", "carl=d1", "", "bob= carl=d2", directory.EffectLeft},
		{"", directory.ActionDelete, "d1", "anna=d1", "", "", directory.EffectUnchanged},
		{"anna=d1 bob=", directory.ActionDelete, "", "-", "", "", directory.EffectDeleted},
	} {
		must(replace(f.ctx, f.basic, alpha, nil))(f)
		f.declared(c.held)
		before, trail := f.content(), len(f.events())
		got, err := f.mapForm(c.action, rolemodel.Declaration(c.as), c.seen, c.asked)
		if isConflict(err) {
			got, err = conflict, nil
		}
		what := fmt.Sprintf("%s of %q as %q, seen %q, held %q", c.action, c.asked, c.as, c.seen, c.held)
		if f.ok(err); got != c.effect || f.holders() != c.want {
			f.Errorf("%s: %s, and there are %q; want %s and %q", what, got, f.holders(), c.effect, c.want)
		}
		nothing := c.effect == directory.EffectUnchanged || c.effect == directory.EffectLeft
		if nothing || c.effect == conflict {
			f.same("the directory after "+what, f.content(), before)
		}
		if nothing {
			f.same("the trail after "+what, len(f.events()), trail)
		}
	}
}

// declaredAgain changes what went under the declaration that the plan read there.
func declaredAgain(f *fixture) {
	f.world()
	partner := rolemodel.Partner{AccountCode: "CNEWP", Name: "New", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"newp.example"}}
	again(f, partner, partner)
	tenant := rolemodel.Tenant{AccountCode: "CNEWT", Name: "New", PrimaryDomain: "newt.example", InternalDomains: []rolemodel.Domain{"newt.example"}, PartnerID: msp}
	renamed := tenant
	renamed.Name = "Renamed"
	again(f, tenant, renamed)
	role := rolemodel.Role{TenantID: alpha, ID: "desk-admin", Name: "Desk Admin", SecurityPermission: rolemodel.CannotManageRoles}
	front := role
	front.Name = "Front Admin" // Its ID stays, as if it had never gone.
	again(f, role, front)
	again(f, anna(rolemodel.BasicAdmin), anna(rolemodel.HelpDeskAdmin))
}

func again[E directory.Entry](f *fixture, entry, asked E) {
	f.Helper()
	key := directory.KeyOf(entry)
	made, err := directory.Create(f.ctx, f.basic, entry, "d1")
	f.same("the key", directory.KeyOf(effect(f, made, err, directory.EffectCreated, "d1")), key)
	gone, err := directory.Delete[E](f.ctx, f.basic, key, "d1")
	effect(f, gone, err, directory.EffectDeleted, "d1")
	write := directory.Write[E]{Action: directory.ActionUpdate, Key: key, Entry: asked, Revision: revisionOf(made.Entry), As: "d2"}
	for _, seen := range []rolemodel.Declaration{"", "d2", "d3"} {
		write.Seen = seen
		_, err = f.basic.Apply(f.ctx, write)
		f.notFound(err, directory.KindOf[E](), key.String())
	}
	write.Seen = "d1"
	outcome, err := f.basic.Apply(f.ctx, write)
	f.ok(err)
	stored, _ := outcome.Entry.(E)
	effect(f, directory.Result[E]{Effect: outcome.Effect, Entry: stored}, nil, directory.EffectCreated, "d2")
	f.same("the key", directory.KeyOf(stored), key)
	f.same("differences", directory.Differences(stored, asked), []string{})
	f.same("the event", f.lastEvent().Action, directory.ActionCreate)
	// What went under another declaration since is gone for this one.
	gone, err = directory.Delete[E](f.ctx, f.basic, key, "d2")
	effect(f, gone, err, directory.EffectDeleted, "d2")
	_, err = f.basic.Apply(f.ctx, write)
	f.notFound(err, directory.KindOf[E](), key.String())
}

func declaredKinds(f *fixture) {
	f.world()
	partner := must(f.basic.Partner(f.ctx, noPortal))(f)
	changed := partner
	changed.Name = "Changed"
	takenOver(f, partner, changed)
	tenant := must(f.basic.Tenant(f.ctx, beta))(f)
	other := tenant
	other.Name = "Changed"
	takenOver(f, tenant, other)
	role := f.role("Desk Admin")
	described := role
	described.Description = "changed"
	takenOver(f, role, described)
	takenOver(f, f.grant("anna@msp.example", rolemodel.BasicAdmin), anna(rolemodel.HelpDeskAdmin))
}

// takenOver updates an entry of nobody and another one's, as it is and changed.
func takenOver[E directory.Entry](f *fixture, entry, changed E) {
	f.Helper()
	key := directory.KeyOf(entry)
	update := func(asked E, revision int64, as rolemodel.Declaration, want directory.Effect, of rolemodel.Declaration) E {
		f.Helper()
		got, err := directory.Update(f.ctx, f.basic, key, asked, revision, as)
		return effect(f, got, err, want, of)
	}
	update(entry, 0, "d1", directory.EffectAdopted, "d1")
	f.same("the event", f.lastEvent().Action, directory.ActionAdopt)
	update(entry, 0, "d1", directory.EffectUnchanged, "d1")
	update(entry, 0, "", directory.EffectUnchanged, "d1")
	update(changed, 0, "d2", directory.EffectChanged, "d2")
	stored := update(entry, 0, "", directory.EffectChanged, "d2")
	// What is as asked for already is no conflict, whichever revision it is based on.
	f.same("the entry", update(entry, 1, "d2", directory.EffectUnchanged, "d2"), stored)
	update(entry, 1, "d3", directory.EffectAdopted, "d3")
	_, err := directory.Update(f.ctx, f.basic, key, changed, 1, "d3")
	f.conflict(err, directory.ConflictError{Kind: directory.KindOf[E](), Key: key.String(), Changed: true})
}

func declaredLeft(f *fixture) {
	f.world()
	leaves(f, rolemodel.Partner{AccountCode: "CNEWP", Name: "New", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"newp.example"}})
	leaves(f, rolemodel.Tenant{AccountCode: "CNEWT", Name: "New", PrimaryDomain: "newt.example"})
	leaves(f, rolemodel.Role{TenantID: alpha, ID: "desk-admin", Name: "Desk Admin", SecurityPermission: rolemodel.CannotManageRoles})
	leaves(f, anna(rolemodel.BasicAdmin))
}

func leaves[E directory.Entry](f *fixture, entry E) {
	f.Helper()
	key := directory.KeyOf(entry)
	made, err := directory.Create(f.ctx, f.basic, entry, "d1")
	effect(f, made, err, directory.EffectCreated, "d1")
	trail := len(f.events())
	f.unchanged(func() {
		left, err := directory.Delete[E](f.ctx, f.basic, key, "d2")
		f.same("what is left", effect(f, left, err, directory.EffectLeft, "d1"), made.Entry)
	})
	f.same("the trail", len(f.events()), trail)
	// Whoever declares nothing deletes what anybody declared.
	gone, err := directory.Delete[E](f.ctx, f.basic, key, "")
	f.same("what is gone", effect(f, gone, err, directory.EffectDeleted, "d1"), made.Entry)
}
