package role_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func data(kind, name string, lines ...string) string {
	block := fmt.Sprintf("data %q %q {\n", "mimecast_"+kind, name)
	for _, line := range lines {
		block += "  " + line + "\n"
	}
	return block + "}\n"
}

func dataValue(address string, check knownvalue.Check, attribute string, steps ...any) statecheck.StateCheck {
	path := tfjsonpath.New(attribute)
	for _, step := range steps {
		switch step := step.(type) {
		case int:
			path = path.AtSliceIndex(step)
		case string:
			path = path.AtMapKey(step)
		}
	}
	return statecheck.ExpectKnownValue("data."+address, path, check)
}

func text(s string) knownvalue.Check { return knownvalue.StringExact(s) }

func TestRoleDataSources(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	resources := role(`name = "Tier 2 Admin"`, `description = "Second line"`, `application_permissions = ["Directories | Groups | Edit"]`, `protected_permissions = ["Archive | Search Content View"]`)
	const inTenant = `tenant_id = "cusa01a001"`
	acctest.Run(t,
		resource.TestStep{Config: d.Config(resources, super)},
		resource.TestStep{
			Config: d.Config(resources+
				data("role", "by_name", inTenant, `name = "TIER 2 admin"`)+
				data("role", "by_id", inTenant, `id = mimecast_role.custom.id`)+
				data("role", "default", inTenant, `id = "discovery-officer"`)+
				data("role", "default_name", inTenant, `name = "discovery officer"`)+
				data("roles", "all", inTenant), super),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.CompareValuePairs("data.mimecast_role.by_name", tfjsonpath.New("id"), address, tfjsonpath.New("id"), unchanged{}),
				dataValue("mimecast_role.by_name", text("Tier 2 Admin"), "name"),
				dataValue("mimecast_role.by_name", text("cusa01a001"), "tenant_id"),
				dataValue("mimecast_role.by_id", text("Tier 2 Admin"), "name"),
				dataValue("mimecast_role.by_id", text("Second line"), "description"),
				dataValue("mimecast_role.by_id", knownvalue.Bool(false), "default"),
				dataValue("mimecast_role.by_id", text("cannot_manage_roles"), "security_permission"),
				dataValue("mimecast_role.by_id", knownvalue.Bool(false), "definition_protected"),
				dataValue("mimecast_role.by_id", knownvalue.Bool(true), "protected"),
				dataValue("mimecast_role.by_id", knownvalue.ListExact([]knownvalue.Check{text("Directories | Groups | Edit")}), "application_permissions"),
				dataValue("mimecast_role.by_id", knownvalue.ListExact([]knownvalue.Check{text("Archive | Search Content View")}), "protected_permissions"),
				dataValue("mimecast_role.default", text("Discovery Officer"), "name"),
				dataValue("mimecast_role.default", knownvalue.Bool(true), "default"),
				dataValue("mimecast_role.default", knownvalue.Bool(true), "definition_protected"),
				dataValue("mimecast_role.default", knownvalue.Bool(true), "protected"),
				dataValue("mimecast_role.default", knownvalue.ListExact(nil), "application_permissions"),
				dataValue("mimecast_role.default_name", text("discovery-officer"), "id"),
				dataValue("mimecast_roles.all", knownvalue.ListSizeExact(10), "roles"),
				dataValue("mimecast_roles.all", text("super-admin"), "roles", 0, "id"),
				dataValue("mimecast_roles.all", text("Tier 2 Admin"), "roles", 9, "name"),
				dataValue("mimecast_roles.all", knownvalue.Bool(false), "roles", 9, "default"),
			},
		},
	)
}

