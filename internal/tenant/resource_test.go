package tenant_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
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
	address = "mimecast_tenant.client"
	code    = rolemodel.AccountCode("CUSA01A001")
)

const partners = `
resource "mimecast_partner" "msp" {
  account_code = "CUSA00A000"
  name         = "Northwind IT"
  domains      = ["northwind.example"]
}

resource "mimecast_partner" "other" {
  account_code = "CUSA00A009"
  name         = "Southwind IT"
  domains      = ["southwind.example"]
}
`

// tenant is a tenant's block with these lines, beside two partners.
func tenant(lines ...string) string {
	block := partners + "resource \"mimecast_tenant\" \"client\" {\n"
	for _, line := range lines {
		block += "  " + line + "\n"
	}
	return block + "}\n"
}

// alder is a tenant's block with these lines besides its code, name and primary domain.
func alder(lines ...string) string {
	return tenant(slices.Concat([]string{`account_code = "CUSA01A001"`, `name = "Alder Legal"`, `primary_domain = "alder.example"`}, lines)...)
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

// stored expects the tenant in the directory to have the revision, so that no
// write has changed it since.
func stored(d acctest.Directory, revision int64) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		found, err := db.Tenant(ctx, code)
		if err == nil && found.Revision != revision {
			err = fmt.Errorf("the tenant has revision %d, not %d", found.Revision, revision)
		}
		return err
	})
}

// none expects the directory to have no tenant.
func none(d acctest.Directory) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		tenants, err := directory.Collect(db.Tenants(ctx, directory.TenantFilter{}))
		if err == nil && len(tenants) > 0 {
			err = fmt.Errorf("the directory has tenants: %v", tenants)
		}
		return err
	})
}

// change changes the tenant behind Terraform's back.
func change(d acctest.Directory, how func(*rolemodel.Tenant)) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		found, err := db.Tenant(ctx, code)
		if err != nil {
			return err
		}
		how(&found)
		return acctest.Update(ctx, db, found)
	})
}

// grant adds an external admin behind Terraform's back.
func grant(d acctest.Directory, email rolemodel.Email, role rolemodel.RoleID) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		return acctest.Create(ctx, db, rolemodel.ExternalAdmin{TenantID: code, Email: email, RoleID: role})
	})
}

func revoke(d acctest.Directory, email rolemodel.Email) func() {
	return d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		return acctest.Delete[rolemodel.ExternalAdmin](ctx, db, directory.Key{Account: code, Email: email})
	})
}

func TestTenantDefaults(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t, resource.TestStep{
		Config: d.Config(tenant(`name = "Alder Legal"`, `primary_domain = "alder.example"`)),
		ConfigPlanChecks: does(plancheck.ResourceActionCreate,
			plancheck.ExpectUnknownValue(address, tfjsonpath.New("id")),
			plancheck.ExpectKnownValue(address, tfjsonpath.New("internal_domains"), set("alder.example"))),
		ConfigStateChecks: []statecheck.StateCheck{
			value("id", knownvalue.StringRegexp(regexp.MustCompile(`^C[A-Z0-9]+$`))),
			value("account_code", knownvalue.StringRegexp(regexp.MustCompile(`^C[A-Z0-9]+$`))),
			value("name", knownvalue.StringExact("Alder Legal")),
			value("region", knownvalue.Null()),
			value("primary_domain", knownvalue.StringExact("alder.example")),
			value("internal_domains", set("alder.example")),
			value("partner_id", knownvalue.Null()),
			value("admin_ip_ranges", knownvalue.Null()),
			value("initial_admin_email", knownvalue.StringExact("msp_alderlegal@alder.example")),
		},
	})
}

