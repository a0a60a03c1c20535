package terraform_test

import (
	"context"
	"os"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestMain(m *testing.M) { os.Exit(acctest.Main(m)) }

const all = "data.mimecast_worklist.all"

func TestWorklist(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(filter string) string {
		return d.Config(acctest.MSP + `
resource "mimecast_external_admins" "client" {
  tenant_id = mimecast_tenant.client.id
  admins = {
    "anna@northwind.example" = { role_id = "partner-admin" }
    "ben@northwind.example"  = { role_id = "help-desk-admin" }
  }
}

data "mimecast_worklist" "all" {
` + filter + `}

output "todo" {
  value = [for item in data.mimecast_worklist.all.items : join(" ", compact([item.kind, item.email, item.from, item.to]))]
}

output "steps" {
  value = [for pass in data.mimecast_worklist.all.passes : "${pass.place} ${join(",", pass.tenant_ids)} ${length(pass.item_ids)}" if length(pass.steps) > 0]
}

data "mimecast_external_admins" "all" {}

output "confirmed" {
  value = [for admin in data.mimecast_external_admins.all.admins : admin.email if admin.confirmed_at != null]
}
`)
	}
	saw := func(observe directory.Observe) func() {
		return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
			observe.Tenant, observe.Means = "CUSA01A001", rolemodel.MeansFile
			_, err := directory.SayObserved(ctx, db, observe)
			return err
		})
	}
	says := func(output string, lines ...string) statecheck.StateCheck {
		checks := make([]knownvalue.Check, len(lines))
		for i, line := range lines {
			checks[i] = knownvalue.StringExact(line)
		}
		return statecheck.ExpectKnownOutputValue(output, knownvalue.TupleExact(checks))
	}
	total := func(n int64) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(all, tfjsonpath.New("total"), knownvalue.Int64Exact(n))
	}
	acctest.Run(t,
		resource.TestStep{ // Nothing is there when it is first read.
			Config:             config(""),
			ConfigStateChecks:  []statecheck.StateCheck{total(0), statecheck.ExpectKnownValue(all, tfjsonpath.New("oldest"), knownvalue.Null())},
			ExpectNonEmptyPlan: true, // The outputs will change.
		},
		resource.TestStep{
			Config: config(""),
			ConfigStateChecks: []statecheck.StateCheck{
				total(3), says("todo", "add_admin anna@northwind.example Partner Administrator", "add_admin ben@northwind.example Help Desk Administrator", "never_observed"),
				says("steps", "administration_console CUSA01A001 3"), says("confirmed"),
				statecheck.ExpectKnownValue(all, tfjsonpath.New("oldest"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(all, tfjsonpath.New("items").AtSliceIndex(0).AtMapKey("declared_by"), knownvalue.NotNull()),
			},
		},
		resource.TestStep{ // It never changes merely because time passes.
			Config: config(""), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
		resource.TestStep{
			PreConfig: saw(directory.Observe{Complete: true, Admins: []rolemodel.ObservedAdmin{
				{Email: "anna@northwind.example", RoleName: "partner administrator"}, {Email: "ben@northwind.example", RoleName: "Reviewer"}, {Email: "zoe@elsewhere.example", RoleName: "Full Administrator"},
			}}),
			Config: config(""),
			ConfigStateChecks: []statecheck.StateCheck{
				total(2), says("todo", "change_admin_role ben@northwind.example Reviewer Help Desk Administrator", "undeclared_admin zoe@elsewhere.example Full Administrator"),
				says("confirmed", "anna@northwind.example"),
				statecheck.ExpectKnownValue(all, tfjsonpath.New("counts").AtMapKey("undeclared_admin"), knownvalue.Int64Exact(1)),
				statecheck.ExpectKnownValue(all, tfjsonpath.New("counts").AtMapKey("never_observed"), knownvalue.Int64Exact(0)),
			},
		},
		resource.TestStep{
			Config:            config("email = \"Zoe@elsewhere.example\"\n tenant_ids = [\"cusa01a001\"]\n"),
			ConfigStateChecks: []statecheck.StateCheck{total(1), says("todo", "undeclared_admin zoe@elsewhere.example Full Administrator")},
		},
		resource.TestStep{
			PreConfig: saw(directory.Observe{Admins: []rolemodel.ObservedAdmin{
				{Email: "ben@northwind.example", RoleName: "Help Desk Administrator"}, {Email: "zoe@elsewhere.example", RoleName: ""},
			}}),
			Config:            config(""),
			ConfigStateChecks: []statecheck.StateCheck{total(0), says("todo"), says("confirmed", "anna@northwind.example", "ben@northwind.example")},
		},
		resource.TestStep{Config: config("tenant_ids = [\"CNONE\"]\n"), ExpectError: regexp.MustCompile(`There is no tenant "CNONE"`)},
	)
}
