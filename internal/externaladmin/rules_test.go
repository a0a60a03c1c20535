package externaladmin_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// msp returns acctest.MSP with another partner or tenant.
func msp(replacements ...string) string {
	return strings.NewReplacer(replacements...).Replace(acctest.MSP)
}

// refusal is a grant to the tenant CUSA01A001 that rules forbid.
type refusal struct {
	// world is the partner and the tenant, acctest.MSP if it is "".
	world       string
	actingAs    rolemodel.RoleID
	email, role string
	// text is what the error says, one violation after the other.
	text []string
}

var refusals = map[string]refusal{
	"external-address": {
		email: "dora@alder.example", role: "help-desk-admin",
		text: []string{
			`"dora@alder.example" is inside Alder Legal: "alder.example" is one of its internal domains.`,
			`Use the address the person logs in to the Partner Portal with`, `Rule: external-address`,
			`"dora@alder.example" is not a login of Northwind IT: its domains are "northwind.example".`, `Rule: partner-login`,
		},
	},
	"portal-required without partner": {
		world: msp("partner_id     = mimecast_partner.msp.id", ""),
		email: "anna@northwind.example", role: "help-desk-admin",
		text: []string{`Tenant "CUSA01A001" (Alder Legal) has no partner, so nobody outside it can administer it.`, `Set partner_id on the tenant`, `Rule: portal-required`},
	},
	"portal-required without portal": {
		world: msp(`domains      = ["northwind.example"]`, `domains = ["northwind.example"]
  partner_portal = false`),
		email: "anna@northwind.example", role: "help-desk-admin",
		text: []string{`Northwind IT, the partner of tenant "CUSA01A001", does not use the Partner Portal.`, `Rule: portal-required`},
	},
	"partner-login": {
		email: "anna@mail.northwind.example", role: "help-desk-admin",
		text: []string{`"anna@mail.northwind.example" is not a login of Northwind IT`, `Subdomains count as other domains.`, `Rule: partner-login`},
	},
	"msp-only-role": {
		world: msp(`domains      = ["northwind.example"]`, `domains = ["northwind.example"]
  program = "reseller"`),
		email: "anna@northwind.example", role: "partner-admin",
		text: []string{`Northwind IT, the partner of tenant "CUSA01A001", is not an MSP (its program is "reseller").`, `Rule: msp-only-role`},
	},
	"role-of-tenant": {
		email: "anna@northwind.example", role: "helpdesk",
		text: []string{`"helpdesk" is neither a default role nor a custom role of tenant "CUSA01A001".`, `Write "help-desk-admin" (Help Desk Administrator) if that is meant, or one of super-admin, partner-admin,`, `Rule: role-of-tenant`},
	},
	"manage-roles": {
		actingAs: rolemodel.HelpDeskAdmin,
		email:    "anna@northwind.example", role: "gateway-admin",
		text: []string{`Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.`, `Set acting_as to a role that can manage roles`, `Rule: manage-roles`},
	},
	"protected-assignment": {
		email: "anna@northwind.example", role: "full-admin",
		text: []string{`Full Administrator carries protected permissions, and Basic Administrator cannot manage protected roles.`, `set acting_as = "super-admin"`, `Rule: protected-assignment`},
	},
	"super-by-support": {
		actingAs: rolemodel.SuperAdmin,
		email:    "anna@northwind.example", role: "super-admin",
		text: []string{`Super Administrator is granted only by Mimecast Support.`, `Rule: super-by-support`},
	},
	"malformed role": {
		email: "anna@northwind.example", role: "Help Desk Administrator",
		text: []string{`"Help Desk Administrator" is the name of a default role, not its ID: write "help-desk-admin".`, `Rule: well-formed`},
	},
	"no role": {
		email: "anna@northwind.example", role: "",
		text: []string{`No role is given: write the ID of a default role`, `Rule: well-formed`},
	},
}

// forms are the two ways to grant, the arguments written as expressions.
var forms = map[string]func(tenant, email, role string) string{
	"single": single,
	"all": func(tenant, email, role string) string {
		return all(tenant, fmt.Sprintf(`{ (%s) = { role_id = %s } }`, email, role))
	},
}

