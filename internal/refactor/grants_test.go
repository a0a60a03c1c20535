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

// TestRevertedHalfway has an apply that gives grants another address stopped by
// an error when the new address has adopted them, and then reverted: the new
// address goes, and the grants stay with the former one.
func TestRevertedHalfway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, after, target string }{
		"single grants":                  {single("a", "anna", helpDesk), single("b", "anna", helpDesk), "mimecast_external_admin.b"},
		"maps":                           {all("a", "anna", helpDesk), all("b", "anna", helpDesk), "mimecast_external_admins.b"},
		"a single grant that is a map's": {single("a", "anna", helpDesk), all("b", "anna", helpDesk), "mimecast_external_admins.b"},
		"a map that is single grants":    {all("a", "anna", helpDesk), single("b", "anna", helpDesk), "mimecast_external_admin.b"},
	} {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(client, c.before)
				w.configure(client, c.after)
				w.run("apply", "-auto-approve", "-target="+c.target) // It stops before the former address is destroyed.
				w.holds(one("anna", "help-desk-admin"))
				w.apply(client, c.before)
				w.converged(one("anna", "help-desk-admin"))
			})
		})
	}
}