func TestTenantEveryAttribute(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	full := func(name, primary, internal, partner, ranges string) string {
		return d.Config(tenant(`account_code = "CUSA01A001"`, `region = "us"`, "name = "+name, "primary_domain = "+primary,
			"internal_domains = "+internal, "partner_id = "+partner, "admin_ip_ranges = "+ranges))
	}
	update := func(attribute string, check knownvalue.Check, config string) resource.TestStep {
		return resource.TestStep{
			Config:           config,
			ConfigPlanChecks: does(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				value(attribute, check),
				value("id", knownvalue.StringExact("CUSA01A001")),
				value("initial_admin_email", knownvalue.StringExact("msp_alderlegal@alder.example")),
			},
		}
	}
	const two, msp, other = `["alder.example", "alder-law.example"]`, "mimecast_partner.msp.id", "mimecast_partner.other.id"
	acctest.Run(t,
		resource.TestStep{
			Config:           full(`"Alder Legal"`, `"alder.example"`, two, msp, `["192.0.2.0/24"]`),
			ConfigPlanChecks: does(plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				value("id", knownvalue.StringExact("CUSA01A001")),
				value("account_code", knownvalue.StringExact("CUSA01A001")),
				value("region", knownvalue.StringExact("us")),
				value("internal_domains", set("alder.example", "alder-law.example")),
				value("partner_id", knownvalue.StringExact("CUSA00A000")),
				value("admin_ip_ranges", set("192.0.2.0/24")),
			},
		},
		update("name", knownvalue.StringExact("Alder Law"), full(`"Alder Law"`, `"alder.example"`, two, msp, `["192.0.2.0/24"]`)),
		update("primary_domain", knownvalue.StringExact("alder-law.example"), full(`"Alder Law"`, `"alder-law.example"`, two, msp, `["192.0.2.0/24"]`)),
		update("internal_domains", set("alder-law.example"), full(`"Alder Law"`, `"alder-law.example"`, `["alder-law.example"]`, msp, `["192.0.2.0/24"]`)),
		update("partner_id", knownvalue.StringExact("CUSA00A009"), full(`"Alder Law"`, `"alder-law.example"`, `["alder-law.example"]`, other, `["192.0.2.0/24"]`)),
		update("partner_id", knownvalue.Null(), full(`"Alder Law"`, `"alder-law.example"`, `["alder-law.example"]`, "null", `["192.0.2.0/24"]`)),
		update("admin_ip_ranges", knownvalue.SetExact(nil), full(`"Alder Law"`, `"alder-law.example"`, `["alder-law.example"]`, "null", `[]`)),
		update("admin_ip_ranges", knownvalue.Null(), full(`"Alder Law"`, `"alder-law.example"`, `["alder-law.example"]`, "null", "null")),
	)
}

// Without internal_domains, the primary domain is the only one, whatever it was before.
func TestTenantDefaultInternalDomains(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	step := func(check knownvalue.Check, lines ...string) resource.TestStep {
		return resource.TestStep{
			Config: d.Config(tenant(slices.Concat([]string{`account_code = "CUSA01A001"`, `name = "Alder Legal"`}, lines)...)),
			ConfigPlanChecks: does(plancheck.ResourceActionUpdate,
				plancheck.ExpectKnownValue(address, tfjsonpath.New("internal_domains"), check)),
			ConfigStateChecks: []statecheck.StateCheck{value("internal_domains", check)},
		}
	}
	added := step(set("alder.legal.example"), `primary_domain = "alder.legal.example"`)
	added.PreConfig = change(d, func(t *rolemodel.Tenant) { t.InternalDomains = append(t.InternalDomains, "rogue.example") })
	acctest.Run(t,
		resource.TestStep{Config: d.Config(alder(`internal_domains = ["alder.example", "alder-law.example"]`))},
		step(set("alder.example"), `primary_domain = "alder.example"`),             // Nothing but the line is removed.
		step(set("alder.legal.example"), `primary_domain = "alder.legal.example"`), // It follows the primary domain,
		added, // a domain added behind Terraform's back is drift,
		step(set("bücher.example", "a.example"), `primary_domain = "bücher.example"`, `internal_domains = ["bücher.example", "a.example"]`),
		step(set("xn--bcher-kva.example"), `primary_domain = "bücher.example"`), // and the default is in canonical form.
	)
}

