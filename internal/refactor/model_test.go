package refactor_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// TestModel walks through random configurations of one tenant's grants as
// Terraform would apply them: in every order that it allows, with results that
// are lost and calls that are repeated. Every write is one transaction, so that
// all that can happen at once happens in some order.
func TestModel(t *testing.T) {
	t.Parallel()
	folder, run := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		db, err := sqldb.New(filepath.Join(folder, fmt.Sprintf("%d.directory", run)))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		m := &model{T: t, ctx: context.Background(), db: db, state: map[string]instance{}, lost: map[rolemodel.Declaration]bool{}}
		m.start()
		config := configuration{}
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			config = m.change(config)
		}
		m.settle(config)
		m.settle(configuration{})
	})
}

const modelTenant = rolemodel.AccountCode("CUSA00B001")

// roles are the grants of one resource: one, or all of the tenant.
type roles map[rolemodel.Email]rolemodel.RoleID

// declared is a resource of a configuration. A map's address begins with "all".
type configuration map[string]roles

func isMap(address string) bool { return strings.HasPrefix(address, "all") }

// instance is what the state has of a resource.
type instance struct {
	roles    roles
	declared bool
	note     tfkit.Note
}

// operation is one that a plan has, and what it makes of the state.
type operation struct {
	address string
	change  directory.Change
	// after is the instance if it succeeds, nil for none, and as its declaration.
	after *instance
	as    rolemodel.Declaration
	// then follows in a replacement. It is deposed where the creation came first.
	then    *operation
	deposed bool
}

type model struct {
	*rapid.T
	ctx   context.Context
	db    *sqldb.DB
	state map[string]instance
	// deposed are deletions that a killed apply did not come to, of what it has replaced.
	deposed []*operation
	// lost are the declarations that no state has, as their results were lost.
	lost         map[rolemodel.Declaration]bool
	declarations int
	requests     int
}

func (m *model) caller() directory.Caller {
	role, _ := rolemodel.DefaultRole(rolemodel.BasicAdmin)
	return directory.Owner(rolemodel.Actor{Name: "model", Role: role})
}

func (m *model) ok(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func (m *model) start() {
	d := m.db.Open(m.caller())
	_, err := directory.Create(m.ctx, d, rolemodel.Partner{AccountCode: "CUSA00A000", Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"northwind.example"}}, "p")
	m.ok(err)
	_, err = directory.Create(m.ctx, d, rolemodel.Tenant{AccountCode: modelTenant, Name: "Alder Legal", PrimaryDomain: "alder.example", PartnerID: "CUSA00A000"}, "t")
	m.ok(err)
}

// change applies another configuration, perhaps killed, and after that the same
// one or the former one again, and returns the one that is applied in the end.
func (m *model) change(former configuration) configuration {
	next := m.draw()
	if m.often("outside") {
		m.outside()
	}
	if !rapid.Bool().Draw(m.T, "killed") {
		m.settle(next)
		return next
	}
	ops, adjusted := m.plan(next)
	m.apply(ops, true)
	if rapid.IntRange(0, 3).Draw(m.T, "reverted") == 0 {
		m.revert(former)
		return former
	}
	m.settle(adjusted)
	return adjusted
}

// often is false three times out of four.
func (m *model) often(what string) bool { return rapid.IntRange(0, 3).Draw(m.T, what) == 3 }

func (m *model) email() rolemodel.Email {
	return rapid.SampledFrom([]rolemodel.Email{"a@northwind.example", "b@northwind.example", "c@northwind.example"}).Draw(m.T, "email")
}

func (m *model) role() rolemodel.RoleID {
	return rapid.SampledFrom([]rolemodel.RoleID{rolemodel.HelpDeskAdmin, rolemodel.GatewayAdmin}).Draw(m.T, "role")
}

// draw returns a configuration in which nothing is declared twice.
func (m *model) draw() configuration {
	grants := roles{}
	for range rapid.IntRange(0, 3).Draw(m.T, "grants") {
		grants[m.email()] = m.role()
	}
	if rapid.Bool().Draw(m.T, "a map") {
		return configuration{rapid.SampledFrom([]string{"all.x", "all.y"}).Draw(m.T, "address"): grants}
	}
	config := configuration{}
	free := rapid.Permutation([]string{"one.p", "one.q", "one.r", "one.s"}).Draw(m.T, "addresses")
	for i, email := range slices.Sorted(maps.Keys(grants)) {
		config[free[i]] = roles{email: grants[email]}
	}
	return config
}

