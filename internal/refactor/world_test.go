package refactor_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// parallelism lets as many operations run at once as the largest scenario has
// resources of a kind, so that old and new addresses meet.
const parallelism = "-parallelism=25"

// world is a directory file and a configuration for it.
type world struct {
	cli *acctest.CLI
	*testing.T
	// file is the directory.
	file string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{cli: acctest.NewCLI(t, nil), T: t, file: filepath.Join(t.TempDir(), "msp.directory")}
}

// another returns a working folder of its own, with its own state, for the same directory.
func (w *world) another() *world {
	return &world{cli: acctest.NewCLI(w.T, nil), T: w.T, file: w.file}
}

// configure writes the configuration.
func (w *world) configure(resources ...string) {
	w.Helper()
	block := fmt.Sprintf("provider \"mimecast\" {\n  directory = %q\n}\n", w.file)
	w.cli.Write("main.tf", acctest.Source+block+strings.Join(resources, "\n"))
}

// apply writes the configuration and applies it, and returns the warnings.
func (w *world) apply(resources ...string) diagnostics {
	w.Helper()
	w.configure(resources...)
	return w.run("apply", "-auto-approve", parallelism)
}

// refuse writes the configuration, which is not planned, and returns why.
func (w *world) refuse(resources ...string) diagnostics {
	w.Helper()
	w.configure(resources...)
	return w.failing("plan")
}

// run runs a command that succeeds and returns the warnings.
func (w *world) run(command string, args ...string) diagnostics {
	w.Helper()
	found, out, err := w.try(command, args...)
	if err != nil {
		w.Fatalf("%s %q: %v\n%s", command, args, err, readable(found, out))
	}
	return found
}

// failing runs a command that fails and returns the errors and warnings.
func (w *world) failing(command string, args ...string) diagnostics {
	w.Helper()
	found, out, err := w.try(command, args...)
	if err == nil {
		w.Fatalf("%s %q did not fail:\n%s", command, args, out)
	}
	return found
}

// try runs a command with its output as JSON.
func (w *world) try(command string, args ...string) (diagnostics, string, error) {
	w.Helper()
	out, err := w.cli.Run(append([]string{command, "-json"}, args...)...)
	return parse(out), out, err
}

// diagnostic is an error or a warning of the CLI.
type diagnostic struct {
	Severity, Summary, Detail, Address string
	Snippet                            struct {
		Code string
	}
}

type diagnostics []diagnostic

// parse returns the diagnostics in the output of a command.
func parse(out string) diagnostics {
	var found diagnostics
	lines := bufio.NewScanner(strings.NewReader(out))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var message struct {
			Type       string
			Diagnostic diagnostic
		}
		if json.Unmarshal(lines.Bytes(), &message) == nil && message.Type == "diagnostic" {
			found = append(found, message.Diagnostic)
		}
	}
	return found
}

// readable is what a person wants to see of an output.
func readable(found diagnostics, out string) string {
	if len(found) == 0 {
		return out
	}
	return found.String()
}

func (ds diagnostics) String() string {
	var b strings.Builder
	for _, d := range ds {
		if foreign(d) {
			continue
		}
		fmt.Fprintf(&b, "%s at %q: %s\n%s\n\n", d.Severity, d.Address, d.Summary, d.Detail)
	}
	return b.String()
}

// only returns those of the severity.
func (ds diagnostics) only(severity string) diagnostics {
	return slices.DeleteFunc(slices.Clone(ds), func(d diagnostic) bool { return d.Severity != severity || foreign(d) })
}

// foreign says whether a warning is the CLI's own, of the way the tests run the provider.
func foreign(d diagnostic) bool {
	return strings.Contains(d.Summary, "development overrides") || strings.Contains(d.Summary, "-target") || strings.Contains(d.Summary, "Applied changes may be incomplete")
}

// say fails the test unless one diagnostic of the severity has all the texts.
func (w *world) say(ds diagnostics, severity string, texts ...string) diagnostic {
	w.Helper()
	for _, d := range ds.only(severity) {
		all := flat(d.Summary + " " + d.Detail + " " + d.Snippet.Code)
		if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(all, flat(text)) }) {
			return d
		}
	}
	w.Errorf("no %s says %q in:\n%s", severity, texts, ds)
	return diagnostic{}
}

// flat is a text without its line breaks.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// silent fails the test if there are warnings.
func (w *world) silent(ds diagnostics) {
	w.Helper()
	if warnings := ds.only("warning"); len(warnings) > 0 {
		w.Errorf("unexpected warnings:\n%s", warnings)
	}
}

