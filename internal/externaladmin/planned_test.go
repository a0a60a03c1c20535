package externaladmin_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

// TestPlanned changes what a grant depends on in the same plan as the grant:
// the plan decides about the grant with what the change will have made of it.
func TestPlanned(t *testing.T) {
	t.Parallel()
	const (
		noPartner    = "partner_id     = mimecast_partner.msp.id"
		oneDomain    = `domains      = ["northwind.example"]`
		anotherAdmin = `"anna@northwind-it.example"`
	)
	protected := strings.Replace(customRole, `application_permissions =`, `protected_permissions   = ["Archive | Search Content View"]
  application_permissions =`, 1)
	for name, test := range map[string]struct {
		before, after string
		email, role   string
		refused       []string
		grants        string
	}{
		"partner gains the domain": {
			before: acctest.MSP, after: msp(oneDomain, `domains = ["northwind.example", "northwind-it.example"]`),
			email: anotherAdmin, grants: "CUSA01A001/anna@northwind-it.example help-desk-admin",
		},
		"partner loses the domain": {
			before: msp(oneDomain, `domains = ["northwind.example", "northwind-it.example"]`), after: acctest.MSP,
			email: anotherAdmin, refused: []string{`"anna@northwind-it.example" is not a login of Northwind IT`, `Rule: partner-login`},
		},
		"partner opens the portal": {
			before: msp(oneDomain, oneDomain+"\n  partner_portal = false"), after: acctest.MSP,
			grants: "CUSA01A001/anna@northwind.example help-desk-admin",
		},
		"partner becomes a reseller": {
			before: acctest.MSP, after: msp(oneDomain, oneDomain+"\n  program = \"reseller\""),
			role: `"partner-admin"`, refused: []string{`is not an MSP`, `Rule: msp-only-role`},
		},
		"tenant gets the partner": {
			before: msp(noPartner, ""), after: acctest.MSP,
			grants: "CUSA01A001/anna@northwind.example help-desk-admin",
		},
		"tenant loses the partner": {
			before: acctest.MSP, after: msp(noPartner, ""),
			refused: []string{`has no partner`, `Rule: portal-required`},
		},
		"tenant and partner are new": {
			before: "", after: acctest.MSP,
			grants: "CUSA01A001/anna@northwind.example help-desk-admin",
		},
		"tenant and partner are new and the address is the tenant's": {
			before: "", after: acctest.MSP, email: `"dora@alder.example"`,
			refused: []string{`is inside Alder Legal`, `Rule: external-address`},
		},
		"role is new": {
			before: acctest.MSP, after: acctest.MSP + customRole, role: "mimecast_role.custom.id",
			grants: "CUSA01A001/anna@northwind.example",
		},
		"role is new and misspelled": {
			before: acctest.MSP, after: acctest.MSP + customRole, role: `"${mimecast_role.custom.id}s"`,
			refused: []string{`"directory-administrators" is neither a default role nor a custom role of tenant "CUSA01A001".`, `Write "directory-administrator" (Directory Administrator) if that is meant`, `refer to it, so that it comes first: role_id = mimecast_role.NAME.id.`},
		},
		"role, tenant and partner are new and the role is misspelled": {
			before: "", after: acctest.MSP + customRole, role: `"${mimecast_role.custom.id}s"`,
			refused: []string{`Write "directory-administrator" (Directory Administrator) if that is meant`},
		},
		"role becomes protected": {
			before: acctest.MSP + customRole, after: acctest.MSP + protected, role: "mimecast_role.custom.id",
			refused: []string{`Basic Administrator cannot give protected permissions.`, `Rule: no-escalation`},
		},
	} {
		for form, config := range forms {
			t.Run(form+"/"+name, func(t *testing.T) {
				t.Parallel()
				d := acctest.NewDirectory(t)
				email, role := test.email, test.role
				if email == "" {
					email = `"anna@northwind.example"`
				}
				if role == "" {
					role = `"help-desk-admin"`
				}
				before := resource.TestStep{Config: d.Config(test.before + `resource "terraform_data" "always" {}`)}
				after := resource.TestStep{Config: d.Config(test.after + config("mimecast_tenant.client.id", email, role))}
				if test.refused != nil {
					after.ExpectError = acctest.Message(test.refused...)
					acctest.Run(t, before, after, resource.TestStep{
						PreConfig: func() {
							if refused := refusedWrites(t, d); refused != 0 {
								t.Errorf("the directory refused %d writes: the plan did not", refused)
							}
						},
						Config:            before.Config,
						ConfigPlanChecks:  emptyPlan,
						ConfigStateChecks: []statecheck.StateCheck{d.Holds()},
					})
					return
				}
				after.ConfigStateChecks = []statecheck.StateCheck{holdsPrefix{d, test.grants}}
				acctest.Run(t, before, after)
			})
		}
	}
}

