package partner_test

import (
	"context"
	"errors"
	"fmt"
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

const (
	address = "mimecast_partner.msp"
	code    = rolemodel.AccountCode("CUSA00A000")
)

// partner is a partner's block with these lines besides its code, name and domain.
func partner(lines ...string) string {
	block := "resource \"mimecast_partner\" \"msp\" {\n  account_code = \"CUSA00A000\"\n  name = \"Northwind IT\"\n  domains = [\"northwind.example\"]\n"
	for _, line := range lines {
		block += "  " + line + "\n"
	}
	return block + "}\n"
}

// custom is a partner's block with these lines only.
func custom(lines ...string) string {
	block := "resource \"mimecast_partner\" \"msp\" {\n"
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
func does(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{
		PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)},
		PostApplyPreRefresh:  []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
}

// unwritten expects that no write has changed the partner since it was created.
func unwritten(d acctest.Directory) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		p, err := db.Partner(ctx, code)
		if err == nil && p.Revision != 1 {
			err = fmt.Errorf("the partner has revision %d", p.Revision)
		}
		return err
	})
}

// none expects the directory to have no partner.
func none(d acctest.Directory) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		partners, err := directory.Collect(db.Partners(ctx, directory.PartnerFilter{}))
		if err == nil && len(partners) > 0 {
			err = fmt.Errorf("the directory has partners: %v", partners)
		}
		return err
	})
}

// change changes the partner behind Terraform's back.
func change(d acctest.Directory, how func(*rolemodel.Partner)) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		p, err := db.Partner(ctx, code)
		if err != nil {
			return err
		}
		how(&p)
		return acctest.Update(ctx, db, p)
	})
}

func TestPartnerDefaults(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t, resource.TestStep{
		Config:           d.Config(custom(`name = "Northwind IT"`, `domains = ["northwind.example"]`)),
		ConfigPlanChecks: does(plancheck.ResourceActionCreate),
		ConfigStateChecks: []statecheck.StateCheck{
			value("id", knownvalue.StringRegexp(regexp.MustCompile(`^C[A-Z0-9]+$`))),
			statecheck.CompareValuePairs(address, tfjsonpath.New("id"), address, tfjsonpath.New("account_code"), same{}),
			value("name", knownvalue.StringExact("Northwind IT")),
			value("program", knownvalue.StringExact("msp")),
			value("partner_portal", knownvalue.Bool(true)),
			value("domains", set("northwind.example")),
			value("admin_ip_ranges", knownvalue.Null()),
		},
	})
}

// same compares two values.
type same struct{}

func (same) CompareValues(values ...any) error {
	if values[0] != values[1] {
		return fmt.Errorf("%v is not %v", values[0], values[1])
	}
	return nil
}

