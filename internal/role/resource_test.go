package role_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const (
	address = "mimecast_role.custom"
	client  = rolemodel.AccountCode("CUSA01A001")
	super   = `acting_as = "super-admin"`
)

// role is a custom role's block with these lines besides its tenant, beside a partner and its tenant.
func role(lines ...string) string {
	block := acctest.MSP + "resource \"mimecast_role\" \"custom\" {\n  tenant_id = mimecast_tenant.client.id\n"
	for _, line := range lines {
		block += "  " + line + "\n"
	}
	return block + "}\n"
}

func value(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check)
}

func set(values ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(values))
	for i, v := range values {
		checks[i] = knownvalue.StringExact(v)
	}
	return knownvalue.SetExact(checks)
}

// does expects the plan to have the action, and a second plan to be empty.
func does(action plancheck.ResourceActionType, checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{
		PreApply:             append(checks, plancheck.ExpectResourceAction(address, action)),
		PostApplyPreRefresh:  []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
}

// custom returns the only custom role of the tenant.
func custom(ctx context.Context, db directory.Directory) (rolemodel.Role, error) {
	found, err := directory.Collect(db.Roles(ctx, directory.RoleFilter{}))
	if err != nil || len(found) != 1 {
		return rolemodel.Role{}, fmt.Errorf("there are %d custom roles: %v %w", len(found), found, err)
	}
	return found[0], nil
}

// stored expects the role in the directory to have the revision, so that no
// write has changed it since.
func stored(d acctest.Directory, revision int64) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		found, err := custom(ctx, db)
		if err == nil && found.Revision != revision {
			err = fmt.Errorf("the role has revision %d, not %d", found.Revision, revision)
		}
		return err
	})
}

// none expects the tenant to have no custom role.
func none(d acctest.Directory) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		if found, err := custom(ctx, db); err == nil && found.TenantID == client {
			return fmt.Errorf("there is a custom role: %v", found)
		}
		return nil
	})
}

// change changes the role behind Terraform's back.
func change(d acctest.Directory, how func(*rolemodel.Role)) func() {
	return d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		found, err := custom(ctx, db)
		if err != nil {
			return err
		}
		how(&found)
		return acctest.Update(ctx, db, found)
	})
}

// grant gives the role to somebody behind Terraform's back.
func grant(d acctest.Directory, email rolemodel.Email) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		found, err := custom(ctx, db)
		if err != nil {
			return err
		}
		return acctest.Create(ctx, db, rolemodel.ExternalAdmin{TenantID: client, Email: email, RoleID: found.ID})
	})
}

func revoke(d acctest.Directory, email rolemodel.Email) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		return acctest.Delete[rolemodel.ExternalAdmin](ctx, db, directory.Key{Account: client, Email: email})
	})
}

func TestRoleDefaults(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t, resource.TestStep{
		Config: d.Config(role(`name = "Tier 2 Admin"`)),
		ConfigPlanChecks: does(plancheck.ResourceActionCreate,
			plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact("tier-2-admin")),
			plancheck.ExpectKnownValue(address, tfjsonpath.New("protected"), knownvalue.Bool(false))),
		ConfigStateChecks: []statecheck.StateCheck{
			value("id", knownvalue.StringExact("tier-2-admin")),
			value("tenant_id", knownvalue.StringExact("CUSA01A001")),
			value("name", knownvalue.StringExact("Tier 2 Admin")),
			value("description", knownvalue.Null()),
			value("security_permission", knownvalue.StringExact("cannot_manage_roles")),
			value("application_permissions", knownvalue.Null()),
			value("protected_permissions", knownvalue.Null()),
			value("allow_unlisted_permissions", knownvalue.Bool(false)),
			value("protected", knownvalue.Bool(false)),
		},
	})
}

