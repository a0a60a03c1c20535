package directorytest

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func positionCases() []testCase {
	return []testCase{
		{"partners", positionPartners},
		{"tenants", positionTenants},
		{"custom roles", positionRoles},
		{"external admins", positionAdmins},
		{"events", positionEvents},
		{"heads", positionHeads},
		{"more tenants than a page, with roles", positionMany},
	}
}

// positioned checks a list from every position: behind each of its entries, at
// each length, and behind a key between two of them.
func positioned[E any](f *fixture, what string, want []E, key func(E) string, read func(after string, limit int) iter.Seq2[E, error]) {
	f.Helper()
	keysOf := func(entries []E) []string {
		keys := make([]string, len(entries))
		for i, e := range entries {
			keys[i] = key(e)
		}
		return keys
	}
	all := keysOf(want)
	if !slices.IsSortedFunc(all, strings.Compare) {
		f.Fatalf("%s are not in the order of their keys: %q", what, all)
	}
	for from := range len(all) + 1 {
		after := ""
		if from > 0 {
			after = all[from-1]
		}
		for limit := range len(all) + 2 {
			left := all[from:]
			if limit > 0 {
				left = left[:min(limit, len(left))]
			}
			got := keysOf(list(f, read(after, limit)))
			f.same(fmt.Sprintf("%s after %q, limit %d", what, after, limit), got, left)
		}
	}
	if len(all) > 0 {
		f.same(what+" after what is not there", keysOf(list(f, read(all[0]+"0", 0))), slices.DeleteFunc(slices.Clone(all), func(k string) bool { return k <= all[0]+"0" }))
	}
}

// counted checks the number of entries, for which neither After nor Limit counts.
func (f *fixture) counted(filter directory.Filter, want int) {
	f.Helper()
	f.same(fmt.Sprintf("the number of %+v", filter), must(f.basic.Count(f.ctx, filter))(f), want)
}

func positionPartners(f *fixture) {
	f.world()
	for _, c := range []struct {
		filter directory.PartnerFilter
		want   int
	}{
		{directory.PartnerFilter{}, 3},
		{directory.PartnerFilter{Codes: []rolemodel.AccountCode{reseller, "CNONE", msp, alpha, msp}}, 2},
		{directory.PartnerFilter{Codes: []rolemodel.AccountCode{"CNONE"}}, 0},
		{directory.PartnerFilter{Domains: []rolemodel.Domain{"msp.test", "msp.example", "alpha.example"}}, 1},
		{directory.PartnerFilter{Domains: []rolemodel.Domain{"msp.test", "reseller.example"}, Codes: []rolemodel.AccountCode{reseller, noPortal}}, 1},
		{directory.PartnerFilter{Name: "OFFLINE msp", Codes: []rolemodel.AccountCode{noPortal}}, 1},
	} {
		all := list(f, f.basic.Partners(f.ctx, c.filter))
		f.same(fmt.Sprintf("partners %+v", c.filter), len(all), c.want)
		positioned(f, "partners", all, partnerKey, func(after string, limit int) iter.Seq2[rolemodel.Partner, error] {
			filter := c.filter
			filter.After, filter.Limit = rolemodel.AccountCode(after), limit
			f.counted(filter, c.want)
			return f.basic.Partners(f.ctx, filter)
		})
	}
}

func positionTenants(f *fixture) {
	f.world()
	for _, c := range []struct {
		filter directory.TenantFilter
		want   int
	}{
		{directory.TenantFilter{}, 4},
		{directory.TenantFilter{Codes: []rolemodel.AccountCode{delta, alpha, "CNONE", msp}}, 2},
		{directory.TenantFilter{Codes: []rolemodel.AccountCode{delta, alpha, beta}, PartnerID: reseller}, 1},
		{directory.TenantFilter{Domains: []rolemodel.Domain{"alpha.example", "alpha.test", "gamma.example", "msp.example"}}, 2},
		{directory.TenantFilter{Domains: []rolemodel.Domain{"alpha.example", "gamma.example"}, PartnerID: msp, Name: "ALPHA", Codes: []rolemodel.AccountCode{alpha}}, 1},
		{directory.TenantFilter{Name: "none"}, 0},
	} {
		all := list(f, f.basic.Tenants(f.ctx, c.filter))
		f.same(fmt.Sprintf("tenants %+v", c.filter), len(all), c.want)
		positioned(f, "tenants", all, tenantKey, func(after string, limit int) iter.Seq2[rolemodel.Tenant, error] {
			filter := c.filter
			filter.After, filter.Limit = rolemodel.AccountCode(after), limit
			f.counted(filter, c.want)
			return f.basic.Tenants(f.ctx, filter)
		})
	}
}

