package externaladmin_test

import (
	"context"
	"regexp"
	"strings"
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

// Why and until when a grant is, in both resources and in the data source.
func TestTerm(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(term, inMap string) string {
		return d.Config(acctest.MSP + secondTenant + `
resource "mimecast_external_admin" "anna" {
  tenant_id = mimecast_tenant.client.id
  email     = "anna@northwind.example"
  role_id   = "basic-admin"
  ` + term + `
}
resource "mimecast_external_admins" "all" {
  tenant_id = mimecast_tenant.second.id
  admins    = { "Bea@northwind.example" = { role_id = "basic-admin", ` + inMap + ` } }
}
data "mimecast_external_admins" "all" {
  depends_on = [mimecast_external_admin.anna, mimecast_external_admins.all]
}
`)
	}
	const single, listed = "mimecast_external_admin.anna", "data.mimecast_external_admins.all"
	listedAs := func(i int, attribute, value string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(listed, tfjsonpath.New("admins").AtSliceIndex(i).AtMapKey(attribute), knownvalue.StringExact(value))
	}
	ours := config("reason = \"On call\"\n  expires_at = \"2199-01-31T18:00:00+02:00\"", `reason = "Holidays", expires_at = "2199-06-30T00:00:00+02:00"`)
	acctest.Run(t,
		resource.TestStep{
			Config: ours,
			ConfigStateChecks: []statecheck.StateCheck{
				has(single, "reason", "On call"), has(single, "expires_at", "2199-01-31T18:00:00+02:00"),
				listedAs(0, "reason", "On call"), listedAs(0, "expires_at", "2199-01-31T16:00:00Z"),
				listedAs(1, "reason", "Holidays"), listedAs(1, "expires_at", "2199-06-29T22:00:00Z"),
			},
		},
		resource.TestStep{Config: ours, ConfigPlanChecks: emptyPlan},
		resource.TestStep{ // The same moments in another spelling.
			Config: config("reason = \"On call\"\n  expires_at = \"2199-01-31T16:00:00.25Z\"", `reason = "Holidays", expires_at = "2199-06-29T22:00:00Z"`), ConfigPlanChecks: emptyPlan,
		},
		resource.TestStep{ResourceName: single, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"declared", "expires_at"}},
		resource.TestStep{ // Somebody else changed it.
			PreConfig: d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
				return acctest.Update(ctx, db, rolemodel.ExternalAdmin{TenantID: alder, Email: anna, RoleID: rolemodel.BasicAdmin, Reason: "Something else"})
			}),
			Config:           ours,
			ConfigPlanChecks: planned(single, plancheck.ResourceActionUpdate, plancheck.ExpectResourceAction(admins, plancheck.ResourceActionNoop)),
		},
		resource.TestStep{ // Both are wrong, and both are said.
			Config:      config(`expires_at = "2001-01-01T00:00:00Z"`, `expires_at = "2001-01-01T00:00:00Z"`),
			ExpectError: regexp.MustCompile(`(?s)(expiry-ahead.*){2}`),
		},
		resource.TestStep{
			Config:      config(`reason = "two\nlines"`, `expires_at = "tomorrow"`),
			ExpectError: regexp.MustCompile(`(?s)(Invalid reason.*Invalid time|Invalid time.*Invalid reason)`),
		},
		resource.TestStep{
			Config: config("", ""),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(single, tfjsonpath.New("reason"), knownvalue.Null()),
				statecheck.ExpectKnownValue(admins, tfjsonpath.New("admins"), roles(map[string]string{"Bea@northwind.example": "basic-admin"})),
			},
		},
		resource.TestStep{Config: config("", ""), ConfigPlanChecks: emptyPlan},
	)
}

// What has expired stays, changes no plan, and is warned of in every one: once for all in a resource.
func TestExpired(t *testing.T) {
	t.Parallel()
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + `
provider "mimecast" {
  directory = "msp.directory"
}
` + acctest.MSP + `
resource "mimecast_external_admins" "all" {
  tenant_id = mimecast_tenant.client.id
  admins = {
    "anna@northwind.example" = { role_id = "basic-admin", expires_at = "2001-01-01T00:00:00Z" }
    "bea@northwind.example"  = { role_id = "basic-admin", expires_at = "2001-01-01T00:00:00Z" }
    "cem@northwind.example"  = { role_id = "basic-admin", expires_at = "2199-01-01T00:00:00Z" }
  }
}
`})
	for _, action := range []string{"apply", "plan"} {
		args := []string{action, "-no-color", "-input=false"}
		if action == "apply" {
			args = append(args, "-auto-approve")
		} else {
			args = append(args, "-detailed-exitcode") // Nothing is to be done.
		}
		out := cli.Succeed(args...)
		flat := strings.Join(strings.Fields(strings.ReplaceAll(out, "│", " ")), " ")
		want := `These grants in tenant "CUSA01A001" have expired, and nobody signs in with them: anna@northwind.example (2001-01-01T00:00:00Z), bea@northwind.example (2001-01-01T00:00:00Z).`
		if n := strings.Count(flat, "Expired grants are declared"); n != 1 || !strings.Contains(flat, want) {
			t.Errorf("%s warns %d times: %s", action, n, out)
		}
	}
}