func TestRoleEveryAttribute(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	full := func(name, description, security, application, protected, unlisted string) string {
		return d.Config(role("name = "+name, "description = "+description, "security_permission = "+security,
			"application_permissions = "+application, "protected_permissions = "+protected, "allow_unlisted_permissions = "+unlisted), super)
	}
	sameID := statecheck.CompareValue(unchanged{})
	update := func(attribute string, check knownvalue.Check, config string) resource.TestStep {
		return resource.TestStep{
			Config:            config,
			ConfigPlanChecks:  does(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{value(attribute, check), sameID.AddStateValue(address, tfjsonpath.New("id"))},
		}
	}
	const groups, content, both = `["Directories | Groups | Edit"]`, `["Archive | Search Content View"]`, `["Directories | Groups | Edit", "Account | Logs | Read"]`
	first := update("protected", knownvalue.Bool(true), full(`"Tier 2 Admin"`, `"Second line"`, `"manage_application_and_protected_roles"`, groups, content, `true`))
	first.ConfigPlanChecks = does(plancheck.ResourceActionCreate, plancheck.ExpectKnownValue(address, tfjsonpath.New("protected"), knownvalue.Bool(true)))
	first.ConfigStateChecks = append(first.ConfigStateChecks,
		value("description", knownvalue.StringExact("Second line")),
		value("security_permission", knownvalue.StringExact("manage_application_and_protected_roles")),
		value("application_permissions", set("Directories | Groups | Edit")),
		value("protected_permissions", set("Archive | Search Content View")),
		value("allow_unlisted_permissions", knownvalue.Bool(true)))
	unprotected := update("protected", knownvalue.Bool(false), full(`"Tier 3 Admin"`, `"Third line"`, `"manage_application_roles"`, both, `[]`, `false`))
	unprotected.ConfigPlanChecks = does(plancheck.ResourceActionUpdate, plancheck.ExpectKnownValue(address, tfjsonpath.New("protected"), knownvalue.Bool(false)))
	acctest.Run(t,
		first,
		update("name", knownvalue.StringExact("Tier 3 Admin"), full(`"Tier 3 Admin"`, `"Second line"`, `"manage_application_and_protected_roles"`, groups, content, `true`)),
		update("description", knownvalue.StringExact("Third line"), full(`"Tier 3 Admin"`, `"Third line"`, `"manage_application_and_protected_roles"`, groups, content, `true`)),
		update("security_permission", knownvalue.StringExact("manage_application_roles"), full(`"Tier 3 Admin"`, `"Third line"`, `"manage_application_roles"`, groups, content, `true`)),
		update("application_permissions", set("Directories | Groups | Edit", "Account | Logs | Read"), full(`"Tier 3 Admin"`, `"Third line"`, `"manage_application_roles"`, both, content, `true`)),
		update("allow_unlisted_permissions", knownvalue.Bool(false), full(`"Tier 3 Admin"`, `"Third line"`, `"manage_application_roles"`, both, content, `false`)),
		unprotected,
		update("protected_permissions", knownvalue.Null(), full(`"Tier 3 Admin"`, `"Third line"`, `"manage_application_roles"`, both, `null`, `false`)),
		update("application_permissions", knownvalue.SetExact(nil), full(`"Tier 3 Admin"`, `"Third line"`, `"manage_application_roles"`, `[]`, `null`, `false`)),
		update("application_permissions", knownvalue.Null(), full(`"Tier 3 Admin"`, `"Third line"`, `"manage_application_roles"`, `null`, `null`, `false`)),
		update("description", knownvalue.StringExact(""), full(`"Tier 3 Admin"`, `""`, `"manage_application_roles"`, `null`, `null`, `false`)),
		update("description", knownvalue.Null(), full(`"Tier 3 Admin"`, `null`, `"manage_application_roles"`, `null`, `null`, `false`)),
		update("security_permission", knownvalue.StringExact("cannot_manage_roles"), full(`"Tier 3 Admin"`, `null`, `null`, `null`, `null`, `null`)),
		update("name", knownvalue.StringExact("TIER 3 Admin"), full(`"TIER 3 Admin"`, `null`, `null`, `null`, `null`, `null`)), // Its own name is not taken.
	)
}

// unchanged compares the values of several steps.
type unchanged struct{}

func (unchanged) CompareValues(values ...any) error {
	for _, v := range values {
		if v != values[0] {
			return fmt.Errorf("%v became %v", values[0], v)
		}
	}
	return nil
}

func TestRoleReplacedInAnotherTenant(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(tenant string) string {
		return d.Config(acctest.MSP + fmt.Sprintf(`
resource "mimecast_tenant" "other" {
  account_code   = "CUSA02A002"
  name           = "Birch Dental"
  primary_domain = "birch.example"
}

resource "mimecast_role" "custom" {
  tenant_id = mimecast_tenant.%s.id
  name      = "Tier 2 Admin"
}
`, tenant))
	}
	acctest.Run(t,
		resource.TestStep{Config: config("client")},
		resource.TestStep{
			Config:            config("other"),
			ConfigPlanChecks:  does(plancheck.ResourceActionDestroyBeforeCreate, plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact("tier-2-admin"))),
			ConfigStateChecks: []statecheck.StateCheck{value("tenant_id", knownvalue.StringExact("CUSA02A002"))},
		},
		resource.TestStep{PreConfig: none(d), Config: config("other")},
	)
}