// outside grants, changes or revokes something outside Terraform.
func (m *model) outside() {
	email := m.email()
	d := m.db.Open(m.caller())
	entry := rolemodel.ExternalAdmin{TenantID: modelTenant, Email: email, RoleID: m.role()}
	var err error
	switch _, held := m.held()[email]; {
	case !held:
		_, err = directory.Create(m.ctx, d, entry, "")
	case rapid.Bool().Draw(m.T, "revokes"):
		_, err = directory.Delete[rolemodel.ExternalAdmin](m.ctx, d, directory.KeyOf(entry), "")
	default:
		_, err = directory.Update(m.ctx, d, directory.KeyOf(entry), entry, 0, "")
	}
	m.ok(err)
}

// held are the grants that the directory has.
func (m *model) held() map[rolemodel.Email]rolemodel.ExternalAdmin {
	all := map[rolemodel.Email]rolemodel.ExternalAdmin{}
	for a, err := range m.db.Open(m.caller()).ExternalAdmins(m.ctx, directory.ExternalAdminFilter{}) {
		m.ok(err)
		all[a.Email] = a
	}
	return all
}

// refresh reads what the state has, as the provider's Read does.
func (m *model) refresh() {
	held := m.held()
	for address, i := range m.state {
		read := roles{}
		if isMap(address) {
			i.note.Grants = map[rolemodel.Email]rolemodel.Declaration{}
			for email, a := range held {
				read[email] = a.RoleID
				if a.Declaration != i.note.As {
					i.note.Grants[email] = a.Declaration
				}
			}
		} else {
			for email := range i.roles {
				if a, ok := held[email]; ok {
					read[email], i.note.Seen = a.RoleID, a.Declaration
				}
			}
			if len(read) == 0 {
				delete(m.state, address)
				continue
			}
		}
		i.roles = read
		m.state[address] = i
	}
}

// plan returns the operations for the configuration, and the configuration with
// what is refused taken as it is: with the roles that are there, moved or imported.
func (m *model) plan(config configuration) ([]*operation, configuration) {
	config = maps.Clone(config)
	unread := maps.Clone(m.state) // Terraform 1.11 plans the destruction of what left the configuration with this.
	m.refresh()
	for _, address := range slices.Sorted(maps.Keys(config)) {
		if i, has := m.state[address]; !has || !isMap(address) && email(i.roles) != email(config[address]) {
			config[address] = m.advised(address, config[address], config)
		}
	}
	ops := slices.Clone(m.deposed)
	for _, address := range slices.Sorted(maps.Keys(config)) {
		wanted := config[address]
		i, has := m.state[address]
		switch {
		case !has:
			ops = append(ops, m.creation(address, wanted))
		case !isMap(address) && email(i.roles) != email(wanted):
			first, second := m.deletion(address, i), m.creation(address, wanted)
			if rapid.Bool().Draw(m.T, "create first") {
				second.then, first.after, first.deposed = first, second.after, true
				ops = append(ops, second)
			} else {
				first.then = second
				ops = append(ops, first)
			}
		case !maps.Equal(i.roles, wanted) || !i.declared:
			ops = append(ops, m.update(address, i, wanted))
		case m.losing(i, config): // Refused: the address that stays is forgotten, as advised.
			delete(m.state, address)
			m.lost[i.note.As] = true
			ops = append(ops, m.creation(address, wanted))
		}
	}
	for _, address := range slices.Sorted(maps.Keys(m.state)) {
		if _, stays := config[address]; stays {
			continue
		}
		i := m.state[address]
		if before, known := unread[address]; known && rapid.Bool().Draw(m.T, "unread") {
			i = before
		}
		ops = append(ops, m.deletion(address, i))
	}
	return ops, config
}

// losing says whether another address, which is to go or is replaced, has adopted
// what the instance has, as in a rename that was reverted half-way.
func (m *model) losing(i instance, config configuration) bool {
	for _, op := range m.deposed {
		if w, ok := op.change.(directory.Write[rolemodel.ExternalAdmin]); ok && w.Key.Email == email(i.roles) && w.As == i.note.Seen && w.As != i.note.As {
			return true
		}
	}
	for address, other := range m.state {
		wanted, stays := config[address]
		if stays && (isMap(address) || email(wanted) == email(other.roles)) || other.note.As == "" {
			continue
		}
		if other.note.As == i.note.Seen && i.note.Seen != i.note.As || slices.Contains(slices.Collect(maps.Values(i.note.Grants)), other.note.As) {
			return true
		}
	}
	return false
}

