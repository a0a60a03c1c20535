package externaladmin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const admins = "mimecast_external_admins.all"

// all is all grants of a tenant, the tenant and the map written as expressions.
func all(tenant, admins string) string {
	return fmt.Sprintf(`
resource "mimecast_external_admins" "all" {
  tenant_id = %s
  admins    = %s
}
`, tenant, admins)
}

// object is a map of admins, written as an expression. The arguments are
// addresses and roles in turn.
func object(emailsAndRoles ...string) string {
	var b strings.Builder
	b.WriteString("{\n")
	for i := 0; i < len(emailsAndRoles); i += 2 {
		fmt.Fprintf(&b, "    %q = { role_id = %q }\n", emailsAndRoles[i], emailsAndRoles[i+1])
	}
	b.WriteString("  }")
	return b.String()
}

func TestAdminsLifecycle(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(tenant string, emailsAndRoles ...string) string {
		return d.Config(acctest.MSP + secondTenant + all(tenant, object(emailsAndRoles...)))
	}
	const client, second = "mimecast_tenant.client.id", "mimecast_tenant.second.id"
	acctest.Run(t,
		resource.TestStep{ // Create.
			Config: config(client, "anna@northwind.example", "help-desk-admin", "Bea@Northwind.example", "basic-admin"),
			ConfigPlanChecks: planned(admins, plancheck.ResourceActionCreate,
				plancheck.ExpectKnownValue(admins, tfjsonpath.New("id"), knownvalue.StringExact("CUSA01A001"))),
			ConfigStateChecks: []statecheck.StateCheck{
				has(admins, "id", "CUSA01A001"),
				has(admins, "tenant_id", "CUSA01A001"),
				statecheck.ExpectKnownValue(admins, tfjsonpath.New("admins"), roles(map[string]string{
					"anna@northwind.example": "help-desk-admin", "Bea@Northwind.example": "basic-admin",
				})),
				d.Holds("CUSA01A001/anna@northwind.example help-desk-admin", "CUSA01A001/bea@northwind.example basic-admin"),
			},
		},
		resource.TestStep{ // One changed, one added, one removed, in place.
			Config:           config(client, "anna@northwind.example", "gateway-admin", "cem@northwind.example", "basic-admin"),
			ConfigPlanChecks: planned(admins, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				d.Holds("CUSA01A001/anna@northwind.example gateway-admin", "CUSA01A001/cem@northwind.example basic-admin"),
			},
		},
		resource.TestStep{ // Another spelling is no difference, of a key or of the tenant.
			Config:           config(`"cusa01a001"`, "ANNA@northwind.example", "gateway-admin", "cem@Northwind.Example", "basic-admin"),
			ConfigPlanChecks: emptyPlan,
		},
		resource.TestStep{ // Together with a change it is one, and comes out as it is written.
			Config:           config(client, "ANNA@northwind.example", "help-desk-admin", "Cem@northwind.example", "basic-admin"),
			ConfigPlanChecks: planned(admins, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(admins, tfjsonpath.New("admins"), roles(map[string]string{
					"ANNA@northwind.example": "help-desk-admin", "Cem@northwind.example": "basic-admin",
				})),
				d.Holds("CUSA01A001/anna@northwind.example help-desk-admin", "CUSA01A001/cem@northwind.example basic-admin"),
			},
		},
		resource.TestStep{ // Another tenant replaces.
			Config:           config(second, "anna@northwind.example", "help-desk-admin"),
			ConfigPlanChecks: planned(admins, plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				has(admins, "id", "CUSA02A002"),
				d.Holds("CUSA02A002/anna@northwind.example help-desk-admin"),
			},
		},
		resource.TestStep{ // An empty map is nobody.
			Config:           config(second),
			ConfigPlanChecks: planned(admins, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(admins, tfjsonpath.New("admins"), roles(nil)),
				d.Holds(),
			},
		},
		resource.TestStep{Config: config(second, "anna@northwind.example", "help-desk-admin", "bea@northwind.example", "basic-admin")},
		resource.TestStep{ // Destroy removes all.
			Config:            d.Config(acctest.MSP + secondTenant),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds()},
		},
	)
}

