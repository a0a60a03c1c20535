package refactor_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// alone checks that the directory is one file, with nothing beside it.
func (w *world) alone() {
	w.Helper()
	beside, err := filepath.Glob(w.file + "*")
	if err != nil || len(beside) != 1 {
		w.Errorf("the directory is %q, %v", beside, err)
	}
}

// TestOneFile copies the directory after an apply: the file alone is everything.
func TestOneFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(client, alderRole, technicians["a map"])
	w.alone()
	content, err := os.ReadFile(w.file)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "copy.directory")
	if err := os.WriteFile(elsewhere, content, 0o600); err != nil {
		t.Fatal(err)
	}
	original := w.file
	w.file = elsewhere
	w.configure(client, alderRole, technicians["a map"])
	w.converged(alder...)
	w.alone()
	w.file = original
	w.run("plan")
	w.alone()
}

// TestWrongPath points at a path where there is no directory, and at another
// directory, with a state that has entries. Neither is planned, and none is created.
func TestWrongPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := client + alderRole + technicians["a map"]
	w.apply(config)
	right := w.file
	w.file = filepath.Join(t.TempDir(), "wrong.directory")
	for _, command := range []string{"plan", "refresh"} {
		w.configure(config)
		found := w.failing(command)
		if said := w.say(found, "error", "Not the directory of this state", "there is none", "terraform state rm"); len(found.only("error")) != 1 {
			t.Errorf("%q is said with %d errors", said.Summary, len(found.only("error")))
		}
		if _, err := os.Stat(w.file); err == nil {
			t.Fatalf("%s created a directory", command)
		}
	}
	other := newWorld(t)
	other.apply(partner)
	w.file = other.file
	w.say(w.refuse(config), "error", "Not the directory of this state", "it is another one")
	other.has("partner CUSA00A000")
	w.file = right
	w.configure(config)
	w.converged(alder...)
}

// TestStartOver follows the advice on another directory: forget the state.
func TestStartOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := client + alderRole + technicians["a map"]
	w.apply(config)
	right := w.file
	w.file = filepath.Join(t.TempDir(), "new.directory")
	w.say(w.refuse(config), "error", "remove its resources with terraform state rm, or begin a new state")
	w.cli.Succeed(append([]string{"state", "rm"}, w.state()...)...)
	w.apply(config)
	w.converged(alder...)
	w.has(accounts...)
	w.file = right
	w.holds(alder...)
}

// zoe grants somebody a role at the client, outside Terraform.
func (w *world) zoe() {
	w.Helper()
	w.directory(func(d directory.Directory) error {
		_, err := directory.Create(w.Context(), d, rolemodel.ExternalAdmin{TenantID: "CUSA00B001", Email: "zoe@northwind.example", RoleID: rolemodel.HelpDeskAdmin}, "")
		return err
	})
}

// TestSavedPlan applies a saved plan after somebody else was granted a role: who
// is not in the reviewed plan is not removed, and the next plan shows them.
func TestSavedPlan(t *testing.T) {
	t.Parallel()
	both := all("a", "anna", helpDesk, "bea", helpDesk)
	zoe := one("zoe", "help-desk-admin")
	for name, c := range map[string]struct {
		after   string
		refused bool
		held    []string
		finally []string
	}{
		"a map changes":       {all("a", "anna", gateway, "bea", helpDesk), true, []string{one("anna", "help-desk-admin"), one("bea", "help-desk-admin"), zoe}, []string{one("anna", "gateway-admin"), one("bea", "help-desk-admin")}},
		"a map loses one":     {all("a", "anna", helpDesk), true, []string{one("anna", "help-desk-admin"), one("bea", "help-desk-admin"), zoe}, []string{one("anna", "help-desk-admin")}},
		"a map gains another": {all("a", "anna", helpDesk, "bea", helpDesk, "cem", helpDesk), true, []string{one("anna", "help-desk-admin"), one("bea", "help-desk-admin"), zoe}, []string{one("anna", "help-desk-admin"), one("bea", "help-desk-admin"), one("cem", "help-desk-admin")}},
		"a map goes":          {"", false, []string{zoe}, []string{zoe}},
		"a map is renamed":    {all("b", "anna", helpDesk, "bea", helpDesk), false, []string{one("anna", "help-desk-admin"), one("bea", "help-desk-admin"), zoe}, []string{one("anna", "help-desk-admin"), one("bea", "help-desk-admin")}},
		"single grants instead": {
			single("a", "anna", helpDesk) + single("b", "bea", helpDesk), false,
			[]string{one("anna", "help-desk-admin"), one("bea", "help-desk-admin"), zoe},
			[]string{one("anna", "help-desk-admin"), one("bea", "help-desk-admin"), zoe},
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(client, both)
				w.plan(client, c.after)
				w.zoe()
				if c.refused {
					found := w.failing("apply", parallelism, "saved")
					w.say(found, "error", `"zoe@northwind.example" (help-desk-admin) came`, "Plan again and look at the difference")
				} else {
					w.run("apply", parallelism, "saved")
				}
				w.holds(c.held...)
				w.run("apply", "-auto-approve", parallelism)
				w.converged(c.finally...)
			})
		})
	}
}

// TestSavedPlanAgain applies a saved plan whose changes were made by an apply that
// was killed before it could say so: it is no conflict.
func TestSavedPlanAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after string
		held          []string
	}{
		"a map changes":         {all("a", "anna", helpDesk, "bea", helpDesk), all("a", "anna", gateway, "cem", helpDesk), []string{one("anna", "gateway-admin"), one("cem", "help-desk-admin")}},
		"a map comes":           {"", all("a", "anna", helpDesk), []string{one("anna", "help-desk-admin")}},
		"single grants change":  {single("a", "anna", helpDesk) + single("b", "bea", helpDesk), single("a", "anna", gateway) + single("c", "cem", helpDesk), []string{one("anna", "gateway-admin"), one("cem", "help-desk-admin")}},
		"the form changes":      {single("a", "anna", helpDesk) + single("b", "bea", helpDesk), all("a", "anna", helpDesk), []string{one("anna", "help-desk-admin")}},
		"the form changes back": {all("a", "anna", helpDesk, "bea", helpDesk), single("a", "anna", helpDesk), []string{one("anna", "help-desk-admin")}},
	} {
		t.Run(name, func(t *testing.T) {
			eachRound(t, func(w *world) {
				w.apply(client, c.before)
				w.plan(client, c.after)
				state := filepath.Join(w.cli.Dir, "terraform.tfstate")
				before, err := os.ReadFile(state)
				if err != nil {
					t.Fatal(err)
				}
				w.run("apply", parallelism, "saved")
				if err := os.WriteFile(state, before, 0o600); err != nil { // What the apply did is in the directory and not in the state.
					t.Fatal(err)
				}
				w.run("apply", parallelism, "saved")
				w.converged(c.held...)
			})
		})
	}
}
