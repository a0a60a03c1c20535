package directorytest

import (
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func listCases() []testCase {
	return []testCase{
		{"empty", listEmpty},
		{"partners, by key and filtered", listPartners},
		{"tenants, by key and filtered", listTenants},
		{"custom roles by ID", listRoles},
		{"external admins, by tenant and email and filtered", listExternalAdmins},
		{"longer than a page", listLong},
		{"the directory is used inside the loop", listNested},
		{"the loop ends early", listBreak},
		{"many readers at once", listReaders},
	}
}

// list reads a list to its end.
func list[T any](f *fixture, entries iter.Seq2[T, error]) []T {
	f.Helper()
	return must(directory.Collect(entries))(f)
}

// keys reads a list's keys.
func keys[T any](f *fixture, entries iter.Seq2[T, error], key func(T) string) []string {
	f.Helper()
	keys := []string{}
	for _, entry := range list(f, entries) {
		keys = append(keys, key(entry))
	}
	return keys
}

func partnerKey(p rolemodel.Partner) string     { return string(p.AccountCode) }
func tenantKey(t rolemodel.Tenant) string       { return string(t.AccountCode) }
func adminKey(a rolemodel.ExternalAdmin) string { return string(a.TenantID) + "/" + string(a.Email) }

func listEmpty(f *fixture) {
	f.same("partners", keys(f, f.basic.Partners(f.ctx, directory.PartnerFilter{}), partnerKey), []string{})
	f.same("tenants", keys(f, f.basic.Tenants(f.ctx, directory.TenantFilter{}), tenantKey), []string{})
	f.same("external admins", keys(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{}), adminKey), []string{})
	f.same("external admins", keys(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{"CNONE"}}), adminKey), []string{})
	f.same("events", len(f.events()), 0)
	f.same("roles", len(list(f, f.basic.Roles(f.ctx, customOf("CNONE")))), 0)
}

func listPartners(f *fixture) {
	f.world()
	for _, c := range []struct {
		filter directory.PartnerFilter
		want   []string
	}{
		{directory.PartnerFilter{}, []string{"CMSP1", "CNOP1", "CRES1"}},
		{directory.PartnerFilter{Domains: []rolemodel.Domain{"msp.test"}}, []string{"CMSP1"}},
		{directory.PartnerFilter{Domains: []rolemodel.Domain{"alpha.example"}}, []string{}},
		{directory.PartnerFilter{Name: "northwind msp"}, []string{"CMSP1"}},
		{directory.PartnerFilter{Name: "northwind"}, []string{}},
		{directory.PartnerFilter{Name: "Northwind MSP", Domains: []rolemodel.Domain{"reseller.example"}}, []string{}},
	} {
		f.same(fmt.Sprintf("partners %+v", c.filter), keys(f, f.basic.Partners(f.ctx, c.filter), partnerKey), c.want)
	}
}

func listTenants(f *fixture) {
	f.world()
	for _, c := range []struct {
		filter directory.TenantFilter
		want   []string
	}{
		{directory.TenantFilter{}, []string{"CALPHA", "CBETA", "CDELTA", "CGAMMA"}},
		{directory.TenantFilter{PartnerID: msp}, []string{"CALPHA"}},
		{directory.TenantFilter{PartnerID: "CNONE"}, []string{}},
		{directory.TenantFilter{Domains: []rolemodel.Domain{"alpha.test"}}, []string{"CALPHA"}},
		{directory.TenantFilter{Domains: []rolemodel.Domain{"test"}}, []string{}},
		{directory.TenantFilter{Name: "DELTA"}, []string{"CDELTA"}},
		{directory.TenantFilter{Name: "Delta", PartnerID: msp}, []string{}},
	} {
		f.same(fmt.Sprintf("tenants %+v", c.filter), keys(f, f.basic.Tenants(f.ctx, c.filter), tenantKey), c.want)
	}
	f.same("an entry of the list", list(f, f.basic.Tenants(f.ctx, directory.TenantFilter{Name: "alpha"}))[0], must(f.basic.Tenant(f.ctx, alpha))(f))
}

func listRoles(f *fixture) {
	f.world()
	// In bytes, not in a language's order: "Z" < "a" before folding, punctuation counts.
	for _, name := range []string{"b-Admin", "A Admin", "ba Admin", "Ä Admin", "Z Admin", "_ Admin"} {
		f.role(name)
	}
	var ids []string
	for _, role := range list(f, f.basic.Roles(f.ctx, customOf(alpha))) {
		ids = append(ids, string(role.ID))
		f.same("an entry of the list", role, must(f.basic.Role(f.ctx, alpha, role.ID))(f))
	}
	if !slices.IsSorted(ids) || len(ids) != 6 {
		f.Errorf("the custom roles are %q", ids)
	}
	all := must(directory.RolesOf(f.ctx, f.basic, alpha))(f)
	f.same("the default roles come first", all[:len(rolemodel.DefaultRoles())], rolemodel.DefaultRoles())
	f.same("and all custom ones after them", len(all), len(rolemodel.DefaultRoles())+6)
}

