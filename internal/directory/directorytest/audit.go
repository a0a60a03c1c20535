package directorytest

import (
	"encoding/json"
	"fmt"
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
	return fmt.Sprintf("%d %s %s %s %q tenant=%q", e.ID, e.Outcome, e.Action, e.Kind, e.Key, e.TenantID)
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
	p1 := must(f.basic.CreatePartner(f.ctx, rolemodel.Partner{AccountCode: "CP", Name: "P", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"p.example"}}))(f)
	p2 := p1
	p2.Name = "P2"
	p2 = must(f.basic.UpdatePartner(f.ctx, p2))(f)
	t1 := must(f.basic.CreateTenant(f.ctx, rolemodel.Tenant{AccountCode: "CT", Name: "T", PrimaryDomain: "t.example", PartnerID: "CP", AdminIPRanges: prefixes("10.0.0.0/8")}))(f)
	t2 := t1
	t2.Name = "T2"
	t2 = must(f.basic.UpdateTenant(f.ctx, t2))(f)
	r1 := must(f.basic.CreateRole(f.ctx, rolemodel.Role{TenantID: "CT", Name: "R Admin", SecurityPermission: rolemodel.CannotManageRoles}))(f)
	r2 := r1
	r2.ApplicationPermissions = []rolemodel.Permission{"Account | Logs | Read"}
	r2 = must(f.basic.UpdateRole(f.ctx, r2))(f)
	a1 := must(f.basic.CreateExternalAdmin(f.ctx, rolemodel.ExternalAdmin{TenantID: "CT", Email: "A@p.example", RoleID: r2.ID}))(f)
	a2 := a1
	a2.RoleID = rolemodel.BasicAdmin
	a2 = must(f.basic.UpdateExternalAdmin(f.ctx, "a@p.example", a2))(f)
	f.ok(f.basic.DeleteExternalAdmin(f.ctx, "CT", "a@p.example"))
	f.ok(f.basic.DeleteRole(f.ctx, "CT", r1.ID))
	f.ok(f.basic.DeleteTenant(f.ctx, "CT"))
	f.ok(f.basic.DeletePartner(f.ctx, "CP"))

	role := "CT/" + string(r1.ID)
	want := []string{
		`1 done create partner "CP" tenant=""`, `2 done update partner "CP" tenant=""`,
		`3 done create tenant "CT" tenant="CT"`, `4 done update tenant "CT" tenant="CT"`,
		fmt.Sprintf(`5 done create role %q tenant="CT"`, role), fmt.Sprintf(`6 done update role %q tenant="CT"`, role),
		`7 done create external admin "CT/a@p.example" tenant="CT"`, `8 done update external admin "CT/a@p.example" tenant="CT"`,
		`9 done delete external admin "CT/a@p.example" tenant="CT"`, fmt.Sprintf(`10 done delete role %q tenant="CT"`, role),
		`11 done delete tenant "CT" tenant="CT"`, `12 done delete partner "CP" tenant=""`,
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
	must(f.basic.ReplaceExternalAdmins(f.ctx, alpha, grants("changed@msp.example", "help-desk-admin", "kept@msp.example", "basic-admin", "added@msp.example", "basic-admin")))(f)
	event := f.lastEvent()
	f.same("the event", summary(event), fmt.Sprintf(`%d done replace external admins "CALPHA" tenant="CALPHA"`, event.ID))
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
	_, err := f.basic.ReplaceExternalAdmins(f.ctx, alpha, asked)
	vs, _ := rolemodel.AsViolations(err)
	event := f.lastEvent()
	f.same("the event", summary(event), fmt.Sprintf(`%d refused replace external admins "CALPHA" tenant="CALPHA"`, event.ID))
	f.same("what was asked for", entry[[]rolemodel.ExternalAdmin](f, event.After), asked)
	f.same("the violations", event.Violations, vs)
	for _, email := range []rolemodel.Email{"bad@alpha.example", "good@msp.example", "removed@msp.example"} {
		found := list(f, f.basic.AuditEvents(f.ctx, directory.AuditFilter{Email: email}))
		f.same("the last event of "+string(email), summary(found[len(found)-1]), summary(event))
	}
}

func auditStrangeText(f *fixture) {
	_, err := f.basic.CreatePartner(f.ctx, rolemodel.Partner{AccountCode: "'; --", Name: "\t<&>\u2028 'x' \"y\" \\", Program: "ü", Domains: []rolemodel.Domain{"$1"}})
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
	must(f.basic.UpdateExternalAdmin(f.ctx, "anna@msp.example", given))(f)
	f.ok(f.basic.DeleteExternalAdmin(f.ctx, alpha, "anna@msp.test"))
	_ = granting(beta, "anna@msp.test", rolemodel.BasicAdmin)(f, f.basic) // Refused: not a login of the reseller.
	all := f.events()
	ids := func(filter directory.AuditFilter) []int64 {
		ids := []int64{}
		for _, e := range list(f, f.basic.AuditEvents(f.ctx, filter)) {
			ids = append(ids, e.ID)
		}
		return ids
	}
	for _, c := range []struct {
		filter directory.AuditFilter
		want   []int64
	}{
		{directory.AuditFilter{TenantID: alpha}, []int64{4, 8, 9, 10, 11}},
		{directory.AuditFilter{TenantID: "CNONE"}, []int64{}},
		{directory.AuditFilter{Email: "anna@msp.example"}, []int64{9, 10}},
		{directory.AuditFilter{Email: "anna@msp.test"}, []int64{10, 11, 12}},
		{directory.AuditFilter{Email: "anna@msp.test", TenantID: beta}, []int64{12}},
		{directory.AuditFilter{AfterID: 10}, []int64{11, 12}},
		{directory.AuditFilter{AfterID: 12}, []int64{}},
		{directory.AuditFilter{Since: all[11].At.Add(time.Microsecond)}, []int64{}},
		{directory.AuditFilter{Until: all[0].At}, []int64{}},
		{directory.AuditFilter{Until: all[0].At.Add(time.Nanosecond), AfterID: 0}, []int64{1}},
		{directory.AuditFilter{Since: all[0].At, Until: all[11].At.Add(time.Hour), AfterID: 11}, []int64{12}},
		{directory.AuditFilter{Since: all[11].At.In(time.FixedZone("", 3600))}, []int64{12}},
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
	named := f.as(rolemodel.Actor{Name: "Żaneta <z@msp.example>", Role: role})
	must(named.CreatePartner(f.ctx, rolemodel.Partner{Name: "P", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"p.example"}}))(f)
	event := f.lastEvent()
	f.same("the actor", event.Actor, "Żaneta <z@msp.example>")
	f.same("the role", event.ActorRole, rolemodel.PartnerAdmin)
}

func auditLong(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	for i := range 520 { // More than a page.
		role := []rolemodel.RoleID{rolemodel.HelpDeskAdmin, rolemodel.BasicAdmin}[i%2]
		must(f.basic.UpdateExternalAdmin(f.ctx, "anna@msp.example", rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: role}))(f)
	}
	events := list(f, f.basic.AuditEvents(f.ctx, directory.AuditFilter{Email: "anna@msp.example"}))
	f.same("events", len(events), 521)
	for i, e := range events {
		f.same("the order", e.ID, events[0].ID+int64(i))
	}
}