func TestTenantReplaced(t *testing.T) {
	t.Parallel()
	role := map[string]plancheck.ResourceActionType{
		"account code": plancheck.ResourceActionDestroyBeforeCreate, "region": plancheck.ResourceActionNoop, "assigned": plancheck.ResourceActionDestroyBeforeCreate,
	}
	for name, change := range map[string][2]string{
		"account code": {`account_code = "CUSA01A001"`, `account_code = "CUSA01A002"`},
		"region":       {"account_code = \"CUSA01A001\"\n region = \"us\"", "account_code = \"CUSA01A001\"\n region = \"uk\""},
		"assigned":     {`region = "us"`, `region = "uk"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			config := func(line string) string {
				return d.Config(tenant(line, `name = "Alder Legal"`, `primary_domain = "alder.example"`, `partner_id = mimecast_partner.msp.id`) + `
resource "mimecast_role" "tier2" {
  tenant_id = mimecast_tenant.client.id
  name      = "Tier 2 Admin"
}
`)
			}
			acctest.Run(t,
				resource.TestStep{Config: config(change[0])},
				resource.TestStep{
					Config: config(change[1]),
					// A code that stays keeps what is in the tenant.
					ConfigPlanChecks: does(plancheck.ResourceActionDestroyBeforeCreate, plancheck.ExpectResourceAction("mimecast_role.tier2", role[name])),
				},
				resource.TestStep{
					PreConfig: d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
						tenants, err := directory.Collect(db.Tenants(ctx, directory.TenantFilter{}))
						if err == nil && len(tenants) != 1 {
							err = fmt.Errorf("there are %d tenants", len(tenants))
						}
						return err
					}),
					Config: config(change[1]),
				},
			)
		})
	}
}

// -replace, of a tenant that stays as it is, is not in its own way either.
func TestTenantReplacedOnRequest(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(alder() + "resource \"mimecast_role\" \"tier2\" {\n  tenant_id = mimecast_tenant.client.id\n  name = \"Tier 2 Admin\"\n}\n" +
		"resource \"terraform_data\" \"trigger\" { input = \"1\" }\n")
	triggered := func(value string) string {
		return d.Config(alder(`lifecycle { replace_triggered_by = [terraform_data.trigger] }`) +
			"resource \"mimecast_role\" \"tier2\" {\n  tenant_id = mimecast_tenant.client.id\n  name = \"Tier 2 Admin\"\n}\n" +
			fmt.Sprintf("resource \"terraform_data\" \"trigger\" { input = %q }\n", value))
	}
	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: triggered("2"), ConfigPlanChecks: does(plancheck.ResourceActionDestroyBeforeCreate,
			plancheck.ExpectResourceAction("mimecast_role.tier2", plancheck.ResourceActionNoop))},
	)
}

func TestTenantImport(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	imported := func(id string) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"declared"}}
	}
	refused := func(id string, message *regexp.Regexp) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: message}
	}
	acctest.Run(t,
		resource.TestStep{Config: d.Config(alder(`region = "us"`, `internal_domains = ["alder.example", "alder-law.example"]`, `partner_id = mimecast_partner.msp.id`, `admin_ip_ranges = ["192.0.2.0/24"]`))},
		imported("CUSA01A001"),
		imported("cusa01a001"),
		refused("alder.example", acctest.Message("Unable to import", `"alder.example" is not an account code: write a "C" and then letters and digits`)),
		refused("CUSA00A000", acctest.Message("Cannot import non-existent remote object")), // A partner's code.
	)
}

func TestTenantImportByIdentity(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.RunWithIdentity(t,
		resource.TestStep{
			Config: d.Config(alder()),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentity(address, map[string]knownvalue.Check{"account_code": knownvalue.StringExact("CUSA01A001")}),
			},
		},
	)
	acctest.RunWithIdentity(t, append([]resource.TestStep{{Config: d.Config(alder())}}, acctest.Imported(address, d.Config(alder()), d.Config(partners), `identity = { account_code = "CUSA01A001" }`)...)...)
}

// An import plans an update, which declares, and then nothing.
func TestTenantImportBlock(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t, append([]resource.TestStep{{Config: d.Config(alder())}}, acctest.Imported(address, d.Config(alder()), d.Config(partners), `id = "CUSA01A001"`)...)...)
}

func TestTenantDisappears(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t,
		resource.TestStep{Config: d.Config(alder(`partner_id = mimecast_partner.msp.id`))},
		resource.TestStep{
			PreConfig: d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
				return acctest.Delete[rolemodel.Tenant](ctx, db, directory.Key{Account: code})
			}),
			Config:           d.Config(alder(`partner_id = mimecast_partner.msp.id`)),
			ConfigPlanChecks: does(plancheck.ResourceActionCreate),
		},
	)
}

func TestTenantDrift(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(alder(`partner_id = mimecast_partner.msp.id`, `internal_domains = ["alder.example", "alder-law.example"]`))
	drift := func(attribute string, after knownvalue.Check, how func(*rolemodel.Tenant)) resource.TestStep {
		return resource.TestStep{
			PreConfig:         change(d, how),
			Config:            config,
			ConfigPlanChecks:  does(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{value(attribute, after)},
		}
	}
	acctest.Run(t,
		resource.TestStep{Config: config},
		drift("name", knownvalue.StringExact("Alder Legal"), func(t *rolemodel.Tenant) { t.Name = "Alder" }),
		drift("primary_domain", knownvalue.StringExact("alder.example"), func(t *rolemodel.Tenant) { t.PrimaryDomain = "alder-law.example" }),
		drift("internal_domains", set("alder.example", "alder-law.example"), func(t *rolemodel.Tenant) { t.InternalDomains = []rolemodel.Domain{"alder.example"} }),
		drift("partner_id", knownvalue.StringExact("CUSA00A000"), func(t *rolemodel.Tenant) { t.PartnerID = "" }),
		drift("admin_ip_ranges", knownvalue.Null(), func(t *rolemodel.Tenant) {
			t.AdminIPRanges = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
		}),
	)
}

func TestTenantRespelled(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(code, primary, internal, partner, ranges string) resource.TestStep {
		return resource.TestStep{
			Config: d.Config(tenant("account_code = "+code, `name = "Bücher"`, "primary_domain = "+primary, "internal_domains = "+internal,
				"partner_id = "+partner, "admin_ip_ranges = "+ranges, `depends_on = [mimecast_partner.msp]`)),
			ConfigPlanChecks: does(plancheck.ResourceActionNoop),
		}
	}
	first := config(`"cusa01a001"`, `"Bücher.example"`, `["BÜCHER.example", "books.example"]`, `"cusa00a000"`, `["2001:0db8:0::/48", "::ffff:192.0.2.0/120"]`)
	first.ConfigPlanChecks = does(plancheck.ResourceActionCreate)
	first.ConfigStateChecks = []statecheck.StateCheck{
		value("id", knownvalue.StringExact("CUSA01A001")),
		value("account_code", knownvalue.StringExact("cusa01a001")),
		value("primary_domain", knownvalue.StringExact("Bücher.example")),
		value("internal_domains", set("BÜCHER.example", "books.example")),
		value("partner_id", knownvalue.StringExact("cusa00a000")),
		value("admin_ip_ranges", set("2001:0db8:0::/48", "::ffff:192.0.2.0/120")),
		value("initial_admin_email", knownvalue.StringExact("msp_bcher@xn--bcher-kva.example")),
	}
	acctest.Run(t,
		first,
		config(`"CUSA01A001"`, `"xn--bcher-kva.example"`, `["Books.example.", "xn--bcher-kva.example"]`, "mimecast_partner.msp.id", `["192.0.2.0/24", "2001:db8::/48"]`),
		config(`"Cusa01A001"`, `"XN--BCHER-KVA.example"`, `["books.example", "bücher.example", "BOOKS.example"]`, `"CUSA00A000"`, `["2001:DB8::/48", "192.0.2.0/24"]`),
	)
}

func TestTenantInvalidAllAtOnce(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.RunRefused(t,
		[]*regexp.Regexp{
			acctest.Message("Error: Invalid account code", "account_code = ", `"01A001" is not an account code`, "Correct the value.", "Rule: well-formed"),
			acctest.Message("Error: Invalid name", "name = ", "The name is empty: write a name.", "Rule: well-formed"),
			acctest.Message("Error: Invalid region", "region = ", `"US" is not a region: write it as Mimecast's API does, in lower-case letters, for example "us", "uk" or "de".`, "Rule: well-formed"),
			acctest.Message("Error: Invalid domain", "primary_domain = ", `"alder" is not a mail domain`, "Rule: well-formed"),
			acctest.Message("Error: Invalid domain", "internal_domains = ", `"alder law.example" is not a domain: write one like "example.com".`, "Rule: well-formed"),
			acctest.Message("Error: Invalid account code", "partner_id = ", `"northwind" is not an account code`, "Rule: well-formed"),
			acctest.Message("Error: Invalid IP range", "admin_ip_ranges = ", `"2001:db8::1/32" has bits set after the first 32`, "Rule: ip-range"),
		},
		resource.TestStep{Config: d.Config(tenant(`account_code = "01A001"`, `name = ""`, `region = "US"`, `primary_domain = "alder"`,
			`internal_domains = ["alder law.example"]`, `partner_id = "northwind"`, `admin_ip_ranges = ["2001:db8::1/32"]`))},
	)
}

