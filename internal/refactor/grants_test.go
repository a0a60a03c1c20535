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
		"25 maps get another address":          {maps("old", "help-desk-admin"), maps("new", "help-desk-admin"), n, granted(n, "help-desk-admin")},
		"75 single grants become maps":         {singles("old"), maps("new", "help-desk-admin"), n, granted(n, "help-desk-admin")},
		"25 maps become single grants":         {maps("old", "help-desk-admin"), singles("new"), n, granted(n, "help-desk-admin")},
		"75 single grants get another address": {singles("old"), singles("new"), n, granted(n, "help-desk-admin")},
		"keys of for_each change":              {singles("all"), singlesAt("all", "help-desk-admin", "${t} at ${c}"), 5, granted(5, "help-desk-admin")},
		"maps get another address and a technician leaves": {
			maps("old", "help-desk-admin"), maps("new", "help-desk-admin", "anna", "bea"), 5, granted(5, "help-desk-admin", "anna", "bea"),
		},
		"maps get another address and a technician comes": {
			maps("old", "help-desk-admin", "anna"), maps("new", "help-desk-admin", "anna", "dora"), 5, granted(5, "help-desk-admin", "anna", "dora"),
		},
		"single grants become maps and a technician leaves": {
			singles("old"), maps("new", "help-desk-admin", "anna", "bea"), 5, granted(5, "help-desk-admin", "anna", "bea"),
		},
		"maps become single grants and a technician leaves": {
			maps("old", "help-desk-admin"), singles("new", "anna", "bea"), 5, granted(5, "help-desk-admin", "anna", "bea"),
		},
		"single grants get another address and a technician leaves": {
			singles("old"), singles("new", "anna"), 5, granted(5, "help-desk-admin", "anna"),
		},
		"all get another role in place": {maps("all", "help-desk-admin"), maps("all", "gateway-admin"), 5, granted(5, "gateway-admin")},
		"everybody leaves":              {singles("all"), "", 5, nil},
		"maps go":                       {maps("all", "help-desk-admin"), "", 5, nil},
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