func TestPartnerEveryAttribute(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	full := func(name, program, portal, domains, ranges string) string {
		return d.Config(custom(`account_code = "CUSA00A000"`, "name = "+name, "program = "+program, "partner_portal = "+portal, "domains = "+domains, "admin_ip_ranges = "+ranges))
	}
	update := func(attribute string, check knownvalue.Check, config string) resource.TestStep {
		return resource.TestStep{
			Config:            config,
			ConfigPlanChecks:  does(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{value(attribute, check), value("id", knownvalue.StringExact("CUSA00A000"))},
		}
	}
	const northwind = `["northwind.example", "northwind-it.example"]`
	acctest.Run(t,
		resource.TestStep{
			Config:           full(`"Northwind IT"`, `"reseller"`, `false`, northwind, `["192.0.2.0/24", "2001:db8::/32"]`),
			ConfigPlanChecks: does(plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				value("id", knownvalue.StringExact("CUSA00A000")),
				value("account_code", knownvalue.StringExact("CUSA00A000")),
				value("name", knownvalue.StringExact("Northwind IT")),
				value("program", knownvalue.StringExact("reseller")),
				value("partner_portal", knownvalue.Bool(false)),
				value("domains", set("northwind.example", "northwind-it.example")),
				value("admin_ip_ranges", set("192.0.2.0/24", "2001:db8::/32")),
			},
		},
		update("name", knownvalue.StringExact("Northwind"), full(`"Northwind"`, `"reseller"`, `false`, northwind, `["192.0.2.0/24", "2001:db8::/32"]`)),
		update("program", knownvalue.StringExact("msp"), full(`"Northwind"`, `"msp"`, `false`, northwind, `["192.0.2.0/24", "2001:db8::/32"]`)),
		update("partner_portal", knownvalue.Bool(true), full(`"Northwind"`, `"msp"`, `true`, northwind, `["192.0.2.0/24", "2001:db8::/32"]`)),
		update("domains", set("northwind.example"), full(`"Northwind"`, `"msp"`, `true`, `["northwind.example"]`, `["192.0.2.0/24", "2001:db8::/32"]`)),
		update("admin_ip_ranges", set("198.51.100.0/24"), full(`"Northwind"`, `"msp"`, `true`, `["northwind.example"]`, `["198.51.100.0/24"]`)),
		update("admin_ip_ranges", knownvalue.SetExact(nil), full(`"Northwind"`, `"msp"`, `true`, `["northwind.example"]`, `[]`)),
		update("admin_ip_ranges", knownvalue.Null(), full(`"Northwind"`, `"msp"`, `true`, `["northwind.example"]`, `null`)),
		resource.TestStep{
			// Leaving an attribute out gives it its default, but the account code stays.
			PreConfig:        change(d, func(p *rolemodel.Partner) { p.Program, p.PartnerPortal = rolemodel.ProgramReseller, false }),
			Config:           d.Config(custom(`name = "Northwind"`, `domains = ["northwind.example"]`)),
			ConfigPlanChecks: does(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				value("program", knownvalue.StringExact("msp")),
				value("partner_portal", knownvalue.Bool(true)),
				value("account_code", knownvalue.StringExact("CUSA00A000")),
			},
		},
	)
}

func TestPartnerReplacedByAnotherCode(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	other := d.Config(custom(`account_code = "CUSA00A009"`, `name = "Northwind IT"`, `domains = ["northwind.example"]`))
	acctest.Run(t,
		resource.TestStep{Config: d.Config(partner())},
		resource.TestStep{
			Config:            other,
			ConfigPlanChecks:  does(plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{value("id", knownvalue.StringExact("CUSA00A009")), value("account_code", knownvalue.StringExact("CUSA00A009"))},
		},
		resource.TestStep{
			PreConfig: d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
				if _, err := db.Partner(ctx, code); !directory.IsNotFound(err) {
					return fmt.Errorf("the replaced partner is still there (%w)", err)
				}
				return nil
			}),
			Config: other,
		},
	)
}

// A partner that manages tenants is replaced without losing them: it is retired, and goes when they have the new one.
func TestPartnerWithTenantsReplaced(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(code string) string {
		return d.Config(custom(fmt.Sprintf("account_code = %q", code), `name = "Northwind IT"`, `domains = ["northwind.example"]`) + `
resource "mimecast_tenant" "client" {
  account_code   = "CUSA01A001"
  name           = "Alder Legal"
  primary_domain = "alder.example"
  partner_id     = mimecast_partner.msp.id
}
`)
	}
	acctest.Run(t,
		resource.TestStep{Config: config("CUSA00A000")},
		resource.TestStep{
			Config: config("CUSA00A009"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
				plancheck.ExpectResourceAction("mimecast_tenant.client", plancheck.ResourceActionUpdate),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("mimecast_tenant.client", tfjsonpath.New("partner_id"), knownvalue.StringExact("CUSA00A009")),
			},
		},
	)
}

func TestPartnerImport(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	imported := func(id string) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"declared"}}
	}
	refused := func(id string, message *regexp.Regexp) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: message}
	}
	acctest.Run(t,
		resource.TestStep{Config: d.Config(partner(`program = "reseller"`, `admin_ip_ranges = ["192.0.2.0/24"]`))},
		imported("CUSA00A000"),
		imported("cusa00a000"),
		refused("northwind", acctest.Message("Unable to import", `"northwind" is not an account code: write a "C" and then letters and digits`)),
		refused("CUSA00A008", acctest.Message("Cannot import non-existent remote object")),
	)
}

func TestPartnerImportByIdentity(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.RunWithIdentity(t,
		resource.TestStep{
			Config: d.Config(partner()),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentity(address, map[string]knownvalue.Check{"account_code": knownvalue.StringExact("CUSA00A000")}),
			},
		},
	)
	acctest.RunWithIdentity(t, append([]resource.TestStep{{Config: d.Config(partner())}}, acctest.Imported(address, d.Config(partner()), d.Config(""), `identity = { account_code = "CUSA00A000" }`)...)...)
}

// An import plans an update, which declares, and then nothing.
func TestPartnerImportBlock(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t, append([]resource.TestStep{{Config: d.Config(partner())}}, acctest.Imported(address, d.Config(partner()), d.Config(""), `id = "CUSA00A000"`)...)...)
}