func TestTenantInvalid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines   []string
		message *regexp.Regexp
	}{
		"primary domain not internal": {
			[]string{`internal_domains = ["alder-law.example"]`},
			acctest.Message(`Unable to validate tenant "CUSA01A001"`, "internal_domains = ", `The internal domains lack the primary domain "alder.example".`,
				`Add "alder.example", or leave internal_domains out if the primary domain is the only one.`, "Rule: well-formed"),
		},
		"no internal domains": {
			[]string{`internal_domains = []`},
			acctest.Message("Error: internal_domains is empty", "internal_domains = ", "Write the primary domain and the others, or leave internal_domains out.", "Rule: well-formed"),
		},
		"empty partner": {
			[]string{`partner_id = ""`},
			acctest.Message("Error: Invalid account code", "partner_id = ", `"" is not an account code`, "Rule: well-formed"),
		},
		"missing partner": {
			[]string{`partner_id = "CUSA00A007"`},
			acctest.Message(`Unable to create tenant "CUSA01A001"`, "partner_id = ", `There is no partner "CUSA00A007" in the directory.`,
				"Refer to the resource's id instead of writing it out", "Rule: reference-exists"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			acctest.Run(t,
				resource.TestStep{Config: d.Config(alder(c.lines...)), ExpectError: c.message},
				resource.TestStep{PreConfig: none(d), Config: d.Config("")},
			)
		})
	}
}

