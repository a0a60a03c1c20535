package partner_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func data(name string, lines ...string) string {
	block := fmt.Sprintf("data %q %q {\n", "mimecast_partner", name)
	for _, line := range lines {
		block += "  " + line + "\n"
	}
	return block + "}\n"
}

func dataValue(address, attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data."+address, tfjsonpath.New(attribute), check)
}

func TestPartnerDataSource(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	resources := partner(`program = "reseller"`, `partner_portal = false`, `admin_ip_ranges = ["2001:db8::/32"]`)
	acctest.Run(t,
		resource.TestStep{Config: d.Config(resources)},
		resource.TestStep{
			Config: d.Config(resources +
				data("by_code", `account_code = "cusa00a000"`) +
				data("by_name", `name = "NORTHWIND it"`) +
				data("by_domain", `domain = "Northwind.Example"`)),
			ConfigStateChecks: []statecheck.StateCheck{
				dataValue("mimecast_partner.by_code", "id", knownvalue.StringExact("CUSA00A000")),
				dataValue("mimecast_partner.by_code", "account_code", knownvalue.StringExact("cusa00a000")),
				dataValue("mimecast_partner.by_code", "name", knownvalue.StringExact("Northwind IT")),
				dataValue("mimecast_partner.by_code", "program", knownvalue.StringExact("reseller")),
				dataValue("mimecast_partner.by_code", "partner_portal", knownvalue.Bool(false)),
				dataValue("mimecast_partner.by_code", "domains", set("northwind.example")),
				dataValue("mimecast_partner.by_code", "admin_ip_ranges", set("2001:db8::/32")),
				dataValue("mimecast_partner.by_code", "domain", knownvalue.Null()),
				dataValue("mimecast_partner.by_name", "id", knownvalue.StringExact("CUSA00A000")),
				dataValue("mimecast_partner.by_name", "name", knownvalue.StringExact("Northwind IT")),
				dataValue("mimecast_partner.by_domain", "id", knownvalue.StringExact("CUSA00A000")),
				dataValue("mimecast_partner.by_domain", "domain", knownvalue.StringExact("Northwind.Example")),
			},
		},
	)
}

func TestPartnerDataSourceErrors(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	refused := func(block string, message ...string) resource.TestStep {
		return resource.TestStep{Config: d.Config(block), PlanOnly: true, ExpectError: acctest.Message(message...)}
	}
	twice := d.Do(rolemodel.BasicAdmin, func(ctx context.Context, db directory.Directory) error {
		for _, code := range []rolemodel.AccountCode{"CUSA00A001", "CUSA00A002"} {
			if err := acctest.Create(ctx, db, rolemodel.Partner{AccountCode: code, Name: "Twin", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{rolemodel.Domain(strings.ToLower(string(code)) + ".example")}}); err != nil {
				return err
			}
		}
		return nil
	})
	ambiguous := refused(data("p", `name = "twin"`), `Unable to find partner "twin"`, "name ", "=", `2 of them have name "twin": CUSA00A001, CUSA00A002. Look it up by account_code instead.`)
	ambiguous.PreConfig = twice
	acctest.Run(t,
		refused(data("p", `account_code = "CUSA00A007"`), `Unable to find partner "CUSA00A007"`, "account_code", "=", `There is no partner with account_code "CUSA00A007" in the directory. Check the spelling, or create it first.`),
		refused(data("p", `name = "Nobody"`), "name ", "=", `There is no partner with name "Nobody" in the directory.`),
		refused(data("p", `domain = "nobody.example"`), "domain ", "=", `There is no partner with domain "nobody.example" in the directory.`),
		refused(data("p", `domain = "nobody"`), "Invalid domain", `"nobody" is not a mail domain`, "Rule: well-formed"),
		refused(data("p", `account_code = "X"`), "Invalid account code", `"X" is not an account code`, "Rule: well-formed"),
		refused(data("p"), "Missing Attribute Configuration", "[account_code,name,domain]"),
		refused(data("p", `account_code = "CUSA00A001"`, `name = "Twin"`), "Invalid Attribute Combination"),
		ambiguous,
	)
}

// A data source whose argument is known only at apply is read then.
func TestPartnerDataSourceUnknown(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	acctest.Run(t, resource.TestStep{
		Config: d.Config(custom(`name = "Northwind IT"`, `domains = ["northwind.example"]`) + data("p", `account_code = mimecast_partner.msp.id`)),
		ConfigStateChecks: []statecheck.StateCheck{
			dataValue("mimecast_partner.p", "name", knownvalue.StringExact("Northwind IT")),
		},
	})
}