func TestPartnerDisappears(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t,
		resource.TestStep{Config: d.Config(partner())},
		resource.TestStep{
			PreConfig: d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
				return acctest.Delete[rolemodel.Partner](ctx, db, directory.Key{Account: code})
			}),
			Config:           d.Config(partner()),
			ConfigPlanChecks: does(plancheck.ResourceActionCreate),
		},
	)
}

func TestPartnerDrift(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(partner(`admin_ip_ranges = ["192.0.2.0/24"]`))
	drift := func(attribute string, after knownvalue.Check, how func(*rolemodel.Partner)) resource.TestStep {
		return resource.TestStep{
			PreConfig: change(d, how),
			Config:    config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue(address, tfjsonpath.New(attribute), after),
			}},
			ConfigStateChecks: []statecheck.StateCheck{value(attribute, after)},
		}
	}
	acctest.Run(t,
		resource.TestStep{Config: config},
		drift("name", knownvalue.StringExact("Northwind IT"), func(p *rolemodel.Partner) { p.Name = "Southwind" }),
		drift("program", knownvalue.StringExact("msp"), func(p *rolemodel.Partner) { p.Program = rolemodel.ProgramReseller }),
		drift("partner_portal", knownvalue.Bool(true), func(p *rolemodel.Partner) { p.PartnerPortal = false }),
		drift("domains", set("northwind.example"), func(p *rolemodel.Partner) { p.Domains = append(p.Domains, "rogue.example") }),
		drift("admin_ip_ranges", set("192.0.2.0/24"), func(p *rolemodel.Partner) { p.AdminIPRanges = nil }),
	)
}

func TestPartnerRespelled(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(code, domains, ranges string) resource.TestStep {
		return resource.TestStep{
			Config:           d.Config(custom("account_code = "+code, `name = "Northwind IT"`, "domains = "+domains, "admin_ip_ranges = "+ranges)),
			ConfigPlanChecks: does(plancheck.ResourceActionNoop),
		}
	}
	first := config(`"cusa00a000"`, `["Northwind.Example", "bücher.example"]`, `["2001:0DB8::/32", "::ffff:192.0.2.0/120"]`)
	first.ConfigPlanChecks = does(plancheck.ResourceActionCreate)
	first.ConfigStateChecks = []statecheck.StateCheck{
		value("id", knownvalue.StringExact("CUSA00A000")),
		value("account_code", knownvalue.StringExact("cusa00a000")),
		value("domains", set("Northwind.Example", "bücher.example")),
		value("admin_ip_ranges", set("2001:0DB8::/32", "::ffff:192.0.2.0/120")),
	}
	mixed := config(`"CUSA00A000"`, `["northwind.example", "bücher.example", "willow.example"]`, `["192.0.2.0/24"]`)
	mixed.ConfigPlanChecks = does(plancheck.ResourceActionUpdate)
	mixed.ConfigStateChecks = []statecheck.StateCheck{
		value("account_code", knownvalue.StringExact("cusa00a000")),
		value("domains", set("northwind.example", "bücher.example", "willow.example")),
		value("admin_ip_ranges", set("192.0.2.0/24")),
	}
	acctest.Run(t,
		first,
		config(`"CUSA00A000"`, `["northwind.example", "xn--bcher-kva.example"]`, `["192.0.2.0/24", "2001:db8::/32"]`),
		config(`"CUSA00A000"`, `["XN--BCHER-KVA.example", "northwind.example.", "NORTHWIND.example"]`, `["2001:db8:0::/32", "192.0.2.0/24"]`),
		mixed, // A change of the set takes the configuration's spelling.
	)
}

func TestPartnerInvalidAllAtOnce(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.RunRefused(t,
		[]*regexp.Regexp{
			acctest.Message("Error: Invalid account code", "account_code = ", `"X1" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000".`, "Correct the value.", "Rule: well-formed"),
			acctest.Message("Error: Invalid name", "name = ", `The name " Northwind" begins or ends with a space: write "Northwind".`, "Rule: well-formed"),
			acctest.Message("Error: Invalid program", "program = ", `"gold" is not a program: write one of "msp", "reseller".`, "Rule: well-formed"),
			acctest.Message("Error: Invalid domain", "domains = ", `"northwind" is not a mail domain: write one with a dot and a top-level domain, like "example.com".`, "Rule: well-formed"),
			acctest.Message("Error: Invalid IP range", "admin_ip_ranges = ", `"192.0.2.1" is an address, not a range: write "192.0.2.1/32" for this one address.`, "Rule: ip-range"),
			acctest.Message("Error: Invalid IP range", "admin_ip_ranges = ", `"192.0.2.1/24" has bits set after the first 24: write "192.0.2.0/24" for the whole range or "192.0.2.1/32" for one address.`, "Rule: ip-range"),
		},
		resource.TestStep{Config: d.Config(custom(`account_code = "X1"`, `name = " Northwind"`, `program = "gold"`, `domains = ["northwind", "northwind.example"]`, `admin_ip_ranges = ["192.0.2.1", "192.0.2.1/24"]`))},
	)
}

