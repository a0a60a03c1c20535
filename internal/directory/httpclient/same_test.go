package httpclient_test

import (
	"fmt"
	"iter"
	"net/netip"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestSameOverHTTP makes the same changes in a directory in this process and in
// one over HTTP: outcomes, entries and errors are the same to the last field.
func TestSameOverHTTP(t *testing.T) {
	t.Parallel()
	s := newService(t, "")
	db, err := sqldb.New(filepath.Join(t.TempDir(), "msp.directory"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })

	type (
		partner = directory.Write[rolemodel.Partner]
		tenant  = directory.Write[rolemodel.Tenant]
		role    = directory.Write[rolemodel.Role]
		admin   = directory.Write[rolemodel.ExternalAdmin]
	)
	actor := func(id rolemodel.RoleID) rolemodel.Actor {
		r, _ := rolemodel.DefaultRole(id)
		return rolemodel.Actor{Name: "tester as " + string(id), Role: r}
	}
	super, desk := directory.Owner(actor(rolemodel.SuperAdmin)), directory.Owner(actor(rolemodel.HelpDeskAdmin))
	reader := directory.Caller{Actor: actor(rolemodel.SuperAdmin), Scope: directory.Scope{All: true, ReadOnly: true}}
	partnersOwn := directory.Caller{Actor: actor(rolemodel.BasicAdmin), Scope: directory.Scope{PartnerID: "CMSP2"}}
	partnersOwn.Actor.PartnerID = "CMSP2"
	narrow := partnersOwn
	narrow.Scope.TenantIDs = []rolemodel.AccountCode{"CBETA"}

	const create, update, remove = directory.ActionCreate, directory.ActionUpdate, directory.ActionDelete
	msp := rolemodel.Partner{
		AccountCode: "CMSP1", Name: "Northwind", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"MSP.example", "msp.test"},
		AdminIPRanges: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")},
	}
	other := rolemodel.Partner{AccountCode: "CMSP2", Name: "Other", Program: rolemodel.ProgramReseller, PartnerPortal: true, Domains: []rolemodel.Domain{"other.example"}}
	alpha := rolemodel.Tenant{AccountCode: "CALPHA", Name: "Alpha", Region: "us", PrimaryDomain: "alpha.example", PartnerID: "CMSP1"}
	beta := rolemodel.Tenant{AccountCode: "CBETA", Name: "Beta", PrimaryDomain: "beta.example", PartnerID: "CMSP2"}
	custom := rolemodel.Role{
		TenantID: "CALPHA", Name: "Custom Admin", Description: "One\nTwo", SecurityPermission: rolemodel.CannotManageRoles,
		ApplicationPermissions: []rolemodel.Permission{"directories|groups|edit"},
	}
	grant := func(email rolemodel.Email, id rolemodel.RoleID) rolemodel.ExternalAdmin {
		return rolemodel.ExternalAdmin{TenantID: "CALPHA", Email: email, RoleID: id}
	}
	changed := func(change func(*rolemodel.Partner)) rolemodel.Partner {
		p := msp
		change(&p)
		return p
	}
	tenantKey, annaKey := directory.Key{Account: "CALPHA"}, directory.Key{Account: "CALPHA", Email: "anna@msp.example"}
	roleKey := directory.Key{Account: "CALPHA", ID: "custom-admin"}
	var many []rolemodel.ExternalAdmin
	for i := range 15 {
		many = append(many, grant(rolemodel.Email(fmt.Sprintf("many%02d@msp.test", i)), rolemodel.Reviewer))
	}
	replace := func(action directory.Action, as rolemodel.Declaration, seen, admins []rolemodel.ExternalAdmin) directory.Replace {
		return directory.Replace{Action: action, Tenant: "CALPHA", Admins: admins, Seen: seen, As: as}
	}

	for i, step := range []struct {
		caller directory.Caller
		change directory.Change
		// says is in the outcome or the error.
		says string
	}{
		{super, partner{Action: create, Entry: msp, As: "d1"}, "created"},
		{super, partner{Action: create, Entry: msp, As: "d2"}, "adopted"},
		{super, partner{Action: create, Entry: msp}, "already has"},
		{super, partner{Action: create, Entry: changed(func(p *rolemodel.Partner) { p.Name, p.PartnerPortal = "New", false }), As: "d2"}, "name: it has"},
		{super, partner{Action: create, Entry: rolemodel.Partner{AdminIPRanges: []netip.Prefix{{}}}}, "well-formed"},
		{super, partner{Action: create, Entry: other}, "created"},
		{super, tenant{Action: create, Entry: alpha, As: "d3"}, "created"},
		{super, tenant{Action: create, Entry: beta}, "created"},
		{super, partner{Action: create, Entry: rolemodel.Partner{AccountCode: "CALPHA", Name: "X", Program: "msp", Domains: []rolemodel.Domain{"x.example"}}}, "that of a tenant"},
		{partnersOwn, tenant{Action: create, Entry: rolemodel.Tenant{AccountCode: "CALPHA", Name: "X", PrimaryDomain: "x.example", PartnerID: "CMSP2"}}, "is taken"},
		{partnersOwn, tenant{Action: create, Entry: rolemodel.Tenant{AccountCode: "CX", Name: "X", PrimaryDomain: "alpha.example", PartnerID: "CMSP2"}}, "belongs to another account"},
		{super, tenant{Action: create, Entry: rolemodel.Tenant{AccountCode: "CX", Name: "X", PrimaryDomain: "alpha.example"}}, `belongs to tenant "CALPHA"`},
		{narrow, tenant{Action: create, Entry: rolemodel.Tenant{AccountCode: "CX", Name: "X", PrimaryDomain: "x.example", PartnerID: "CMSP2"}}, "limited to named tenants"},
		{narrow, tenant{Action: update, Key: tenantKey, Entry: alpha}, "There is no tenant"},
		{reader, tenant{Action: update, Key: tenantKey, Entry: alpha}, "may only read"},
		{desk, role{Action: create, Entry: custom}, "manage-roles"},
		{super, role{Action: create, Entry: custom, As: "d4"}, "created"},
		{super, role{Action: create, Entry: rolemodel.Role{TenantID: "CNONE", Name: "Reviewer", SecurityPermission: "x", ApplicationPermissions: []rolemodel.Permission{"a"}}}, "default-role-fixed"},
		{super, role{Action: update, Key: roleKey, Entry: rolemodel.Role{Name: "Renamed Admin", SecurityPermission: rolemodel.ManageApplicationRoles}, Revision: 1, As: "d4"}, "changed"},
		{super, role{Action: update, Key: roleKey, Entry: custom, Revision: 1}, "has changed since"},
		{super, admin{Action: create, Entry: grant("Anna@MSP.example", "custom-admin"), As: "d5"}, "created"},
		{super, admin{Action: create, Entry: grant("anna@msp.example", rolemodel.BasicAdmin)}, "one-role"},
		{super, admin{Action: create, Entry: grant("x@alpha.example", rolemodel.SuperAdmin)}, "super-by-support"},
		{super, admin{Action: create, Entry: grant("x@msp.example", "none")}, "role-of-tenant"},
		{super, admin{Action: remove, Key: annaKey, As: "other"}, "left"},
		{super, role{Action: remove, Key: roleKey, As: "d4"}, "retired"},
		{super, role{Action: update, Key: roleKey, Entry: custom}, "role-retired"},
		{super, role{Action: create, Entry: rolemodel.Role{TenantID: "CALPHA", Name: "Renamed Admin", SecurityPermission: rolemodel.CannotManageRoles}}, "taken up"},
		{super, admin{Action: update, Key: annaKey, Entry: grant("bert@msp.example", rolemodel.BasicAdmin), As: "d5"}, "changed"},
		{super, admin{Action: update, Key: annaKey, Entry: grant("anna@msp.example", rolemodel.BasicAdmin), As: "d6", Seen: "d5"}, "created"},
		{super, admin{Action: update, Key: directory.Key{Account: "CALPHA", Email: "x/y z@msp.example"}, Entry: grant("a@msp.example", rolemodel.BasicAdmin)}, "There is no external admin"},
		{super, admin{Action: remove, Key: directory.Key{Account: "CALPHA"}}, "There is no external admin"},
		{super, admin{Action: remove, Key: directory.Key{Account: "CALPHA", Email: ".."}}, "There is no external admin"},
		{super, replace(create, "d7", nil, many), "created"},
		{super, partner{Action: update, Key: directory.Key{Account: "CMSP1"}, Entry: changed(func(p *rolemodel.Partner) { p.Domains, p.PartnerPortal = []rolemodel.Domain{"msp.example"}, false })}, "and 5 more"},
		{super, replace(update, "d8", []rolemodel.ExternalAdmin{}, many[:1]), "have changed since"},
		{super, replace(update, "d8", nil, append(many[3:], grant("no address", "none"), grant("many05@MSP.test", rolemodel.BasicAdmin))), "one-role"},
		{super, replace(update, "d8", nil, many[3:]), ""},
		{super, replace(update, "d8", nil, many[3:]), "unchanged"},
		{super, replace(remove, "d8", nil, nil), "deleted"},
		{super, directory.Replace{Action: update, Tenant: "CNONE", Admins: many}, "reference-exists"},
		{super, directory.Replace{Action: update, Tenant: "", Admins: many}, "well-formed"},
		{super, directory.Replace{Action: update, Tenant: "..", Admins: many}, "well-formed"},
		{super, tenant{Action: remove, Key: tenantKey}, "retired"},
		{super, partner{Action: remove, Key: directory.Key{Account: "CMSP1"}, Revision: 99}, "has changed since"},
		{super, partner{Action: remove, Key: directory.Key{Account: "CMSP1"}}, "retired"},
		{desk, partner{Action: remove, Key: directory.Key{Account: "CMSP2"}}, "manage-accounts"},
	} {
		want, wantErr := db.Open(step.caller).Apply(t.Context(), step.change)
		got, gotErr := s.Open(step.caller).Apply(t.Context(), step.change)
		said := fmt.Sprint(want.Effect)
		if wantErr != nil {
			said = wantErr.Error()
		}
		if !strings.Contains(said, step.says) {
			t.Errorf("step %d, %+v: %s, want ...%s", i, step.change.Subject(), said, step.says)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("step %d, %+v: %#v\nwant %#v", i, step.change.Subject(), got, want)
		}
		if !reflect.DeepEqual(gotErr, wantErr) {
			t.Errorf("step %d, %+v: %#v\nwant %#v", i, step.change.Subject(), gotErr, wantErr)
		}
	}
	here, there := db.Open(super), s.Open(super)
	same(t, here.Partners(t.Context(), directory.PartnerFilter{}), there.Partners(t.Context(), directory.PartnerFilter{}))
	same(t, here.Tenants(t.Context(), directory.TenantFilter{}), there.Tenants(t.Context(), directory.TenantFilter{}))
	same(t, here.Roles(t.Context(), directory.RoleFilter{}), there.Roles(t.Context(), directory.RoleFilter{}))
	same(t, here.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{}), there.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{}))
	same(t, db.Open(desk).Roles(t.Context(), directory.RoleFilter{}), s.Open(desk).Roles(t.Context(), directory.RoleFilter{}))
}

func same[T any](t *testing.T, here, there iter.Seq2[T, error]) {
	t.Helper()
	want, wantErr := directory.Collect(here)
	got, gotErr := directory.Collect(there)
	if len(want) == 0 && wantErr == nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotErr, wantErr) {
		t.Errorf("%+v, %v\nwant %+v, %v", got, gotErr, want, wantErr)
	}
}
