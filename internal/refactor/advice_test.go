package refactor_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// block matches a block that a message has written out.
var block = regexp.MustCompile(`(?ms)^\s*(import|moved) \{\n.*?^\s*\}`)

// written returns the block that one of the errors has written out, with NAME,
// OLD and NEW filled in.
func (w *world) written(found diagnostics, name string, filled ...string) string {
	w.Helper()
	for _, d := range found.only("error") {
		for _, text := range block.FindAllString(d.Detail, -1) {
			if strings.HasPrefix(strings.TrimSpace(text), name+" ") {
				return "\n" + strings.NewReplacer(filled...).Replace(text) + "\n"
			}
		}
	}
	w.Fatalf("no error has written out a block %q:\n%s", name, found)
	return ""
}

// kinds are a resource of each kind, as it is at first, and edited.
var kinds = map[string]struct {
	// base is what stays as it is, and config has %name% for the resource's name.
	kind, base, config, edited string
	held, heldAfter            []string
}{
	"partner": {"mimecast_partner", "", strings.Replace(partner, `"msp"`, `"%name%"`, 1), strings.NewReplacer(`"msp"`, `"%name%"`, "Northwind IT", "Northwind").Replace(partner), nil, nil},
	"tenant": {
		"mimecast_tenant", partner, strings.Replace(strings.TrimPrefix(client, partner), `" "client"`, `" "%name%"`, 1),
		strings.NewReplacer(`" "client"`, `" "%name%"`, "Alder Legal", "Alder").Replace(strings.TrimPrefix(client, partner)), nil, nil,
	},
	"role":   {"mimecast_role", client, role("%name%", "Alder Administrator"), strings.Replace(role("%name%", "Alder Administrator"), "Edit", "Read", 1), nil, nil},
	"single": {"mimecast_external_admin", client, single("%name%", "anna", helpDesk), single("%name%", "anna", gateway), []string{one("anna", "help-desk-admin")}, []string{one("anna", "gateway-admin")}},
	"map":    {"mimecast_external_admins", client, all("%name%", "anna", helpDesk), all("%name%", "anna", gateway), []string{one("anna", "help-desk-admin")}, []string{one("anna", "gateway-admin")}},
}

// ids are their import IDs.
var ids = map[string]string{
	"partner": "CUSA00A000", "tenant": "CUSA00B001", "role": "CUSA00B001/alder-administrator", "single": "CUSA00B001/anna@northwind.example", "map": "CUSA00B001",
}

func named(config, name string) string { return strings.ReplaceAll(config, "%name%", name) }

// TestAdviceOnRenamedAndEdited renames and edits a resource in one change. The
// plan says so and writes out a moved block, with which it is applied.
func TestAdviceOnRenamedAndEdited(t *testing.T) {
	t.Parallel()
	for name, k := range kinds {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(k.base, named(k.config, "a"))
				had := w.accounts()
				found := w.refuse(k.base, named(k.edited, "b"))
				w.holds(k.held...)
				moved := w.written(found, "moved", "OLD", "a", "NEW", "b")
				w.apply(k.base, named(k.edited, "b"), moved)
				w.converged(k.heldAfter...)
				w.has(had...)
				if n := w.events()["delete"]; n != 0 {
					w.Errorf("%d entries were deleted on the way", n)
				}
			})
		})
	}
}

// TestAdviceOnOthersEntry creates what is there already and differs. The plan
// writes out an import block, with which it is applied.
func TestAdviceOnOthersEntry(t *testing.T) {
	t.Parallel()
	for name, k := range kinds {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(k.base, named(k.config, "a"))
				had := w.accounts()
				w.cli.Succeed("state", "rm", k.kind+".a")
				found := w.refuse(k.base, named(k.edited, "b"))
				imported := w.written(found, "import", "NEW", "b")
				w.apply(k.base, named(k.edited, "b"), imported)
				w.converged(k.heldAfter...)
				w.has(had...)
				if n := w.events()["delete"]; n != 0 {
					w.Errorf("%d entries were deleted on the way", n)
				}
			})
		})
	}
}

