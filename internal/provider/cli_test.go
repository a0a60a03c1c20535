package provider_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestWithoutDirectory has what needs no directory work and the rest explain itself.
func TestWithoutDirectory(t *testing.T) {
	t.Parallel()
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + `
data "mimecast_default_roles" "all" {}

data "mimecast_default_role" "basic" {
  id = "basic-admin"
}

data "mimecast_permissions" "all" {}

output "role" {
  value = data.mimecast_default_role.basic.name
}
`})
	cli.ExpectSays(cli.Apply(), `role = "Basic Administrator"`)
	cli.ExpectEmptyPlan()
	cli.Write("main.tf", acctest.Source+acctest.MSP)
	cli.Succeed("validate")
	cli.ExpectSays(cli.Fail("plan"), `No directory is configured`, `directory = "${path.root}/msp.directory"`, `postgres://`, `in the environment as MIMECAST_DIRECTORY.`)
}

// TestProviderBlock has the mistakes that a provider block or its environment can have.
func TestProviderBlock(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		block string
		env   []string
		text  []string
	}{
		"unknown directory": {
			block: "directory = terraform_data.path.output",
			text:  []string{"directory = terraform_data.path.output", `directory is not known yet, because it depends on a resource that is still to be created.`},
		},
		"no such role": {
			block: `directory = "test.directory"` + "\n" + `acting_as = "admin"`,
			text:  []string{`acting_as = "admin"`, `is not the ID of a default role. Write one of "super-admin"`},
		},
		"neither true nor false": {
			block: `directory = "test.directory"`, env: []string{"MIMECAST_READ_ONLY=maybe"},
			text: []string{`MIMECAST_READ_ONLY is "maybe", which is neither true nor false.`},
		},
		"no such folder": {
			block: `directory = "nowhere/test.directory"`,
			text:  []string{`cannot be created: there is no folder`},
		},
		"not a directory": {
			block: `directory = "main.tf"`,
			text:  []string{`is not a directory: it is not a SQLite file.`},
		},
		"read-only and missing": {
			block: `directory = "test.directory"` + "\n" + `read_only = true`,
			text:  []string{`There is no directory`, `and it is not created because it is open for reading only. Correct the path, or use it once without read_only.`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + "provider \"mimecast\" {\n" + test.block + "\n}\n" + `
resource "terraform_data" "path" {
  input = "test.directory"
}
` + acctest.MSP})
			cli.Env = append(cli.Env, test.env...)
			cli.ExpectSays(cli.Fail("plan"), test.text...)
			if _, err := os.Stat(filepath.Join(cli.Dir, "test.directory")); err == nil {
				t.Error("the directory was created all the same")
			}
		})
	}
}

// TestReadOnly plans with read_only and applies nothing.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	const grants = `
resource "mimecast_external_admins" "all" {
  tenant_id = mimecast_tenant.client.id
  admins    = { "anna@northwind.example" = { role_id = "help-desk-admin" } }
}
`
	const refused = `The directory is open for reading only, so nothing was changed. Remove read_only (or MIMECAST_READ_ONLY) to allow changes.`
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP+grants)})
	cli.Apply()
	before := fingerprint(t, d)

	cli.Env = append(cli.Env, "MIMECAST_READ_ONLY=true")
	cli.ExpectEmptyPlan()
	cli.ExpectSays(cli.Fail("destroy", "-auto-approve"), refused)
	cli.Write("main.tf", acctest.Source+d.Config(strings.ReplaceAll(acctest.MSP, "Alder Legal", "Alder")+strings.ReplaceAll(grants, "help-desk", "gateway")+`
resource "mimecast_role" "custom" {
  tenant_id = mimecast_tenant.client.id
  name      = "Directory Administrator"
}

resource "mimecast_tenant" "another" {
  name           = "Birch Dental"
  primary_domain = "birch.example"
}