// TestRules has every rule broken through the CLI in both forms, once decided
// before apply and once during it. Both say the same and leave the directory as
// it was. Refusals in the same world are steps of one test.
func TestRules(t *testing.T) {
	t.Parallel()
	type place struct {
		world    string
		actingAs rolemodel.RoleID
	}
	places := map[place][]string{}
	for _, name := range slices.Sorted(maps.Keys(refusals)) {
		at := place{refusals[name].world, refusals[name].actingAs}
		places[at] = append(places[at], name)
	}
	for form, config := range forms {
		for at, names := range places {
			t.Run(form+"/"+strings.Join(names, ", "), func(t *testing.T) {
				t.Parallel()
				d := acctest.NewDirectory(t)
				world := cmp.Or(at.world, acctest.MSP)
				var settings []string
				if at.actingAs != "" {
					settings = []string{fmt.Sprintf("acting_as = %q", at.actingAs)}
				}
				steps := []resource.TestStep{{Config: d.Config(world)}}
				for i, name := range names {
					steps = append(steps, refused(d, i, world, settings, refusals[name], config)...)
				}
				acctest.Run(t, append(steps, resource.TestStep{
					PreConfig: func() {
						if refused := refusedWrites(t, d); refused != 0 {
							t.Errorf("the directory was asked to make %d writes that it refused", refused)
						}
					},
					Config:            d.Config(world),
					ConfigStateChecks: []statecheck.StateCheck{d.Holds()},
				})...)
			})
		}
	}
}

// refused are the steps that try the grant before apply and during it.
func refused(d acctest.Directory, i int, world string, settings []string, r refusal, config func(tenant, email, role string) string) []resource.TestStep {
	email, role := fmt.Sprintf("%q", r.email), fmt.Sprintf("%q", r.role)
	name := func(argument string) string { return fmt.Sprintf("%s_%d", argument, i) }
	unknowns := later(name("tenant"), "mimecast_tenant.client.id") + later(name("email"), email) + later(name("role"), role)
	output := func(argument string) string { return "terraform_data." + name(argument) + ".output" }
	return []resource.TestStep{
		{ // By the plan.
			Config:      d.Config(world+config("mimecast_tenant.client.id", email, role), settings...),
			ExpectError: acctest.Message(r.text...),
		},
		{ // At apply, since nothing is known before: Terraform plans once more then.
			Config:      d.Config(world+unknowns+config(output("tenant"), output("email"), output("role")), settings...),
			ExpectError: acctest.Message(r.text...),
		},
	}
}

