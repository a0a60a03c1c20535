package signin_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

const world = `
resource "mimecast_partner" "msp" {
  account_code    = "CUSA00A000"
  name            = "Northwind IT"
  domains         = ["northwind.example"]
  admin_ip_ranges = ["192.0.2.0/24", "2001:db8::/32"]
}

resource "mimecast_tenant" "client" {
  account_code    = "CUSA01A001"
  name            = "Alder Legal"
  primary_domain  = "alder.example"
  partner_id      = mimecast_partner.msp.id
  admin_ip_ranges = ["198.51.100.0/24"]
}

resource "mimecast_external_admin" "anna" {
  tenant_id = mimecast_tenant.client.id
  email     = "anna@northwind.example"
  role_id   = "help-desk-admin"
}
`

// attempt is a sign-in of somebody at an entrance.
func attempt(email, ip, entrance string) string {
	return `
data "mimecast_sign_in_decision" "d" {
  tenant_id  = "cusa01a001"
  email      = "` + email + `"
  source_ip  = "` + ip + `"
  entrance   = "` + entrance + `"
  depends_on = [mimecast_external_admin.anna]
}
`
}

func TestDecision(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	const decision = "data.mimecast_sign_in_decision.d"
	var steps []resource.TestStep
	for _, test := range []struct {
		email, ip, entrance string
		allowed             bool
		role                string
		rangesOf            string
		reasons             []string
	}{
		{"Anna@Northwind.example", "192.0.2.7", "partner_portal", true, "help-desk-admin", "partner", []string{
			`"anna@northwind.example" holds the role help-desk-admin in tenant "CUSA01A001".`,
			`192.0.2.7 is inside the admin IP ranges of partner "CUSA00A000".`,
		}},
		{"anna@northwind.example", "2001:db8::7", "partner_portal", true, "help-desk-admin", "partner", nil},
		{"anna@northwind.example", "198.51.100.7", "partner_portal", false, "help-desk-admin", "partner", []string{
			`198.51.100.7 is outside the admin IP ranges of partner "CUSA00A000".`,
		}},
		{"anna@northwind.example", "198.51.100.7", "administration_console", true, "help-desk-admin", "tenant", nil},
		{"msp_alderlegal@alder.example", "198.51.100.7", "administration_console", true, "basic-admin", "tenant", nil},
		{"bea@other.example", "203.0.113.7", "partner_portal", false, "", "partner", []string{
			`"bea@other.example" holds no role in tenant "CUSA01A001".`,
			`"bea@other.example" is not a login of Northwind IT: its domains are "northwind.example".`,
			`203.0.113.7 is outside the admin IP ranges of partner "CUSA00A000".`,
		}},
	} {
		role := knownvalue.Check(knownvalue.Null())
		if test.role != "" {
			role = knownvalue.StringExact(test.role)
		}
		checks := []statecheck.StateCheck{
			statecheck.ExpectKnownValue(decision, tfjsonpath.New("allowed"), knownvalue.Bool(test.allowed)),
			statecheck.ExpectKnownValue(decision, tfjsonpath.New("role_id"), role),
			statecheck.ExpectKnownValue(decision, tfjsonpath.New("ip_ranges_of"), knownvalue.StringExact(test.rangesOf)),
		}
		if test.reasons != nil {
			reasons := make([]knownvalue.Check, len(test.reasons))
			for i, r := range test.reasons {
				reasons[i] = knownvalue.StringExact(r)
			}
			checks = append(checks, statecheck.ExpectKnownValue(decision, tfjsonpath.New("reasons"), knownvalue.ListExact(reasons)))
		}
		steps = append(steps, resource.TestStep{Config: d.Config(world + attempt(test.email, test.ip, test.entrance)), ConfigStateChecks: checks})
	}
	acctest.Run(t, steps...)
}

func TestDecisionRefused(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	refused := func(config string, text ...string) resource.TestStep {
		return resource.TestStep{Config: d.Config(config), ExpectError: acctest.Message(text...)}
	}
	alone := func(email, ip, entrance string) string {
		return `
data "mimecast_sign_in_decision" "d" {
  tenant_id = "CUSA01A001"
  email     = "` + email + `"
  source_ip = "` + ip + `"
  entrance  = "` + entrance + `"
}
`
	}
	acctest.Run(t,
		refused(alone("anna@northwind.example", "192.0.2.0/24", "partner_portal"), `Invalid IP address`, `"192.0.2.0/24" is not an IP address`),
		refused(alone("anna@northwind.example", "fe80::1%eth0", "partner_portal"), `"fe80::1%eth0" is not an IP address`),
		refused(alone("anna@northwind.example", "192.0.2.1", "portal"), `"portal" is not an entrance: write one of "partner_portal", "administration_console".`),
		refused(alone("anna", "192.0.2.1", "partner_portal"), `"anna" is not an email address`),
		refused(alone("anna@northwind.example", "192.0.2.1", "partner_portal"), `Unable to decide the sign-in`, `There is no tenant "CUSA01A001" in the directory.`),
	)
}

// TestDecisionLater decides about values that are not known before apply.
func TestDecisionLater(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	config := `
resource "terraform_data" "ip" {
  input = "::ffff:192.0.2.7"
}

data "mimecast_sign_in_decision" "d" {
  tenant_id  = mimecast_tenant.client.id
  email      = mimecast_external_admin.anna.email
  source_ip  = terraform_data.ip.output
  entrance   = "partner_portal"
}
`
	acctest.Run(t, resource.TestStep{
		Config: d.Config(world + config),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.mimecast_sign_in_decision.d", tfjsonpath.New("allowed"), knownvalue.Bool(true)),
			statecheck.ExpectKnownValue("data.mimecast_sign_in_decision.d", tfjsonpath.New("source_ip"), knownvalue.StringExact("::ffff:192.0.2.7")),
		},
	})
}