// TestImportedAfterRename renames a resource and imports what it held at the new
// address while the state has it at the old one, which is then destroyed.
func TestImportedAfterRename(t *testing.T) {
	t.Parallel()
	for name, k := range kinds {
		for how, edit := range map[string]string{"as it is": k.config, "edited": k.edited} {
			held := k.held
			if how == "edited" {
				held = k.heldAfter
			}
			target := k.kind + ".b"
			t.Run(name+"/"+how+"/with the command", func(t *testing.T) {
				eachRound(t, func(w *world) {
					w.apply(k.base, named(k.config, "a"))
					had := w.accounts()
					w.configure(k.base, named(edit, "b"))
					w.cli.Succeed("import", target, ids[name])
					w.run("apply", "-auto-approve", parallelism)
					w.converged(held...)
					w.has(had...)
				})
			})
			t.Run(name+"/"+how+"/with a block", func(t *testing.T) {
				eachRound(t, func(w *world) {
					w.apply(k.base, named(k.config, "a"))
					had := w.accounts()
					w.apply(k.base, named(edit, "b"), "\nimport {\n  to = "+target+"\n  id = \""+ids[name]+"\"\n}\n")
					w.converged(held...)
					w.has(had...)
				})
			})
		}
	}
}

// TestImported forgets a resource and imports it again: that plans an update,
// which declares it, and what is declared is deleted with the resource.
func TestImported(t *testing.T) {
	t.Parallel()
	for name, k := range kinds {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(k.base, named(k.config, "a"))
				w.cli.Succeed("state", "rm", k.kind+".a")
				w.cli.Succeed("import", k.kind+".a", ids[name])
				if actions := w.plan(k.base, named(k.config, "a")).actions(k.kind + ".a"); actions != "update" {
					w.Errorf("after an import %q is planned", actions)
				}
				w.run("apply", "-auto-approve", parallelism)
				w.converged(k.held...)
				had := len(w.accounts())
				w.silent(w.apply(k.base))
				w.converged()
				if gone := had - len(w.accounts()); len(k.held) == 0 && gone != 1 {
					w.Errorf("%d entries went with the resource", gone)
				}
			})
		})
	}
}

// TestAdviceOnForeign has a rename applied, whose result is lost, and reverted:
// the entry is in the hands of a declaration that no state has. A destroy leaves
// it and says how to delete it, which works.
func TestAdviceOnForeign(t *testing.T) {
	t.Parallel()
	for name, k := range kinds {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(k.base, named(k.config, "a"))
				had := w.accounts()
				state := filepath.Join(w.cli.Dir, "terraform.tfstate")
				before, err := os.ReadFile(state)
				if err != nil {
					w.Fatal(err)
				}
				w.apply(k.base, named(k.config, "b"))
				if err := os.WriteFile(state, before, 0o600); err != nil {
					w.Fatal(err)
				}
				w.configure(k.base, named(k.config, "a"))
				w.converged(k.held...)
				w.configure(k.base)
				found := w.run("plan")
				w.say(found, "warning", "What another resource declares is not deleted", "-replace=ADDRESS")
				w.configure(k.base, named(k.config, "a"))
				w.run("apply", "-auto-approve", parallelism, "-replace="+k.kind+".a")
				w.converged(k.held...)
				w.has(had...)
				w.silent(w.apply(k.base))
				w.converged()
				if len(k.held) == 0 && len(w.accounts()) != len(had)-1 {
					w.Errorf("the directory still has %q", w.accounts())
				}
			})
		})
	}
}

// TestRevertedHalfway applies a rename in part, so that both addresses are in the
// state and the new one holds the entry, and reverts it: deleting the new one
// would take away what the old one declares. The plan refuses that, and with what
// it advises all is as declared in one apply.
func TestRevertedHalfway(t *testing.T) {
	t.Parallel()
	for name, k := range kinds {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(k.base, named(k.config, "a"))
				had := w.accounts()
				w.configure(k.base, named(k.config, "b"))
				w.run("apply", "-auto-approve", "-target="+k.kind+".b")
				w.holds(k.held...)
				found := w.refuse(k.base, named(k.config, "a"))
				w.say(found, "error", "Deleted at one address and kept at another", ids[name], "terraform state rm ADDRESS")
				w.holds(k.held...)
				w.cli.Succeed("state", "rm", k.kind+".a")
				w.run("apply", "-auto-approve", parallelism)
				w.converged(k.held...)
				w.has(had...)
				// It is declared there, and goes with it.
				w.silent(w.apply(k.base))
				w.converged()
			})
		})
	}
}

