package refactor_test

import (
	"strings"
	"testing"
)

// technicians are two grants of the client in either form, one of them with the custom role.
var technicians = map[string]string{
	"single grants": single("a", "anna", "mimecast_role.custom.id") + single("b", "bea", helpDesk),
	"a map":         all("a", "anna", "mimecast_role.custom.id", "bea", helpDesk),
}

// alder is what the client of the tests below holds.
var (
	alder     = []string{one("anna", "alder-administrator"), one("bea", "help-desk-admin")}
	accounts  = []string{"partner CUSA00A000", "tenant CUSA00B001", "role CUSA00B001/alder-administrator"}
	alderRole = role("custom", "Alder Administrator")
)

// address is the address of the first of the grants.
func address(form string) string {
	if form == "a map" {
		return "mimecast_external_admins.a"
	}
	return "mimecast_external_admin.a"
}

// TestReplacement replaces what is declared, or has Terraform replace it, with
// everything that is in it.
func TestReplacement(t *testing.T) {
	t.Parallel()
	for form, grants := range technicians {
		for name, target := range map[string]string{
			"the grants": address(form), "the role": "mimecast_role.custom", "the tenant": "mimecast_tenant.client", "the partner": "mimecast_partner.msp",
		} {
			config := client + alderRole + grants
			for first, before := range map[string]string{"delete first": config, "create first": createFirst(config)} {
				t.Run(strings.Join([]string{form, name, first}, "/"), func(t *testing.T) {
					t.Parallel()
					for how, replace := range map[string]func(*world){
						"asked for": func(w *world) { w.run("apply", "-auto-approve", parallelism, "-replace="+target) },
						"tainted": func(w *world) {
							w.cli.Succeed("taint", target)
							w.run("apply", "-auto-approve", parallelism)
						},
					} {
						t.Run(how, func(t *testing.T) {
							eachRound(t, func(w *world) {
								w.apply(before)
								replace(w)
								w.converged(alder...)
								w.has(accounts...)
							})
						})
					}
				})
			}
		}
	}
}

// TestReplacementTriggered has another resource replace grants and the role.
func TestReplacementTriggered(t *testing.T) {
	t.Parallel()
	for form, grants := range technicians {
		for name, what := range map[string]string{"the grants": grants, "the role": alderRole, "both": alderRole + grants} {
			t.Run(form+"/"+name, func(t *testing.T) {
				eachRound(t, func(w *world) {
					config := func(version string) string {
						triggered := strings.ReplaceAll(what, "\n}\n", "\n  lifecycle {\n    replace_triggered_by = [terraform_data.version]\n  }\n}\n")
						return strings.Replace(client+alderRole+grants, what, triggered, 1) + "\nresource \"terraform_data\" \"version\" {\n  input = " + version + "\n}\n"
					}
					w.apply(config("1"))
					w.apply(config("2"))
					w.converged(alder...)
					w.has(accounts...)
				})
			})
		}
	}
}

// TestRenamed gives partners, tenants and roles that are in use another address
// without a moved block.
func TestRenamed(t *testing.T) {
	t.Parallel()
	for form, grants := range technicians {
		for name, renamed := range map[string][]string{
			"the role":    {"mimecast_role", "custom"},
			"the tenant":  {"mimecast_tenant", "client"},
			"the partner": {"mimecast_partner", "msp"},
			"everything":  {"mimecast_role", "custom", "mimecast_tenant", "client", "mimecast_partner", "msp", "mimecast_external_admin", "a", "mimecast_external_admins", "a"},
		} {
			t.Run(form+"/"+name, func(t *testing.T) {
				eachRound(t, func(w *world) {
					before := client + alderRole + grants
					w.apply(before)
					after := before
					for i := 0; i < len(renamed); i += 2 {
						after = strings.ReplaceAll(after, renamed[i]+`" "`+renamed[i+1]+`"`, renamed[i]+`" "renamed"`)
						after = strings.ReplaceAll(after, renamed[i]+"."+renamed[i+1], renamed[i]+".renamed")
					}
					w.apply(after)
					w.converged(alder...)
					w.has(accounts...)
				})
			})
		}
	}
}

// TestRenamedTenants gives 20 tenants other keys, with all that is in them. With
// codes of their own they are known by those, and without by their primary domains.
func TestRenamedTenants(t *testing.T) {
	t.Parallel()
	const n = 20
	for name, coded := range map[string]bool{"with codes": true, "without codes": false} {
		for form, grants := range map[string]string{"maps": asMaps("all", "help-desk-admin"), "single grants": asSingles("all")} {
			t.Run(name+"/"+form, func(t *testing.T) {
				eachRound(t, func(w *world) {
					before := clients(n)
					if !coded {
						before = strings.Replace(before, "  account_code   = each.value.code\n", "", 1)
					}
					w.apply(before, grants)
					held, had := w.grants(), w.accounts()
					if len(held) != 3*n {
						t.Fatalf("the directory holds %d grants", len(held))
					}
					w.apply(renamedKeys(before), grants)
					w.converged(held...)
					w.has(had...)
				})
			})
		}
	}
}

// renamedKeys gives the clients other keys.
func renamedKeys(config string) string {
	return strings.Replace(config, `format("c%02d", i)`, `format("client-%02d", i)`, 1)
}