// What the directory refuses at apply is not in the state.
func TestTenantTakenCode(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t,
		resource.TestStep{
			Config:      d.Config(tenant(`account_code = "CUSA00A000"`, `name = "Alder Legal"`, `primary_domain = "alder.example"`, `depends_on = [mimecast_partner.msp]`)),
			ExpectError: acctest.Message(`Unable to create tenant "CUSA00A000"`, `The account code "CUSA00A000" is that of a partner. Use another one.`),
		},
		resource.TestStep{PreConfig: none(d), Config: d.Config(partners), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("mimecast_partner.msp", plancheck.ResourceActionNoop),
		}}},
	)
}

// What the directory's content forbids is refused by the plan.
func TestTenantRulesAtPlan(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	before := d.Config(alder(`partner_id = mimecast_partner.msp.id`))
	refused := func(config string, message *regexp.Regexp) resource.TestStep {
		return resource.TestStep{Config: d.Config(config), PlanOnly: true, ExpectError: message}
	}
	acctest.Run(t,
		resource.TestStep{Config: before},
		resource.TestStep{PreConfig: grant(d, "anna@northwind.example", rolemodel.PartnerAdmin), Config: before},
		refused(alder(), acctest.Message(`Unable to update tenant "CUSA01A001"`, `These external admins need a partner that uses the Partner Portal: "anna@northwind.example".`, "Rule: portal-required")),
		refused(alder(`partner_id = mimecast_partner.other.id`),
			acctest.Message("partner_id = ", `These external admins would have an address outside the partner's domains: "anna@northwind.example".`, "Rule: partner-login")),
		refused(alder(`partner_id = mimecast_partner.msp.id`, `internal_domains = ["alder.example", "northwind.example"]`),
			acctest.Message("internal_domains = ", `"northwind.example" belongs to partner "CUSA00A000".`, "Rule: domain-taken")),
		refused(alder(`partner_id = mimecast_partner.msp.id`)+`
resource "mimecast_tenant" "second" {
  name           = "Alder again"
  primary_domain = "alder.example"
}
`, acctest.Message(`Unable to create tenant "Alder again"`, "primary_domain = ", `"alder.example" belongs to tenant "CUSA01A001".`, "Rule: domain-taken")),
		resource.TestStep{PreConfig: stored(d, 1), Config: before, ConfigPlanChecks: does(plancheck.ResourceActionNoop)},
	)
}

