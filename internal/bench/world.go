package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// world is a directory of many partners, which is known by counting, from 1. Partner 1
// manages every second tenant, the others share the rest; a tenant has ten
// external admins, the first technicians of its partner, one custom role and ten
// events. One tenant, of partner 1, has as many external admins as there may be
// and a tenth of all events.
type world struct{ partners, tenants int }

const adminsPerTenant = 10

func worldOf(grants int) world {
	return world{partners: max(grants/1000, 2), tenants: grants / adminsPerTenant}
}

// Each number is as long as any other, so that they sort as text.
const firstNumber = 1_000_000

func (world) partner(p int) rolemodel.AccountCode {
	return rolemodel.AccountCode(fmt.Sprintf("CP%d", firstNumber+p))
}

func (world) tenant(t int) rolemodel.AccountCode {
	return rolemodel.AccountCode(fmt.Sprintf("CT%d", firstNumber+t))
}

func (world) technician(a, partner int) rolemodel.Email {
	return rolemodel.Email(fmt.Sprintf("technician%d@partner%d.example", firstNumber+a, firstNumber+partner))
}

// event is the ID of an event, which is later than all that are not copies.
func (w world) event(e int) string {
	return fmt.Sprintf("000700000%d.TT%d", firstNumber+e-1, firstNumber+w.tenantOfEvent(e))
}

// partnerOf is the partner who manages a tenant.
func (w world) partnerOf(tenant int) int {
	if tenant%2 == 0 {
		return 1
	}
	return 2 + tenant/2%(w.partners-1)
}

func (world) tenantOfGrant(grant int) int { return 1 + (grant-1)/adminsPerTenant }

// tenantOfEvent is the tenant that an event is about.
func (w world) tenantOfEvent(event int) int {
	if (event-1)%adminsPerTenant == 0 {
		return w.full()
	}
	return w.tenantOfGrant(event)
}

// full is the tenant that has all external admins there may be.
func (w world) full() int { return w.tenants / 4 * 2 }

// grants is how many there are but for those of the full tenant.
func (w world) grants() int { return w.tenants * adminsPerTenant }

// templateRole is the ID of each tenant's custom role.
const templateRole = rolemodel.RoleID("directory-team-administrator")

// build writes the world into a new directory: one entry of each kind in the way
// that all are written, and copies of its rows.
func (w world) build(ctx context.Context, dsn string) error {
	db, err := sqldb.New(dsn)
	if err != nil {
		return err
	}
	if err := errors.Join(w.templates(ctx, db.Open(directory.Owner(operator()))), db.Close()); err != nil {
		return err
	}
	return w.multiply(ctx, dsn)
}

func operator() rolemodel.Actor {
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	return rolemodel.Actor{Name: "operator", Role: role}
}

// templates creates partner and tenant 0 with a role, a grant and their events.
func (w world) templates(ctx context.Context, d directory.Directory) error {
	partner, tenant := w.partner(0), w.tenant(0)
	_, err := directory.Create(ctx, d, rolemodel.Partner{
		AccountCode: partner, Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{w.technician(0, 0).Domain()},
	}, "")
	if err != nil {
		return err
	}
	domain := rolemodel.Domain(fmt.Sprintf("client%d.example", firstNumber))
	if _, err := directory.Create(ctx, d, rolemodel.Tenant{AccountCode: tenant, Name: "Client", PrimaryDomain: domain, PartnerID: partner}, ""); err != nil {
		return err
	}
	if _, err := directory.Create(ctx, d, rolemodel.Role{
		TenantID: tenant, Name: "Directory Team Administrator", SecurityPermission: rolemodel.CannotManageRoles,
		ApplicationPermissions: []rolemodel.Permission{"Directories | Groups | Edit", "Directories | Internal | Read"},
	}, ""); err != nil {
		return err
	}
	_, err = directory.Create(ctx, d, rolemodel.ExternalAdmin{TenantID: tenant, Email: w.technician(0, 0), RoleID: rolemodel.HelpDeskAdmin}, "")
	return err
}