func listExternalAdmins(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	for _, g := range grants("b-b@msp.example", "basic-admin", "b_b@msp.example", string(role.ID), "ba@msp.example", "help-desk-admin", "ä@msp.example", "basic-admin") {
		f.grant(g.Email, g.RoleID)
	}
	must(add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: beta, Email: "a@reseller.example", RoleID: rolemodel.BasicAdmin}))(f)
	for _, c := range []struct {
		filter directory.ExternalAdminFilter
		want   []string
	}{
		{directory.ExternalAdminFilter{}, []string{"CALPHA/b-b@msp.example", "CALPHA/b_b@msp.example", "CALPHA/ba@msp.example", "CALPHA/ä@msp.example", "CBETA/a@reseller.example"}},
		{directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{beta}}, []string{"CBETA/a@reseller.example"}},
		{directory.ExternalAdminFilter{PartnerID: reseller}, []string{"CBETA/a@reseller.example"}},
		{directory.ExternalAdminFilter{PartnerID: noPortal}, []string{}},
		{directory.ExternalAdminFilter{Email: "ba@msp.example"}, []string{"CALPHA/ba@msp.example"}},
		{directory.ExternalAdminFilter{RoleID: rolemodel.BasicAdmin}, []string{"CALPHA/b-b@msp.example", "CALPHA/ä@msp.example", "CBETA/a@reseller.example"}},
		{directory.ExternalAdminFilter{RoleID: role.ID}, []string{"CALPHA/b_b@msp.example"}},
		{directory.ExternalAdminFilter{RoleID: "no such role"}, []string{}},
		{directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{beta}, RoleID: role.ID}, []string{}},
		{directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{alpha}, PartnerID: reseller}, []string{}},
	} {
		f.same(fmt.Sprintf("external admins %+v", c.filter), keys(f, f.basic.ExternalAdmins(f.ctx, c.filter), adminKey), c.want)
	}
}

// listLong reads lists that are longer than any page that an implementation
// reads at once, across the boundary between two tenants.
func listLong(f *fixture) {
	f.world()
	tenant := must(f.basic.Tenant(f.ctx, beta))(f)
	tenant.PartnerID = msp
	must(edit(f.ctx, f.basic, tenant))(f)
	var want []string
	for _, code := range []rolemodel.AccountCode{alpha, beta} {
		var admins []rolemodel.ExternalAdmin
		for i := range 800 {
			admins = append(admins, rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("a%d@msp.example", i)), RoleID: rolemodel.BasicAdmin})
		}
		for _, admin := range must(replace(f.ctx, f.basic, code, admins))(f) {
			want = append(want, adminKey(admin))
		}
	}
	slices.Sort(want)
	f.same("all", keys(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{}), adminKey), want)
	f.same("by partner", keys(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{PartnerID: msp}), adminKey), want)
	f.same("by tenant", keys(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{beta}}), adminKey), want[800:])
}

func listNested(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	rounds := 0
	for tenant, err := range f.basic.Tenants(f.ctx, directory.TenantFilter{}) {
		f.ok(err)
		for _, err := range f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{tenant.AccountCode}}) {
			f.ok(err)
			for _, err := range f.basic.Roles(f.ctx, customOf(tenant.AccountCode)) {
				f.ok(err)
				must(f.basic.Tenant(f.ctx, tenant.AccountCode))(f)
			}
		}
		tenant.Name += " seen"
		must(edit(f.ctx, f.basic, tenant))(f)
		rounds++
	}
	f.same("rounds", rounds, 4)
}

func listBreak(f *fixture) {
	f.world()
	for range 50 { // More often than anything that could leak is there.
		for _, err := range f.basic.Tenants(f.ctx, directory.TenantFilter{}) {
			f.ok(err)
			break
		}
		for _, err := range f.basic.Roles(f.ctx, customOf(alpha)) {
			f.ok(err)
			break
		}
		for _, err := range f.basic.AuditEvents(f.ctx, directory.AuditFilter{}) {
			f.ok(err)
			break
		}
	}
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	tenant.Name = "Still writable"
	must(edit(f.ctx, f.basic, tenant))(f)
}

func listReaders(f *fixture) {
	f.world()
	want := f.grant("anna@msp.example", rolemodel.BasicAdmin)
	var readers sync.WaitGroup
	for range 20 {
		readers.Go(func() {
			for range 10 {
				got, err := f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example")
				if err != nil || got != want {
					f.Errorf("got %+v, %v", got, err)
				}
				if _, err := directory.Collect(f.basic.Tenants(f.ctx, directory.TenantFilter{})); err != nil {
					f.Error(err)
				}
			}
		})
	}
	readers.Wait()
}
