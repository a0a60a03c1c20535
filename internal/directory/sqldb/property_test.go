package sqldb_test

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestProperties runs random operations and checks after them that no rule is
// broken by what is stored, that the audit trail accounts for all of it, and
// that what a plan refuses, knowing less, the directory refuses too.
func TestProperties(t *testing.T) {
	t.Parallel()
	folder, run := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		db, err := sqldb.New(filepath.Join(folder, fmt.Sprintf("%d.directory", run)))
		check(t, err)
		defer db.Close()
		w := &walk{T: t, ctx: context.Background(), reader: db.Open(owner())}
		w.start(db.Open(owner()))
		for range rapid.IntRange(5, 25).Draw(t, "operations") {
			w.actor = actor(rapid.SampledFrom([]rolemodel.RoleID{rolemodel.BasicAdmin, rolemodel.BasicAdmin, rolemodel.SuperAdmin, rolemodel.SuperAdmin, rolemodel.SuperAdmin, rolemodel.HelpDeskAdmin}).Draw(t, "actor"))
			w.d = asStored{db.Open(directory.Owner(w.actor)), w}
			rapid.SampledFrom([]func(){
				w.partner, w.tenant, w.role, w.grant, w.grant, w.grant, w.regrant, w.regrant, w.revoke, w.replace, w.deletion,
			}).Draw(t, "operation")()
		}
		w.invariants()
		consistent(w.ctx, t, db)
	})
}

// walk is a random walk through a directory.
type walk struct {
	*rapid.T
	ctx    context.Context
	actor  rolemodel.Actor
	d      directory.Directory
	reader directory.Reader
}

// asStored checks that a write returns what it has stored.
type asStored struct {
	directory.Directory
	w *walk
}

func (s asStored) Apply(ctx context.Context, change directory.Change) (directory.Outcome, error) {
	outcome, err := s.Directory.Apply(ctx, change)
	if err != nil || outcome.Effect == directory.EffectDeleted {
		return outcome, err
	}
	var stored any
	switch e := outcome.Entry.(type) {
	case rolemodel.Partner:
		stored, err = s.w.reader.Partner(ctx, e.AccountCode)
	case rolemodel.Tenant:
		stored, err = s.w.reader.Tenant(ctx, e.AccountCode)
	case rolemodel.Role:
		stored, err = s.w.reader.Role(ctx, e.TenantID, e.ID)
	case rolemodel.ExternalAdmin:
		stored, err = s.w.reader.ExternalAdmin(ctx, e.TenantID, e.Email)
	default: // A replacement reads them.
		return outcome, nil
	}
	if check(s.w, err); !reflect.DeepEqual(stored, outcome.Entry) {
		s.w.Fatalf("the outcome is %+v and %+v is stored", outcome.Entry, stored)
	}
	return outcome, nil
}

// start makes a partner and a tenant, so that grants are possible at once.
func (w *walk) start(d directory.Directory) {
	_, err := directory.Create(w.ctx, d, rolemodel.Partner{AccountCode: "CP1", Name: "P", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"p1.example", "p2.example"}}, "")
	check(w, err)
	_, err = directory.Create(w.ctx, d, rolemodel.Tenant{AccountCode: "CT1", Name: "T", PrimaryDomain: "t1.example", PartnerID: "CP1"}, "")
	check(w, err)
}

func one[T any](w *walk, name string, values ...T) T {
	return rapid.SampledFrom(values).Draw(w.T, name)
}

// A few keys, so that operations meet.
func (w *walk) partnerID() rolemodel.AccountCode {
	return one[rolemodel.AccountCode](w, "partner", "CP1", "CP2")
}

func (w *walk) tenantID() rolemodel.AccountCode {
	return one[rolemodel.AccountCode](w, "tenant", "CT1", "CT2")
}

// often is true seven times out of eight.
func (w *walk) often(name string) bool { return rapid.IntRange(0, 7).Draw(w.T, name) > 0 }

// staff and client are domains as partners and tenants have them, and
// sometimes each other's.
func (w *walk) staff() rolemodel.Domain {
	if w.often("staff") {
		return one[rolemodel.Domain](w, "domain", "p1.example", "p2.example")
	}
	return w.client()
}

func (w *walk) client() rolemodel.Domain {
	return one[rolemodel.Domain](w, "domain", "t1.example", "t2.example", "t3.example", "t4.example", "p2.example")
}

func (w *walk) email() rolemodel.Email {
	return rolemodel.Email(one(w, "local", "x", "y")) + "@" + rolemodel.Email(w.staff())
}

func (w *walk) roleID(tenant rolemodel.AccountCode) rolemodel.RoleID {
	if one(w, "plain", true, false) {
		return rolemodel.BasicAdmin
	}
	ids := []rolemodel.RoleID{"no-such-role"}
	for role, err := range w.reader.Roles(w.ctx, directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{tenant}}) {
		check(w, err)
		ids = append(ids, role.ID)
	}
	return one(w, "role", ids...)
}