// email is the address of a single grant.
func email(r roles) rolemodel.Email {
	for e := range r {
		return e
	}
	return ""
}

// advised follows the advice of a plan that refuses to create what is there and
// differs: move it from another address, import it, or take it as it is.
func (m *model) advised(address string, wanted roles, config configuration) roles {
	held := m.held()
	differs := false
	for e, role := range wanted {
		if a, ok := held[e]; ok && a.RoleID != role {
			differs = true
		}
	}
	if !differs {
		return wanted
	}
	_, occupied := m.state[address]
	advice := rapid.SampledFrom([]string{"as it is", "import", "moved"}).Draw(m.T, "advice")
	if advice == "moved" && !occupied {
		for _, from := range slices.Sorted(maps.Keys(m.state)) {
			i := m.state[from]
			_, stays := config[from]
			if !stays && isMap(from) == isMap(address) && (isMap(address) || email(i.roles) == email(wanted)) {
				delete(m.state, from)
				m.state[address] = i
				return wanted
			}
		}
	}
	if advice == "import" && !occupied {
		m.state[address] = instance{roles: wanted}
		m.refresh()
		return wanted
	}
	taken := maps.Clone(wanted)
	for e := range taken {
		if a, ok := held[e]; ok {
			taken[e] = a.RoleID
		}
	}
	return taken
}

func (m *model) declaration() rolemodel.Declaration {
	m.declarations++
	return rolemodel.Declaration(fmt.Sprintf("d%d", m.declarations))
}

func admins(r roles) []rolemodel.ExternalAdmin {
	list := []rolemodel.ExternalAdmin{}
	for _, e := range slices.Sorted(maps.Keys(r)) {
		list = append(list, rolemodel.ExternalAdmin{TenantID: modelTenant, Email: e, RoleID: r[e]})
	}
	return list
}

// seen are the grants of an instance with their declarations.
func seen(i instance) []rolemodel.ExternalAdmin {
	list := admins(i.roles)
	for at, a := range list {
		declaration, other := i.note.Grants[a.Email]
		if !other {
			declaration = i.note.As
		}
		list[at].Declaration = declaration
	}
	return list
}

func (m *model) creation(address string, wanted roles) *operation {
	as := m.declaration()
	op := &operation{address: address, as: as, after: &instance{roles: wanted, declared: true, note: tfkit.Note{As: as, Seen: as}}}
	if isMap(address) {
		op.change = directory.Replace{Action: directory.ActionCreate, Tenant: modelTenant, Admins: admins(wanted), As: as}
	} else {
		op.change = directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionCreate, Entry: admins(wanted)[0], As: as}
	}
	return op
}

func (m *model) update(address string, i instance, wanted roles) *operation {
	as := i.note.As
	if as == "" {
		as = m.declaration()
	}
	op := &operation{address: address, as: as, after: &instance{roles: wanted, declared: true, note: tfkit.Note{As: as, Seen: as}}}
	if isMap(address) {
		op.change = directory.Replace{Action: directory.ActionUpdate, Tenant: modelTenant, Admins: admins(wanted), As: as, Seen: seen(i)}
	} else {
		entry := admins(wanted)[0]
		op.change = directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionUpdate, Key: directory.KeyOf(entry), Entry: entry, As: as, Seen: i.note.Seen}
	}
	return op
}

func (m *model) deletion(address string, i instance) *operation {
	as := i.note.As
	if as == "" {
		as = m.declaration()
	}
	op := &operation{address: address}
	if isMap(address) {
		op.change = directory.Replace{Action: directory.ActionDelete, Tenant: modelTenant, As: as, Seen: seen(i)}
	} else {
		op.change = directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionDelete, Key: directory.Key{Account: modelTenant, Email: email(i.roles)}, As: as}
	}
	return op
}

