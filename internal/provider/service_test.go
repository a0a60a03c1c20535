package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient/badnetwork"
)

// viaService returns a CLI whose configuration names no directory, so that the environment does.
func viaService(t *testing.T, env []string, resources string) *acctest.CLI {
	t.Helper()
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + resources})
	cli.Env = append(cli.Env, env...)
	return cli
}

// expectDeclared fails the test unless the directory holds exactly the grants of many, and the plan is empty.
func expectDeclared(t *testing.T, d acctest.Directory, cli *acctest.CLI) {
	t.Helper()
	held := d.Grants()
	if len(held) != manyGrants || !slices.Equal(inState(t, cli), held) {
		t.Errorf("the directory holds\n%q\nand the state\n%q", held, inState(t, cli))
	}
	cli.ExpectEmptyPlan()
}

// TestServiceKilled kills the service in the middle of an apply and starts it
// again: the apply goes on and ends well.
func TestServiceKilled(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	cli := viaService(t, nil, acctest.MSP+many())
	service := acctest.NewService(t, d.Path)
	cli.Env = append(cli.Env, service.Env...)
	out := interrupt(t, d, cli, func(*exec.Cmd) error {
		service.Kill()
		time.Sleep(500 * time.Millisecond)
		service.Start()
		return nil
	})
	if !strings.Contains(out, "Apply complete!") {
		t.Fatalf("the apply did not go on:\n%s", out)
	}
	expectDeclared(t, d, cli)
}

// TestServiceBehindBadNetwork applies and destroys through a network that does
// something bad to every third request.
func TestServiceBehindBadNetwork(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	cli := viaService(t, nil, acctest.MSP+many())
	service := acctest.NewService(t, d.Path)
	var faults []badnetwork.Fault
	for _, fault := range badnetwork.Faults() {
		faults = append(faults, fault)
	}
	proxy := badnetwork.New(t, service.URL, faults...)
	cli.Env = append(cli.Env, service.Env...)
	cli.Env = append(cli.Env, "MIMECAST_DIRECTORY="+proxy.URL)
	proxy.Bad.Store(true)
	cli.Apply()
	expectDeclared(t, d, cli)
	cli.Succeed("destroy", "-auto-approve")
	if held := d.Grants(); len(held) > 0 {
		t.Errorf("the directory still holds %q", held)
	}
	if proxy.Done.Load() == 0 {
		t.Error("nothing bad happened")
	}
}

// TestServiceTokensEnd applies with tokens that end while it does.
func TestServiceTokensEnd(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	cli := viaService(t, nil, acctest.MSP+many())
	cli.Env = append(cli.Env, acctest.NewService(t, d.Path, "--token-lifetime", "1s").Env...)
	cli.Apply()
	expectDeclared(t, d, cli)
}

// TestServiceSaysTheSame breaks rules through the service and in an embedded
// directory: Terraform shows the same words, in the plan and from an apply, but
// for how one gets more authority.
func TestServiceSaysTheSame(t *testing.T) {
	t.Parallel()
	broken := acctest.MSP + `
resource "mimecast_external_admins" "broken" {
  tenant_id = mimecast_tenant.client.id
  admins = {
    "anna@alder.example"      = { role_id = "partner-admin" }
    "ben@elsewhere.example"   = { role_id = "help-desk-admin" }
    "chloe@northwind.example" = { role_id = "full-admin" }
    "dev@northwind.example"   = { role_id = "gateway-admn" }
  }
}
`
	embedded := acctest.NewDirectory(t)
	near := viaService(t, []string{"MIMECAST_DIRECTORY=" + embedded.Path}, broken)
	served := acctest.NewDirectory(t)
	far := viaService(t, nil, broken)
	far.Env = append(far.Env, acctest.NewService(t, served.Path).Env...)
	want, got := near.Fail("plan"), far.Fail("plan")
	want = strings.Replace(want, `set acting_as = "super-admin"
if you hold that role.`, `use a credential with the
role "super-admin".`, 1)
	if sorted(got) != sorted(want) {
		t.Errorf("through the service:\n%s\nembedded:\n%s", got, want)
	}
	for _, rule := range []string{"external-address", "partner-login", "protected-assignment", "role-of-tenant"} {
		near.ExpectSays(got, "Rule: "+rule)
	}
	// A role that is taken is found by the directory alone: the plan of the other run did not know of it.
	for _, cli := range []*acctest.CLI{near, far} {
		cli.Write("main.tf", acctest.Source+acctest.MSP)
		cli.Apply()
		cli.Write("main.tf", acctest.Source+strings.Replace(acctest.MSP, `"CUSA01A001"`, `"CUSA00A000"`, 1))
	}
	if got, want := far.Fail("plan"), near.Fail("plan"); sorted(got) != sorted(want) {
		t.Errorf("through the service:\n%s\nembedded:\n%s", got, want)
	}
}

// sorted returns the errors that Terraform prints, by paragraph in an order of
// their own: Terraform reports what it finds at once in no order.
func sorted(out string) string {
	_, out, _ = strings.Cut(out, "Error:")
	paragraphs := strings.Split(out, "\n\n")
	slices.Sort(paragraphs)
	return strings.Join(paragraphs, "\n\n")
}

// TestServiceIsAskedOncePerTenant counts what a plan of many grants asks for.
func TestServiceIsAskedOncePerTenant(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	cli := viaService(t, nil, acctest.MSP+many())
	service := acctest.NewService(t, d.Path)
	to, err := url.Parse(service.URL)
	if err != nil {
		t.Fatal(err)
	}
	var reads atomic.Int64
	pass := httputil.NewSingleHostReverseProxy(to)
	counting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			reads.Add(1)
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(counting.Close)
	cli.Env = append(append(cli.Env, service.Env...), "MIMECAST_DIRECTORY="+counting.URL)
	cli.Apply()
	reads.Store(0)
	cli.ExpectEmptyPlan()
	// The partner, the tenant, some grants before their list is worth it, and the list.
	if n := reads.Load(); n > 12 {
		t.Errorf("a plan of %d grants asked %d times", manyGrants, n)
	}
}

// TestServiceMistakes: a sentence each that names the setting to change.
func TestServiceMistakes(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	cli := viaService(t, nil, acctest.MSP)
	service := acctest.NewService(t, d.Path)
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	env := slices.Concat(cli.Env, service.Env)
	for name, test := range map[string]struct {
		set  string
		says []string
	}{
		"wrong secret":    {"MIMECAST_CLIENT_SECRET=wrong", []string{"client_secret"}},
		"no secret":       {"MIMECAST_CLIENT_SECRET=", []string{"client_secret"}},
		"no ID":           {"MIMECAST_CLIENT_ID=", []string{"client_id"}},
		"not the service": {"MIMECAST_DIRECTORY=" + other.URL, []string{"directory"}},
		"unreachable":     {"MIMECAST_DIRECTORY=" + gone.URL, []string{"directory"}},
		"plain HTTP":      {"MIMECAST_DIRECTORY=http://directory.example", []string{"directory", "https"}},
		"acting_as":       {"MIMECAST_ACTING_AS=super-admin", []string{"acting_as", "credential"}},
	} {
		t.Run(name, func(t *testing.T) {
			cli.Env = append(slices.Clone(env), test.set)
			out := cli.Fail("plan")
			cli.ExpectSays(out, test.says...)
			if secret, _ := strings.CutPrefix(service.Env[2], "MIMECAST_CLIENT_SECRET="); strings.Contains(out, secret) {
				t.Errorf("the secret is in:\n%s", out)
			}
			_, out, _ = strings.Cut(out, "Error:")
			t.Log(out)
		})
	}
}