func TestRoleDataSourceErrors(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	resources := role(`name = "Tier 2 Admin"`)
	refused := func(message []string, blocks string) resource.TestStep {
		return resource.TestStep{Config: d.Config(resources + blocks), PlanOnly: true, ExpectError: acctest.Message(message...)}
	}
	const inTenant, elsewhere = `tenant_id = "CUSA01A001"`, `tenant_id = "CUSA09A009"`
	acctest.Run(t,
		resource.TestStep{Config: d.Config(resources)},
		refused([]string{"Unable to find the role", "name ", "=", `"Tier 9" is neither a default role nor a custom role of tenant "CUSA01A001".`, `Write "tier-2-admin" (Tier 2 Admin) if that is meant, or one of super-admin,`}, data("role", "r", inTenant, `name = "Tier 9"`)),
		// A name is not an ID, nor the other way round.
		refused([]string{"Unable to find the role", "id ", "=", `"Tier 2 Admin" is the name of a custom role of tenant "CUSA01A001", not its ID.`, `Write "tier-2-admin".`}, data("role", "r", inTenant, `id = "Tier 2 Admin"`)),
		refused([]string{"Unable to find the role", "name ", "=", `"basic-admin" is the ID of a default role, not its name.`, `Write "Basic Administrator".`}, data("role", "r", inTenant, `name = "basic-admin"`)),
		refused([]string{"Unable to find the role", "tenant_id", "=", `There is no tenant "CUSA09A009" in the directory.`}, data("role", "r", elsewhere, `name = "Tier 2 Admin"`)),
		refused([]string{"Unable to list the roles", "tenant_id", "=", `There is no tenant "CUSA09A009" in the directory.`}, data("roles", "r", elsewhere)),
		refused([]string{"Missing Attribute Configuration", "[id,name]"}, data("role", "r", inTenant)),
		refused([]string{"Invalid Attribute Combination"}, data("role", "r", inTenant, `id = "basic-admin"`, `name = "Basic Administrator"`)),
		refused([]string{"Unable to find the default role", "id ", "=", `There is no default role with id "admin".`, "The default roles are super-admin (Super Administrator),"}, data("default_role", "r", `id = "admin"`)),
		refused([]string{"Unable to find the default role", "name ", "=", `There is no default role with name "basic-admin".`}, data("default_role", "r", `name = "basic-admin"`)),
		refused([]string{"Missing Attribute Configuration", "[id,name]"}, data("default_role", "r")),
		resource.TestStep{Config: d.Config(resources)},
	)
}

// What is built in needs no directory.
func TestBuiltInDataSources(t *testing.T) {
	for name, provider := range map[string]string{
		"no directory":          "provider \"mimecast\" {}\n",
		"unreachable directory": "provider \"mimecast\" {\n  directory = \"postgres://nobody@127.0.0.1:1/nothing?connect_timeout=1\"\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("MIMECAST_DIRECTORY", "")
			config := provider +
				data("default_roles", "all") + data("default_role", "by_id", `id = "help-desk-admin"`) + data("default_role", "by_name", `name = "BASIC administrator"`) +
				data("permissions", "all")
			var listed [2]int
			for _, l := range rolemodel.Catalogue() {
				if l.Kind == rolemodel.ProtectedPermission {
					listed[1]++
				} else {
					listed[0]++
				}
			}
			acctest.Run(t, resource.TestStep{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					dataValue("mimecast_default_roles.all", knownvalue.ListSizeExact(9), "roles"),
					dataValue("mimecast_default_roles.all", text("super-admin"), "roles", 0, "id"),
					dataValue("mimecast_default_roles.all", text("sync-engine-admin"), "roles", 8, "id"),
					dataValue("mimecast_default_roles.all", text("manage_synchronization_engine_sites"), "roles", 8, "security_permission"),
					dataValue("mimecast_default_role.by_id", text("Help Desk Administrator"), "name"),
					dataValue("mimecast_default_role.by_id", text("cannot_manage_roles"), "security_permission"),
					dataValue("mimecast_default_role.by_id", knownvalue.Bool(false), "definition_protected"),
					dataValue("mimecast_default_role.by_id", knownvalue.Bool(false), "protected"),
					dataValue("mimecast_default_role.by_name", text("basic-admin"), "id"),
					dataValue("mimecast_default_role.by_name", text("Basic Administrator"), "name"),
					dataValue("mimecast_default_role.by_name", knownvalue.NotNull(), "capabilities", "ediscovery_search", "value"),
					dataValue("mimecast_permissions.all", knownvalue.ListSizeExact(listed[0]), "application"),
					dataValue("mimecast_permissions.all", knownvalue.ListSizeExact(listed[1]), "protected"),
				},
			})
		})
	}
}

// What is not built in says what to do without a directory.
func TestRoleDataSourceWithoutDirectory(t *testing.T) {
	t.Setenv("MIMECAST_DIRECTORY", "")
	acctest.Run(t, resource.TestStep{
		Config:      "provider \"mimecast\" {}\n" + data("roles", "all", `tenant_id = "CUSA01A001"`),
		ExpectError: acctest.Message("No directory is configured", "Choose one:", "MIMECAST_DIRECTORY"),
	})
}
