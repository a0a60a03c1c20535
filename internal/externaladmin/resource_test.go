package externaladmin_test

import (
	"context"
	"fmt"
	"strconv"
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

const admin = "mimecast_external_admin.a"

// single is one grant, its arguments written as expressions.
func single(tenant, email, role string) string {
	return fmt.Sprintf(`
resource "mimecast_external_admin" "a" {
  tenant_id = %s
  email     = %s
  role_id   = %s
}
`, tenant, email, role)
}

func TestAdminLifecycle(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(tenant, email, role string) string {
		return d.Config(acctest.MSP + secondTenant + single(tenant, email, role))
	}
	const client, second = "mimecast_tenant.client.id", "mimecast_tenant.second.id"
	acctest.Run(t,
		resource.TestStep{ // Create: what can be known is known at plan time.
			Config: config(client, `"anna@northwind.example"`, `"help-desk-admin"`),
			ConfigPlanChecks: planned(admin, plancheck.ResourceActionCreate,
				plancheck.ExpectKnownValue(admin, tfjsonpath.New("id"), knownvalue.StringExact("CUSA01A001/anna@northwind.example"))),
			ConfigStateChecks: []statecheck.StateCheck{
				has(admin, "id", "CUSA01A001/anna@northwind.example"),
				has(admin, "tenant_id", "CUSA01A001"),
				has(admin, "email", "anna@northwind.example"),
				has(admin, "role_id", "help-desk-admin"),
				d.Holds("CUSA01A001/anna@northwind.example help-desk-admin"),
			},
		},
		resource.TestStep{ // Update in place.
			Config:           config(client, `"anna@northwind.example"`, `"gateway-admin"`),
			ConfigPlanChecks: planned(admin, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				d.Holds("CUSA01A001/anna@northwind.example gateway-admin"),
			},
		},
		resource.TestStep{ // Another spelling is no difference.
			Config:           config(`"cusa01a001"`, `"Anna@NorthWind.EXAMPLE"`, `"gateway-admin"`),
			ConfigPlanChecks: emptyPlan,
		},
		resource.TestStep{ // Nor is it together with one: the update is in place.
			Config:            config(`"cusa01a001"`, `"ANNA@northwind.example"`, `"basic-admin"`),
			ConfigPlanChecks:  planned(admin, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds("CUSA01A001/anna@northwind.example basic-admin")},
		},
		resource.TestStep{ // Another address replaces.
			Config:           config(client, `"Bea@northwind.example"`, `"basic-admin"`),
			ConfigPlanChecks: planned(admin, plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				has(admin, "email", "Bea@northwind.example"),
				has(admin, "id", "CUSA01A001/bea@northwind.example"),
				d.Holds("CUSA01A001/bea@northwind.example basic-admin"),
			},
		},
		resource.TestStep{ // Another tenant replaces.
			Config:           config(second, `"bea@northwind.example"`, `"basic-admin"`),
			ConfigPlanChecks: planned(admin, plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				has(admin, "id", "CUSA02A002/bea@northwind.example"),
				d.Holds("CUSA02A002/bea@northwind.example basic-admin"),
			},
		},
		resource.TestStep{ // Destroy leaves the tenants.
			Config:            d.Config(acctest.MSP + secondTenant),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds()},
		},
	)
}

