package refactor_test

import "testing"

// TestGrants rearranges grants in a configuration. One apply is enough: exactly
// what is declared is there, and the next plan is empty.
func TestGrants(t *testing.T) {
	t.Parallel()
	const n = 25
	for name, c := range map[string]struct {
		before, after string
		clients       int
		held          []string
	}{
		"25 maps get another address":          {asMaps("old", "help-desk-admin"), asMaps("new", "help-desk-admin"), n, granted(n, "help-desk-admin")},
		"75 single grants become maps":         {asSingles("old"), asMaps("new", "help-desk-admin"), n, granted(n, "help-desk-admin")},
		"25 maps become single grants":         {asMaps("old", "help-desk-admin"), asSingles("new"), n, granted(n, "help-desk-admin")},
		"75 single grants get another address": {asSingles("old"), asSingles("new"), n, granted(n, "help-desk-admin")},
		"keys of for_each change":              {asSingles("all"), asSinglesAt("all", "help-desk-admin", "${t} at ${c}"), 5, granted(5, "help-desk-admin")},
		"maps get another address and a technician leaves": {
			asMaps("old", "help-desk-admin"), asMaps("new", "help-desk-admin", "anna", "bea"), 5, granted(5, "help-desk-admin", "anna", "bea"),
		},
		"maps get another address and a technician comes": {
			asMaps("old", "help-desk-admin", "anna"), asMaps("new", "help-desk-admin", "anna", "dora"), 5, granted(5, "help-desk-admin", "anna", "dora"),
		},
		"single grants become maps and a technician leaves": {
			asSingles("old"), asMaps("new", "help-desk-admin", "anna", "bea"), 5, granted(5, "help-desk-admin", "anna", "bea"),
		},
		"maps become single grants and a technician leaves": {
			asMaps("old", "help-desk-admin"), asSingles("new", "anna", "bea"), 5, granted(5, "help-desk-admin", "anna", "bea"),
		},
		"single grants get another address and a technician leaves": {
			asSingles("old"), asSingles("new", "anna"), 5, granted(5, "help-desk-admin", "anna"),
		},
		"all get another role in place": {asMaps("all", "help-desk-admin"), asMaps("all", "gateway-admin"), 5, granted(5, "gateway-admin")},
		"everybody leaves":              {asSingles("all"), "", 5, nil},
		"maps go":                       {asMaps("all", "help-desk-admin"), "", 5, nil},
	} {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(clients(c.clients), c.before)
				w.apply(clients(c.clients), c.after)
				w.converged(c.held...)
			})
		})
	}
}
