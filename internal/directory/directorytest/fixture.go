package directorytest

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// fixture is a directory and the means to look at it.
type fixture struct {
	*testing.T
	ctx context.Context
	// again makes another fixture, with a new directory.
	again func() *fixture
	// a and b are two handles of the directory.
	a, b directory.Opener
	// basic, super and desk have the authority of a Basic, a Super and a Help
	// Desk Administrator.
	basic, super, desk directory.Directory
}

func newFixture(t *testing.T, open Open) *fixture {
	t.Helper()
	a, b := open(t)
	f := &fixture{T: t, ctx: t.Context(), a: a, b: b, again: func() *fixture { return newFixture(t, open) }}
	f.basic, f.super, f.desk = f.actor(rolemodel.BasicAdmin), f.actor(rolemodel.SuperAdmin), f.actor(rolemodel.HelpDeskAdmin)
	return f
}

func (f *fixture) actor(id rolemodel.RoleID) directory.Directory {
	f.Helper()
	role, ok := rolemodel.DefaultRole(id)
	if !ok {
		f.Fatalf("no default role %q", id)
	}
	return f.open(rolemodel.Actor{Name: "tester as " + string(id), Role: role})
}

// open opens the directory with the authority of an actor: it writes through one handle and reads through the other.
func (f *fixture) open(actor rolemodel.Actor) directory.Directory {
	return f.caller(directory.Owner(actor))
}

// partner opens the directory as a partner's own credential with the authority of a default role.
func (f *fixture) partner(code rolemodel.AccountCode, id rolemodel.RoleID) directory.Directory {
	f.Helper()
	role, ok := rolemodel.DefaultRole(id)
	if !ok {
		f.Fatalf("no default role %q", id)
	}
	return f.caller(directory.Caller{
		Actor: rolemodel.Actor{Name: "partner " + string(code), Role: role, PartnerID: code, Credential: true},
		Scope: directory.Scope{PartnerID: code},
	})
}

// caller opens the directory for a caller, as open does.
func (f *fixture) caller(c directory.Caller) directory.Directory {
	return twoHandles{Reader: f.b.Open(c), writer: f.a.Open(c)}
}

// twoHandles reads through one handle what was written through another.
type twoHandles struct {
	directory.Reader
	writer directory.Directory
}

// Apply implements directory.Directory.
func (t twoHandles) Apply(ctx context.Context, change directory.Change) (directory.Outcome, error) {
	return t.writer.Apply(ctx, change)
}

// add, edit, regrant, drop and replace are changes without a declaration, whose effect does not matter.
func add[E directory.Entry](ctx context.Context, d directory.Directory, entry E) (E, error) {
	r, err := directory.Create(ctx, d, entry, "")
	return r.Entry, err
}

func edit[E directory.Entry](ctx context.Context, d directory.Directory, entry E) (E, error) {
	r, err := directory.Update(ctx, d, directory.KeyOf(entry), entry, revisionOf(entry), "")
	return r.Entry, err
}

func regrant(ctx context.Context, d directory.Directory, email rolemodel.Email, admin rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	r, err := directory.Update(ctx, d, directory.Key{Account: admin.TenantID, Email: email}, admin, admin.Revision, "")
	return r.Entry, err
}

func drop[E directory.Entry](ctx context.Context, d directory.Directory, key directory.Key) error {
	_, err := directory.Delete[E](ctx, d, key, "")
	return err
}

func replace(ctx context.Context, d directory.Directory, tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, error) {
	r, err := directory.ReplaceExternalAdmins(ctx, d, directory.Replace{Action: directory.ActionUpdate, Tenant: tenant, Admins: admins})
	return r.Entry, err
}

func revisionOf[E directory.Entry](entry E) int64 {
	switch e := any(entry).(type) {
	case rolemodel.Partner:
		return e.Revision
	case rolemodel.Tenant:
		return e.Revision
	case rolemodel.Role:
		return e.Revision
	case rolemodel.ExternalAdmin:
		return e.Revision
	}
	return 0
}

// customOf selects the custom roles of a tenant.
func customOf(tenant rolemodel.AccountCode) directory.RoleFilter {
	return directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{tenant}}
}

// The accounts of a small world, as stored.
const (
	msp      rolemodel.AccountCode = "CMSP1"  // an MSP that uses the portal: msp.example, msp.test
	reseller rolemodel.AccountCode = "CRES1"  // a reseller that uses the portal: reseller.example
	noPortal rolemodel.AccountCode = "CNOP1"  // an MSP without the portal: noportal.example
	alpha    rolemodel.AccountCode = "CALPHA" // a tenant of msp: alpha.example, alpha.test
	beta     rolemodel.AccountCode = "CBETA"  // a tenant of reseller: beta.example
	gamma    rolemodel.AccountCode = "CGAMMA" // a tenant of noPortal: gamma.example
	delta    rolemodel.AccountCode = "CDELTA" // a tenant without a partner: delta.example
)