// A tenant that is deleted while somebody holds a role in it is retired, and taken up when it is created again.
func TestTenantRetired(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := d.Config(alder(`partner_id = mimecast_partner.msp.id`))
	retired := d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		found, err := db.Tenant(ctx, code)
		if err == nil && !found.Retired {
			err = errors.New("the tenant is not retired")
		}
		return err
	})
	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: grant(d, "anna@northwind.example", rolemodel.PartnerAdmin), Config: d.Config(partners)},
		resource.TestStep{PreConfig: retired, Config: config, ConfigPlanChecks: does(plancheck.ResourceActionCreate)},
		resource.TestStep{Config: d.Config(partners)},
		resource.TestStep{PreConfig: func() { retired(); revoke(d, "anna@northwind.example")(); none(d)() }, Config: d.Config(partners)},
	)
}

// What is not known in the plan is decided at apply, and then changes nothing.
func TestTenantUnknown(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(name, domain, partner string) string {
		return d.Config(fmt.Sprintf(`
resource "terraform_data" "name" { input = %q }
resource "terraform_data" "domain" { input = %q }
resource "terraform_data" "partner" { input = %s }
resource "terraform_data" "code" { input = "CUSA01A001" }
resource "terraform_data" "range" { input = "192.0.2.0/24" }
`, name, domain, partner) + tenant(
			`account_code = terraform_data.code.output`, `name = terraform_data.name.output`, `primary_domain = "alder.example"`,
			`internal_domains = ["alder.example", terraform_data.domain.output]`, `admin_ip_ranges = [terraform_data.range.output]`,
			`partner_id = terraform_data.partner.output`, `region = terraform_data.code.output == "" ? "uk" : "us"`))
	}
	const msp, other = "mimecast_partner.msp.id", "mimecast_partner.other.id"
	unknown := func(attributes ...string) resource.ConfigPlanChecks {
		checks := does(plancheck.ResourceActionUpdate)
		for _, a := range attributes {
			checks.PreApply = append(checks.PreApply, plancheck.ExpectUnknownValue(address, tfjsonpath.New(a)))
		}
		return checks
	}
	first := unknown("id", "account_code", "name", "partner_id", "region")
	first.PreApply[0] = plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate)
	acctest.Run(t,
		resource.TestStep{
			Config:           config("Alder Legal", "alder-law.example", msp),
			ConfigPlanChecks: first,
			ConfigStateChecks: []statecheck.StateCheck{
				value("id", knownvalue.StringExact("CUSA01A001")),
				value("region", knownvalue.StringExact("us")),
				value("internal_domains", set("alder.example", "alder-law.example")),
			},
		},
		// Its own domains are not in its way, though it is not known what it will be.
		resource.TestStep{Config: config("Alder", "alder-law.example", msp), ConfigPlanChecks: unknown("name")},
		resource.TestStep{Config: config("Alder", "alder.law.example", msp), ConfigPlanChecks: does(plancheck.ResourceActionUpdate)},
		resource.TestStep{
			PreConfig:   grant(d, "anna@northwind.example", rolemodel.HelpDeskAdmin),
			Config:      config("Alder", "alder.law.example", other),
			ExpectError: acctest.Message(`Unable to update tenant "CUSA01A001"`, `These external admins would have an address outside the partner's domains: "anna@northwind.example".`, "Rule: partner-login"),
		},
		resource.TestStep{
			PreConfig: func() { stored(d, 3)(); revoke(d, "anna@northwind.example")() },
			Config:    config("Alder", "alder.law.example", other),
			ConfigStateChecks: []statecheck.StateCheck{
				value("partner_id", knownvalue.StringExact("CUSA00A009")),
			},
		},
	)
}

