package directorytest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// refusal is a write that breaks rules.
type refusal struct {
	name string
	// prepare, which may be nil, makes what the small world lacks.
	prepare func(f *fixture)
	actor   rolemodel.RoleID
	write   func(f *fixture, d directory.Directory) error
	// want are the violations, as "rule at path: problem".
	want []string
}

func ruleCases() []testCase {
	refusals := append(append(grantRefusals(), roleRefusals()...), accountRefusals()...)
	cases := []testCase{{"every rule of the catalogue is here", func(f *fixture) {
		covered := map[string]bool{}
		for _, r := range refusals {
			for _, want := range r.want {
				var rule string
				_, _ = fmt.Sscanf(want, "%s", &rule)
				covered[rule] = true
			}
		}
		for _, rule := range rolemodel.Rules() {
			if !covered[string(rule.ID)] && rule.ID != rolemodel.ViewRoles { // That is a rule of reading, see view.go.
				f.Errorf("no case breaks the rule %s", rule.ID)
			}
		}
	}}}
	for _, r := range refusals {
		cases = append(cases, testCase{r.name, r.check})
	}
	return cases
}

// check makes the write and checks that it is refused with exactly the wanted
// violations, changes nothing and is in the audit trail.
func (r refusal) check(f *fixture) {
	f.world()
	if r.prepare != nil {
		r.prepare(f)
	}
	before, trail := f.content(), len(f.events())
	err := r.write(f, f.actor(r.actor))
	vs, refused := rolemodel.AsViolations(err)
	if !refused {
		f.Fatalf("got %v, want violations", err)
	}
	got := []string{}
	for _, v := range vs {
		got = append(got, fmt.Sprintf("%s at %s: %s", v.Rule, v.Path, f.anonymous(v.Problem)))
		if v.Advice == "" {
			f.Errorf("the violation %q has no advice", v.Problem)
		}
	}
	f.same("the violations", lines(got), lines(r.want))
	f.same("the directory", f.content(), before)

	f.same("the length of the audit trail", len(f.events()), trail+1)
	event := f.lastEvent()
	f.same("outcome", event.Outcome, directory.OutcomeRefused)
	f.same("the actor's role", event.ActorRole, r.actor)
	// Whoever sees the trail of a partner sees no other partner's accounts.
	recorded, hidden := []string{}, strings.NewReplacer(`belongs to tenant "CBETA"`, "belongs to another account", `belongs to tenant "CDELTA"`, "belongs to another account")
	for _, v := range event.Violations {
		recorded = append(recorded, fmt.Sprintf("%s at %s: %s", v.Rule, v.Path, f.anonymous(v.Problem)))
	}
	for i := range got {
		if event.PartnerID != "" {
			got[i] = hidden.Replace(got[i])
		}
	}
	f.same("the recorded violations", lines(recorded), lines(got))
	if (event.Action == directory.ActionDelete) != (event.After == "") {
		f.Errorf("a refused %s has %q as what was asked for", event.Action, event.After)
	}
	if event.After != "" && !json.Valid([]byte(event.After)) {
		f.Errorf("what was asked for is not JSON: %s", event.After)
	}
}

// anonymous puts <name> in the place of the assigned IDs of alpha's custom roles.
func (f *fixture) anonymous(text string) string {
	f.Helper()
	for _, role := range list(f, f.basic.Roles(f.ctx, customOf(alpha))) {
		if !role.IsDefault() {
			text = strings.ReplaceAll(text, string(role.ID), "<"+role.Name+">")
		}
	}
	return text
}

func lines(list []string) string {
	var text string
	for _, line := range list {
		text += "\n" + line
	}
	return text
}

// granting is a write that adds a grant.
func granting(tenant rolemodel.AccountCode, email rolemodel.Email, role rolemodel.RoleID) func(*fixture, directory.Directory) error {
	return func(f *fixture, d directory.Directory) error {
		_, err := add(f.ctx, d, rolemodel.ExternalAdmin{TenantID: tenant, Email: email, RoleID: role})
		return err
	}
}

// changing is a write that changes the grant of anna@msp.example in alpha.
func changing(email rolemodel.Email, role rolemodel.RoleID) func(*fixture, directory.Directory) error {
	return func(f *fixture, d directory.Directory) error {
		_, err := regrant(f.ctx, d, "anna@msp.example", rolemodel.ExternalAdmin{TenantID: alpha, Email: email, RoleID: role})
		return err
	}
}

// annaHolds grants anna@msp.example a role in alpha.
func annaHolds(role rolemodel.RoleID) func(*fixture) {
	return func(f *fixture) { f.grant("anna@msp.example", role) }
}

// creatingRole is a write that creates a custom role in alpha.
func creatingRole(change func(*rolemodel.Role)) func(*fixture, directory.Directory) error {
	return func(f *fixture, d directory.Directory) error {
		role := rolemodel.Role{TenantID: alpha, Name: "New Admin", SecurityPermission: rolemodel.CannotManageRoles}
		change(&role)
		_, err := add(f.ctx, d, role)
		return err
	}
}

// theRole is the only custom role of alpha.
func (f *fixture) theRole() rolemodel.Role {
	f.Helper()
	roles := list(f, f.basic.Roles(f.ctx, customOf(alpha)))
	return roles[len(roles)-1]
}

// changingTenant is a write that changes a tenant.
func changingTenant(code rolemodel.AccountCode, change func(*rolemodel.Tenant)) func(*fixture, directory.Directory) error {
	return func(f *fixture, d directory.Directory) error {
		tenant := must(d.Tenant(f.ctx, code))(f)
		change(&tenant)
		_, err := edit(f.ctx, d, tenant)
		return err
	}
}

// changingPartner is a write that changes the partner msp.
func changingPartner(change func(*rolemodel.Partner)) func(*fixture, directory.Directory) error {
	return func(f *fixture, d directory.Directory) error {
		partner := must(d.Partner(f.ctx, msp))(f)
		change(&partner)
		_, err := edit(f.ctx, d, partner)
		return err
	}
}
