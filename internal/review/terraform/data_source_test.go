package terraform_test

import (
	"context"
	"os"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestMain(m *testing.M) { os.Exit(acctest.Main(m)) }

const all = "data.mimecast_access_review.all"

func TestAccessReview(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(filter, role string) string {
		return d.Config(acctest.MSP + `
resource "mimecast_external_admins" "client" {
  tenant_id = mimecast_tenant.client.id
  admins    = { "anna@northwind.example" = { role_id = "` + role + `" } }
}

data "mimecast_access_review" "all" {
` + filter + `}

output "changes" {
  value = [for change in data.mimecast_access_review.all.changes : "${change.kind} ${change.tenant_id} ${change.text}"]
}
`)
	}
	sign := func(of review.Subject, note string) func() {
		return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
			status, err := gather.StatusOf(ctx, db, of)
			if err != nil {
				return err
			}
			_, err = gather.Sign(ctx, db, of, status.Digest, note)
			return err
		})
	}
	is := func(attribute string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(all, tfjsonpath.New(attribute), check)
	}
	says := func(lines ...string) statecheck.StateCheck {
		checks := make([]knownvalue.Check, len(lines))
		for i, line := range lines {
			checks[i] = knownvalue.StringExact(line)
		}
		return statecheck.ExpectKnownOutputValue("changes", knownvalue.TupleExact(checks))
	}
	one := review.Subject{TenantID: "CUSA01A001", Person: "anna@northwind.example"}
	const filter = "tenant_id = \"cusa01a001\"\n email = \"Anna@northwind.example\"\n"
	acctest.Run(t,
		resource.TestStep{
			Config:            config("", "basic-admin"),
			ConfigStateChecks: []statecheck.StateCheck{is("signed_at", knownvalue.Null()), is("signed_by", knownvalue.Null()), is("changed_since", knownvalue.Null()), is("traced", knownvalue.Null()), says()},
		},
		resource.TestStep{
			PreConfig: sign(review.Subject{}, "Q4"),
			Config:    config("", "basic-admin"),
			ConfigStateChecks: []statecheck.StateCheck{
				is("signed_at", knownvalue.NotNull()), is("signed_by", knownvalue.StringRegexp(regexp.MustCompile("."))), is("note", knownvalue.StringExact("Q4")),
				is("changed_since", knownvalue.Int64Exact(0)), is("traced", knownvalue.Bool(true)), says(),
				statecheck.CompareValuePairs(all, tfjsonpath.New("digest"), all, tfjsonpath.New("signed_digest"), compare.ValuesSame()),
			},
		},
		resource.TestStep{ // It never changes merely because time passes.
			Config: config("", "basic-admin"), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
		resource.TestStep{Config: config("", "help-desk-admin"), ExpectNonEmptyPlan: true},
		resource.TestStep{
			Config: config("", "help-desk-admin"),
			ConfigStateChecks: []statecheck.StateCheck{
				is("changed_since", knownvalue.Int64Exact(1)), is("traced", knownvalue.Bool(true)),
				says("role_changed CUSA01A001 anna@northwind.example has Help Desk Administrator and had Basic Administrator"),
				statecheck.ExpectKnownValue(all, tfjsonpath.New("changes").AtSliceIndex(0).AtMapKey("by"), knownvalue.NotNull()),
			},
		},
		resource.TestStep{Config: config(filter, "help-desk-admin"), ConfigStateChecks: []statecheck.StateCheck{is("signed_at", knownvalue.Null())}},
		resource.TestStep{
			PreConfig: sign(one, "Anna"), Config: config(filter, "help-desk-admin"),
			ConfigStateChecks: []statecheck.StateCheck{is("note", knownvalue.StringExact("Anna")), is("changed_since", knownvalue.Int64Exact(0))},
		},
		resource.TestStep{Config: config("tenant_id = \"CNONE\"\n", "help-desk-admin"), ExpectError: regexp.MustCompile(`There is no tenant "CNONE"`)},
	)
}