// apply makes the operations in some order, and returns what is refused. In a
// killed apply some are not made, and of some the result is lost.
func (m *model) apply(ops []*operation, killed bool) []error {
	m.deposed = nil
	var refused []error
	var repeated []func()
	for len(ops) > 0 {
		at := rapid.IntRange(0, len(ops)-1).Draw(m.T, "next")
		op := ops[at]
		ops = slices.Delete(slices.Clone(ops), at, at+1)
		fate := "done"
		if killed {
			fate = rapid.SampledFrom([]string{"done", "lost", "never"}).Draw(m.T, "fate")
		}
		if fate != "done" && op.deposed {
			left := *op
			left.address, left.after = "deposed", nil // The state has another instance at the address.
			m.deposed = append(m.deposed, &left)
		}
		if fate == "never" {
			continue
		}
		m.requests++
		caller := m.caller()
		caller.Request = &directory.Request{Client: "model", Name: fmt.Sprint(m.requests)}
		outcome, err := m.db.Open(caller).Apply(m.ctx, op.change)
		m.Logf("%s: %+v: %s %v, %s", op.address, op.change, outcome.Effect, err, fate)
		if err == nil && rapid.IntRange(0, 7).Draw(m.T, "repeated") == 7 {
			repeated = append(repeated, func() { m.again(caller, op.change, outcome) })
		}
		switch missing := (*directory.NotFoundError)(nil); {
		case errors.As(err, &missing) && op.change.Subject().Action == directory.ActionDelete:
		case err != nil:
			refused = append(refused, fmt.Errorf("%s: %w", op.address, err))
			continue
		}
		if fate == "lost" {
			m.lost[op.as] = true
			continue
		}
		if op.after == nil {
			delete(m.state, op.address)
		} else {
			m.state[op.address] = *op.after
		}
		if op.then != nil {
			ops = append(ops, op.then)
		}
		if len(repeated) > 0 && rapid.Bool().Draw(m.T, "again") {
			repeated[0]()
			repeated = repeated[1:]
		}
	}
	for _, again := range repeated {
		again()
	}
	return refused
}

// again asks for a write once more whose answer did not arrive: nothing changes.
func (m *model) again(caller directory.Caller, change directory.Change, was directory.Outcome) {
	before := m.held()
	outcome, err := m.db.Open(caller).Apply(m.ctx, change)
	m.ok(err)
	if outcome.Effect != was.Effect {
		m.Fatalf("%+v was %s and is %s when it is repeated", change, was.Effect, outcome.Effect)
	}
	if after := m.held(); !maps.Equal(before, after) {
		m.Fatalf("%+v made %v of %v when it was repeated", change, after, before)
	}
}

// settle applies the configuration to the end: what is declared is there after
// the first apply, and nothing else but what was granted outside Terraform.
func (m *model) settle(config configuration) {
	ops, adjusted := m.plan(config)
	if refused := m.apply(ops, false); len(refused) > 0 {
		m.Fatalf("refused: %v", refused)
	}
	m.complete(adjusted)
	for range 2 { // What a map's creation leaves is removed by the next plan, and what was taken as it is changed.
		if ops, adjusted = m.plan(config); len(ops) == 0 {
			break
		}
		if refused := m.apply(ops, false); len(refused) > 0 {
			m.Fatalf("refused: %v", refused)
		}
		m.complete(adjusted)
	}
	if ops, _ := m.plan(config); len(ops) > 0 {
		m.Fatalf("%+v is planned again and again", ops[0].change)
	}
	m.exact(config, false)
}

// revert applies the former configuration after a kill. What the killed apply
// declared and could not say is left.
func (m *model) revert(former configuration) {
	ops, adjusted := m.plan(former)
	if refused := m.apply(ops, false); len(refused) > 0 {
		m.Fatalf("refused: %v", refused)
	}
	m.complete(adjusted)
	m.exact(adjusted, true)
}

// complete checks that what is declared is there.
func (m *model) complete(config configuration) {
	held := m.held()
	for address, grants := range config {
		for e, role := range grants {
			if a, ok := held[e]; !ok || a.RoleID != role {
				m.Fatalf("%s declares %s as %s, and the directory has %+v", address, e, role, a)
			}
		}
	}
}

// exact checks that nothing is there that is not declared, but for what nothing declares.
func (m *model) exact(config configuration, reverted bool) {
	declares := roles{}
	owned := false
	for address, grants := range config {
		maps.Copy(declares, grants)
		owned = owned || isMap(address)
	}
	for e, a := range m.held() {
		if _, declared := declares[e]; declared {
			continue
		}
		if owned && !reverted || a.Declaration != "" && !m.lost[a.Declaration] {
			m.Fatalf("%+v is left, which nothing declares", a)
		}
	}
}