// A role that is replaced as it is, as -replace does, does not stand in its own way.
func TestRoleReplacedOnRequest(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	trigger := func(v string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"trigger\" { input = %q }\n", v)
	}
	line := `lifecycle { replace_triggered_by = [terraform_data.trigger] }`
	acctest.Run(t,
		resource.TestStep{Config: d.Config(role(`name = "Tier 2 Admin"`, line) + trigger("1"))},
		resource.TestStep{Config: d.Config(role(`name = "Tier 2 Admin"`, line) + trigger("2")), ConfigPlanChecks: does(plancheck.ResourceActionDestroyBeforeCreate)},
	)
}

func TestRoleImport(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	id := func(s *terraform.State) (string, error) {
		found, ok := s.RootModule().Resources[address]
		if !ok {
			return "", errors.New("no role in the state")
		}
		return "CUSA01A001/" + found.Primary.ID, nil
	}
	imported := func(id string) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"declared"}}
	}
	refused := func(id string, message *regexp.Regexp) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: message}
	}
	acctest.Run(t,
		resource.TestStep{Config: d.Config(role(`name = "Tier 2 / 3 Admin"`, `description = "Second line"`, `application_permissions = ["Directories | Groups | Edit"]`,
			`protected_permissions = ["Archive | Search Content View"]`, `security_permission = "manage_application_roles"`), super)},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateIdFunc: id, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"declared"}},
		imported("CUSA01A001/Tier 2 / 3 Admin"),
		imported("cusa01a001/tier 2 / 3 ADMIN"),
		refused("CUSA01A001/basic-admin", acctest.Message("Unable to import", `Basic Administrator is a default role: it is in every tenant and cannot be managed. Refer to it by its ID "basic-admin", without a resource.`)),
		refused("CUSA01A001/Super administrator", acctest.Message("Super Administrator is a default role")),
		refused("CUSA01A001/Nobody", acctest.Message(`There is no role "CUSA01A001/Nobody" in the directory.`)),
		refused("CUSA09A009/Tier 2 / 3 Admin", acctest.Message(`There is no tenant "CUSA09A009" in the directory.`)),
		refused("Tier 2 Admin", acctest.Message(`The import ID "Tier 2 Admin" is not of the form tenant_id/role_id. Write one like "CUSA00A000/Helpdesk Tier 2 Administrator".`)),
		refused("CUSA01A001/", acctest.Message(`The import ID "CUSA01A001/" is not of the form tenant_id/role_id.`)),
	)
}