func TestAdminsImport(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(acctest.MSP + all("mimecast_tenant.client.id", object("anna@northwind.example", "help-desk-admin")))
	of := func(id string) resource.TestStep {
		return resource.TestStep{ResourceName: admins, ImportState: true, ImportStateId: id}
	}
	byID, spelled := of("CUSA01A001"), of("cusa01a001")
	byID.ImportStateVerify, spelled.ImportStateVerify = true, true
	byID.ImportStateVerifyIgnore, spelled.ImportStateVerifyIgnore = []string{"declared"}, []string{"declared"}
	malformed, missing := of("Alder"), of("CUSA09A009")
	malformed.ExpectError = acctest.Message(`"Alder" is not an account code`)
	missing.ExpectError = acctest.Message("Cannot import non-existent remote object")
	acctest.Run(t, resource.TestStep{Config: config}, byID, spelled, malformed, missing)
}

// TestAdminsImportBlock imports with blocks, by ID and by identity.
func TestAdminsImportBlock(t *testing.T) {
	t.Parallel()
	for target, run := range map[string]func(*testing.T, ...resource.TestStep){
		`id = "CUSA01A001"`:                       acctest.Run,
		`identity = { tenant_id = "CUSA01A001" }`: acctest.RunWithIdentity,
	} {
		d := acctest.NewDirectory(t)
		config := d.Config(acctest.MSP + all("mimecast_tenant.client.id", object("anna@northwind.example", "help-desk-admin")))
		run(t, append([]resource.TestStep{{Config: config}}, acctest.Imported(admins, config, d.Config(acctest.MSP), target)...)...)
	}
}

func TestAdminsImportByIdentity(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(tenant, role string) string {
		return d.Config(acctest.MSP + secondTenant + all(tenant, object("anna@northwind.example", role)))
	}
	identity := func(tenant string) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectIdentity(admins, map[string]knownvalue.Check{"tenant_id": knownvalue.StringExact(tenant)})}
	}
	acctest.RunWithIdentity(t,
		resource.TestStep{Config: config("mimecast_tenant.client.id", "help-desk-admin"), ConfigStateChecks: identity("CUSA01A001")},
		resource.TestStep{Config: config("mimecast_tenant.client.id", "basic-admin"), ConfigStateChecks: identity("CUSA01A001")},
		resource.TestStep{Config: config("mimecast_tenant.second.id", "basic-admin"), ConfigStateChecks: identity("CUSA02A002")},
	)
}

// TestAdminsImportSpelling imports addresses that the configuration spells in another way.
func TestAdminsImportSpelling(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t,
		resource.TestStep{Config: d.Config(acctest.MSP)},
		resource.TestStep{
			PreConfig: both(grant(d, anna, rolemodel.HelpDeskAdmin), grant(d, bea, rolemodel.BasicAdmin)),
			Config: d.Config(acctest.MSP+all("lower(mimecast_tenant.client.id)", object("Anna@northwind.example", "help-desk-admin", "BEA@northwind.example", "basic-admin"))) + `
import {
  to = mimecast_external_admins.all
  id = "CUSA01A001"
}
`,
			ConfigPlanChecks: planned(admins, plancheck.ResourceActionUpdate), // It declares what it imports.
		},
	)
}

func TestAdminsDisappear(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(acctest.MSP + all("mimecast_tenant.client.id", object("anna@northwind.example", "help-desk-admin")))
	again := []statecheck.StateCheck{d.Holds("CUSA01A001/anna@northwind.example help-desk-admin")}
	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:         revoke(d, anna),
			Config:            config,
			ConfigPlanChecks:  planned(admins, plancheck.ResourceActionUpdate),
			ConfigStateChecks: again,
		},
		resource.TestStep{
			PreConfig:         both(revoke(d, anna), removeTenant(d)),
			Config:            config,
			ConfigPlanChecks:  planned(admins, plancheck.ResourceActionCreate),
			ConfigStateChecks: again,
		},
	)
}