// accepts checks the result of a write against what a plan said of it.
func (w *walk) accepts(planned rolemodel.Violations, planError, err error) {
	w.Helper()
	if planError != nil && !directory.IsNotFound(planError) {
		w.Fatalf("the plan failed: %v", planError)
	}
	vs, refused := rolemodel.AsViolations(err)
	if err != nil && !refused && !directory.IsNotFound(err) && !isConflict(err) {
		w.Fatalf("unexpected error: %v", err)
	}
	if len(planned) > 0 && err == nil {
		w.Fatalf("the plan said %v and the directory accepted it", planned)
	}
	if len(decide.Blind(&w.actor, directory.KindRole)) > 0 {
		return // Whoever sees nothing is told no more than that.
	}
	for _, p := range planned {
		if refused && !slices.ContainsFunc(vs, func(v rolemodel.Violation) bool { return v.Rule == p.Rule }) {
			w.Fatalf("the plan said %v and the directory %v", p, vs)
		}
	}
}

// known forgets a value sometimes, as a plan does not know all of them.
func known[T any](w *walk, value T) T {
	var unknown T
	if one(w, "known", true, true, false) {
		return value
	}
	return unknown
}

func (w *walk) partner() {
	p := rolemodel.Partner{
		AccountCode: w.partnerID(), Name: "P", Program: one(w, "program", rolemodel.ProgramMSP, rolemodel.ProgramMSP, rolemodel.ProgramReseller),
		PartnerPortal: w.often("portal"), Domains: []rolemodel.Domain{w.staff(), w.staff()},
	}
	before, err := w.reader.Partner(w.ctx, p.AccountCode)
	if err != nil {
		_, err := directory.Create(w.ctx, w.d, p, "")
		w.accepts(nil, nil, err)
		return
	}
	planned, planError := decide.Partner(w.ctx, w.reader, known(w, &w.actor), &before, &rolemodel.Partner{
		AccountCode: p.AccountCode, Name: p.Name, Program: known(w, p.Program), PartnerPortal: p.PartnerPortal, Domains: known(w, p.Domains),
	})
	_, err = directory.Update(w.ctx, w.d, directory.KeyOf(p), p, 0, "")
	w.accepts(planned, planError, err)
}

func (w *walk) tenant() {
	t := rolemodel.Tenant{
		AccountCode: w.tenantID(), Name: "T", PrimaryDomain: w.client(),
		PartnerID: one(w, "managed by", "CP1", "CP1", "CP2", rolemodel.AccountCode("")),
	}
	before, err := w.reader.Tenant(w.ctx, t.AccountCode)
	if err != nil {
		_, err := directory.Create(w.ctx, w.d, t, "")
		w.accepts(nil, nil, err)
		return
	}
	planned, planError := decide.Tenant(w.ctx, w.reader, known(w, &w.actor), &before, &rolemodel.Tenant{
		AccountCode: t.AccountCode, Name: t.Name, PrimaryDomain: known(w, t.PrimaryDomain), PartnerID: t.PartnerID,
	})
	_, err = directory.Update(w.ctx, w.d, directory.KeyOf(t), t, 0, "")
	w.accepts(planned, planError, err)
}

func (w *walk) role() {
	r := rolemodel.Role{
		TenantID: w.tenantID(), Name: one(w, "name", "R Admin", "r admin", "S Admin", "Reviewer"),
		SecurityPermission: one(w, "may", rolemodel.CannotManageRoles, rolemodel.ManageApplicationRoles, rolemodel.ManageApplicationAndProtectedRoles),
	}
	if one(w, "protected", true, false) {
		r.ProtectedPermissions = []rolemodel.Permission{"Archive | Search Content View"}
	}
	planned, planError := decide.Role(w.ctx, w.reader, known(w, &w.actor), nil, &rolemodel.Role{
		TenantID: known(w, r.TenantID), Name: known(w, r.Name), SecurityPermission: known(w, r.SecurityPermission), ProtectedPermissions: known(w, r.ProtectedPermissions),
	})
	_, err := directory.Create(w.ctx, w.d, r, "")
	w.accepts(planned, planError, err)
}

func (w *walk) grant() {
	a := rolemodel.ExternalAdmin{TenantID: w.tenantID(), Email: w.email()}
	a.RoleID = w.roleID(a.TenantID)
	planned, planError := decide.ExternalAdmin(w.ctx, w.reader, known(w, &w.actor), nil,
		&rolemodel.ExternalAdmin{TenantID: known(w, a.TenantID), Email: known(w, a.Email), RoleID: known(w, a.RoleID)})
	_, err := directory.Create(w.ctx, w.d, a, "")
	w.accepts(planned, planError, err)
}

// held returns a grant that exists.
func (w *walk) held() (rolemodel.ExternalAdmin, bool) {
	admins, err := directory.Collect(w.reader.ExternalAdmins(w.ctx, directory.ExternalAdminFilter{}))
	check(w, err)
	if len(admins) == 0 {
		return rolemodel.ExternalAdmin{}, false
	}
	return one(w, "held", admins...), true
}

