package refactor_test

import (
	"strings"
	"testing"
)

// TestLeaverTakesRole removes somebody together with the custom role that only
// they hold. Terraform deletes the role before it changes its holders.
func TestLeaverTakesRole(t *testing.T) {
	t.Parallel()
	const custom = "mimecast_role.custom.id"
	bea := one("bea", "help-desk-admin")
	for name, c := range map[string]struct {
		before, after string
		held          []string
	}{
		"a single grant":                 {single("a", "anna", custom) + single("b", "bea", helpDesk), single("b", "bea", helpDesk), []string{bea}},
		"out of a map":                   {all("a", "anna", custom, "bea", helpDesk), all("a", "bea", helpDesk), []string{bea}},
		"the whole map":                  {all("a", "anna", custom), "", nil},
		"who gets another role":          {single("a", "anna", custom), single("a", "anna", gateway), []string{one("anna", "gateway-admin")}},
		"who gets another role in a map": {all("a", "anna", custom), all("a", "anna", gateway), []string{one("anna", "gateway-admin")}},
		"out of a map that is renamed":   {all("a", "anna", custom, "bea", helpDesk), all("b", "bea", helpDesk), []string{bea}},
		"and the form changes":           {single("a", "anna", custom) + single("b", "bea", helpDesk), all("a", "bea", helpDesk), []string{bea}},
	} {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(client, alderRole, c.before)
				w.apply(client, c.after)
				w.converged(c.held...)
				w.has("partner CUSA00A000", "tenant CUSA00B001")
			})
		})
	}
}

// TestAccounts changes accounts and roles that are in use, or removes them with all that is in them.
func TestAccounts(t *testing.T) {
	t.Parallel()
	renamedRole := strings.Replace(alderRole, "Alder Administrator", "Alder Site Administrator", 1)
	inRegion := strings.Replace(client, `"alder.example"`, "\"alder.example\"\n  region = \"de\"", 1)
	another := strings.Replace(client, "CUSA00B001", "CUSA00C002", 1)
	moved := []string{"CUSA00C002/anna@northwind.example alder-administrator", "CUSA00C002/bea@northwind.example help-desk-admin"}
	movedTo := []string{"partner CUSA00A000", "tenant CUSA00C002", "role CUSA00C002/alder-administrator"}
	for form, grants := range technicians {
		for name, c := range map[string]struct {
			before, after  string
			held, accounts []string
		}{
			"a tenant gets a region":        {client + alderRole + grants, inRegion + alderRole + grants, alder, accounts},
			"a tenant gets another region":  {inRegion + alderRole + grants, strings.Replace(inRegion, `"de"`, `"uk"`, 1) + alderRole + grants, alder, accounts},
			"a held role gets another name": {client + alderRole + grants, client + renamedRole + grants, alder, accounts},
			"a tenant gets another code":    {client + alderRole + grants, another + alderRole + grants, moved, movedTo},
			"a client goes":                 {client + alderRole + grants, partner, nil, []string{"partner CUSA00A000"}},
			"everything goes":               {client + alderRole + grants, "", nil, nil},
		} {
			t.Run(form+"/"+name, func(t *testing.T) {
				eachRound(t, func(w *world) {
					w.apply(c.before)
					w.apply(c.after)
					w.converged(c.held...)
					w.has(c.accounts...)
				})
			})
		}
	}
}

// createFirst has everything created before what it replaces is destroyed.
func createFirst(config string) string {
	return strings.ReplaceAll(config, "\n}\n", "\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n")
}

// TestAnotherCodeCreatedFirst gives a tenant another code where grants are
// created first, and so the tenant is too: both have the domain for a moment.
func TestAnotherCodeCreatedFirst(t *testing.T) {
	t.Parallel()
	for form, grants := range technicians {
		before := client + alderRole + grants
		for first, config := range map[string]string{"the grants": strings.Replace(before, grants, createFirst(grants), 1), "everything": createFirst(before)} {
			for name, another := range map[string]*strings.Replacer{
				"another domain": strings.NewReplacer("CUSA00B001", "CUSA00C002", "alder.example", "alder-legal.example"),
			} {
				t.Run(strings.Join([]string{form, first, name}, "/"), func(t *testing.T) {
					eachRound(t, func(w *world) {
						w.apply(config)
						w.apply(another.Replace(config))
						var held []string
						for _, grant := range alder {
							held = append(held, another.Replace(grant))
						}
						w.converged(held...)
						w.has("partner CUSA00A000", "tenant CUSA00C002", "role CUSA00C002/alder-administrator")
					})
				})
			}
		}
	}
}

// TestRegionIsAnUpdate adds a region: nothing is replaced, and nothing in the tenant is touched.
func TestRegionIsAnUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	grants := all("a", "anna", helpDesk)
	w.apply(client, grants)
	p := w.plan(strings.Replace(client, `"alder.example"`, "\"alder.example\"\n  region = \"de\"", 1), grants)
	if tenant, admins := p.actions("mimecast_tenant.client"), p.actions("mimecast_external_admins.a"); tenant != "update" || admins != "no-op" {
		t.Errorf("planned are %s of the tenant and %s of its grants", tenant, admins)
	}
}

// TestGivenUp takes over what another resource gives up in the same apply: a
// domain, and a role's name. In the right order it is applied, in no order it is refused in the plan.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	second := func(domains, more string) string {
		return `
resource "mimecast_tenant" "second" {
  account_code     = "CUSA00D004"
  name             = "Birch Dental"
  primary_domain   = "birch.example"
  internal_domains = [` + domains + `]
  ` + more + `
}
`
	}
	wide := strings.Replace(client, `"alder.example"`, "\"alder.example\"\n  internal_domains = [\"alder.example\", \"shared.example\"]", 1)
	for name, c := range map[string]struct{ before, after, refused string }{
		"a domain": {wide + second(`"birch.example"`, ""), client + second(`"birch.example", "shared.example"`, "depends_on = [mimecast_tenant.client]"), ""},
		"a role's name": {
			client + role("a", "First Administrator") + role("b", "Second Administrator"),
			client + role("a", "Former Administrator") + strings.Replace(role("b", "First Administrator"), "\n}\n", "\n  depends_on = [mimecast_role.a]\n}\n", 1), "",
		},
		"a role's name, in a chain": {
			client + role("a", "First Administrator") + role("b", "Second Administrator") + role("c", "Third Administrator"),
			client + role("a", "Former Administrator") + strings.Replace(role("b", "First Administrator"), "\n}\n", "\n  depends_on = [mimecast_role.a]\n}\n", 1) +
				strings.Replace(role("c", "Second Administrator"), "\n}\n", "\n  depends_on = [mimecast_role.b]\n}\n", 1), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(c.before)
				w.apply(c.after)
				w.nothingToDo()
			})
		})
	}
}