func TestRoleImportByIdentity(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.RunWithIdentity(t,
		resource.TestStep{
			Config: d.Config(role(`name = "Tier 2 Admin"`)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("tenant_id"), knownvalue.StringExact("CUSA01A001")),
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("role_id"), knownvalue.StringExact("tier-2-admin")),
			},
		},
	)
	acctest.RunWithIdentity(t, append([]resource.TestStep{{Config: d.Config(role(`name = "Tier 2 Admin"`))}}, acctest.Imported(address, d.Config(role(`name = "Tier 2 Admin"`)), d.Config(acctest.MSP), `identity = { tenant_id = "CUSA01A001", role_id = "tier-2-admin" }`)...)...)
}

// An import plans an update, which declares, and then nothing.
func TestRoleImportBlock(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t, append([]resource.TestStep{{Config: d.Config(role(`name = "Tier 2 Admin"`))}}, acctest.Imported(address, d.Config(role(`name = "Tier 2 Admin"`)), d.Config(acctest.MSP), `id = "CUSA01A001/tier-2-admin"`)...)...)
}

func TestRoleDisappears(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(role(`name = "Tier 2 Admin"`))
	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
				found, err := custom(ctx, db)
				if err != nil {
					return err
				}
				return acctest.Delete[rolemodel.Role](ctx, db, directory.KeyOf(found))
			}),
			Config:           config,
			ConfigPlanChecks: does(plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			// With its tenant, too.
			PreConfig: d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
				found, err := custom(ctx, db)
				if err != nil {
					return err
				}
				return errors.Join(acctest.Delete[rolemodel.Role](ctx, db, directory.KeyOf(found)), acctest.Delete[rolemodel.Tenant](ctx, db, directory.Key{Account: client}))
			}),
			Config:           config,
			ConfigPlanChecks: does(plancheck.ResourceActionCreate),
		},
	)
}

