package externaladmin_test

import (
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestAdminsTakeOver takes a tenant over that has grants already: nobody is
// removed whom no plan has shown.
func TestAdminsTakeOver(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP)})
	cli.Apply()
	grant(d, anna, rolemodel.GatewayAdmin)()
	grant(d, bea, rolemodel.HelpDeskAdmin)()
	cli.Write("main.tf", acctest.Source+d.Config(acctest.MSP+all("mimecast_tenant.client.id", object("Anna@northwind.example", "gateway-admin"))))
	out := cli.Succeed("plan")
	cli.ExpectSays(out, `Others hold a role as well`, `These hold a role in tenant "CUSA01A001" and are not in admins: bea@northwind.example (Help Desk Administrator).`,
		`This apply leaves them, and the next plan removes them. Add them to admins to keep them.`)
	cli.Apply()
	if got := strings.Join(d.Grants(), "\n"); got != "CUSA01A001/anna@northwind.example gateway-admin\nCUSA01A001/bea@northwind.example help-desk-admin" {
		t.Errorf("after an apply whose plan showed no removal the directory holds\n%s", got)
	}
	cli.Apply()
	cli.ExpectEmptyPlan()
	if got := strings.Join(d.Grants(), "\n"); got != "CUSA01A001/anna@northwind.example gateway-admin" {
		t.Errorf("the directory holds\n%s", got)
	}
	if out := cli.Succeed("destroy", "-auto-approve"); strings.Contains(out, "Others hold") {
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

// TestLeaverTakesRole removes somebody together with the custom role that only
// they hold. Terraform deletes the role before it changes its holders.
func TestLeaverTakesRole(t *testing.T) {
	t.Parallel()
	const tenant = "mimecast_tenant.client.id"
	for name, c := range map[string]struct{ before, after, left string }{
		"out of a map": {
			all(tenant, `{ "anna@northwind.example" = { role_id = mimecast_role.custom.id }, "bea@northwind.example" = { role_id = "help-desk-admin" } }`),
			all(tenant, object("bea@northwind.example", "help-desk-admin")),
			"CUSA01A001/bea@northwind.example help-desk-admin",
		},
		"another role": {
			single(tenant, `"anna@northwind.example"`, `mimecast_role.custom.id`), single(tenant, `"anna@northwind.example"`, `"help-desk-admin"`),
			"CUSA01A001/anna@northwind.example help-desk-admin",
		},
		"a single grant": {single(tenant, `"anna@northwind.example"`, `mimecast_role.custom.id`), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP+customRole+c.before)})
			cli.Apply()
			cli.Write("main.tf", acctest.Source+d.Config(acctest.MSP+c.after))
			cli.Apply()
			cli.ExpectEmptyPlan()
			if held := strings.Join(d.Grants(), "\n"); held != c.left {
				t.Errorf("the directory holds\n%s", held)
			}
			if roles, err := directory.Collect(d.As(rolemodel.BasicAdmin).Roles(t.Context(), directory.RoleFilter{})); err != nil || len(roles) > 0 {
				t.Errorf("the directory has %v, %v", roles, err)
			}
		})
	}
}

// TestRetiredRoleIsSaid deletes a role that somebody outside the configuration
// holds, and then grants that name it: both plans say so.
func TestRetiredRoleIsSaid(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	held := single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"directory-administrator"`)
	cli := acctest.NewCLI(t, map[string]string{"main.tf": acctest.Source + d.Config(acctest.MSP+customRole)})
	cli.Apply()
	grant(d, bea, "directory-administrator")()
	cli.Write("main.tf", acctest.Source+d.Config(acctest.MSP+customRole+held))
	cli.Apply()
	cli.Write("main.tf", acctest.Source+d.Config(acctest.MSP+held))
	cli.ExpectSays(cli.Succeed("apply", "-auto-approve"), `What is in use is retired`, `Rule: role-retired`)
	cli.ExpectSays(cli.Succeed("plan", "-detailed-exitcode"), `A retired role is still held`,
		`The role "Directory Administrator" (directory-administrator) of tenant "CUSA01A001" was deleted while somebody held it.`, `Rule: role-retired`)
}
