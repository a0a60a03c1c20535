//go:build unix

package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

// inState returns the grants of the state, as Directory.Grants returns those of the directory.
func inState(t *testing.T, cli *acctest.CLI) []string {
	t.Helper()
	out, err := cli.Command("show", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Values struct {
			Root struct {
				Resources []struct {
					Type   string
					Values struct {
						ID     string
						RoleID string `json:"role_id"`
					}
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal(out, &state); err != nil {
		t.Fatal(err)
	}
	var grants []string
	for _, r := range state.Values.Root.Resources {
		if r.Type == "mimecast_external_admin" {
			grants = append(grants, r.Values.ID+" "+r.Values.RoleID)
		}
	}
	slices.Sort(grants)
	return grants
}

// interrupt starts an apply in a process group of its own and calls stop once
// the directory holds some of the grants. It returns what the apply printed.
func interrupt(t *testing.T, d acctest.Directory, cli *acctest.CLI, stop func(*exec.Cmd) error) string {
	t.Helper()
	cmd := cli.Command("apply", "-auto-approve")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait() // It is interrupted: what it left behind is what counts.
	}()
	for stopped := false; ; {
		select {
		case <-done:
			return out.String()
		case <-time.After(5 * time.Millisecond):
		}
		if !stopped && len(d.Grants()) >= 5 {
			stopped = true
			if err := stop(cmd); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestInterrupt presses Ctrl-C during an apply: what the directory holds is in
// the state, and the next apply goes on from there.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP)})
	cli.Apply()
	cli.Write("main.tf", acctest.Source+d.Config(acctest.MSP+many()))
	out := interrupt(t, d, cli, func(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) })
	held := d.Grants()
	if state := inState(t, cli); !slices.Equal(state, held) {
		t.Errorf("the state has\n%q\nand the directory\n%q\nafter\n%s", state, held, out)
	}
	t.Logf("interrupted after %d of %d grants", len(held), manyGrants)
	cli.Apply()
	cli.ExpectEmptyPlan()
	if held := len(d.Grants()); held != manyGrants {
		t.Errorf("the directory holds %d grants, want %d", held, manyGrants)
	}
}

// TestKilled kills the provider, or Terraform with it, during an apply. What was
// granted and is not in the state is refused with its import ID, and once it is
// imported the apply goes on.
func TestKilled(t *testing.T) {
	t.Parallel()
	group := func(t *testing.T, _ *acctest.CLI, cmd *exec.Cmd) error {
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	alone := func(t *testing.T, cli *acctest.CLI, _ *exec.Cmd) error {
		text, err := os.ReadFile(filepath.Join(cli.Dir, "provider.pid"))
		if err != nil {
			return err
		}
		pid, err := strconv.Atoi(string(text))
		if err != nil {
			return err
		}
		return syscall.Kill(pid, syscall.SIGKILL)
	}
	for name, kill := range map[string]func(*testing.T, *acctest.CLI, *exec.Cmd) error{"Terraform and the provider": group, "the provider": alone} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP)})
			cli.Apply()
			cli.Env = append(cli.Env, acctest.PIDFile+"="+filepath.Join(cli.Dir, "provider.pid"))
			cli.Write("main.tf", acctest.Source+d.Config(acctest.MSP+many()))
			interrupt(t, d, cli, func(cmd *exec.Cmd) error { return kill(t, cli, cmd) })
			t.Logf("killed after %d of %d grants", len(d.Grants()), manyGrants)
			if damaged(t, cli) {
				return
			}
			out, err := cli.Run("apply", "-auto-approve")
			if err != nil {
				ids := orphans(out)
				if len(ids) == 0 {
					t.Fatalf("%v without an import ID:\n%s", err, out)
				}
				for _, id := range ids {
					_, email, _ := strings.Cut(id, "/")
					name, _, _ := strings.Cut(email, "@")
					cli.Succeed("import", fmt.Sprintf("mimecast_external_admin.many[%q]", name), id)
				}
				t.Logf("imported %d", len(ids))
				cli.Apply()
			}
			cli.ExpectEmptyPlan()
			if state, held := inState(t, cli), d.Grants(); !slices.Equal(state, held) || len(held) != manyGrants {
				t.Errorf("the state has %d grants and the directory %d, want %d", len(state), len(held), manyGrants)
			}
		})
	}
}

// damaged says whether Terraform was killed while it wrote the state, which it
// does in place. What to do then is not the provider's to say.
func damaged(t *testing.T, cli *acctest.CLI) bool {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(cli.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(content) {
		t.Log("Terraform's state is damaged: nothing more to see here")
		return true
	}
	return false
}

var importID = regexp.MustCompile(`(CUSA01A001/t\d+@northwind\.example)`)

// orphans are the import IDs in the errors of an apply.
func orphans(out string) []string {
	_, errors, _ := strings.Cut(out, "Error:")
	ids := importID.FindAllString(errors, -1)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// TestKilledMap kills Terraform while it applies all grants of a tenant at once:
// the next apply needs no import.
func TestKilledMap(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	grants := fmt.Sprintf(`
resource "mimecast_external_admins" "all" {
  tenant_id = mimecast_tenant.client.id
  admins    = { for i in range(%d) : format("t%%03d@northwind.example", i) => { role_id = "help-desk-admin" } }
}

resource "mimecast_external_admins" "more" {
  tenant_id  = mimecast_tenant.more.id
  admins     = mimecast_external_admins.all.admins
}

resource "mimecast_tenant" "more" {
  name           = "Birch Dental"
  account_code   = "CUSA02A002"
  primary_domain = "birch.example"
  partner_id     = mimecast_partner.msp.id
}
`, manyGrants)
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP)})
	cli.Apply()
	cli.Write("main.tf", acctest.Source+d.Config(acctest.MSP+grants))
	interrupt(t, d, cli, func(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	if damaged(t, cli) {
		return
	}
	held := len(d.Grants())
	if held%manyGrants != 0 {
		t.Errorf("the directory holds %d grants: one transaction is done or not", held)
	}
	out, err := cli.Run("apply", "-auto-approve")
	if err != nil { // The second tenant may be there without being in the state.
		cli.ExpectSays(out, `The directory already has "CUSA02A002". Import it`)
		cli.Succeed("import", "mimecast_tenant.more", "CUSA02A002")
		cli.Apply()
	}
	cli.ExpectEmptyPlan()
	if held := len(d.Grants()); held != 2*manyGrants {
		t.Errorf("the directory holds %d grants, want %d", held, 2*manyGrants)
	}
}