resource "mimecast_partner" "another" {
  name    = "Southwind IT"
  domains = ["southwind.example"]
}
`, `read_only = true`))
	cli.ExpectSays(cli.Succeed("plan"), "3 to add, 2 to change, 0 to destroy")
	cli.ExpectSays(cli.Fail("apply", "-auto-approve"), refused)
	if after := fingerprint(t, d); after != before {
		t.Errorf("the directory changed from\n%s\nto\n%s", before, after)
	}
}

// TestSecrets connects to where no PostgreSQL is, or not with this password, and
// looks for the password in all that Terraform and the provider write.
func TestSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-%C3%A9"
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := nobody.Addr().String()
	_ = nobody.Close()
	for name, url := range map[string]string{
		"nobody listens": "postgres://msp:" + secret + "@" + address + "/mimecast?sslmode=disable",
		"no such host":   "postgresql://msp:" + secret + "@nowhere.invalid/mimecast",
		"parameter":      "postgres://" + address + "/mimecast?user=msp&password=" + secret,
		"bad parameter":  "postgres://msp:" + secret + "@" + address + "/mimecast?sslmode=perhaps",
		"malformed":      "postgres://msp:" + secret + "%zz@" + address + "/mimecast",
		"bad port":       "postgres://msp:" + secret + "@127.0.0.1:port/mimecast",
		"no slashes":     "postgres:msp:" + secret + "@127.0.0.1/mimecast",
		"another scheme": "mysql://msp:" + secret + "@127.0.0.1/mimecast",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + acctest.MSP})
			cli.Env = append(cli.Env, "MIMECAST_DIRECTORY="+url, "TF_LOG=trace", "TF_LOG_PATH="+filepath.Join(cli.Dir, "trace.log"))
			out := cli.Fail("apply", "-auto-approve")
			if !strings.Contains(out, "Error:") {
				t.Errorf("there is no error in:\n%s", out)
			}
			looked := 0
			files, err := filepath.Glob(filepath.Join(cli.Dir, "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				content, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				looked++
				leaks(t, filepath.Base(file), string(content))
			}
			if looked < 2 {
				t.Errorf("only %q were looked at: there is no log", files)
			}
			leaks(t, "output", out)
		})
	}
}

// TestSecretInBlock writes the URL where nobody should, and finds it nowhere but there.
func TestSecretInBlock(t *testing.T) {
	t.Parallel()
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + acctest.MSP + `
provider "mimecast" {
  directory = "postgres://msp:hunter2-%C3%A9@nowhere.invalid/mimecast"
}
`})
	leaks(t, "output", cli.Fail("plan"))
}

// leaks fails the test if a text has the password, as it is or decoded.
func leaks(t *testing.T, where, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.Contains(line, "hunter2") {
			t.Errorf("%s has the password: %s", where, line)
		}
	}
}

// TestTwoRuns applies two configurations for different tenants to one directory file at once.
func TestTwoRuns(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	first := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP+many())})
	first.Succeed("apply", "-auto-approve", "-target=mimecast_partner.msp")
	second := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(`
resource "mimecast_tenant" "client" {
  account_code   = "CUSA02A002"
  name           = "Birch Dental"
  primary_domain = "birch.example"
  partner_id     = "CUSA00A000"
}
`+many())})
	type result struct {
		out string
		err error
	}
	results := make(chan result)
	for _, cli := range []*acctest.CLI{first, second} {
		go func() {
			out, err := cli.Run("apply", "-auto-approve")
			results <- result{out, err}
		}()
	}
	for range 2 {
		if r := <-results; r.err != nil {
			t.Errorf("%v\n%s", r.err, r.out)
		}
	}
	if held := len(d.Grants()); held != 2*manyGrants {
		t.Errorf("the directory holds %d grants, want %d", held, 2*manyGrants)
	}
	first.ExpectEmptyPlan()
	second.ExpectEmptyPlan()
}

// fingerprint is all that the directory holds but for the audit trail.
func fingerprint(t *testing.T, d acctest.Directory) string {
	t.Helper()
	db := d.As(rolemodel.BasicAdmin)
	var b strings.Builder
	dump(t, &b, db)
	return b.String()
}

// manyGrants is how many grants many makes.
const manyGrants = 60

// many is the grants of mimecast_tenant.client, one resource each.
func many() string {
	return fmt.Sprintf(`
locals {
  technicians = { for i in range(%d) : format("t%%03d", i) => format("t%%03d@northwind.example", i) }
}

resource "mimecast_external_admin" "many" {
  for_each  = local.technicians
  tenant_id = mimecast_tenant.client.id
  email     = each.value
  role_id   = "help-desk-admin"
}
`, manyGrants)
}

// dump writes all that the directory holds.
func dump(t *testing.T, w io.Writer, db directory.Directory) {
	t.Helper()
	ctx := context.Background()
	write := func(value any, err error) {
		if err == nil {
			err = json.NewEncoder(w).Encode(value)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for p, err := range db.Partners(ctx, directory.PartnerFilter{}) {
		write(p, err)
	}
	for tenant, err := range db.Tenants(ctx, directory.TenantFilter{}) {
		write(tenant, err)
	}
	for r, err := range db.Roles(ctx, directory.RoleFilter{}) {
		write(r, err)
	}
	for a, err := range db.ExternalAdmins(ctx, directory.ExternalAdminFilter{}) {
		write(a, err)
	}
}