func TestAdminImport(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(acctest.MSP + single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"help-desk-admin"`))
	of := func(id string) resource.TestStep {
		return resource.TestStep{ResourceName: admin, ImportState: true, ImportStateId: id}
	}
	byID, spelled := of("CUSA01A001/anna@northwind.example"), of("cusa01a001/Anna@NORTHWIND.example")
	byID.ImportStateVerify, spelled.ImportStateVerify = true, true
	byID.ImportStateVerifyIgnore, spelled.ImportStateVerifyIgnore = []string{"declared"}, []string{"declared"}
	refused := func(id, text string) resource.TestStep {
		step := of(id)
		step.ExpectError = acctest.Message(text)
		return step
	}
	acctest.Run(t,
		resource.TestStep{Config: config},
		byID, spelled,
		refused("CUSA01A001", `The import ID "CUSA01A001" is not of the form tenant_id/email. Write one like "CUSA00A000/anna@example.com".`),
		refused("CUSA01A001/", `is not of the form tenant_id/email`),
		refused("Alder/anna", `"Alder" is not an account code`),
		refused("CUSA01A001/anna", `"anna" is not an email address`),
		refused("CUSA01A001/bea@northwind.example", "Cannot import non-existent remote object"),
	)
}

// TestAdminImportBlock imports with blocks, by ID and by identity.
func TestAdminImportBlock(t *testing.T) {
	t.Parallel()
	for target, run := range map[string]func(*testing.T, ...resource.TestStep){
		`id = "CUSA01A001/anna@northwind.example"`:                                  acctest.Run,
		`identity = { tenant_id = "CUSA01A001", email = "anna@northwind.example" }`: acctest.RunWithIdentity,
	} {
		d := acctest.NewDirectory(t)
		config := d.Config(acctest.MSP + single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"help-desk-admin"`))
		run(t, append([]resource.TestStep{{Config: config}}, acctest.Imported(admin, config, d.Config(acctest.MSP), target)...)...)
	}
}

func TestAdminImportByIdentity(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.RunWithIdentity(t,
		resource.TestStep{
			Config: d.Config(acctest.MSP + single("mimecast_tenant.client.id", `"Anna@northwind.example"`, `"help-desk-admin"`)),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(admin, map[string]knownvalue.Check{
				"tenant_id": knownvalue.StringExact("CUSA01A001"),
				"email":     knownvalue.StringExact("anna@northwind.example"),
			})},
		},
		resource.TestStep{ // Another role leaves the identity as it is.
			Config:           d.Config(acctest.MSP + single("mimecast_tenant.client.id", `"Anna@northwind.example"`, `"basic-admin"`)),
			ConfigPlanChecks: planned(admin, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{ // Another address has another identity.
			Config:            d.Config(acctest.MSP + single("mimecast_tenant.client.id", `"bea@northwind.example"`, `"basic-admin"`)),
			ConfigPlanChecks:  planned(admin, plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentityValue(admin, tfjsonpath.New("email"), knownvalue.StringExact("bea@northwind.example"))},
		},
	)
}

func TestAdminDisappears(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(acctest.MSP + single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"help-desk-admin"`))
	again := []statecheck.StateCheck{d.Holds("CUSA01A001/anna@northwind.example help-desk-admin")}
	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:         revoke(d, anna),
			Config:            config,
			ConfigPlanChecks:  planned(admin, plancheck.ResourceActionCreate),
			ConfigStateChecks: again,
		},
		resource.TestStep{
			PreConfig:         both(revoke(d, anna), removeTenant(d)),
			Config:            config,
			ConfigPlanChecks:  planned(admin, plancheck.ResourceActionCreate),
			ConfigStateChecks: again,
		},
	)
}

func removeTenant(d acctest.Directory) func() {
	return d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		return acctest.Delete[rolemodel.Tenant](ctx, db, directory.Key{Account: alder})
	})
}

func TestAdminDrift(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(acctest.MSP + single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"help-desk-admin"`))
	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{ // Another role is put right, and another grant left alone.
			PreConfig:        both(change(d, anna, rolemodel.BasicAdmin), grant(d, bea, rolemodel.GatewayAdmin)),
			Config:           config,
			ConfigPlanChecks: planned(admin, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds(
				"CUSA01A001/anna@northwind.example help-desk-admin",
				"CUSA01A001/bea@northwind.example gateway-admin",
			)},
		},
		resource.TestStep{ // Or the tenant could not be destroyed at the end.
			PreConfig:        revoke(d, bea),
			Config:           config,
			ConfigPlanChecks: emptyPlan,
		},
	)
}

