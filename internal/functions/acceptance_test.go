package functions_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

// Functions need no directory, not even a provider block.
func TestFunctionsInTerraform(t *testing.T) {
	t.Setenv("MIMECAST_DIRECTORY", "")
	grant := func(role string) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{"role_id": knownvalue.StringExact(role), "reason": knownvalue.Null(), "expires_at": knownvalue.Null()})
	}
	acctest.Run(t, resource.TestStep{
		Config: acctest.Source + `
locals {
  clients = ["CUSA01A001", "CUKA02A002"]
  csv     = <<-CSV
    Name;E-Mail;Role;Clients
    Anna;ANNA@northwind.example;Partner Administrator;all

    Ben;ben@northwind.example;help-desk-admin;"CUSA01A001, CUKA02A002"
    Dev;dev@northwind.example;directory-team-administrator;cusa01a001
  CSV
}

output "email" {
  value = provider::mimecast::canonical_email("Anna@Bücher.example")
}

output "weakest" {
  value = provider::mimecast::least_privileged_role(toset(["policy_management=read", "message_tracking"]))
}

output "grants" {
  value = provider::mimecast::role_grants(provider::mimecast::least_privileged_role(["message_export"]), "policy_management")
}

output "access" {
  value = provider::mimecast::access_from_csv(local.csv, local.clients...)
}

# Not known before the apply.
resource "terraform_data" "csv" {
  input = local.csv
}

output "later" {
  value = provider::mimecast::access_from_csv(replace(terraform_data.csv.output, "all", "CUSA01A001")).CUKA02A002
}
`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("email", knownvalue.StringExact("anna@xn--bcher-kva.example")),
			statecheck.ExpectKnownOutputValue("weakest", knownvalue.StringExact("help-desk-admin")),
			statecheck.ExpectKnownOutputValue("grants", knownvalue.StringExact("none")),
			statecheck.ExpectKnownOutputValue("access", knownvalue.MapExact(map[string]knownvalue.Check{
				"CUSA01A001": knownvalue.MapExact(map[string]knownvalue.Check{
					"anna@northwind.example": grant("partner-admin"),
					"ben@northwind.example":  grant("help-desk-admin"),
					"dev@northwind.example":  grant("directory-team-administrator"),
				}),
				"CUKA02A002": knownvalue.MapExact(map[string]knownvalue.Check{
					"anna@northwind.example": grant("partner-admin"),
					"ben@northwind.example":  grant("help-desk-admin"),
				}),
			})),
			statecheck.ExpectKnownOutputValue("later", knownvalue.MapExact(map[string]knownvalue.Check{"ben@northwind.example": grant("help-desk-admin")})),
		},
	})
}

func TestFunctionErrorsInTerraform(t *testing.T) {
	t.Setenv("MIMECAST_DIRECTORY", "")
	for expression, message := range map[string][]string{
		`canonical_email("anna")`:                           {`Invalid value for "email" parameter: "anna" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		`canonical_email(null)`:                             {`Invalid value for "email" parameter: argument must not be null.`},
		`role_grants("help-desk", "content_view")`:          {`Invalid value for "role" parameter: "help-desk" is not the ID of a default role: write "help-desk-admin" if that is meant, or one of`},
		`role_grants("reviewer", "view")`:                   {`Invalid value for "capability" parameter: "view" is not a capability: write "content_view" if that is meant, or one of`},
		`least_privileged_role(["policy_management", "x"])`: {`Invalid value for "capabilities" parameter: "x" is not a capability:`},
		`access_from_csv("email,role,client\nanna,reviewer,C1\n\nbob@northwind.example,Help Desk,C1\n")`: {
			`Invalid value for "text" parameter: some rows cannot be used:`, `line 2: "anna" is not an email address:`, `line 4: "Help Desk" is not a role: write "help-desk-admin" if that is meant`,
		},
		`access_from_csv("email,role,client\n", "alder")`: {`Invalid value for "clients" parameter: "alder" is not an account code:`},
	} {
		acctest.Run(t, resource.TestStep{
			Config:      acctest.Source + "output \"refused\" {\n  value = provider::mimecast::" + expression + "\n}\n",
			ExpectError: acctest.Message(message...),
		})
	}
}