// TestPlannedProtectedRole gives a custom role protected permissions while
// somebody else is given the role, as an actor who may and as one who may not.
func TestPlannedProtectedRole(t *testing.T) {
	t.Parallel()
	protected := strings.Replace(customRole, `application_permissions =`, `protected_permissions   = ["Archive | Search Content View"]
  application_permissions =`, 1)
	for form, config := range forms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			granted := config("mimecast_tenant.client.id", `"anna@northwind.example"`, "mimecast_role.custom.id")
			const refused = `Directory Administrator carries protected permissions, and Basic Administrator cannot manage protected roles.`
			acctest.Run(t,
				resource.TestStep{Config: d.Config(acctest.MSP + customRole)},
				resource.TestStep{
					Config:            d.Config(acctest.MSP+protected+granted, `acting_as = "super-admin"`),
					ConfigStateChecks: []statecheck.StateCheck{holdsPrefix{d, "CUSA01A001/anna@northwind.example"}},
				},
				resource.TestStep{ // The role is protected now: neither it nor the grant can be touched.
					Config:      d.Config(acctest.MSP + protected),
					ExpectError: acctest.Message(refused, `Rule: protected-assignment`),
				},
				resource.TestStep{Config: d.Config(acctest.MSP+protected, `acting_as = "super-admin"`), ConfigStateChecks: []statecheck.StateCheck{d.Holds()}},
				resource.TestStep{
					Config:      d.Config(acctest.MSP + protected + granted),
					ExpectError: acctest.Message(refused, `Rule: protected-assignment`),
				},
				resource.TestStep{Config: d.Config(acctest.MSP, `acting_as = "super-admin"`)},
			)
		})
	}
}

// TestPlannedDomains shrinks and grows the tenant's internal domains while a
// grant is made to an address in one of them.
func TestPlannedDomains(t *testing.T) {
	t.Parallel()
	const primary = `primary_domain = "alder.example"`
	two := msp(primary, primary+"\n  internal_domains = [\"alder.example\", \"shared.example\"]")
	// The partner takes the domain over that the tenant gives up; that is another apply, since both have it until then.
	for form, config := range forms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			granted := config("mimecast_tenant.client.id", `"anna@shared.example"`, `"help-desk-admin"`)
			shared := strings.NewReplacer(`["northwind.example"]`, `["northwind.example", "shared.example"]`)
			acctest.Run(t,
				resource.TestStep{Config: d.Config(two)},
				resource.TestStep{Config: d.Config(two + granted), ExpectError: acctest.Message(`Rule: external-address`)},
				resource.TestStep{Config: d.Config(acctest.MSP)}, // The tenant shrinks,
				resource.TestStep{ // the partner gains the domain and the grant is made in one plan.
					Config:            d.Config(shared.Replace(acctest.MSP) + granted),
					ConfigStateChecks: []statecheck.StateCheck{d.Holds("CUSA01A001/anna@shared.example help-desk-admin")},
				},
				resource.TestStep{
					Config:      d.Config(shared.Replace(two) + granted),
					ExpectError: acctest.Message(`Rule: domain-taken`),
				},
			)
		})
	}
}
