package directorytest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func auditCases() []testCase {
	return []testCase{
		{"a create, an update and a delete of each kind", auditCRUD},
		{"a replacement has what differs", auditReplace},
		{"a refused replacement has what was asked for", auditRefusedReplace},
		{"strange text is kept", auditStrangeText},
		{"filters", auditFilters},
		{"times", auditTimes},
		{"who", auditActor},
		{"longer than a page", auditLong},
	}
}

// summary is an event in a line.
func summary(e directory.AuditEvent) string {
	return fmt.Sprintf("%s %s %s %q tenant=%q", e.Outcome, e.Action, e.Kind, e.Key, e.TenantID)
}

// entry decodes Before or After; the zero value stands for "".
func entry[T any](f *fixture, text string) T {
	f.Helper()
	var value T
	if text != "" {
		f.ok(json.Unmarshal([]byte(text), &value))
	}
	return value
}

func auditCRUD(f *fixture) {
	p1 := must(add(f.ctx, f.basic, rolemodel.Partner{AccountCode: "CP", Name: "P", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"p.example"}}))(f)
	p2 := p1
	p2.Name = "P2"
	p2 = must(edit(f.ctx, f.basic, p2))(f)
	t1 := must(add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: "CT", Name: "T", PrimaryDomain: "t.example", PartnerID: "CP", AdminIPRanges: prefixes("10.0.0.0/8")}))(f)
	t2 := t1
	t2.Name = "T2"
	t2 = must(edit(f.ctx, f.basic, t2))(f)
	r1 := must(add(f.ctx, f.basic, rolemodel.Role{TenantID: "CT", Name: "R Admin", SecurityPermission: rolemodel.CannotManageRoles}))(f)
	r2 := r1
	r2.ApplicationPermissions = []rolemodel.Permission{"Account | Logs | Read"}
	r2 = must(edit(f.ctx, f.basic, r2))(f)
	a1 := must(add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: "CT", Email: "A@p.example", RoleID: r2.ID}))(f)
	a2 := a1
	a2.RoleID = rolemodel.BasicAdmin
	a2 = must(regrant(f.ctx, f.basic, "a@p.example", a2))(f)
	f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: "CT", Email: "a@p.example"}))
	f.ok(drop[rolemodel.Role](f.ctx, f.basic, directory.Key{Account: "CT", ID: r1.ID}))
	f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.Key{Account: "CT"}))
	f.ok(drop[rolemodel.Partner](f.ctx, f.basic, directory.Key{Account: "CP"}))

	role := "CT/" + string(r1.ID)
	want := []string{
		`done create partner "CP" tenant=""`, `done update partner "CP" tenant=""`,
		`done create tenant "CT" tenant="CT"`, `done update tenant "CT" tenant="CT"`,
		fmt.Sprintf(`done create role %q tenant="CT"`, role), fmt.Sprintf(`done update role %q tenant="CT"`, role),
		`done create external admin "CT/a@p.example" tenant="CT"`, `done update external admin "CT/a@p.example" tenant="CT"`,
		`done delete external admin "CT/a@p.example" tenant="CT"`, fmt.Sprintf(`done delete role %q tenant="CT"`, role),
		`done delete tenant "CT" tenant="CT"`, `done delete partner "CP" tenant=""`,
	}
	events := f.events()
	got := make([]string, len(events))
	for i, e := range events {
		got[i] = summary(e)
		if len(e.Violations) > 0 {
			f.Errorf("a done event has violations: %+v", e)
		}
	}
	f.same("the trail", lines(got), lines(want))
	states(f, events[0], rolemodel.Partner{}, p1)
	states(f, events[1], p1, p2)
	states(f, events[2], rolemodel.Tenant{}, t1)
	states(f, events[3], t1, t2)
	states(f, events[4], rolemodel.Role{}, r1)
	states(f, events[5], r1, r2)
	states(f, events[6], rolemodel.ExternalAdmin{}, a1)
	states(f, events[7], a1, a2)
	states(f, events[8], a2, rolemodel.ExternalAdmin{})
	states(f, events[9], r2, rolemodel.Role{})
	states(f, events[10], t2, rolemodel.Tenant{})
	states(f, events[11], p2, rolemodel.Partner{})
}

// states checks what an event says was and is.
func states[T any](f *fixture, e directory.AuditEvent, before, after T) {
	f.Helper()
	f.same("before", entry[T](f, e.Before), before)
	f.same("after", entry[T](f, e.After), after)
	if e.Action == directory.ActionCreate && e.Before != "" || e.Action == directory.ActionDelete && e.After != "" {
		f.Errorf("%s has a state that is not there: %+v", summary(e), e)
	}
}

func auditReplace(f *fixture) {
	f.world()
	changed, _, removed := f.grant("changed@msp.example", rolemodel.BasicAdmin), f.grant("kept@msp.example", rolemodel.BasicAdmin), f.grant("removed@msp.example", rolemodel.BasicAdmin)
	must(replace(f.ctx, f.basic, alpha, grants("changed@msp.example", "help-desk-admin", "kept@msp.example", "basic-admin", "added@msp.example", "basic-admin")))(f)
	event := f.lastEvent()
	f.same("the event", summary(event), `done update external admins "CALPHA" tenant="CALPHA"`)
	states(f, event, []rolemodel.ExternalAdmin{changed, removed}, []rolemodel.ExternalAdmin{
		must(f.basic.ExternalAdmin(f.ctx, alpha, "added@msp.example"))(f), must(f.basic.ExternalAdmin(f.ctx, alpha, "changed@msp.example"))(f),
	})
	for email, want := range map[rolemodel.Email]int{"changed@msp.example": 2, "removed@msp.example": 2, "added@msp.example": 1, "kept@msp.example": 1} {
		f.same("events of "+string(email), len(list(f, f.basic.AuditEvents(f.ctx, directory.AuditFilter{Email: email}))), want)
	}
}