// TestViewRoles reads as somebody who cannot manage roles: the Roles tab is closed to them.
func TestViewRoles(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	granted := acctest.MSP + single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"help-desk-admin"`)
	steps := []resource.TestStep{{Config: d.Config(granted)}}
	closed := func(config, summary string) {
		steps = append(steps, resource.TestStep{
			Config: d.Config(config, `acting_as = "reviewer"`), PlanOnly: true,
			ExpectError: acctest.Message(summary, `Reviewer cannot manage roles, and so sees neither custom roles, external admins and sign-in decisions nor the audit trail.`,
				`Set acting_as to a role that can manage roles`, `Rule: view-roles`),
		})
	}
	closed(granted, `Unable to read external admin "anna@northwind.example"`)
	for data, summary := range map[string]string{
		`"mimecast_external_admins" "d" {}`:                                                     "Unable to list the external admins",
		`"mimecast_audit_events" "d" {}`:                                                        "Unable to read the audit trail",
		"\"mimecast_roles\" \"d\" {\n  tenant_id = \"CUSA01A001\"\n}":                           "Unable to list the roles",
		"\"mimecast_role\" \"d\" {\n  tenant_id = \"CUSA01A001\"\n  name = \"Tier 2 Admin\"\n}": "Unable to find the role",
		"\"mimecast_sign_in_decision\" \"d\" {\n  tenant_id = \"CUSA01A001\"\n  email = \"anna@northwind.example\"\n  source_ip = \"192.0.2.1\"\n  entrance = \"partner_portal\"\n}": "Unable to decide the sign-in",
	} {
		steps = append(steps, resource.TestStep{Config: d.Config(acctest.MSP)})
		closed(acctest.MSP+"data "+data+"\n", summary)
	}
	acctest.Run(t, append(steps, resource.TestStep{Config: d.Config(acctest.MSP)})...)
}

// TestRulesAllAtOnce has four violations in one grant.
func TestRulesAllAtOnce(t *testing.T) {
	t.Parallel()
	world := msp(`domains      = ["northwind.example"]`, `domains = ["northwind.example"]
  partner_portal = false
  program        = "reseller"`)
	var messages []*regexp.Regexp
	for _, rule := range []rolemodel.RuleID{rolemodel.ExternalAddress, rolemodel.PortalRequired, rolemodel.PartnerLogin, rolemodel.MSPOnlyRole} {
		messages = append(messages, acctest.Message("Rule: "+string(rule)))
	}
	for form, config := range forms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			acctest.RunRefused(t, messages, resource.TestStep{Config: d.Config(world + config("mimecast_tenant.client.id", `"dora@alder.example"`, `"partner-admin"`))})
		})
	}
}

// refusedWrites returns how many writes the directory has refused.
func refusedWrites(t *testing.T, d acctest.Directory) int {
	t.Helper()
	events, err := directory.Collect(d.As(rolemodel.BasicAdmin).AuditEvents(context.Background(), directory.AuditFilter{}))
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, e := range events {
		if e.Outcome == directory.OutcomeRefused {
			refused++
		}
	}
	return refused
}

func TestAdminOneRole(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	taken := acctest.Message(`Unable to create external admin "anna@northwind.example"`,
		`"anna@northwind.example" already holds Gateway Administrator in tenant "CUSA01A001".`,
		`CUSA01A001/anna@northwind.example`, `Rule: one-role`)
	acctest.Run(t,
		resource.TestStep{Config: d.Config(acctest.MSP)},
		resource.TestStep{
			PreConfig:   grant(d, anna, rolemodel.GatewayAdmin),
			Config:      d.Config(acctest.MSP + single("mimecast_tenant.client.id", `"Anna@northwind.example"`, `"help-desk-admin"`)),
			ExpectError: taken,
		},
		resource.TestStep{
			Config:      d.Config(acctest.MSP + later("email", `"Anna@northwind.example"`) + single("mimecast_tenant.client.id", `terraform_data.email.output`, `"help-desk-admin"`)),
			ExpectError: taken,
		},
		resource.TestStep{
			Config:            d.Config(acctest.MSP),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds("CUSA01A001/anna@northwind.example gateway-admin")},
		},
		resource.TestStep{PreConfig: revoke(d, anna), Config: d.Config(acctest.MSP)},
	)
}

// TestAdminsMalformed has several mistakes in the map, all reported with their
// keys as they are written, by validation.
func TestAdminsMalformed(t *testing.T) {
	t.Parallel()
	one := func(parts ...string) []*regexp.Regexp { return []*regexp.Regexp{acctest.Message(parts...)} }
	for name, test := range map[string]struct {
		admins string
		text   []*regexp.Regexp
	}{
		"addresses": {
			`{
    "anna"                   = { role_id = "help-desk-admin" }
    "Bea @northwind.example" = { role_id = "super-admin" }
    "cem@northwind.example"  = { role_id = "basic-admin" }
  }`,
			[]*regexp.Regexp{
				acctest.Message(`At admins["Bea @northwind.example"].role_id`, `Rule: super-by-support`),
				acctest.Message(`At admins["anna"]`, `"anna" is not an email address: write one like "anna@example.com", without a name or spaces.`, `Rule: well-formed`),
				acctest.Message(`At admins["Bea @northwind.example"]`, `"Bea @northwind.example" is not an email address`, `Rule: well-formed`),
			},
		},
		"one address twice": {
			`{
    "anna@northwind.example" = { role_id = "help-desk-admin" }
    "Anna@Northwind.example" = { role_id = "basic-admin" }
  }`,
			one(`"Anna@Northwind.example", "anna@northwind.example" are the same address "anna@northwind.example".`, `Keep one of them.`, `Rule: one-role`),
		},
		"no role":    {`{ "Anna@northwind.example" = {} }`, one(`At admins["Anna@northwind.example"].role_id`, `No role is given`, `Rule: well-formed`)},
		"null role":  {`{ "Anna@northwind.example" = { role_id = null } }`, one(`At admins["Anna@northwind.example"].role_id`, `No role is given`, `Rule: well-formed`)},
		"null":       {`{ "Anna@northwind.example" = null }`, one(`At admins["Anna@northwind.example"].role_id`, `No role is given`, `Rule: well-formed`)},
		"later null": {`{ "Anna@northwind.example" = { role_id = terraform_data.nothing.output } }`, one(`At admins["Anna@northwind.example"].role_id`, `No role is given`, `Rule: well-formed`)},
		"later twice": {
			`{ (terraform_data.email.output) = { role_id = "basic-admin" }, "anna@northwind.example" = { role_id = "basic-admin" } }`,
			one(`"Anna@northwind.example", "anna@northwind.example" are the same address "anna@northwind.example".`, `Rule: one-role`),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			unknowns := later("nothing", "null") + later("email", `"Anna@northwind.example"`)
			valid := resource.TestStep{Config: d.Config(acctest.MSP), ConfigStateChecks: []statecheck.StateCheck{d.Holds()}}
			steps := []resource.TestStep{valid}
			for _, message := range test.text { // No CLI promises an order.
				steps = append(steps, resource.TestStep{Config: d.Config(acctest.MSP + unknowns + all("mimecast_tenant.client.id", test.admins)), ExpectError: message})
			}
			acctest.Run(t, append(steps, valid)...)
		})
	}
}

// TestAddressBySupport changes the address of somebody with a protected role.
func TestAddressBySupport(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	const super = `acting_as = "super-admin"`
	config := func(email, role string) string {
		return d.Config(acctest.MSP+single("mimecast_tenant.client.id", email, role), super)
	}
	acctest.Run(t,
		resource.TestStep{Config: config(`"anna@northwind.example"`, `"full-admin"`)},
		resource.TestStep{
			Config: config(`"bea@northwind.example"`, `"full-admin"`),
			ExpectError: acctest.Message(`"anna@northwind.example" holds Full Administrator, which carries protected permissions, so the address cannot become "bea@northwind.example" here.`,
				`as two separate applies.`, `Rule: address-by-support`),
		},
		resource.TestStep{
			Config:            config(`"anna@northwind.example"`, `"full-admin"`),
			ConfigPlanChecks:  emptyPlan,
			ConfigStateChecks: []statecheck.StateCheck{d.Holds("CUSA01A001/anna@northwind.example full-admin")},
		},
		resource.TestStep{ // As the advice says: first the removal, then the grant.
			Config:            d.Config(acctest.MSP, super),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds()},
		},
		resource.TestStep{
			Config:            config(`"bea@northwind.example"`, `"full-admin"`),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds("CUSA01A001/bea@northwind.example full-admin")},
		},
	)
}

// TestRemovalRefused takes the authority away before grants are removed: by
// destroying them, replacing them, or leaving one out of the map. The state and
// the directory keep them.
func TestRemovalRefused(t *testing.T) {
	t.Parallel()
	const super = `acting_as = "super-admin"`
	held := object("Anna@northwind.example", "full-admin", "bea@northwind.example", "basic-admin")
	for name, test := range map[string]struct{ before, after, address string }{
		"all destroyed":       {all("mimecast_tenant.client.id", held), "", admins},
		"all replaced":        {all("mimecast_tenant.client.id", held), all("mimecast_tenant.second.id", object()), admins},
		"all but one":         {all("mimecast_tenant.client.id", held), all("mimecast_tenant.client.id", object("bea@northwind.example", "basic-admin")), admins},
		"all with another":    {all("mimecast_tenant.client.id", held), all("mimecast_tenant.client.id", object("Anna@northwind.example", "basic-admin", "bea@northwind.example", "basic-admin")), admins},
		"single destroyed":    {single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"full-admin"`), "", admin},
		"single replaced":     {single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"full-admin"`), single("mimecast_tenant.second.id", `"anna@northwind.example"`, `"basic-admin"`), admin},
		"single with another": {single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"full-admin"`), single("mimecast_tenant.client.id", `"anna@northwind.example"`, `"basic-admin"`), admin},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			world := acctest.MSP + secondTenant
			acctest.Run(t,
				resource.TestStep{Config: d.Config(world+test.before, super)},
				resource.TestStep{
					Config:      d.Config(world + test.after),
					ExpectError: acctest.Message(`Full Administrator carries protected permissions, and Basic Administrator cannot manage protected roles.`, `Rule: protected-assignment`),
				},
				resource.TestStep{
					PreConfig: func() {
						if refused := refusedWrites(t, d); refused != 0 {
							t.Errorf("the directory has refused %d writes: the plan has not", refused)
						}
					},
					Config:           d.Config(world+test.before, super),
					ConfigPlanChecks: planned(test.address, plancheck.ResourceActionNoop),
				},
			)
		})
	}
}

// TestUnchangedGrantsNeedNoAuthority changes one grant of the map beside a
// protected one that stays as it is.
func TestUnchangedGrantsNeedNoAuthority(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(role string, settings ...string) string {
		return d.Config(acctest.MSP+all("mimecast_tenant.client.id", object("anna@northwind.example", "full-admin", "bea@northwind.example", role)), settings...)
	}
	acctest.Run(t,
		resource.TestStep{Config: config("basic-admin", `acting_as = "super-admin"`)},
		resource.TestStep{
			Config:            config("gateway-admin"),
			ConfigStateChecks: []statecheck.StateCheck{d.Holds("CUSA01A001/anna@northwind.example full-admin", "CUSA01A001/bea@northwind.example gateway-admin")},
		},
		resource.TestStep{Config: config("gateway-admin", `acting_as = "super-admin"`), ConfigPlanChecks: emptyPlan},
	)
}