func TestRoleDrift(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(role(`name = "Tier 2 Admin"`, `application_permissions = ["Directories | Groups | Edit"]`), super)
	drift := func(attribute string, after knownvalue.Check, how func(*rolemodel.Role)) resource.TestStep {
		return resource.TestStep{
			PreConfig:         change(d, how),
			Config:            config,
			ConfigPlanChecks:  does(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{value(attribute, after)},
		}
	}
	acctest.Run(t,
		resource.TestStep{Config: config},
		drift("name", knownvalue.StringExact("Tier 2 Admin"), func(r *rolemodel.Role) { r.Name = "Tier 9 Admin" }),
		drift("description", knownvalue.Null(), func(r *rolemodel.Role) { r.Description = "Rogue" }),
		drift("security_permission", knownvalue.StringExact("cannot_manage_roles"), func(r *rolemodel.Role) { r.SecurityPermission = rolemodel.ManageApplicationRoles }),
		drift("application_permissions", set("Directories | Groups | Edit"), func(r *rolemodel.Role) {
			r.ApplicationPermissions = []rolemodel.Permission{"Directories | Groups | Read"}
		}),
		drift("protected", knownvalue.Bool(false), func(r *rolemodel.Role) {
			r.ProtectedPermissions = []rolemodel.Permission{"Archive | Search Content View"}
		}),
		drift("allow_unlisted_permissions", knownvalue.Bool(false), func(r *rolemodel.Role) { r.AllowUnlistedPermissions = true }),
	)
}

func TestRoleRespelled(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(tenant, permissions string) resource.TestStep {
		return resource.TestStep{
			Config: d.Config(acctest.MSP+fmt.Sprintf("resource \"mimecast_role\" \"custom\" {\n  tenant_id = %s\n  name = \"Tier 2 Admin\"\n  application_permissions = %s\n"+
				"  allow_unlisted_permissions = true\n  depends_on = [mimecast_tenant.client]\n}\n", tenant, permissions), super),
			ConfigPlanChecks: does(plancheck.ResourceActionNoop),
		}
	}
	first := config(`"cusa01a001"`, `["directories|GROUPS | edit", "Brand  New| Thing|Read"]`)
	first.ConfigPlanChecks = does(plancheck.ResourceActionCreate)
	first.ConfigStateChecks = []statecheck.StateCheck{
		value("tenant_id", knownvalue.StringExact("cusa01a001")),
		value("application_permissions", set("directories|GROUPS | edit", "Brand  New| Thing|Read")),
	}
	acctest.Run(t,
		first,
		config(`"CUSA01A001"`, `["Brand New | Thing | Read", "Directories | Groups | Edit"]`),
		config("mimecast_tenant.client.id", `["Directories | Groups | Edit", "Directories | Groups | Read", "brand new | thing | READ"]`),
		resource.TestStep{PreConfig: stored(d, 1), Config: first.Config, ConfigPlanChecks: does(plancheck.ResourceActionNoop)},
	)
}

func TestRoleInvalidAllAtOnce(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.RunRefused(t,
		[]*regexp.Regexp{
			acctest.Message("Error: Invalid account code", "tenant_id", "=", `"alder" is not an account code`, "Rule: well-formed"),
			acctest.Message("Error: Invalid name", "name", "=", `The name "Tier 2 " begins or ends with a space: write "Tier 2".`, "Rule: well-formed"),
			acctest.Message("Error: Invalid description", "description", "=", "The description has 2001 characters: write at most 2000.", "Rule: within-limits"),
			acctest.Message("Error: Invalid security permission", "security_permission", "=", `"everything" is not a security permission: write one of "cannot_manage_roles",`, "Rule: well-formed"),
			acctest.Message("Error: Invalid permission", "application_permissions", "=", `"Groups" is not a permission: write "Area | Item | Level", for example "Directories | Groups | Edit".`, "Rule: well-formed"),
			acctest.Message("Error: Invalid permission", "protected_permissions", "=", `"Archive |" is not a permission`, "Rule: well-formed"),
		},
		resource.TestStep{Config: d.Config(fmt.Sprintf("resource \"mimecast_role\" \"custom\" {\n  tenant_id = \"alder\"\n  name = \"Tier 2 \"\n  description = %q\n"+
			"  security_permission = \"everything\"\n  application_permissions = [\"Groups\"]\n  protected_permissions = [\"Archive |\"]\n}\n", strings.Repeat("a", 2001)))},
	)
}

func TestRolePermissionsAllAtOnce(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.RunRefused(t,
		[]*regexp.Regexp{
			acctest.Message(`Unable to validate role "Basic administrator"`, "name", "=", `"Basic Administrator" is the name of a default role.`, "Create a custom role with a name of its own.", "Rule: default-role-fixed"),
			acctest.Message("application_permissions", "=", `"directories | group | edit" is not in the catalogue of application permissions.`,
				`The nearest known ones are "Directories | Groups | Edit",`, "or set allow_unlisted_permissions = true: the published list is incomplete.", "Rule: known-permission"),
			acctest.Message("application_permissions", "=", `"Archive | Search Content View" is one of the catalogue's protected permissions, not of its application permissions.`, "Move it to protected_permissions.", "Rule: known-permission"),
			acctest.Message("protected_permissions", "=", `"Account | Logs | Read" is one of the catalogue's application permissions, not of its protected permissions.`, "Move it to application_permissions.", "Rule: known-permission"),
		},
		resource.TestStep{Config: d.Config(role(`name = "Basic administrator"`, `application_permissions = ["directories|group|edit", "Archive | Search Content View"]`, `protected_permissions = ["Account | Logs | Read"]`))},
	)
}

// What an actor may not do is refused by the plan.
func TestRoleActors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		actor   string
		lines   []string
		message *regexp.Regexp
	}{
		"who cannot manage roles": {
			"help-desk-admin",
			[]string{`name = "Tier 2 Admin"`},
			acctest.Message(`Unable to create role "Tier 2 Admin"`, "Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.", `Set acting_as to a role that can manage roles, for example "basic-admin".`, "Rule: manage-roles"),
		},
		"synchronization engine": {
			"sync-engine-admin",
			[]string{`name = "Tier 2 Admin"`},
			acctest.Message("Synchronization Engine Administrator cannot manage roles", "Rule: manage-roles"),
		},
		"above the actor": {
			"basic-admin",
			[]string{`name = "Tier 2 Admin"`, `security_permission = "manage_application_and_protected_roles"`},
			acctest.Message("security_permission", "=", "A role that may manage application and protected roles is above what Basic Administrator may.", "Rule: no-escalation"),
		},
		"protected permissions": {
			"basic-admin",
			[]string{`name = "Tier 2 Admin"`, `protected_permissions = ["Archive | Search Content View"]`},
			acctest.Message("protected_permissions", "=", "Basic Administrator cannot give protected permissions.", "Rule: no-escalation"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			acctest.Run(t,
				resource.TestStep{Config: d.Config(acctest.MSP)},
				resource.TestStep{Config: d.Config(role(c.lines...), fmt.Sprintf("acting_as = %q", c.actor)), PlanOnly: true, ExpectError: c.message},
				resource.TestStep{PreConfig: none(d), Config: d.Config(acctest.MSP)},
			)
		})
	}
}