// The default of internal_domains waits for the primary domain.
func TestTenantUnknownPrimaryDomain(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := func(domain string, lines ...string) string {
		return d.Config(fmt.Sprintf("resource \"terraform_data\" \"domain\" { input = %q }\n", domain) +
			tenant(slices.Concat([]string{`account_code = "CUSA01A001"`, `name = "Alder Legal"`, `primary_domain = terraform_data.domain.output`}, lines)...))
	}
	unknown := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return does(action, plancheck.ExpectUnknownValue(address, tfjsonpath.New("internal_domains")))
	}
	acctest.Run(t,
		resource.TestStep{
			Config: config("Alder.example"), ConfigPlanChecks: unknown(plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{value("internal_domains", set("alder.example")), value("primary_domain", knownvalue.StringExact("Alder.example"))},
		},
		resource.TestStep{
			Config: config("willow.example"), ConfigPlanChecks: unknown(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{value("internal_domains", set("willow.example"))},
		},
		resource.TestStep{
			Config:      config("fir.example", `internal_domains = ["willow.example"]`),
			ExpectError: acctest.Message("internal_domains = ", `The internal domains lack the primary domain "fir.example".`, "Rule: well-formed"),
		},
		resource.TestStep{PreConfig: stored(d, 2), Config: config("willow.example")},
	)
}

// What the plan makes of a partner counts for its tenants.
func TestTenantOfPlannedPartner(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	const admin = `
resource "mimecast_external_admin" "anna" {
  tenant_id = mimecast_tenant.client.id
  email     = "anna@new.example"
  role_id   = "partner-admin"
}
`
	config := func(program, portal, domain string) string {
		return d.Config(fmt.Sprintf(`
resource "mimecast_partner" "msp" {
  account_code   = "CUSA00A000"
  name           = "Northwind IT"
  program        = %q
  partner_portal = %s
  domains        = ["northwind.example", %q]
}

resource "mimecast_tenant" "client" {
  account_code   = "CUSA01A001"
  name           = "Alder Legal"
  primary_domain = "alder.example"
  partner_id     = mimecast_partner.msp.id
}
`, program, portal, domain) + admin)
	}
	acctest.RunRefused(t,
		[]*regexp.Regexp{
			acctest.Message("tenant_id = ", `Northwind IT, the partner of tenant "CUSA01A001", does not use the Partner Portal.`, "Rule: portal-required"),
			acctest.Message("email = ", `"anna@new.example" is not a login of Northwind IT: its domains are "northwind.example", "old.example".`, "Rule: partner-login"),
			acctest.Message("role_id = ", `is not an MSP (its program is "reseller").`, "Rule: msp-only-role"),
		},
		resource.TestStep{Config: config("reseller", "false", "old.example"), PlanOnly: true},
	)
	acctest.Run(t,
		resource.TestStep{PreConfig: none(d), Config: config("msp", "true", "new.example")},
	)
}