const customRole = `
resource "mimecast_role" "custom" {
  tenant_id               = mimecast_tenant.client.id
  name                    = "Directory Administrator"
  application_permissions = ["Directories | Groups | Edit"]
}
`

func TestAdminRoleRenamed(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(acctest.MSP + customRole + single("mimecast_tenant.client.id", `"anna@northwind.example"`, `mimecast_role.custom.id`) + `
resource "mimecast_role" "other" {
  tenant_id = mimecast_tenant.client.id
  name      = "Other Administrator"
}
`)
	rename := d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		role, err := db.Role(ctx, alder, "directory-administrator")
		if err != nil {
			return err
		}
		role.Name = "Group Administrator"
		return acctest.Update(ctx, db, role)
	})
	acctest.Run(t,
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: planned(admin, plancheck.ResourceActionCreate),
		},
		resource.TestStep{ // The grant is no change; its role's name is put right.
			PreConfig:        rename,
			Config:           config,
			ConfigPlanChecks: planned(admin, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			PreConfig:          rename,
			RefreshState:       true,
			ExpectNonEmptyPlan: true, // The role itself, whose name the configuration gives.
		},
		resource.TestStep{
			Config:            config,
			ConfigPlanChecks:  planned(admin, plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{has("mimecast_role.custom", "name", "Directory Administrator")},
		},
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: emptyPlan,
		},
	)
}

func TestAdminMoved(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(name string) string {
		return d.Config(acctest.MSP + strings.ReplaceAll(single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"help-desk-admin"`), `"a"`, strconv.Quote(name)))
	}
	acctest.Run(t,
		resource.TestStep{Config: config("anna")},
		resource.TestStep{
			Config: config("anna_k") + `
moved {
  from = mimecast_external_admin.anna
  to   = mimecast_external_admin.anna_k
}
`,
			ConfigPlanChecks: planned("mimecast_external_admin.anna_k", plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{
				has("mimecast_external_admin.anna_k", "email", "anna@northwind.example"),
				d.Holds("CUSA01A001/anna@northwind.example help-desk-admin"),
			},
		},
	)
}

// later is a value that is not known before apply.
func later(name, value string) string {
	return fmt.Sprintf("\nresource \"terraform_data\" %q {\n  input = %s\n}\n", name, value)
}

func TestAdminUnknown(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string][3]string{
		"tenant": {"terraform_data.tenant.output", `"anna@northwind.example"`, `"help-desk-admin"`},
		"email":  {"mimecast_tenant.client.id", "terraform_data.email.output", `"help-desk-admin"`},
		"role":   {"mimecast_tenant.client.id", `"anna@northwind.example"`, "terraform_data.role.output"},
		"all":    {"terraform_data.tenant.output", "terraform_data.email.output", "terraform_data.role.output"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			unknowns := later("tenant", "mimecast_tenant.client.id") + later("email", `"Anna@northwind.example"`) + later("role", `"help-desk-admin"`)
			acctest.Run(t,
				resource.TestStep{
					Config:            d.Config(acctest.MSP + unknowns + single(arguments[0], arguments[1], arguments[2])),
					ConfigPlanChecks:  planned(admin, plancheck.ResourceActionCreate),
					ConfigStateChecks: []statecheck.StateCheck{d.Holds("CUSA01A001/anna@northwind.example help-desk-admin")},
				},
				resource.TestStep{ // What was not known is known now, and the same.
					Config:           d.Config(acctest.MSP + unknowns + single(arguments[0], arguments[1], arguments[2])),
					ConfigPlanChecks: emptyPlan,
				},
				resource.TestStep{ // From known to unknown and back to the same value.
					Config:            d.Config(acctest.MSP + unknowns + later("again", `"help-desk-admin"`) + single(arguments[0], arguments[1], "terraform_data.again.output")),
					ConfigPlanChecks:  planned(admin, plancheck.ResourceActionUpdate),
					ConfigStateChecks: []statecheck.StateCheck{has(admin, "role_id", "help-desk-admin")},
				},
			)
		})
	}
}