// TestRevertedHalfwayAmongMany does so with the grants of many clients: a person reads of it once.
func TestRevertedHalfwayAmongMany(t *testing.T) {
	t.Parallel()
	const n = 10
	maps, singles := asMaps("maps", "help-desk-admin"), asSingles("singles")
	for name, c := range map[string]struct{ before, halfway, target, stays string }{
		"maps":                      {asMaps("a", "help-desk-admin"), asMaps("b", "help-desk-admin"), "mimecast_external_admins.b", "mimecast_external_admins.a"},
		"single grants":             {asSingles("a"), asSingles("b"), "mimecast_external_admin.b", "mimecast_external_admin.a"},
		"single grants became maps": {singles, maps, "mimecast_external_admins.maps", "mimecast_external_admin.singles"},
		"maps became single grants": {maps, singles, "mimecast_external_admin.singles", "mimecast_external_admins.maps"},
	} {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(clients(n), c.before)
				w.configure(clients(n), c.halfway)
				w.run("apply", "-auto-approve", parallelism, "-target="+c.target)
				found := w.refuse(clients(n), c.before)
				if errors := found.only("error"); len(errors) != 1 {
					w.Errorf("%d errors:\n%s", len(errors), errors)
				}
				w.cli.Succeed("state", "rm", c.stays)
				w.run("apply", "-auto-approve", parallelism)
				w.converged(granted(n, "help-desk-admin")...)
				w.apply(clients(n))
				w.converged()
			})
		})
	}
}

// TestTwoConfigurations declares one entry in two configurations. The second
// adopts it, the first is told, and gives it up without removing it.
func TestTwoConfigurations(t *testing.T) {
	t.Parallel()
	literal := strings.NewReplacer("mimecast_tenant.client.id", `"CUSA00B001"`, "mimecast_partner.msp.id", `"CUSA00A000"`)
	for name, k := range kinds {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(k.base, named(k.config, "a"))
				had := w.accounts()
				second := w.another()
				second.apply(literal.Replace(named(k.config, "a")))
				second.converged(k.held...)
				found := w.run("plan")
				w.say(found, "warning", "Declared by another resource", "since", "keep the declaration in one configuration only")
				if n := len(found.only("warning")); n != 1 {
					w.Errorf("it is told with %d warnings:\n%s", n, found)
				}
				w.nothingToDo()
				w.apply(k.base)
				w.holds(k.held...)
				w.has(had...)
				second.silent(second.run("plan"))
				second.converged(k.held...)
			})
		})
	}
}

// TestAdviceOnForeignOnce declares many grants in two configurations: a person reads of it once.
func TestAdviceOnForeignOnce(t *testing.T) {
	t.Parallel()
	const n = 20
	for form, grants := range map[string]string{"maps": asMaps("all", "help-desk-admin"), "single grants": asSingles("all")} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.apply(clients(n), grants)
			w.another().apply(clients(n), grants)
			out := w.cli.Succeed("plan")
			if said := strings.Count(out, "Warning: ") - 1; said != 1 {
				t.Errorf("a person reads %d warnings", said)
			}
		})
	}
}

// TestAdviceOnOthers takes over a tenant where somebody else holds a role, and adds them as advised.
func TestAdviceOnOthers(t *testing.T) {
	eachRound(t, func(w *world) {
		w.apply(client)
		w.zoe()
		w.configure(client, all("a", "anna", helpDesk))
		w.say(w.run("plan"), "warning", "Others hold a role as well", "zoe@northwind.example (Help Desk Administrator)", "Add them to admins to keep them.")
		w.run("apply", "-auto-approve")
		w.holds(one("anna", "help-desk-admin"), one("zoe", "help-desk-admin"))
		w.apply(client, all("a", "anna", helpDesk, "zoe", helpDesk))
		w.converged(one("anna", "help-desk-admin"), one("zoe", "help-desk-admin"))
	})
}