// A role with protected permissions is changed and deleted only by who can manage protected roles.
func TestRoleProtectedFromActors(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	before := d.Config(role(`name = "Content Admin"`, `protected_permissions = ["Archive | Search Content View"]`), super)
	const basic = `acting_as = "basic-admin"`
	carries := acctest.Message("Content Admin carries protected permissions, and Basic Administrator cannot manage protected roles.", "Rule: protected-assignment")
	acctest.Run(t,
		resource.TestStep{Config: before},
		resource.TestStep{Config: d.Config(role(`name = "Content Admin"`), basic), PlanOnly: true, ExpectError: carries},
		resource.TestStep{Config: d.Config(acctest.MSP, basic), PlanOnly: true, ExpectError: carries},
		resource.TestStep{Config: d.Config(acctest.MSP, `acting_as = "reviewer"`), PlanOnly: true, ExpectError: acctest.Message(`Unable to delete role "Content Admin"`, "Reviewer cannot manage roles", "Rule: manage-roles")},
		resource.TestStep{PreConfig: stored(d, 1), Config: before, ConfigPlanChecks: does(plancheck.ResourceActionNoop)},
		resource.TestStep{Config: d.Config(acctest.MSP, super)},
		resource.TestStep{PreConfig: none(d), Config: d.Config(acctest.MSP)},
	)
}

func TestRoleNameTaken(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	second := "resource \"mimecast_role\" \"second\" {\n  tenant_id = mimecast_tenant.client.id\n  name = \"%s\"\n}\n"
	twice := acctest.Message("Declared twice", `Another resource of this configuration declares a role "tier 2 admin" of tenant "CUSA01A001" too`, "Keep one of them.")
	acctest.Run(t,
		resource.TestStep{
			Config:      d.Config(role(`name = "Tier 2 Admin"`) + fmt.Sprintf(second, "TIER 2 ADMIN\"\n  depends_on = [mimecast_role.custom]\n  description = \"")),
			ExpectError: twice,
		},
		resource.TestStep{Config: d.Config(role(`name = "Tier 2 Admin"`))},
		resource.TestStep{Config: d.Config(role(`name = "Tier 2 Admin"`) + fmt.Sprintf(second, "TIER 2 ADMIN\"\n  depends_on = [mimecast_role.custom]\n  description = \"")), PlanOnly: true, ExpectError: twice},
		resource.TestStep{PreConfig: stored(d, 1), Config: d.Config(role(`name = "Tier 2 Admin"`)), ConfigPlanChecks: does(plancheck.ResourceActionNoop)},
	)
}

