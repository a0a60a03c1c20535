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

// What a rule is decided against: what is planned, but single entries that are to
// be deleted, and all single grants, as they are now.
func TestPlanned(t *testing.T) {
	t.Parallel()
	d, role := held(t)
	ctx := t.Context()
	s := &tfkit.Session{Directory: d, Planned: tfkit.NewPlanned(d)}
	key := directory.Key{Account: client}
	tfkit.PlanDeletion[rolemodel.Tenant](s, key)
	tfkit.PlanDeletion[rolemodel.Role](s, directory.KeyOf(role))
	tfkit.PlanDeletion[rolemodel.ExternalAdmin](s, directory.Key{Account: client, Email: anna})
	tfkit.Plan(s, rolemodel.ExternalAdmin{TenantID: client, Email: ben, RoleID: rolemodel.Reviewer}, true)
	if left := length(t, s.Planned.Tenants(ctx, directory.TenantFilter{PartnerID: msp})); left != 0 {
		t.Errorf("%d tenants are left", left)
	}
	if got, err := s.Planned.Tenant(ctx, client); err != nil || got.Name != "Alder Legal" {
		t.Errorf("until the tenant is deleted it can be read: %v", err)
	}
	if got, err := s.Planned.Role(ctx, client, role.ID); err != nil || got.Name != role.Name {
		t.Errorf("until the role is deleted it can be read: %v", err)
	}
	for email, want := range map[rolemodel.Email]rolemodel.RoleID{anna: role.ID, ben: rolemodel.BasicAdmin} {
		if got, err := s.Planned.ExternalAdmin(ctx, client, email); err != nil || got.RoleID != want {
			t.Errorf("%s: got %q, %v", email, got.RoleID, err)
		}
	}
	if left, err := directory.Collect(s.Planned.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{client}})); err != nil || len(left) != 1 || left[0].RoleID != rolemodel.Reviewer {
		t.Errorf("left are %v, %v", left, err)
	}
	// The new address may be planned before the former one or after it.
	for range 2 {
		tfkit.Plan(s, rolemodel.Tenant{AccountCode: client, Name: "Renamed", PartnerID: msp}, true)
		tfkit.PlanDeletion[rolemodel.Tenant](s, key)
		if got, err := s.Planned.Tenant(ctx, client); err != nil || got.Name != "Renamed" {
			t.Errorf("got %q, %v", got.Name, err)
		}
	}
	if _, err := s.Planned.Tenant(ctx, "CUSA09A009"); !directory.IsNotFound(err) {
		t.Error(err)
	}
	tfkit.Plan(s, rolemodel.Tenant{AccountCode: "CUSA09A009"}, false)
	if _, err := s.Planned.Tenant(ctx, "CUSA09A009"); !errors.Is(err, decide.ErrNotYetKnown) {
		t.Error(err)
	}
}

// What the actor may not see is not there.
func TestPlannedHidden(t *testing.T) {
	t.Parallel()
	d, role := held(t)
	ctx := t.Context()
	p := tfkit.NewPlanned(blind{d})
	if _, err := p.Role(ctx, client, role.ID); !errors.Is(err, decide.ErrNotYetKnown) {
		t.Error(err)
	}
	if _, err := p.ExternalAdmin(ctx, client, anna); !directory.IsNotFound(err) {
		t.Error(err)
	}
	if n := length(t, p.Roles(ctx, rolesOf)) + length(t, p.ExternalAdmins(ctx, directory.ExternalAdminFilter{})); n != 0 {
		t.Errorf("%d are seen", n)
	}
	if n, err := p.Count(ctx, rolesOf); n != 0 || err != nil {
		t.Error(n, err)
	}
}

// blind answers as a directory does to an actor who cannot manage roles.
type blind struct{ directory.Directory }

var errView = rolemodel.DecideView(&rolemodel.Actor{Role: rolemodel.Role{SecurityPermission: rolemodel.CannotManageRoles}}).Err()

func (blind) Role(context.Context, rolemodel.AccountCode, rolemodel.RoleID) (rolemodel.Role, error) {
	return rolemodel.Role{}, errView
}

func (blind) Roles(context.Context, directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	return func(yield func(rolemodel.Role, error) bool) { yield(rolemodel.Role{}, errView) }
}

func (blind) ExternalAdmin(context.Context, rolemodel.AccountCode, rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	return rolemodel.ExternalAdmin{}, errView
}

func (blind) ExternalAdmins(context.Context, directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return func(yield func(rolemodel.ExternalAdmin, error) bool) { yield(rolemodel.ExternalAdmin{}, errView) }
}

func (blind) Count(context.Context, directory.Filter) (int, error) { return 0, errView }

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
	tfkit.Plan(s, rolemodel.ExternalAdmin{TenantID: client, Email: anna, RoleID: rolemodel.BasicAdmin}, true)
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