// keyFrom is a key from its text, "account/rest".
func keyFrom(text string, rest func(key *directory.Key, rest string)) directory.Key {
	account, behind, _ := strings.Cut(text, "/")
	key := directory.Key{Account: rolemodel.AccountCode(account)}
	rest(&key, behind)
	return key
}

func positionRoles(f *fixture) {
	f.world()
	for _, t := range []rolemodel.AccountCode{alpha, beta, gamma} {
		for _, name := range []string{"b-Admin", "A Admin", "b Admin"} {
			must(add(f.ctx, f.super, rolemodel.Role{TenantID: t, Name: name, SecurityPermission: rolemodel.CannotManageRoles}))(f)
		}
	}
	for _, c := range []struct {
		filter directory.RoleFilter
		want   int
	}{
		{directory.RoleFilter{}, 9},
		{directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{gamma, alpha, delta, alpha}}, 6},
		{directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{delta, "CNONE"}}, 0},
		{directory.RoleFilter{Name: "a ADMIN"}, 3},
		{directory.RoleFilter{Name: "B admin", TenantIDs: []rolemodel.AccountCode{beta}}, 1},
	} {
		all := list(f, f.basic.Roles(f.ctx, c.filter))
		f.same(fmt.Sprintf("roles %+v", c.filter), len(all), c.want)
		positioned(f, "roles", all, func(r rolemodel.Role) string { return directory.KeyOf(r).String() }, func(after string, limit int) iter.Seq2[rolemodel.Role, error] {
			filter := c.filter
			filter.After = keyFrom(after, func(key *directory.Key, rest string) { key.ID = rolemodel.RoleID(rest) })
			filter.Limit = limit
			f.counted(filter, c.want)
			return f.basic.Roles(f.ctx, filter)
		})
	}
}

func positionAdmins(f *fixture) {
	f.world()
	tenant := must(f.basic.Tenant(f.ctx, delta))(f)
	tenant.PartnerID = msp
	must(edit(f.ctx, f.basic, tenant))(f)
	must(replace(f.ctx, f.basic, alpha, grants("a@msp.example", "basic-admin", "b@msp.test", "help-desk-admin", "c@msp.example", "basic-admin")))(f)
	must(replace(f.ctx, f.basic, beta, grants("a@reseller.example", "basic-admin")))(f)
	must(replace(f.ctx, f.basic, delta, grants("a@msp.example", "help-desk-admin", "b@msp.test", "basic-admin")))(f)
	both := []rolemodel.AccountCode{delta, alpha}
	for _, c := range []struct {
		filter directory.ExternalAdminFilter
		want   int
	}{
		{directory.ExternalAdminFilter{}, 6},
		{directory.ExternalAdminFilter{TenantIDs: both}, 5},
		{directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{gamma, beta, "CNONE"}}, 1},
		{directory.ExternalAdminFilter{PartnerID: msp}, 5},
		{directory.ExternalAdminFilter{Email: "a@msp.example"}, 2},
		{directory.ExternalAdminFilter{Email: "a@msp.example", TenantIDs: []rolemodel.AccountCode{delta}}, 1},
		{directory.ExternalAdminFilter{Email: "a@msp.example", PartnerID: msp, RoleID: rolemodel.BasicAdmin}, 1},
		{directory.ExternalAdminFilter{RoleID: rolemodel.BasicAdmin, TenantIDs: both}, 3},
		{directory.ExternalAdminFilter{Domains: []rolemodel.Domain{"msp.test", "reseller.example"}}, 3},
		{directory.ExternalAdminFilter{OutsideDomains: []rolemodel.Domain{"msp.test", "reseller.example"}}, 3},
		{directory.ExternalAdminFilter{OutsideDomains: []rolemodel.Domain{"msp.test"}, PartnerID: msp, RoleID: rolemodel.BasicAdmin}, 2},
		{directory.ExternalAdminFilter{Domains: []rolemodel.Domain{"example"}}, 0},
		{directory.ExternalAdminFilter{Domains: []rolemodel.Domain{"msp.test"}, OutsideDomains: []rolemodel.Domain{"msp.test"}}, 0},
	} {
		all := list(f, f.basic.ExternalAdmins(f.ctx, c.filter))
		f.same(fmt.Sprintf("external admins %+v", c.filter), len(all), c.want)
		positioned(f, "external admins", all, adminKey, func(after string, limit int) iter.Seq2[rolemodel.ExternalAdmin, error] {
			filter := c.filter
			filter.After = keyFrom(after, func(key *directory.Key, rest string) { key.Email = rolemodel.Email(rest) })
			filter.Limit = limit
			f.counted(filter, c.want)
			return f.basic.ExternalAdmins(f.ctx, filter)
		})
	}
}