// TestAdviceOnRoleOfMap creates the map form where somebody holds another role,
// and takes the grant over as it is, as advised, before it is changed.
func TestAdviceOnRoleOfMap(t *testing.T) {
	eachRound(t, func(w *world) {
		w.apply(client)
		w.zoe()
		w.say(w.refuse(client, all("a", "zoe", gateway)), "error", `"zoe@northwind.example" already holds Help Desk Administrator`, `role_id = "help-desk-admin"`)
		w.apply(client, all("a", "zoe", helpDesk))
		w.converged(one("zoe", "help-desk-admin"))
		w.apply(client, all("a", "zoe", gateway))
		w.converged(one("zoe", "gateway-admin"))
	})
}

// TestAdviceOnRetired deletes a role that somebody holds outside Terraform: the
// plans say so, and either way out works.
func TestAdviceOnRetired(t *testing.T) {
	t.Parallel()
	for name, follow := range map[string]func(*world){
		"declare the role again": func(w *world) {
			w.apply(client, alderRole, all("a", "anna", "mimecast_role.custom.id"))
			w.converged(one("anna", "alder-administrator"))
			w.has(accounts...)
		},
		"give its holders another role": func(w *world) {
			w.apply(client, all("a", "anna", helpDesk))
			w.converged(one("anna", "help-desk-admin"))
			w.has("partner CUSA00A000", "tenant CUSA00B001")
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				held := all("a", "anna", `"alder-administrator"`)
				w.apply(client, alderRole)
				w.apply(client, alderRole, held)
				w.configure(client, held)
				w.say(w.run("plan"), "warning", "What is in use is retired", "role-retired")
				w.run("apply", "-auto-approve")
				w.holds(one("anna", "alder-administrator"))
				w.say(w.run("plan"), "warning", "A retired role is still held", "Give its holders another role, or declare the role again")
				w.converged(one("anna", "alder-administrator"))
				follow(w)
			})
		})
	}
}

// TestAdviceOnDataSource reads a tenant's grants in the plan that creates the tenant, and adds depends_on as advised.
func TestAdviceOnDataSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	data := "\nlocals {\n  code = mimecast_tenant.client.account_code\n}\n\ndata \"mimecast_external_admins\" \"all\" {\n  tenant_id = local.code\n}\n"
	w.say(w.refuse(client, data), "error", "is not created yet", "Add depends_on with the tenant's resource to the data source")
	w.apply(client, strings.Replace(data, "local.code\n}\n", "local.code\n  depends_on = [mimecast_tenant.client]\n}\n", 1))
	w.converged()
}

// TestStateLost applies without a state what is there already.
func TestStateLost(t *testing.T) {
	t.Parallel()
	for form, grants := range technicians {
		t.Run(form, func(t *testing.T) {
			eachRound(t, func(w *world) {
				config := client + alderRole + grants
				w.apply(config)
				w.forget()
				w.silent(w.apply(config))
				w.converged(alder...)
				w.has(accounts...)
				w.apply("")
				w.converged()
				w.has()
			})
		})
	}
}

// TestGoneBehind removes and changes grants behind Terraform's back, and applies.
func TestGoneBehind(t *testing.T) {
	t.Parallel()
	for form, grants := range map[string]string{"single grants": single("a", "anna", helpDesk) + single("b", "bea", helpDesk), "a map": all("a", "anna", helpDesk, "bea", helpDesk)} {
		t.Run(form, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(client, grants)
				w.directory(func(d directory.Directory) error {
					anna := rolemodel.ExternalAdmin{TenantID: "CUSA00B001", Email: "anna@northwind.example", RoleID: rolemodel.GatewayAdmin}
					if _, err := directory.Update(w.Context(), d, directory.KeyOf(anna), anna, 0, ""); err != nil {
						return err
					}
					_, err := directory.Delete[rolemodel.ExternalAdmin](w.Context(), d, directory.Key{Account: "CUSA00B001", Email: "bea@northwind.example"}, "")
					return err
				})
				w.run("apply", "-auto-approve", parallelism)
				w.converged(one("anna", "help-desk-admin"), one("bea", "help-desk-admin"))
			})
		})
	}
}