func TestPartnerInvalid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines   []string
		message *regexp.Regexp
	}{
		"no domains": {
			[]string{`name = "Northwind IT"`, `domains = []`},
			acctest.Message("Error: domains is empty", "domains = ", "Write the domains that the partner's staff log in with.", "Rule: well-formed"),
		},
		"empty code": {
			[]string{`account_code = ""`, `name = "Northwind IT"`, `domains = ["northwind.example"]`},
			acctest.Message("Error: Invalid account code", "account_code = ", `"" is not an account code`, "Rule: well-formed"),
		},
		"empty name": {
			[]string{`name = ""`, `domains = ["northwind.example"]`},
			acctest.Message("Error: Invalid name", "name = ", "The name is empty: write a name.", "Rule: well-formed"),
		},
		"empty domain": {
			[]string{`name = "Northwind IT"`, `domains = [""]`},
			acctest.Message("Error: Invalid domain", "domains = ", `"" is not a domain`, "Rule: well-formed"),
		},
		"null domain": {
			[]string{`name = "Northwind IT"`, `domains = [null]`},
			acctest.Message("Error:", "domains"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			acctest.Run(t,
				resource.TestStep{Config: d.Config(custom(c.lines...)), ExpectError: c.message},
				resource.TestStep{PreConfig: none(d), Config: d.Config("")},
			)
		})
	}
}

// What the directory refuses is not in the state, so that the next apply works.
func TestPartnerTakenCode(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t,
		resource.TestStep{
			PreConfig: d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
				return acctest.Create(ctx, db, rolemodel.Partner{AccountCode: code, Name: "Southwind", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"southwind.example"}})
			}),
			Config:      d.Config(partner()),
			ExpectError: acctest.Message(`Unable to create partner "CUSA00A000"`, `The directory already has the partner "CUSA00A000", and it is not as asked for (name: it has "Southwind", and "Northwind IT" is asked for;`, "import {", `id = "CUSA00A000"`),
		},
		resource.TestStep{PreConfig: unwritten(d), Config: d.Config(""), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	)
}

// client creates a tenant of the partner with an external admin behind Terraform's back.
func client(d acctest.Directory, email rolemodel.Email, role rolemodel.RoleID) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		err := acctest.Create(ctx, db, rolemodel.Tenant{AccountCode: "CUSA01A001", Name: "Alder Legal", PrimaryDomain: "alder.example", PartnerID: code})
		if err != nil {
			return err
		}
		return acctest.Create(ctx, db, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: email, RoleID: role})
	})
}

func clientGone(d acctest.Directory) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		for admin, err := range db.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{"CUSA01A001"}}) {
			if err != nil {
				return err
			}
			if err := acctest.Delete[rolemodel.ExternalAdmin](ctx, db, directory.Key{Account: admin.TenantID, Email: admin.Email}); err != nil {
				return err
			}
		}
		return acctest.Delete[rolemodel.Tenant](ctx, db, directory.Key{Account: "CUSA01A001"})
	})
}

// A change that would break a rule for grants that exist is refused by the plan.
func TestPartnerRulesAtPlan(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	before := d.Config(partner())
	refused := func(message *regexp.Regexp, lines ...string) resource.TestStep {
		lines = append([]string{`account_code = "CUSA00A000"`, `name = "Northwind IT"`}, lines...)
		return resource.TestStep{Config: d.Config(custom(lines...)), PlanOnly: true, ExpectError: message}
	}
	acctest.Run(t,
		resource.TestStep{Config: before},
		resource.TestStep{PreConfig: client(d, "anna@northwind.example", rolemodel.PartnerAdmin), Config: before},
		refused(acctest.Message(`Unable to update partner "CUSA00A000"`, "program = ", `These external admins hold Partner Administrator, which is only for tenants of an MSP partner: "anna@northwind.example".`, "in an apply of its own first", "Rule: msp-only-role"),
			`domains = ["northwind.example"]`, `program = "reseller"`),
		refused(acctest.Message("partner_portal = ", `These external admins need a partner that uses the Partner Portal: "anna@northwind.example".`, "Rule: portal-required"),
			`domains = ["northwind.example"]`, `partner_portal = false`),
		refused(acctest.Message("domains = ", `These external admins would have an address outside the partner's domains: "anna@northwind.example".`, "Rule: partner-login"),
			`domains = ["northwind-it.example"]`),
		refused(acctest.Message("domains = ", `"alder.example" belongs to tenant "CUSA01A001".`, "Rule: domain-taken"),
			`domains = ["northwind.example", "Alder.example"]`),
		resource.TestStep{PreConfig: func() { unwritten(d)(); clientGone(d)() }, Config: before, ConfigPlanChecks: does(plancheck.ResourceActionNoop)},
	)
}