func positionEvents(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	must(replace(f.ctx, f.basic, alpha, grants("anna@msp.example", "help-desk-admin")))(f)
	for _, filter := range []directory.AuditFilter{{}, {TenantID: alpha}, {Email: "anna@msp.example"}, {TenantID: alpha, Email: "bob@msp.example"}} {
		all := list(f, f.basic.AuditEvents(f.ctx, filter))
		positioned(f, "events", all, func(e directory.AuditEvent) string { return e.ID }, func(after string, limit int) iter.Seq2[directory.AuditEvent, error] {
			filter.After, filter.Limit = after, limit
			return f.basic.AuditEvents(f.ctx, filter)
		})
	}
}

func headKey(h directory.AuditHead) string { return h.Trail }

func positionHeads(f *fixture) {
	f.world()
	all := list(f, f.basic.AuditHeads(f.ctx, directory.AuditHeadFilter{}))
	f.same("heads", len(all), 7) // Of three partners and four tenants.
	positioned(f, "heads", all, headKey, func(after string, limit int) iter.Seq2[directory.AuditHead, error] {
		return f.basic.AuditHeads(f.ctx, directory.AuditHeadFilter{After: after, Limit: limit})
	})
}

// positionMany reads lists that are longer than any page.
func positionMany(f *fixture) {
	const many = 1010
	tenants, roles := []string{}, []string{}
	for i := range many {
		code := rolemodel.AccountCode(fmt.Sprintf("CMANY%04d", i))
		must(add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: code, Name: fmt.Sprint("Client ", i%2), PrimaryDomain: rolemodel.Domain(fmt.Sprintf("d%d.example", i))}))(f)
		tenants = append(tenants, string(code))
		if i%2 == 1 {
			continue
		}
		must(add(f.ctx, f.basic, rolemodel.Role{TenantID: code, Name: "Desk Admin", SecurityPermission: rolemodel.CannotManageRoles}))(f)
		roles = append(roles, string(code)+"/desk-admin")
	}
	roleKey := func(r rolemodel.Role) string { return directory.KeyOf(r).String() }
	f.same("tenants", keys(f, f.basic.Tenants(f.ctx, directory.TenantFilter{}), tenantKey), tenants)
	f.same("tenants up to a limit", keys(f, f.basic.Tenants(f.ctx, directory.TenantFilter{After: "CMANY0009", Limit: 999}), tenantKey), tenants[10:1009])
	f.same("tenants of a name", len(list(f, f.basic.Tenants(f.ctx, directory.TenantFilter{Name: "client 1"}))), many/2)
	f.same("roles", keys(f, f.basic.Roles(f.ctx, directory.RoleFilter{}), roleKey), roles)
	f.same("roles of a name", keys(f, f.basic.Roles(f.ctx, directory.RoleFilter{Name: "DESK admin", Limit: 501}), roleKey), roles[:501])
	trails := []string{}
	for _, e := range f.events() {
		trails = append(trails, e.Trail)
	}
	slices.Sort(trails)
	f.same("heads", keys(f, f.basic.AuditHeads(f.ctx, directory.AuditHeadFilter{}), headKey), slices.Compact(trails))
	f.counted(directory.TenantFilter{}, many)
	f.counted(directory.RoleFilter{}, many/2)
	asked := make([]rolemodel.AccountCode, many) // More than any statement or URL has room for at once.
	for i := range asked {
		asked[i] = rolemodel.AccountCode(tenants[many-1-i])
	}
	f.same("tenants by code", keys(f, f.basic.Tenants(f.ctx, directory.TenantFilter{Codes: asked}), tenantKey), tenants)
	f.same("roles by tenant", keys(f, f.basic.Roles(f.ctx, directory.RoleFilter{TenantIDs: asked, After: directory.Key{Account: "CMANY0004", ID: "desk-admin"}}), roleKey), roles[3:])
	f.counted(directory.TenantFilter{Codes: asked}, many)
	f.counted(directory.RoleFilter{TenantIDs: asked}, many/2)
}
