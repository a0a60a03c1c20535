package externaladmin_test

import (
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestAdminsWarnOfRemovals takes a tenant over that has grants already.
func TestAdminsWarnOfRemovals(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP)})
	cli.Apply()
	grant(d, anna, rolemodel.GatewayAdmin)()
	grant(d, bea, rolemodel.HelpDeskAdmin)()
	cli.Write("main.tf", acctest.Source+d.Config(acctest.MSP+all("mimecast_tenant.client.id", object("Anna@northwind.example", "gateway-admin"))))
	out := cli.Succeed("plan")
	cli.ExpectSays(out, `External admins of tenant "CUSA01A001" will be removed`,
		`These hold a role in the tenant and are not in admins:`, `- bea@northwind.example (Help Desk Administrator)`,
		`Add them to admins to keep them, or import the resource first to see the change in the plan.`)
	if strings.Contains(out, "- anna@northwind.example") {
		t.Errorf("the plan warns of somebody who stays:\n%s", out)
	}
	cli.Apply()
	cli.ExpectEmptyPlan()
	if got := strings.Join(d.Grants(), "\n"); got != "CUSA01A001/anna@northwind.example gateway-admin" {
		t.Errorf("the directory holds\n%s", got)
	}
	if out := cli.Succeed("destroy", "-auto-approve"); strings.Contains(out, "will be removed\n") {
		t.Errorf("a destroy warns of what its plan shows:\n%s", out)
	}
}

// TestSignInAdviceOnce has three grants in one tenant, and says once that its IP
// ranges do not count at the Partner Portal.
func TestSignInAdviceOnce(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	world := msp(`partner_id     = mimecast_partner.msp.id`, `partner_id     = mimecast_partner.msp.id
  admin_ip_ranges = ["192.0.2.0/24"]`)
	grants := `
locals {
  technicians = { anna = "anna@northwind.example", bea = "bea@northwind.example", cem = "cem@northwind.example" }
}

resource "mimecast_external_admin" "a" {
  for_each  = local.technicians
  tenant_id = mimecast_tenant.client.id
  email     = each.value
  role_id   = "help-desk-admin"
}
`
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(world+grants)})
	const advice = `so external admins sign in through the Partner Portal from anywhere.`
	out := strings.Join(strings.Fields(cli.Succeed("plan")), " ")
	if said := strings.Count(out, advice); said != 1 {
		t.Errorf("the advice is given %d times, want once:\n%s", said, out)
	}
	cli.Apply()
	cli.ExpectEmptyPlan()
}

// TestRuleBrokenAfterPlan plans, breaks a rule behind Terraform's back and
// applies the plan: the directory refuses it, and what it holds is what the
// state says.
func TestRuleBrokenAfterPlan(t *testing.T) {
	t.Parallel()
	for form, config := range map[string]string{
		"single": single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"help-desk-admin"`),
		"all":    all("mimecast_tenant.client.id", object("anna@northwind.example", "help-desk-admin")),
	} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP)})
			cli.Apply()
			cli.Write("main.tf", acctest.Source+d.Config(acctest.MSP+config))
			cli.Succeed("plan", "-out=saved")
			usePortal(d, false)()
			cli.ExpectSays(cli.Fail("apply", "saved"), `does not use the Partner Portal.`, `Rule: portal-required`)
			if held := d.Grants(); len(held) != 0 {
				t.Errorf("the directory holds %q", held)
			}
			if state := cli.Succeed("state", "list"); strings.Contains(state, "external_admin") {
				t.Errorf("the state has\n%s", state)
			}
			usePortal(d, true)()
			cli.Apply()
			cli.ExpectEmptyPlan()
			if held := d.Grants(); len(held) != 1 {
				t.Errorf("the directory holds %q", held)
			}
		})
	}
}

// TestRemovalAfterPlan destroys what somebody else has removed since the plan.
func TestRemovalAfterPlan(t *testing.T) {
	t.Parallel()
	for form, config := range map[string]string{
		"single": single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"help-desk-admin"`),
		"all":    all("mimecast_tenant.client.id", object("anna@northwind.example", "help-desk-admin")),
	} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP+config)})
			cli.Apply()
			cli.Succeed("plan", "-destroy", "-out=saved")
			both(revoke(d, anna), removeTenant(d))()
			cli.Succeed("apply", "saved")
		})
	}
}