// A role that is deleted while somebody holds it is retired, and taken up when it is created again.
func TestRoleRetired(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(lines ...string) string { return d.Config(role(append(lines, `name = "Tier 2 Admin"`)...)) }
	retired := d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		found, err := custom(ctx, db)
		if err == nil && !found.Retired {
			err = errors.New("the role is not retired")
		}
		return err
	})
	granted := "resource \"mimecast_external_admin\" \"ben\" {\n  tenant_id = mimecast_tenant.client.id\n  email = \"ben@northwind.example\"\n  role_id = %s\n}\n"
	acctest.Run(t,
		resource.TestStep{Config: config()},
		resource.TestStep{PreConfig: grant(d, "anna@northwind.example"), Config: d.Config(acctest.MSP)},
		resource.TestStep{ // Nobody new gets it.
			PreConfig:   retired,
			Config:      d.Config(acctest.MSP + fmt.Sprintf(granted, `"tier-2-admin"`)),
			PlanOnly:    true,
			ExpectError: acctest.Message(`Unable to create external admin "ben@northwind.example"`, "role_id", "Rule: role-retired"),
		},
		resource.TestStep{ // Unless the plan declares it.
			Config:            config(`description = "Again"`) + fmt.Sprintf(granted, "mimecast_role.custom.id"),
			ConfigPlanChecks:  does(plancheck.ResourceActionCreate, plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact("tier-2-admin"))),
			ConfigStateChecks: []statecheck.StateCheck{value("description", knownvalue.StringExact("Again"))},
		},
		resource.TestStep{Config: d.Config(acctest.MSP)},
		resource.TestStep{PreConfig: func() { retired(); revoke(d, "anna@northwind.example")(); none(d)() }, Config: d.Config(acctest.MSP)},
	)
}

// The ID is known in the plan, and stays when the role is renamed. A role that is
// taken up again keeps it too.
func TestRoleID(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	known := func(name, id string, action plancheck.ResourceActionType) resource.TestStep {
		return resource.TestStep{
			Config:            d.Config(role(fmt.Sprintf("name = %q", name))),
			ConfigPlanChecks:  does(action, plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact(id))),
			ConfigStateChecks: []statecheck.StateCheck{value("id", knownvalue.StringExact(id))},
		}
	}
	again := known("Tier 3 Admin", "tier-2-admin", plancheck.ResourceActionCreate)
	acctest.Run(t,
		known("Tier 2 Admin", "tier-2-admin", plancheck.ResourceActionCreate),
		known("Tier 3 Admin", "tier-2-admin", plancheck.ResourceActionUpdate),
		resource.TestStep{PreConfig: grant(d, "anna@northwind.example"), Config: d.Config(acctest.MSP)},
		again,
		resource.TestStep{PreConfig: revoke(d, "anna@northwind.example"), Config: d.Config(acctest.MSP)},
		known("Tier 3 Admin", "tier-3-admin", plancheck.ResourceActionCreate),
	)
}