// summaries returns the different summaries of the severity, sorted.
func (ds diagnostics) summaries(severity string) []string {
	var all []string
	for _, d := range ds.only(severity) {
		all = append(all, d.Summary)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// converged checks that the directory holds exactly these grants and that there is nothing left to do.
func (w *world) converged(grants ...string) {
	w.Helper()
	w.holds(grants...)
	w.nothingToDo()
}

// nothingToDo checks that the next plan is empty.
func (w *world) nothingToDo() {
	w.Helper()
	if out, err := w.cli.Run("plan", "-detailed-exitcode", parallelism); err != nil {
		w.Fatalf("the plan is not empty: %v\n%s", err, out)
	}
}

// holds checks that the directory holds exactly these grants, each written as
// "<tenant>/<email> <role>".
func (w *world) holds(grants ...string) {
	w.Helper()
	held := w.grants()
	slices.Sort(grants)
	missing := slices.DeleteFunc(slices.Clone(grants), func(g string) bool { return slices.Contains(held, g) })
	left := slices.DeleteFunc(slices.Clone(held), func(g string) bool { return slices.Contains(grants, g) })
	if len(missing)+len(left) > 0 {
		w.Fatalf("of %d declared grants %d are missing: %q; %d are left that are not declared: %q", len(grants), len(missing), missing, len(left), left)
	}
}

// directory opens the directory behind the CLI's back, for a step after which it is closed.
func (w *world) directory(step func(directory.Directory) error) {
	w.Helper()
	db, err := sqldb.New(w.file)
	if err != nil {
		w.Fatal(err)
	}
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	err = step(db.Open(directory.Owner(rolemodel.Actor{Name: "somebody else", Role: role})))
	if closed := db.Close(); err == nil {
		err = closed
	}
	if err != nil {
		w.Fatal(err)
	}
}

// grants are those that the directory holds.
func (w *world) grants() []string {
	w.Helper()
	var grants []string
	w.directory(func(d directory.Directory) error {
		for a, err := range d.ExternalAdmins(w.Context(), directory.ExternalAdminFilter{}) {
			if err != nil {
				return err
			}
			grants = append(grants, fmt.Sprintf("%s/%s %s", a.TenantID, a.Email, a.RoleID))
		}
		return nil
	})
	slices.Sort(grants)
	return grants
}

// accounts are the partners, tenants and custom roles that the directory has,
// the retired ones marked.
func (w *world) accounts() []string {
	w.Helper()
	var found []string
	add := func(kind, key string, retired bool) {
		if retired {
			key += " retired"
		}
		found = append(found, kind+" "+key)
	}
	w.directory(func(d directory.Directory) error {
		for p, err := range d.Partners(w.Context(), directory.PartnerFilter{}) {
			if err != nil {
				return err
			}
			add("partner", string(p.AccountCode), p.Retired)
		}
		for t, err := range d.Tenants(w.Context(), directory.TenantFilter{}) {
			if err != nil {
				return err
			}
			add("tenant", string(t.AccountCode), t.Retired)
		}
		for r, err := range d.Roles(w.Context(), directory.RoleFilter{}) {
			if err != nil {
				return err
			}
			add("role", directory.KeyOf(r).String(), r.Retired)
		}
		return nil
	})
	return found
}

// has checks that the directory has exactly these partners, tenants and custom roles.
func (w *world) has(accounts ...string) {
	w.Helper()
	if found := w.accounts(); !slices.Equal(found, accounts) {
		w.Fatalf("the directory has %q, want %q", found, accounts)
	}
}

// events counts what was done in the directory, by action.
func (w *world) events() map[string]int {
	w.Helper()
	count := map[string]int{}
	w.directory(func(d directory.Directory) error {
		for e, err := range d.AuditEvents(w.Context(), directory.AuditFilter{}) {
			if err != nil {
				return err
			}
			if e.Outcome == directory.OutcomeDone {
				count[e.Action]++
			}
		}
		return nil
	})
	return count
}

// state returns the addresses in the state.
func (w *world) state() []string {
	w.Helper()
	return strings.Fields(w.cli.Succeed("state", "list"))
}

// forget removes the state.
func (w *world) forget() {
	w.Helper()
	for _, name := range []string{"terraform.tfstate", "terraform.tfstate.backup"} {
		if err := os.Remove(filepath.Join(w.cli.Dir, name)); err != nil && !os.IsNotExist(err) {
			w.Fatal(err)
		}
	}
}

// plan plans the configuration and returns the plan as JSON.
func (w *world) plan(resources ...string) plan {
	w.Helper()
	w.configure(resources...)
	w.run("plan", "-out=saved")
	out, err := w.cli.Command("show", "-json", "saved").Output()
	if err != nil {
		w.Fatal(err)
	}
	var p plan
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&p); err != nil {
		w.Fatal(err)
	}
	return p
}

// plan is what a plan shows.
type plan struct {
	Changes []struct {
		Address string
		Change  struct {
			Actions []string
			After   map[string]any
		}
	} `json:"resource_changes"`
}

// actions returns what is planned for an address, joined with commas.
func (p plan) actions(address string) string {
	for _, c := range p.Changes {
		if c.Address == address {
			return strings.Join(c.Change.Actions, ",")
		}
	}
	return "nothing"
}

// after returns an attribute as planned, nil if it is not known.
func (p plan) after(address, attribute string) any {
	for _, c := range p.Changes {
		if c.Address == address {
			return c.Change.After[attribute]
		}
	}
	return nil
}
