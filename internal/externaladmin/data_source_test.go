package externaladmin_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

func TestAdminsDataSource(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	grants := all("mimecast_tenant.client.id", object("anna@northwind.example", "help-desk-admin", "bea@northwind.example", "basic-admin")) + `
resource "mimecast_external_admin" "second" {
  tenant_id = mimecast_tenant.second.id
  email     = "anna@northwind.example"
  role_id   = "gateway-admin"
}

`
	value := "\noutput \"found\" {\n  value = {\n"
	for name, filter := range map[string]string{
		"none":    ``,
		"tenant":  `tenant_id = "cusa02a002"`,
		"email":   `email = "Anna@NORTHWIND.example"`,
		"role":    `role_id = "basic-admin"`,
		"both":    "email = \"anna@northwind.example\"\n  role_id = \"help-desk-admin\"",
		"nobody":  `email = "cem@northwind.example"`,
		"nowhere": `tenant_id = "CUSA09A009"`,
	} {
		grants += fmt.Sprintf("\ndata \"mimecast_external_admins\" %q {\n  %s\n  depends_on = [mimecast_external_admins.all, mimecast_external_admin.second]\n}\n", name, filter)
		value += fmt.Sprintf("    %s = [for a in data.mimecast_external_admins.%s.admins : \"${a.id} ${a.tenant_id} ${a.email} ${a.role_id} ${a.role_name}\"]\n", name, name)
	}
	grants += value + "  }\n}\n"
	const (
		annaAtAlder = "CUSA01A001/anna@northwind.example CUSA01A001 anna@northwind.example help-desk-admin Help Desk Administrator"
		beaAtAlder  = "CUSA01A001/bea@northwind.example CUSA01A001 bea@northwind.example basic-admin Basic Administrator"
		annaAtBirch = "CUSA02A002/anna@northwind.example CUSA02A002 anna@northwind.example gateway-admin Gateway Administrator"
	)
	list := func(lines ...string) knownvalue.Check {
		checks := make([]knownvalue.Check, len(lines))
		for i, line := range lines {
			checks[i] = knownvalue.StringExact(line)
		}
		return knownvalue.TupleExact(checks)
	}
	acctest.Run(t,
		resource.TestStep{
			Config: d.Config(acctest.MSP + secondTenant + grants),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("found", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"none":    list(annaAtAlder, beaAtAlder, annaAtBirch),
				"tenant":  list(annaAtBirch),
				"email":   list(annaAtAlder, annaAtBirch),
				"role":    list(beaAtAlder),
				"both":    list(annaAtAlder),
				"nobody":  list(),
				"nowhere": list(),
			}))},
		},
		resource.TestStep{
			Config:      d.Config(`data "mimecast_external_admins" "x" { email = "anna" }`),
			ExpectError: acctest.Message(`Invalid email address`, `"anna" is not an email address`),
		},
		resource.TestStep{Config: d.Config(acctest.MSP)}, // Or nothing could be destroyed at the end.
	)
}
