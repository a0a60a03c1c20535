//go:build unix

package refactor_test

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

// progress is what the CLI says of an operation.
var progress = regexp.MustCompile(`: (Creating\.\.\.|Creation complete|Modifying\.\.\.|Modifications complete|Destroying\.\.\.|Destruction complete)`)

// killed applies and kills after so many lines of progress. It says whether that was before the end.
func (w *world) killed(after int, kill func(*exec.Cmd) error) bool {
	w.Helper()
	cmd := w.cli.Command("apply", "-auto-approve", parallelism)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	lines, done := bufio.NewScanner(out), false
	for seen := 0; lines.Scan(); {
		if !progress.MatchString(lines.Text()) {
			continue
		}
		if seen++; seen == after {
			done = true
			if err := kill(cmd); err != nil {
				w.Fatal(err)
			}
		}
	}
	return cmd.Wait() != nil && done
}

// repair restores the state from its backup if the CLI was killed while it wrote
// it, which it does in place. That is what a person would do.
func (w *world) repair() {
	w.Helper()
	state := filepath.Join(w.cli.Dir, "terraform.tfstate")
	content, err := os.ReadFile(state)
	if err != nil && !os.IsNotExist(err) {
		w.Fatal(err)
	}
	if err != nil || json.Valid(content) {
		return
	}
	backup, err := os.ReadFile(state + ".backup")
	if err != nil { // The first apply has none.
		w.forget()
		return
	}
	if err := os.WriteFile(state, backup, 0o600); err != nil {
		w.Fatal(err)
	}
}

// TestKilled kills the CLI, with the provider or alone, or the provider in the
// middle of an apply. The next plain apply converges, without an import.
func TestKilled(t *testing.T) {
	t.Parallel()
	const n = 60
	pid := func(w *world) string { return filepath.Join(w.cli.Dir, "provider.pid") }
	victims := map[string]func(*world) func(*exec.Cmd) error{
		"the CLI and the provider": func(*world) func(*exec.Cmd) error {
			return func(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
		},
		"the provider": func(w *world) func(*exec.Cmd) error {
			return func(*exec.Cmd) error {
				text, err := os.ReadFile(pid(w))
				if err != nil {
					return err
				}
				id, err := strconv.Atoi(string(text))
				if err != nil {
					return err
				}
				return syscall.Kill(id, syscall.SIGKILL)
			}
		},
	}
	changes := map[string]struct {
		before, after string
		lines         int
	}{
		"60 clients with maps come":          {partner, clients(n) + asMaps("all", "help-desk-admin"), 4 * n},
		"60 clients with single grants come": {partner, clients(n) + asSingles("all", "anna"), 4 * n},
		"single grants become maps":          {clients(n) + asSingles("old", "anna"), clients(n) + asMaps("new", "help-desk-admin", "anna"), 4 * n},
		"maps become single grants":          {clients(n) + asMaps("old", "help-desk-admin", "anna"), clients(n) + asSingles("new", "anna"), 4 * n},
		"tenants get other keys":             {clients(n) + asMaps("all", "help-desk-admin", "anna"), "", 6 * n},
	}
	for victim, kill := range victims {
		for name, c := range changes {
			t.Run(victim+"/"+name, func(t *testing.T) {
				kills := func(w *world) {
					held := granted(n, "help-desk-admin", "anna")
					if name == "60 clients with maps come" {
						held = granted(n, "help-desk-admin")
					}
					after := c.after
					if after == "" {
						after = renamedKeys(c.before)
					}
					w.cli.Env = append(w.cli.Env, acctest.PIDFile+"="+pid(w))
					w.apply(c.before)
					w.configure(after)
					point := 1 + rand.IntN(c.lines) //nolint:gosec // Any point will do.
					killed := w.killed(point, kill(w))
					w.Logf("killed at line %d of about %d: %v; the directory has %d grants and %d accounts", point, c.lines, killed, len(w.grants()), len(w.accounts()))
					w.repair()
					w.run("apply", "-auto-approve", parallelism)
					w.converged(held...)
				}
				eachRound(t, kills)
			})
		}
	}
}