func (f *fixture) world() {
	f.Helper()
	for _, p := range []rolemodel.Partner{
		{AccountCode: msp, Name: "Northwind MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example", "msp.test"}},
		{AccountCode: reseller, Name: "Contoso Resale", Program: rolemodel.ProgramReseller, PartnerPortal: true, Domains: []rolemodel.Domain{"reseller.example"}},
		{AccountCode: noPortal, Name: "Offline MSP", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"noportal.example"}},
	} {
		must(add(f.ctx, f.basic, p))(f)
	}
	for _, t := range []rolemodel.Tenant{
		{AccountCode: alpha, Name: "Alpha", Region: "us", PrimaryDomain: "alpha.example", InternalDomains: []rolemodel.Domain{"alpha.example", "alpha.test"}, PartnerID: msp},
		{AccountCode: beta, Name: "Beta", PrimaryDomain: "beta.example", PartnerID: reseller},
		{AccountCode: gamma, Name: "Gamma", PrimaryDomain: "gamma.example", PartnerID: noPortal},
		{AccountCode: delta, Name: "Delta", PrimaryDomain: "delta.example"},
	} {
		must(add(f.ctx, f.basic, t))(f)
	}
}

// must returns the value if there is no error, and ends the test otherwise.
func must[T any](value T, err error) func(f *fixture) T {
	return func(f *fixture) T {
		f.Helper()
		f.ok(err)
		return value
	}
}

func (f *fixture) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatalf("unexpected error: %v", err)
	}
}

// role creates a custom role in alpha.
func (f *fixture) role(name string, change ...func(*rolemodel.Role)) rolemodel.Role {
	f.Helper()
	role := rolemodel.Role{TenantID: alpha, Name: name, SecurityPermission: rolemodel.CannotManageRoles}
	for _, c := range change {
		c(&role)
	}
	return must(add(f.ctx, f.super, role))(f)
}

func protected(r *rolemodel.Role) {
	r.ProtectedPermissions = []rolemodel.Permission{"Archive | Search Content View"}
}

// grant adds an external admin to alpha.
func (f *fixture) grant(email rolemodel.Email, role rolemodel.RoleID) rolemodel.ExternalAdmin {
	f.Helper()
	return must(add(f.ctx, f.super, rolemodel.ExternalAdmin{TenantID: alpha, Email: email, RoleID: role}))(f)
}

// same compares by content: nil and empty lists are the same.
func (f *fixture) same(what string, got, want any) {
	f.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		f.Fatalf("%s\n got: %s\nwant: %s", what, g, w)
	}
}

// content is all that the directory holds, the audit trail aside.
func (f *fixture) content() string {
	f.Helper()
	var b strings.Builder
	for _, p := range list(f, f.basic.Partners(f.ctx, directory.PartnerFilter{})) {
		fmt.Fprintf(&b, "%+v\n", p)
	}
	for _, t := range list(f, f.basic.Tenants(f.ctx, directory.TenantFilter{})) {
		fmt.Fprintf(&b, "%+v\n", t)
		for _, r := range list(f, f.basic.Roles(f.ctx, customOf(t.AccountCode))) {
			fmt.Fprintf(&b, "%+v\n", r)
		}
	}
	for _, a := range list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{})) {
		fmt.Fprintf(&b, "%+v\n", a)
	}
	return b.String()
}

// events is the whole audit trail.
func (f *fixture) events() []directory.AuditEvent {
	f.Helper()
	return list(f, f.basic.AuditEvents(f.ctx, directory.AuditFilter{}))
}

func (f *fixture) lastEvent() directory.AuditEvent {
	f.Helper()
	events := f.events()
	if len(events) == 0 {
		f.Fatal("the audit trail is empty")
	}
	return events[len(events)-1]
}

// unchanged runs act and checks that it leaves the directory as it is. What was refused is in the trail.
func (f *fixture) unchanged(act func()) {
	f.Helper()
	before := f.content()
	act()
	f.same("the directory", f.content(), before)
}

func (f *fixture) notFound(err error, kind, key string) {
	f.Helper()
	var missing *directory.NotFoundError
	if !errors.As(err, &missing) {
		f.Fatalf("got %v, want not found: %s %q", err, kind, key)
	}
	f.same("what is not found", *missing, directory.NotFoundError{Kind: kind, Key: key})
}

func (f *fixture) conflict(err error, want directory.ConflictError) {
	f.Helper()
	var conflict *directory.ConflictError
	if !errors.As(err, &conflict) {
		f.Fatalf("got %v, want a conflict: %s %q", err, want.Kind, want.Key)
	}
	f.same("the conflict", *conflict, want)
}

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}