// A partner that is deleted while it manages a tenant is retired, and taken up when it is created again.
func TestPartnerRetired(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	retired := d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		p, err := db.Partner(ctx, code)
		if err == nil && !p.Retired {
			err = errors.New("the partner is not retired")
		}
		return err
	})
	acctest.Run(t,
		resource.TestStep{Config: d.Config(partner())},
		resource.TestStep{PreConfig: client(d, "anna@northwind.example", rolemodel.PartnerAdmin), Config: d.Config("")},
		resource.TestStep{
			PreConfig:        retired,
			Config:           d.Config(partner() + "data \"mimecast_partner\" \"p\" {\n  account_code = \"CUSA00A000\"\n  depends_on = [mimecast_partner.msp]\n}\n"),
			ConfigPlanChecks: does(plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.mimecast_partner.p", tfjsonpath.New("retired"), knownvalue.Bool(false)),
			},
		},
		resource.TestStep{Config: d.Config("")},
		resource.TestStep{PreConfig: func() { retired(); clientGone(d)(); none(d)() }, Config: d.Config("")},
	)
}

// What is not known in the plan is decided at apply, and then changes nothing.
func TestPartnerUnknown(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(name, domain string) string {
		return d.Config(fmt.Sprintf(`
resource "terraform_data" "name" { input = %q }
resource "terraform_data" "domain" { input = %q }
resource "terraform_data" "code" { input = "CUSA00A000" }
resource "terraform_data" "range" { input = "192.0.2.0/24" }
`, name, domain) + custom(
			`account_code = terraform_data.code.output`, `name = terraform_data.name.output`,
			`domains = ["northwind.example", terraform_data.domain.output]`, `admin_ip_ranges = [terraform_data.range.output]`,
			`program = terraform_data.code.output == "" ? "reseller" : "msp"`, `partner_portal = terraform_data.code.output != ""`))
	}
	acctest.Run(t,
		resource.TestStep{
			Config: config("Northwind IT", "northwind-it.example"),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("id")),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("account_code")),
				},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			ConfigStateChecks: []statecheck.StateCheck{
				value("id", knownvalue.StringExact("CUSA00A000")),
				value("domains", set("northwind.example", "northwind-it.example")),
			},
		},
		resource.TestStep{
			// Unknown in an update: the directory decides.
			PreConfig:   client(d, "anna@northwind-it.example", rolemodel.HelpDeskAdmin),
			Config:      config("Northwind", "northwind.it.example"),
			ExpectError: acctest.Message(`Unable to update partner "CUSA00A000"`, `These external admins would have an address outside the partner's domains: "anna@northwind-it.example".`, "Rule: partner-login"),
		},
		resource.TestStep{
			PreConfig: func() { unwritten(d)(); clientGone(d)() },
			Config:    config("Northwind", "northwind.it.example"),
			ConfigStateChecks: []statecheck.StateCheck{
				value("name", knownvalue.StringExact("Northwind")),
				value("domains", set("northwind.example", "northwind.it.example")),
			},
		},
	)
}

// An invalid value that is known only at apply is refused by the directory and leaves nothing.
func TestPartnerUnknownTurnsOutInvalid(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t,
		resource.TestStep{
			Config: d.Config(`resource "terraform_data" "name" { input = "" }` + "\n" + `resource "terraform_data" "domains" { input = [] }` + "\n" +
				custom(`account_code = "CUSA00A000"`, `name = terraform_data.name.output`, `domains = terraform_data.domains.output`)),
			ExpectError: acctest.Message("name = ", "The name is empty: write a name.", "Rule: well-formed"),
		},
		resource.TestStep{PreConfig: none(d), Config: d.Config(partner())},
	)
}

func TestPartnerReadOnly(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t,
		resource.TestStep{Config: d.Config(partner())},
		resource.TestStep{
			Config:      d.Config(partner(`program = "reseller"`), "read_only = true"),
			ExpectError: acctest.Message(`Unable to update partner "CUSA00A000"`, "The directory is open for reading only, so nothing was changed."),
		},
		resource.TestStep{PreConfig: unwritten(d), Config: d.Config(partner()), ConfigPlanChecks: does(plancheck.ResourceActionNoop)},
	)
}
