package tenant_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func data(kind, name string, lines ...string) string {
	block := fmt.Sprintf("data %q %q {\n", "mimecast_"+kind, name)
	for _, line := range lines {
		block += "  " + line + "\n"
	}
	return block + "}\n"
}

func dataValue(address, attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data."+address, tfjsonpath.New(attribute), check)
}

const second = `
resource "mimecast_tenant" "second" {
  account_code   = "CUSA02A002"
  name           = "Birch Dental"
  primary_domain = "birch.example"
  partner_id     = mimecast_partner.other.id
}
`

func TestTenantDataSources(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	resources := alder(`region = "us"`, `internal_domains = ["alder.example", "bücher.example"]`, `partner_id = mimecast_partner.msp.id`, `admin_ip_ranges = ["192.0.2.0/24"]`) + second
	codes := func(codes ...string) knownvalue.Check {
		checks := make([]knownvalue.Check, len(codes))
		for i, c := range codes {
			checks[i] = knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": knownvalue.StringExact(c), "account_code": knownvalue.StringExact(c)})
		}
		return knownvalue.ListExact(checks)
	}
	acctest.Run(t,
		resource.TestStep{Config: d.Config(resources)},
		resource.TestStep{
			Config: d.Config(resources +
				data("tenant", "by_code", `account_code = "cusa01a001"`) +
				data("tenant", "by_name", `name = "ALDER legal"`) +
				data("tenant", "by_domain", `domain = "xn--bcher-kva.example"`) +
				data("tenants", "all") + data("tenants", "some", `partner_id = "cusa00a009"`) + data("tenants", "none", `partner_id = "CUSA09A009"`)),
			ConfigStateChecks: []statecheck.StateCheck{
				dataValue("mimecast_tenant.by_code", "id", knownvalue.StringExact("CUSA01A001")),
				dataValue("mimecast_tenant.by_code", "account_code", knownvalue.StringExact("cusa01a001")),
				dataValue("mimecast_tenant.by_code", "name", knownvalue.StringExact("Alder Legal")),
				dataValue("mimecast_tenant.by_code", "region", knownvalue.StringExact("us")),
				dataValue("mimecast_tenant.by_code", "primary_domain", knownvalue.StringExact("alder.example")),
				dataValue("mimecast_tenant.by_code", "internal_domains", set("alder.example", "xn--bcher-kva.example")),
				dataValue("mimecast_tenant.by_code", "partner_id", knownvalue.StringExact("CUSA00A000")),
				dataValue("mimecast_tenant.by_code", "admin_ip_ranges", set("192.0.2.0/24")),
				dataValue("mimecast_tenant.by_code", "initial_admin_email", knownvalue.StringExact("msp_alderlegal@alder.example")),
				dataValue("mimecast_tenant.by_name", "id", knownvalue.StringExact("CUSA01A001")),
				dataValue("mimecast_tenant.by_domain", "id", knownvalue.StringExact("CUSA01A001")),
				dataValue("mimecast_tenants.all", "tenants", codes("CUSA01A001", "CUSA02A002")),
				dataValue("mimecast_tenants.some", "tenants", codes("CUSA02A002")),
				dataValue("mimecast_tenants.none", "tenants", codes()),
			},
		},
	)
}

func TestTenantDataSourceErrors(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	refused := func(block string, message ...string) resource.TestStep {
		return resource.TestStep{Config: d.Config(block), PlanOnly: true, ExpectError: acctest.Message(message...)}
	}
	twice := d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		for code, domain := range map[rolemodel.AccountCode]rolemodel.Domain{"CUSA01A001": "one.example", "CUSA01A002": "two.example"} {
			if err := acctest.Create(ctx, db, rolemodel.Tenant{AccountCode: code, Name: "Twin", PrimaryDomain: domain}); err != nil {
				return err
			}
		}
		return nil
	})
	ambiguous := refused(data("tenant", "t", `name = "TWIN"`), `Unable to find tenant "TWIN"`, "name ", "=", `2 of them have name "TWIN": CUSA01A001, CUSA01A002. Look it up by account_code instead.`)
	ambiguous.PreConfig = twice
	acctest.Run(t,
		refused(data("tenant", "t", `account_code = "CUSA01A007"`), `Unable to find tenant "CUSA01A007"`, "account_code", "=", `There is no tenant with account_code "CUSA01A007" in the directory. Check the spelling, or create it first.`),
		refused(data("tenant", "t", `domain = "mail.one.example"`), "domain ", "=", `There is no tenant with domain "mail.one.example" in the directory.`),
		refused(data("tenant", "t", `domain = "alder"`), "Invalid domain", "Rule: well-formed"),
		refused(data("tenants", "t", `partner_id = "alder"`), "Invalid account code", "Rule: well-formed"),
		refused(data("tenant", "t"), "Missing Attribute Configuration", "[account_code,name,domain]"),
		ambiguous,
	)
}