func auditRefusedReplace(f *fixture) {
	f.world()
	f.grant("removed@msp.example", rolemodel.BasicAdmin)
	asked := grants("bad@alpha.example", "basic-admin", "good@msp.example", "basic-admin")
	_, err := replace(f.ctx, f.basic, alpha, asked)
	vs, _ := rolemodel.AsViolations(err)
	event := f.lastEvent()
	f.same("the event", summary(event), `refused update external admins "CALPHA" tenant="CALPHA"`)
	f.same("what was asked for", entry[[]rolemodel.ExternalAdmin](f, event.After), asked)
	f.same("the violations", event.Violations, vs)
	for _, email := range []rolemodel.Email{"bad@alpha.example", "good@msp.example", "removed@msp.example"} {
		found := list(f, f.basic.AuditEvents(f.ctx, directory.AuditFilter{Email: email}))
		f.same("the last event of "+string(email), summary(found[len(found)-1]), summary(event))
	}
}

func auditStrangeText(f *fixture) {
	_, err := add(f.ctx, f.basic, rolemodel.Partner{AccountCode: "'; --", Name: "\t<&>\u2028 'x' \"y\" \\", Program: "ü", Domains: []rolemodel.Domain{"$1"}})
	if _, refused := rolemodel.AsViolations(err); !refused {
		f.Fatalf("got %v, want violations", err)
	}
	event := f.lastEvent()
	f.same("the key", event.Key, "'; --")
	f.same("the name", entry[rolemodel.Partner](f, event.After).Name, "\t<&>\u2028 'x' \"y\" \\")
}

func auditFilters(f *fixture) {
	f.world() // Events 1 to 7, 4 of tenants.
	f.role("Desk Admin")
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	given := rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.test", RoleID: rolemodel.BasicAdmin}
	must(regrant(f.ctx, f.basic, "anna@msp.example", given))(f)
	f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "anna@msp.test"}))
	_ = granting(beta, "anna@msp.test", rolemodel.BasicAdmin)(f, f.basic) // Refused: not a login of the reseller.
	all := f.events()
	ids := func(filter directory.AuditFilter) []int { // Places in the whole trail, from 1.
		ids := []int{}
		for _, e := range list(f, f.basic.AuditEvents(f.ctx, filter)) {
			ids = append(ids, 1+slices.IndexFunc(all, func(a directory.AuditEvent) bool { return a.ID == e.ID }))
		}
		return ids
	}
	for _, c := range []struct {
		filter directory.AuditFilter
		want   []int
	}{
		{directory.AuditFilter{TenantID: alpha}, []int{4, 8, 9, 10, 11}},
		{directory.AuditFilter{TenantID: "CNONE"}, []int{}},
		{directory.AuditFilter{Email: "anna@msp.example"}, []int{9, 10}},
		{directory.AuditFilter{Email: "anna@msp.test"}, []int{10, 11, 12}},
		{directory.AuditFilter{Email: "anna@msp.test", TenantID: beta}, []int{12}},
		{directory.AuditFilter{After: all[9].ID}, []int{11, 12}},
		{directory.AuditFilter{After: all[11].ID}, []int{}},
		{directory.AuditFilter{Since: all[11].At.Add(time.Microsecond)}, []int{}},
		{directory.AuditFilter{Until: all[0].At}, []int{}},
		{directory.AuditFilter{Until: all[0].At.Add(time.Nanosecond), After: ""}, []int{1}},
		{directory.AuditFilter{Since: all[0].At, Until: all[11].At.Add(time.Hour), After: all[10].ID}, []int{12}},
		{directory.AuditFilter{Since: all[11].At.In(time.FixedZone("", 3600))}, []int{12}},
	} {
		f.same(fmt.Sprintf("events %+v", c.filter), ids(c.filter), c.want)
	}
}

func auditTimes(f *fixture) {
	start := time.Now().Truncate(time.Microsecond)
	f.world()
	last := start
	for _, e := range f.events() {
		if e.At.Before(last) || e.At.After(time.Now()) || e.At.Location() != time.UTC || e.At != e.At.Truncate(time.Microsecond) {
			f.Errorf("the time %v is not in order, in UTC and to the microsecond", e.At)
		}
		last = e.At
	}
}

func auditActor(f *fixture) {
	role, _ := rolemodel.DefaultRole(rolemodel.PartnerAdmin)
	named := f.open(rolemodel.Actor{Name: "Żaneta <z@msp.example>", Role: role})
	must(add(f.ctx, named, rolemodel.Partner{Name: "P", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"p.example"}}))(f)
	event := f.lastEvent()
	f.same("the actor", event.Actor, "Żaneta <z@msp.example>")
	f.same("the role", event.ActorRole, rolemodel.PartnerAdmin)
}

func auditLong(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	for i := range 520 { // More than a page.
		role := []rolemodel.RoleID{rolemodel.HelpDeskAdmin, rolemodel.BasicAdmin}[i%2]
		must(regrant(f.ctx, f.basic, "anna@msp.example", rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: role}))(f)
	}
	events := list(f, f.basic.AuditEvents(f.ctx, directory.AuditFilter{Email: "anna@msp.example"}))
	f.same("events", len(events), 521)
	for i, e := range events {
		f.same("the order", e.Number, events[0].Number+int64(i))
	}
}
