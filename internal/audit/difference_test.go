package audit

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// lines writes a difference as "+key value", "-key value" and "~key before after".
func (d difference) lines() []string {
	var all []string
	for key, values := range d.added {
		all = append(all, fmt.Sprintf("+%s %s", key, values))
	}
	for key, values := range d.removed {
		all = append(all, fmt.Sprintf("-%s %s", key, values))
	}
	for key, is := range d.changed {
		all = append(all, fmt.Sprintf("~%s %s %s", key, is.Before, is.After))
	}
	slices.Sort(all)
	return all
}

func TestDifference(t *testing.T) {
	t.Parallel()
	const (
		role   = `{"tenant_id":"CUSA01A001","id":"x","name":"X Admin","description":"","application_permissions":["A | B | Read","C | D | Edit"],"protected_permissions":null,"allow_unlisted_permissions":false,"retired":true,"revision":1}`
		edited = `{"tenant_id":"CUSA01A001","id":"x","name":"Y Admin","description":"Why","application_permissions":["C | D | Edit","E | F | Read"],"protected_permissions":["P | Q | Read"],"allow_unlisted_permissions":true,"declaration":"d","revision":2}`
		anna   = `{"tenant_id":"CUSA01A001","email":"anna@n.example","role_id":"basic-admin","role_name":"Basic Administrator","revision":1}`
		higher = `{"tenant_id":"CUSA01A001","email":"anna@n.example","role_id":"full-admin","role_name":"Full Administrator","revision":2}`
		ben    = `{"tenant_id":"CUSA01A001","email":"ben@n.example","role_id":"help-desk-admin","role_name":"X","revision":1}`
		noted  = `{"tenant_id":"CUSA01A001","email":"ben@n.example","role_id":"help-desk-admin","reason":"On call","revision":2}`
	)
	done := func(action, kind, before, after string) directory.AuditEvent {
		return directory.AuditEvent{Outcome: directory.OutcomeDone, Action: action, Kind: kind, Before: before, After: after}
	}
	refused := done(directory.ActionCreate, directory.KindExternalAdmin, "", anna[:20])
	refused.Outcome = directory.OutcomeRefused
	for name, c := range map[string]struct {
		event directory.AuditEvent
		want  []string
	}{
		"grant":             {done("create", "external admin", "", anna), []string{`+anna@n.example ["basic-admin"]`}},
		"leaver":            {done("delete", "external admin", anna, ""), []string{`-anna@n.example ["basic-admin"]`}},
		"another role":      {done("update", "external admin", anna, higher), []string{`~anna@n.example "basic-admin" "full-admin"`}},
		"another address":   {done("update", "external admin", anna, ben), []string{`+ben@n.example ["help-desk-admin"]`, `-anna@n.example ["basic-admin"]`}},
		"another attribute": {done("update", "external admin", ben, noted), []string{`+ben@n.example/reason ["On call"]`}},
		"map":               {done("update", "external admins", "["+anna+"]", "["+higher+","+ben+"]"), []string{`+ben@n.example ["help-desk-admin"]`, `~anna@n.example "basic-admin" "full-admin"`}},
		"map taken over":    {done("adopt", "external admins", "", "["+anna+"]"), nil},
		"role": {done("update", "role", role, edited), []string{
			`+application_permissions ["E | F | Read"]`, `+description ["Why"]`, `+protected_permissions ["P | Q | Read"]`,
			`-application_permissions ["A | B | Read"]`, `~allow_unlisted_permissions "false" "true"`, `~name "X Admin" "Y Admin"`,
		}},
		"role retired":      {done("retire", "role", role, role), nil},
		"role gone":         {done("delete", "role", role, ""), []string{`-allow_unlisted_permissions ["false"]`, `-application_permissions ["A | B | Read" "C | D | Edit"]`, `-name ["X Admin"]`}},
		"credential used":   {done("use", "credential", "", `{"id":"c","name":"CI"}`), nil},
		"credential made":   {done("create", "credential", "", `{"id":"c","name":"CI","sources":["10.0.0.0/8"]}`), []string{`+name ["CI"]`, `+sources ["10.0.0.0/8"]`}},
		"cut off, not done": {refused, nil},
	} {
		d, err := differenceOf(c.event)
		if err != nil || !slices.Equal(d.lines(), c.want) {
			t.Errorf("%s: got %q, %v, want %q", name, d.lines(), err, c.want)
		}
	}
	if d, err := differenceOf(done("update", "role", role, role[:30])); err == nil {
		t.Errorf("malformed JSON gives %v", slices.Collect(maps.Keys(d.added)))
	}
}
