package export_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

// TestQuery has Terraform write the configuration of what its query finds, and
// applies that: it imports everything, changes nothing but who declares it, and
// then there is nothing to do.
func TestQuery(t *testing.T) {
	t.Parallel()
	for form, last := range map[string]string{"map": "mimecast_external_admins", "single": "mimecast_external_admin"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			lists := ""
			for _, kind := range []string{"mimecast_partner", "mimecast_tenant", "mimecast_role", last} {
				lists += fmt.Sprintf("list %q \"all\" {\n  provider = mimecast\n}\n", kind)
			}
			cli := acctest.NewCLI(t, map[string]string{
				"main.tf": acctest.Source + d.Config(``, `acting_as = "super-admin"`), "all.tfquery.hcl": lists,
			})
			skipWithoutQuery(t, cli)
			d.Fill()
			cli.Succeed("query", "-generate-config-out=generated.tf")
			planned := cli.Succeed("plan", "-out=plan")
			entries := map[string]int{"map": 9, "single": 10}[form]
			cli.ExpectSays(planned, fmt.Sprintf("%d to import, 0 to add, %d to change, 0 to destroy", entries, entries))
			if n := strings.Count(planned, "-> true"); n != entries {
				t.Errorf("%d of %d entries change who declares them:\n%s", n, entries, planned)
			}
			cli.Succeed("apply", "plan")
			cli.ExpectEmptyPlan()
		})
	}
}

// skipWithoutQuery skips the test on a CLI without the query command: OpenTofu,
// and Terraform before 1.14. What the provider answers is tested there too, without a CLI.
func skipWithoutQuery(t *testing.T, cli *acctest.CLI) {
	t.Helper()
	out, err := cli.Command("version", "-json").Output()
	var has struct {
		Version string `json:"terraform_version"`
	}
	if err == nil {
		err = json.Unmarshal(out, &has)
	}
	var major, minor int
	if err == nil {
		_, err = fmt.Sscanf(has.Version, "%d.%d.", &major, &minor)
	}
	if err != nil {
		t.Fatal(err)
	}
	if help, err := cli.Run("query", "-help"); major == 1 && minor < 14 || err != nil || !strings.Contains(help, "-generate-config-out") {
		t.Skipf("version %s has no query", has.Version)
	}
}
