package tfkit_test

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

const (
	msp    = rolemodel.AccountCode("CUSA00A000")
	client = rolemodel.AccountCode("CUSA01A001")
	anna   = rolemodel.Email("anna@northwind.example")
	ben    = rolemodel.Email("ben@northwind.example")
)

// held is a directory with a partner, its tenant, a custom role and two grants, one of that role.
func held(t *testing.T) (directory.Directory, rolemodel.Role) {
	t.Helper()
	db, err := sqldb.New(filepath.Join(t.TempDir(), "test.directory"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	basic, _ := rolemodel.DefaultRole(rolemodel.BasicAdmin)
	d := db.Open(directory.Owner(rolemodel.Actor{Name: "test", Role: basic}))
	ctx := context.Background()
	_, err1 := directory.Create(ctx, d, rolemodel.Partner{AccountCode: msp, Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"northwind.example"}}, "")
	_, err2 := directory.Create(ctx, d, rolemodel.Tenant{AccountCode: client, Name: "Alder Legal", PrimaryDomain: "alder.example", PartnerID: msp}, "")
	role, err3 := directory.Create(ctx, d, rolemodel.Role{TenantID: client, Name: "Tier 2 Admin", SecurityPermission: rolemodel.CannotManageRoles}, "")
	_, err4 := directory.Create(ctx, d, rolemodel.ExternalAdmin{TenantID: client, Email: anna, RoleID: role.Entry.ID}, "")
	_, err5 := directory.Create(ctx, d, rolemodel.ExternalAdmin{TenantID: client, Email: ben, RoleID: rolemodel.BasicAdmin}, "")
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		t.Fatal(err)
	}
	return d, role.Entry
}

// rolesOf selects the custom roles of the client.
var rolesOf = directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{client}}

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
	if roles, err := directory.Collect(p.Roles(ctx, rolesOf)); err != nil || len(roles) != 1 {
		t.Error(len(roles), err)
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
	if _, err := p.Tenant(ctx, client); !errors.Is(err, decide.ErrNotYetKnown) {
		t.Error(err)
	}
}

// What is to be deleted or given another role no longer uses anything.
func TestPlannedDeletions(t *testing.T) {
	t.Parallel()
	d, role := held(t)
	ctx := t.Context()
	count := func(p *tfkit.Planned) [4]int {
		tenants, roles := directory.TenantFilter{PartnerID: msp}, rolesOf
		admins := directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{client}}
		holders := admins
		holders.RoleID = role.ID
		listed := [4]int{
			length(t, p.Tenants(ctx, tenants)), length(t, p.Roles(ctx, roles)), length(t, p.ExternalAdmins(ctx, admins)), length(t, p.ExternalAdmins(ctx, holders)),
		}
		for i, filter := range []directory.Filter{tenants, roles, admins, holders} {
			if n, err := p.Count(ctx, filter); err != nil || n != listed[i] {
				t.Errorf("%T counts %d of %d: %v", filter, n, listed[i], err)
			}
		}
		return listed
	}
	for name, c := range map[string]struct {
		plan func(*tfkit.Planned)
		want [4]int
	}{
		"nothing":      {func(*tfkit.Planned) {}, [4]int{1, 1, 2, 1}},
		"tenant":       {func(p *tfkit.Planned) { p.PlanTenantDeletion(client) }, [4]int{0, 1, 2, 1}},
		"role":         {func(p *tfkit.Planned) { p.PlanRoleDeletion(role) }, [4]int{1, 0, 2, 1}},
		"grant":        {func(p *tfkit.Planned) { p.PlanGrant(client, anna, "") }, [4]int{1, 1, 1, 0}},
		"another role": {func(p *tfkit.Planned) { p.PlanGrant(client, anna, rolemodel.BasicAdmin) }, [4]int{1, 1, 2, 0}},
		"again created": {func(p *tfkit.Planned) {
			p.PlanTenantDeletion(client)
			p.PlanTenant(rolemodel.Tenant{AccountCode: client, PartnerID: msp}, true)
		}, [4]int{1, 1, 2, 1}},
	} {
		p := tfkit.NewPlanned(d)
		c.plan(p)
		if got := count(p); got != c.want {
			t.Errorf("%s: tenants, roles, admins, holders are %v, want %v", name, got, c.want)
		}
	}
	// A limit counts what is yielded.
	p := tfkit.NewPlanned(d)
	p.PlanGrant(client, anna, "")
	if left, err := directory.Collect(p.ExternalAdmins(ctx, directory.ExternalAdminFilter{Limit: 1})); err != nil || len(left) != 1 || left[0].Email != ben {
		t.Error(left, err)
	}
	p = tfkit.NewPlanned(d)
	p.PlanTenantDeletion(client)
	if _, err := p.Tenant(ctx, client); err != nil {
		t.Errorf("until it is deleted it can be read: %v", err)
	}
}

// What is in use can be deleted, which is said in a warning.
func TestPlanRemoval(t *testing.T) {
	t.Parallel()
	d, role := held(t)
	s := &tfkit.Session{Directory: d, Planned: tfkit.NewPlanned(d)}
	subject := tfkit.Subject{Verb: "delete", Kind: directory.KindRole, Key: role.Name}
	remove := func(violations rolemodel.Violations, err error) []string {
		var diags diag.Diagnostics
		s.PlanRemoval(t.Context(), subject, tfkit.Note{As: "d1", Seen: "d1"}, directory.KeyOf(role), violations, err, &diags)
		return texts(diags)
	}
	if got := remove(nil, nil); len(got) != 1 || !strings.HasPrefix(got[0], `Warning @ -: What is in use is retired / The role `) || !strings.Contains(got[0], string(anna)) || !strings.HasSuffix(got[0], "Rule: role-retired") {
		t.Errorf("got %q", got)
	}
	if got, want := remove(nil, errors.New("X.")), []string{`Error @ -: Unable to delete role "Tier 2 Admin" / X.`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	s.Planned.PlanGrant(client, anna, rolemodel.BasicAdmin)
	if got := remove(nil, nil); len(got) > 0 {
		t.Errorf("got %q though nobody will hold it", got)
	}
	if _, err := directory.Update(t.Context(), d, directory.KeyOf(role), role, role.Revision, "d2"); err != nil {
		t.Fatal(err)
	}
	var diags diag.Diagnostics
	s.PlanRemoval(t.Context(), subject, tfkit.Note{As: "d1", Seen: "d1"}, directory.KeyOf(role), nil, nil, &diags)
	if got := texts(diags); len(got) != 1 || !strings.Contains(got[0], "is declared by another resource") || !strings.Contains(got[0], "-replace=ADDRESS") {
		t.Errorf("got %q", got)
	}
}

// length returns how many entries a list yields.
func length[E any](t *testing.T, list iter.Seq2[E, error]) int {
	t.Helper()
	all, err := directory.Collect(list)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}