func (w *walk) regrant() {
	before, ok := w.held()
	if !ok {
		return
	}
	after := before
	after.RoleID = w.roleID(before.TenantID)
	if one(w, "moves", true, false) {
		after.Email = w.email()
	}
	planned, planError := decide.ExternalAdmin(w.ctx, w.reader, known(w, &w.actor), &before,
		&rolemodel.ExternalAdmin{TenantID: after.TenantID, Email: known(w, after.Email), RoleID: known(w, after.RoleID)})
	_, err := directory.Update(w.ctx, w.d, directory.KeyOf(before), after, 0, "")
	w.accepts(planned, planError, err)
}

func (w *walk) revoke() {
	before, ok := w.held()
	if !ok {
		return
	}
	planned, planError := decide.ExternalAdmin(w.ctx, w.reader, known(w, &w.actor), &before, nil)
	w.accepts(planned, planError, remove[rolemodel.ExternalAdmin](w, directory.KeyOf(before)))
}

func (w *walk) replace() {
	tenant := w.tenantID()
	var admins, plan []rolemodel.ExternalAdmin
	for range rapid.IntRange(0, 4).Draw(w.T, "grants") {
		a := rolemodel.ExternalAdmin{TenantID: tenant, Email: w.email(), RoleID: w.roleID(tenant)}
		admins = append(admins, a)
		a.RoleID = known(w, a.RoleID)
		plan = append(plan, a)
	}
	of := known(w, tenant)
	var held []rolemodel.ExternalAdmin
	if of != "" {
		held, _ = directory.Collect(w.reader.ExternalAdmins(w.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{of}}))
	}
	planned, planError := decide.ExternalAdmins(w.ctx, w.reader, known(w, &w.actor), of, held, plan)
	_, err := directory.ReplaceExternalAdmins(w.ctx, w.d, directory.Replace{Action: directory.ActionUpdate, Tenant: tenant, Admins: admins})
	if vs, _ := rolemodel.AsViolations(err); slices.ContainsFunc(vs, func(v rolemodel.Violation) bool { return v.Advice == "Keep one of them." }) {
		return // What is not well-formed is said first and alone.
	}
	w.accepts(planned, planError, err)
}

func remove[E directory.Entry](w *walk, key directory.Key) error {
	_, err := directory.Delete[E](w.ctx, w.d, key, "")
	return err
}

func (w *walk) deletion() {
	switch one(w, "delete a", "partner", "tenant", "role") {
	case "partner":
		w.accepts(nil, nil, remove[rolemodel.Partner](w, directory.Key{Account: w.partnerID()}))
	case "tenant":
		w.accepts(nil, nil, remove[rolemodel.Tenant](w, directory.Key{Account: w.tenantID()}))
	default:
		tenant := w.tenantID()
		w.accepts(nil, nil, remove[rolemodel.Role](w, directory.Key{Account: tenant, ID: w.roleID(tenant)}))
	}
}

// invariants checks every grant that is stored against the rules of its place.
func (w *walk) invariants() {
	owner := map[rolemodel.Domain]rolemodel.AccountCode{}
	for tenant, err := range w.reader.Tenants(w.ctx, directory.TenantFilter{}) {
		check(w, err)
		for _, d := range tenant.InternalDomains {
			if other, taken := owner[d]; taken {
				w.Fatalf("%s is internal to %s and %s", d, other, tenant.AccountCode)
			}
			owner[d] = tenant.AccountCode
		}
	}
	for p, err := range w.reader.Partners(w.ctx, directory.PartnerFilter{}) {
		check(w, err)
		for _, d := range p.Domains {
			if other, taken := owner[d]; taken {
				w.Fatalf("%s is internal to %s and the domain of %s", d, other, p.AccountCode)
			}
		}
	}
	for a, err := range w.reader.ExternalAdmins(w.ctx, directory.ExternalAdminFilter{}) {
		check(w, err)
		tenant, err := w.reader.Tenant(w.ctx, a.TenantID)
		check(w, err)
		partner, err := w.reader.Partner(w.ctx, tenant.PartnerID)
		check(w, err)
		_, err = w.reader.Role(w.ctx, a.TenantID, a.RoleID)
		check(w, err)
		switch {
		case slices.Contains(tenant.InternalDomains, a.Email.Domain()):
			w.Fatalf("%+v is inside %+v", a, tenant)
		case !partner.PartnerPortal:
			w.Fatalf("%+v comes through no portal", a)
		case !partner.Retired && !slices.Contains(partner.Domains, a.Email.Domain()):
			w.Fatalf("%+v is no login of %+v", a, partner)
		case a.RoleID == rolemodel.SuperAdmin:
			w.Fatalf("%+v is a Super Administrator", a)
		case a.RoleID == rolemodel.PartnerAdmin && partner.Program != rolemodel.ProgramMSP:
			w.Fatalf("%+v is a Partner Administrator under %+v", a, partner)
		}
	}
}