func TestAdminsDrift(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(acctest.MSP + all("mimecast_tenant.client.id", object("Anna@northwind.example", "help-desk-admin")))
	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{ // Somebody is added and somebody's role changed: the plan puts both right.
			PreConfig: both(change(d, anna, rolemodel.BasicAdmin), grant(d, bea, rolemodel.GatewayAdmin)),
			Config:    config,
			ConfigPlanChecks: planned(admins, plancheck.ResourceActionUpdate,
				showsRemoval{"bea@northwind.example"},
				plancheck.ExpectKnownValue(admins, tfjsonpath.New("admins"), roles(map[string]string{"Anna@northwind.example": "help-desk-admin"}))),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds("CUSA01A001/anna@northwind.example help-desk-admin")},
		},
	)
}

func TestAdminsUnknown(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string][2]string{
		"tenant":  {"terraform_data.tenant.output", object("Anna@northwind.example", "help-desk-admin")},
		"map":     {"mimecast_tenant.client.id", "terraform_data.map.output"},
		"element": {"mimecast_tenant.client.id", `{ "Anna@northwind.example" = terraform_data.element.output }`},
		"key":     {"mimecast_tenant.client.id", `{ (terraform_data.email.output) = { role_id = "help-desk-admin" } }`},
		"role":    {"mimecast_tenant.client.id", `{ "Anna@northwind.example" = { role_id = terraform_data.role.output } }`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			unknowns := later("tenant", "mimecast_tenant.client.id") +
				later("email", `"Anna@northwind.example"`) +
				later("role", `"help-desk-admin"`) +
				later("element", `{ role_id = "help-desk-admin" }`) +
				later("map", object("Anna@northwind.example", "help-desk-admin"))
			config := d.Config(acctest.MSP + unknowns + all(arguments[0], arguments[1]))
			acctest.Run(t,
				resource.TestStep{
					Config:           config,
					ConfigPlanChecks: planned(admins, plancheck.ResourceActionCreate),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue(admins, tfjsonpath.New("admins"), roles(map[string]string{"Anna@northwind.example": "help-desk-admin"})),
						d.Holds("CUSA01A001/anna@northwind.example help-desk-admin"),
					},
				},
				resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan},
				resource.TestStep{ // Not known again, with another one beside it.
					Config: d.Config(acctest.MSP + unknowns + later("again", `"gateway-admin"`) +
						all("mimecast_tenant.client.id", `{
    "anna@northwind.example" = { role_id = terraform_data.again.output }
    "bea@northwind.example"  = { role_id = "basic-admin" }
  }`)),
					ConfigPlanChecks: planned(admins, plancheck.ResourceActionUpdate),
					ConfigStateChecks: []statecheck.StateCheck{
						d.Holds("CUSA01A001/anna@northwind.example gateway-admin", "CUSA01A001/bea@northwind.example basic-admin"),
					},
				},
			)
		})
	}
}

// TestAdminsMoved moves the resource from one key of for_each to another.
func TestAdminsMoved(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(name string) string {
		return d.Config(acctest.MSP + strings.ReplaceAll(all("mimecast_tenant.client.id", object("anna@northwind.example", "help-desk-admin")), `"all"`, fmt.Sprintf("%q", name)))
	}
	acctest.Run(t,
		resource.TestStep{Config: config("alder")},
		resource.TestStep{
			Config: config("alder_legal") + `
moved {
  from = mimecast_external_admins.alder
  to   = mimecast_external_admins.alder_legal
}
`,
			ConfigPlanChecks:  planned("mimecast_external_admins.alder_legal", plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds("CUSA01A001/anna@northwind.example help-desk-admin")},
		},
	)
}
