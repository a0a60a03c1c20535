package tfkit_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

const (
	msp    = rolemodel.AccountCode("CUSA00A000")
	client = rolemodel.AccountCode("CUSA01A001")
	anna   = rolemodel.Email("anna@northwind.example")
)

// held is a directory with a partner, its tenant, a custom role and one grant.
func held(t *testing.T) (directory.Directory, rolemodel.Role) {
	t.Helper()
	db, err := sqldb.New(filepath.Join(t.TempDir(), "test.directory"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	basic, _ := rolemodel.DefaultRole(rolemodel.BasicAdmin)
	d := db.As(rolemodel.Actor{Name: "test", Role: basic})
	ctx := context.Background()
	_, err1 := d.CreatePartner(ctx, rolemodel.Partner{AccountCode: msp, Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"northwind.example"}})
	_, err2 := d.CreateTenant(ctx, rolemodel.Tenant{AccountCode: client, Name: "Alder Legal", PrimaryDomain: "alder.example", PartnerID: msp})
	role, err3 := d.CreateRole(ctx, rolemodel.Role{TenantID: client, Name: "Tier 2 Admin", SecurityPermission: rolemodel.CannotManageRoles})
	_, err4 := d.CreateExternalAdmin(ctx, rolemodel.ExternalAdmin{TenantID: client, Email: anna, RoleID: role.ID})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	return d, role
}

// Where nothing is planned, the directory is read.
func TestPlannedReadsThrough(t *testing.T) {
	t.Parallel()
	d, role := held(t)
	p := tfkit.NewPlanned(d)
	ctx := t.Context()
	if got, err := p.Partner(ctx, msp); err != nil || got.Name != "Northwind IT" {
		t.Error(got, err)
	}
	if got, err := p.Tenant(ctx, client); err != nil || got.Name != "Alder Legal" {
		t.Error(got, err)
	}
	if got, err := p.Role(ctx, client, role.ID); err != nil || got.Name != "Tier 2 Admin" {
		t.Error(got, err)
	}
	if _, err := p.Tenant(ctx, "CUSA09A009"); !directory.IsNotFound(err) {
		t.Error(err)
	}
	if roles, err := directory.Collect(p.Roles(ctx, client)); err != nil || len(roles) != 10 {
		t.Error(len(roles), err)
	}
	if _, err := directory.Collect(p.Roles(ctx, "CUSA09A009")); !directory.IsNotFound(err) {
		t.Error(err)
	}
}

// What is planned counts, before it is in the directory.
func TestPlannedEntries(t *testing.T) {
	t.Parallel()
	d, role := held(t)
	p := tfkit.NewPlanned(d)
	ctx := t.Context()
	p.PlanPartner(rolemodel.Partner{AccountCode: msp, Name: "Renamed"}, true)
	p.PlanTenant(rolemodel.Tenant{AccountCode: "CUSA02A002", Name: "New"}, true)
	p.PlanTenant(rolemodel.Tenant{AccountCode: client}, false)
	role.Name = "Tier 3 Admin"
	p.PlanRole(role, true)
	if got, err := p.Partner(ctx, msp); err != nil || got.Name != "Renamed" {
		t.Error(got, err)
	}
	if got, err := p.Tenant(ctx, "CUSA02A002"); err != nil || got.Name != "New" {
		t.Error(got, err)
	}
	if got, err := p.Role(ctx, client, role.ID); err != nil || got.Name != "Tier 3 Admin" {
		t.Error(got, err)
	}
	if _, err := p.Tenant(ctx, client); !errors.Is(err, tfkit.ErrNotYetKnown) {
		t.Error(err)
	}
	if roles, err := directory.Collect(p.Roles(ctx, "CUSA02A002")); err != nil || len(roles) != 9 {
		t.Errorf("a planned tenant has %d roles, %v", len(roles), err)
	}
	for _, err := range p.Roles(ctx, "CUSA02A002") {
		if err != nil {
			t.Error(err)
		}
		break // The reader may stop.
	}
}

// What is to be deleted or given another role no longer uses anything.
func TestPlannedDeletions(t *testing.T) {
	t.Parallel()
	d, role := held(t)
	ctx := t.Context()
	count := func(p *tfkit.Planned) [4]int {
		tenants, err1 := directory.Collect(p.Tenants(ctx, directory.TenantFilter{PartnerID: msp}))
		roles, err2 := directory.Collect(p.Roles(ctx, client))
		admins, err3 := directory.Collect(p.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: client}))
		holders, err4 := directory.Collect(p.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: client, RoleID: role.ID}))
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		return [4]int{len(tenants), len(roles), len(admins), len(holders)}
	}
	for name, c := range map[string]struct {
		plan func(*tfkit.Planned)
		want [4]int
	}{
		"nothing":      {func(*tfkit.Planned) {}, [4]int{1, 10, 1, 1}},
		"tenant":       {func(p *tfkit.Planned) { p.PlanTenantDeletion(client) }, [4]int{0, 10, 1, 1}},
		"role":         {func(p *tfkit.Planned) { p.PlanRoleDeletion(role) }, [4]int{1, 9, 1, 1}},
		"grant":        {func(p *tfkit.Planned) { p.PlanGrant(client, anna, "") }, [4]int{1, 10, 0, 0}},
		"another role": {func(p *tfkit.Planned) { p.PlanGrant(client, anna, rolemodel.BasicAdmin) }, [4]int{1, 10, 1, 0}},
		"again created": {func(p *tfkit.Planned) {
			p.PlanTenantDeletion(client)
			p.PlanTenant(rolemodel.Tenant{AccountCode: client}, true)
		}, [4]int{1, 10, 1, 1}},
	} {
		p := tfkit.NewPlanned(d)
		c.plan(p)
		if got := count(p); got != c.want {
			t.Errorf("%s: tenants, roles, admins, holders are %v, want %v", name, got, c.want)
		}
	}
	p := tfkit.NewPlanned(d)
	p.PlanTenantDeletion(client)
	if _, err := p.Tenant(ctx, client); err != nil {
		t.Errorf("until it is deleted it can be read: %v", err)
	}
}