// What is not known in the plan is decided at apply, and then changes nothing.
func TestRoleUnknown(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(name, permission string, unlisted bool) string {
		return d.Config(fmt.Sprintf(`
resource "terraform_data" "name" { input = %q }
resource "terraform_data" "permission" { input = %q }
resource "terraform_data" "unlisted" { input = %v }
`, name, permission, unlisted)+role(
			`name = terraform_data.name.output`, `description = "About ${terraform_data.name.output}"`,
			`application_permissions = ["Account | Logs | Read", terraform_data.permission.output]`,
			`protected_permissions = toset(terraform_data.name.output == "" ? ["Archive | Search Content View"] : [])`,
			`security_permission = terraform_data.name.output == "" ? "manage_application_roles" : "cannot_manage_roles"`,
			`allow_unlisted_permissions = terraform_data.unlisted.output`), super)
	}
	unknown := func(action plancheck.ResourceActionType, attributes ...string) resource.ConfigPlanChecks {
		checks := does(action)
		for _, a := range attributes {
			checks.PreApply = append(checks.PreApply, plancheck.ExpectUnknownValue(address, tfjsonpath.New(a)))
		}
		return checks
	}
	acctest.Run(t,
		resource.TestStep{
			Config:           config("Tier 2 Admin", "Directories | Groups | Edit", false),
			ConfigPlanChecks: unknown(plancheck.ResourceActionCreate, "name", "description", "security_permission", "protected_permissions", "protected", "allow_unlisted_permissions"),
			ConfigStateChecks: []statecheck.StateCheck{
				value("name", knownvalue.StringExact("Tier 2 Admin")),
				value("application_permissions", set("Account | Logs | Read", "Directories | Groups | Edit")),
				value("protected", knownvalue.Bool(false)),
			},
		},
		resource.TestStep{
			Config:           config("Tier 2 Admin", "Directories | Groups | Read", false),
			ConfigPlanChecks: unknown(plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			Config:      config("Tier 2 Admin", "Brand New | Thing", false),
			ExpectError: acctest.Message(`role "Tier 2 Admin"`, "application_permissions = ", `"Brand New | Thing" is not in the catalogue of application permissions.`, "Rule: known-permission"),
		},
		resource.TestStep{
			Config:      config("Full administrator", "Directories | Groups | Read", false),
			ExpectError: acctest.Message("name", "=", `"Full Administrator" is the name of a default role.`, "Rule: default-role-fixed"),
		},
		resource.TestStep{
			PreConfig:         stored(d, 2),
			Config:            config("Tier 2 Admin", "Brand New | Thing", true),
			ConfigStateChecks: []statecheck.StateCheck{value("application_permissions", set("Account | Logs | Read", "Brand New | Thing"))},
		},
	)
}

// What the directory refuses at apply is neither there nor in the state.
func TestRoleUnknownTurnsOutRefused(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(permission string) string {
		return d.Config(fmt.Sprintf("resource \"terraform_data\" \"permissions\" { input = [%q] }\n", permission) +
			role(`name = "Tier 2 Admin"`, `protected_permissions = terraform_data.permissions.output`))
	}
	acctest.Run(t,
		resource.TestStep{
			Config:      config("Archive | Search Content View"),
			ExpectError: acctest.Message("protected_permissions", "=", "Basic Administrator cannot give protected permissions.", "Rule: no-escalation"),
		},
		resource.TestStep{PreConfig: none(d), Config: d.Config(role(`name = "Tier 2 Admin"`)), ConfigPlanChecks: does(plancheck.ResourceActionCreate)},
	)
}

// A role of a tenant that has no code before apply.
func TestRoleOfUnknownTenant(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(`
resource "mimecast_tenant" "client" {
  name           = "Alder Legal"
  primary_domain = "alder.example"
}

resource "mimecast_role" "custom" {
  tenant_id = mimecast_tenant.client.id
  name      = "Tier 2 Admin"
}
`)
	acctest.Run(t, resource.TestStep{Config: config, ConfigPlanChecks: does(plancheck.ResourceActionCreate, plancheck.ExpectUnknownValue(address, tfjsonpath.New("tenant_id")))})
}

func TestRoleInMissingTenant(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t, resource.TestStep{
		Config:      d.Config("resource \"mimecast_role\" \"custom\" {\n  tenant_id = \"CUSA09A009\"\n  name = \"Tier 2 Admin\"\n}\n"),
		PlanOnly:    true,
		ExpectError: acctest.Message("tenant_id = ", `There is no tenant "CUSA09A009" in the directory.`, "Rule: reference-exists"),
	})
}
