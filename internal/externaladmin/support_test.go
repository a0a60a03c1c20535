package externaladmin_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// anna and bea log in with Northwind IT's domain.
const (
	anna = rolemodel.Email("anna@northwind.example")
	bea  = rolemodel.Email("bea@northwind.example")
)

// alder is the tenant of acctest.MSP, where what happens behind Terraform's back happens.
const alder = rolemodel.AccountCode("CUSA01A001")

const secondTenant = `
resource "mimecast_tenant" "second" {
  account_code   = "CUSA02A002"
  name           = "Birch Dental"
  primary_domain = "birch.example"
  partner_id     = mimecast_partner.msp.id
}
`

// planned checks what is planned for a resource.
func planned(address string, action plancheck.ResourceActionType, more ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: append([]plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}, more...)}
}

// emptyPlan checks that there is nothing to do.
var emptyPlan = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}

// has checks a string attribute.
func has(address, attribute, value string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.StringExact(value))
}

// roles is what a map of admins looks like.
func roles(byEmail map[string]string) knownvalue.Check {
	admins := map[string]knownvalue.Check{}
	for email, role := range byEmail {
		admins[email] = knownvalue.ObjectExact(map[string]knownvalue.Check{
			"role_id": knownvalue.StringExact(role), "reason": knownvalue.Null(), "expires_at": knownvalue.Null(),
		})
	}
	return knownvalue.MapExact(admins)
}

// grant adds a grant behind Terraform's back.
func grant(d acctest.Directory, email rolemodel.Email, role rolemodel.RoleID) func() {
	return d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		return acctest.Create(ctx, db, rolemodel.ExternalAdmin{TenantID: alder, Email: email, RoleID: role})
	})
}

// revoke removes a grant behind Terraform's back.
func revoke(d acctest.Directory, email rolemodel.Email) func() {
	return d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		return acctest.Delete[rolemodel.ExternalAdmin](ctx, db, directory.Key{Account: alder, Email: email})
	})
}

// change gives a grant another role behind Terraform's back.
func change(d acctest.Directory, email rolemodel.Email, role rolemodel.RoleID) func() {
	return d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		return acctest.Update(ctx, db, rolemodel.ExternalAdmin{TenantID: alder, Email: email, RoleID: role})
	})
}

// both runs the steps one after the other.
func both(steps ...func()) func() {
	return func() {
		for _, step := range steps {
			step()
		}
	}
}

// showsRemoval checks that the plan of all admins shows an address that it removes.
type showsRemoval struct{ email string }

// CheckPlan implements plancheck.PlanCheck.
func (c showsRemoval) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != admins {
			continue
		}
		before, _ := tfjsonpath.Traverse(change.Change.Before, tfjsonpath.New("admins"))
		held, _ := before.(map[string]any)
		if _, shown := held[c.email]; !shown {
			resp.Error = fmt.Errorf("the plan does not show %s: it shows %v", c.email, held)
		}
		return
	}
	resp.Error = fmt.Errorf("%s is not in the plan", admins)
}

// usePortal has the partner use the Partner Portal or not, behind Terraform's back.
func usePortal(d acctest.Directory, open bool) func() {
	return d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		partner, err := db.Partner(ctx, "CUSA00A000")
		if err != nil {
			return err
		}
		partner.PartnerPortal = open
		return acctest.Update(ctx, db, partner)
	})
}

// holdsPrefix checks, behind Terraform's back, that there is one grant, and how it begins.
type holdsPrefix struct {
	directory acctest.Directory
	grant     string
}

// CheckState implements statecheck.StateCheck.
func (h holdsPrefix) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	if held := h.directory.Grants(); len(held) != 1 || !strings.HasPrefix(held[0], h.grant) {
		resp.Error = fmt.Errorf("the directory holds %q, want one that begins with %q", held, h.grant)
	}
}
