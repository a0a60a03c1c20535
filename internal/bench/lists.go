package main

import (
	"context"
	"iter"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// list is a list of a world as somebody sees it.
type list struct {
	name  string
	scope directory.Scope
	// entries is how many the world has of what is listed, and has says which of
	// them, from 1, the list has.
	entries int
	has     func(i int) bool
	// page reads at most so many entries behind the i-th, from the start for 0,
	// and returns how many there were.
	page func(ctx context.Context, d directory.Directory, i, limit int) (int, error)
}

// behind returns the entry of the world that the last n entries of the list lie behind.
func (l *list) behind(n int) int {
	i := l.entries
	for ; n > 0 || !l.has(i); i-- {
		if l.has(i) {
			n--
		}
	}
	return i
}

// length returns how many entries the list has.
func (l *list) length() int {
	n := 0
	for i := range l.entries {
		if l.has(i + 1) {
			n++
		}
	}
	return n
}

func count[T any](entries iter.Seq2[T, error]) (int, error) {
	n := 0
	for _, err := range entries {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// quiet is a tenant of partner 1 with few events.
const quiet = 2

// lists are the lists of the port as an operator, the partner who manages half of
// the world, one who manages little, and credentials for named tenants see them.
func (w world) lists() []list {
	all := directory.Scope{All: true}
	large := directory.Scope{PartnerID: w.partner(1)}
	small := directory.Scope{PartnerID: w.partner(2)}
	one := directory.Scope{PartnerID: w.partner(1), TenantIDs: []rolemodel.AccountCode{w.tenant(w.full())}}
	two := directory.Scope{PartnerID: w.partner(1), TenantIDs: []rolemodel.AccountCode{w.tenant(w.full()), w.tenant(quiet)}}
	oneOfAll := directory.Scope{All: true, TenantIDs: one.TenantIDs}
	twoOfAll := directory.Scope{All: true, TenantIDs: two.TenantIDs}

	everything := func(int) bool { return true }
	of := func(partner int) func(int) bool { return func(t int) bool { return w.partnerOf(t) == partner } }
	grant := func(t func(int) bool) func(int) bool { return func(i int) bool { return t(w.tenantOfGrant(i)) } }
	event := func(t func(int) bool) func(int) bool { return func(i int) bool { return t(w.tenantOfEvent(i)) } }
	full := func(t int) bool { return t == w.full() }
	few := func(t int) bool { return t == quiet }
	both := func(t int) bool { return full(t) || few(t) }

	tenants := w.tenantPage(directory.TenantFilter{})
	grants := w.grantPage(directory.ExternalAdminFilter{})
	events := w.eventPage(directory.AuditFilter{})
	return []list{
		{"partners", all, w.partners, everything, w.partnerPage},
		{"tenants", all, w.tenants, everything, tenants},
		{"tenants of a partner", large, w.tenants, of(1), tenants},
		{"tenants of a small partner", small, w.tenants, of(2), tenants},
		{"tenants of a partner, asked for by an operator", all, w.tenants, of(1), w.tenantPage(directory.TenantFilter{PartnerID: large.PartnerID})},
		{"custom roles", all, w.tenants, everything, w.rolePage},
		{"custom roles of a partner", large, w.tenants, of(1), w.rolePage},
		{"external admins", all, w.grants(), everything, grants},
		{"external admins of a partner", large, w.grants(), grant(of(1)), grants},
		{"external admins of a small partner", small, w.grants(), grant(of(2)), grants},
		{"external admins with a role", all, w.grants(), everything, w.grantPage(directory.ExternalAdminFilter{RoleID: rolemodel.HelpDeskAdmin})},
		{"external admins of a tenant", large, rolemodel.MaxExternalAdmins, everything, w.fullPage},
		{"external admins of a tenant, by its own credential", one, rolemodel.MaxExternalAdmins, everything, w.fullPage},
		{"grants of a person", all, w.tenants, of(1), w.personPage},
		{"grants of a person, by their partner", large, w.tenants, of(1), w.personPage},
		{"audit trail", all, w.grants(), everything, events},
		{"audit trail of a partner", large, w.grants(), event(of(1)), events},
		{"audit trail of a small partner", small, w.grants(), event(of(2)), events},
		{"audit trail of a tenant", all, w.grants(), event(full), w.eventPage(directory.AuditFilter{TenantID: w.tenant(w.full())})},
		{"audit trail of a tenant, by its partner", large, w.grants(), event(full), w.eventPage(directory.AuditFilter{TenantID: w.tenant(w.full())})},
		{"audit trail of a tenant, by its own credential", one, w.grants(), event(full), events},
		{"audit trail of two tenants, by their own credential", two, w.grants(), event(both), events},
		{"audit trail of a tenant, by an operator's credential for it", oneOfAll, w.grants(), event(full), events},
		{"audit trail of two tenants, by an operator's credential for them", twoOfAll, w.grants(), event(both), events},
		{"audit trail of a tenant with few events, by its partner", large, w.grants(), event(few), w.eventPage(directory.AuditFilter{TenantID: w.tenant(quiet)})},
		{"audit trail of a person", all, w.grants(), w.about, w.eventPage(directory.AuditFilter{Email: w.technician(0, 1)})},
		{"audit trail of a person, by their partner", large, w.grants(), w.about, w.eventPage(directory.AuditFilter{Email: w.technician(0, 1)})},
	}
}

// about says whether the event is about the first technician of partner 1.
func (w world) about(event int) bool { return (event-1)%adminsPerTenant == 0 }

func (w world) partnerPage(ctx context.Context, d directory.Directory, i, limit int) (int, error) {
	filter := directory.PartnerFilter{Limit: limit}
	if i > 0 {
		filter.After = w.partner(i)
	}
	return count(d.Partners(ctx, filter))
}

func (w world) tenantPage(filter directory.TenantFilter) func(context.Context, directory.Directory, int, int) (int, error) {
	return func(ctx context.Context, d directory.Directory, i, limit int) (int, error) {
		filter := filter
		if filter.Limit = limit; i > 0 {
			filter.After = w.tenant(i)
		}
		return count(d.Tenants(ctx, filter))
	}
}

func (w world) rolePage(ctx context.Context, d directory.Directory, i, limit int) (int, error) {
	filter := directory.RoleFilter{Limit: limit}
	if i > 0 {
		filter.After = directory.Key{Account: w.tenant(i), ID: templateRole}
	}
	return count(d.Roles(ctx, filter))
}

func (w world) grantPage(filter directory.ExternalAdminFilter) func(context.Context, directory.Directory, int, int) (int, error) {
	return func(ctx context.Context, d directory.Directory, i, limit int) (int, error) {
		filter := filter
		if filter.Limit = limit; i > 0 {
			tenant := w.tenantOfGrant(i)
			filter.After = directory.Key{Account: w.tenant(tenant), Email: w.technician((i-1)%adminsPerTenant, w.partnerOf(tenant))}
		}
		return count(d.ExternalAdmins(ctx, filter))
	}
}

// fullPage is of the full tenant.
func (w world) fullPage(ctx context.Context, d directory.Directory, i, limit int) (int, error) {
	tenant := w.tenant(w.full())
	filter := directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{tenant}, Limit: limit}
	if i > 0 {
		filter.After = directory.Key{Account: tenant, Email: w.technician(i-1, 1)}
	}
	return count(d.ExternalAdmins(ctx, filter))
}

// personPage is of the first technician of partner 1.
func (w world) personPage(ctx context.Context, d directory.Directory, i, limit int) (int, error) {
	filter := directory.ExternalAdminFilter{Email: w.technician(0, 1), Limit: limit}
	if i > 0 {
		filter.After = directory.Key{Account: w.tenant(i), Email: filter.Email}
	}
	return count(d.ExternalAdmins(ctx, filter))
}

func (w world) eventPage(filter directory.AuditFilter) func(context.Context, directory.Directory, int, int) (int, error) {
	return func(ctx context.Context, d directory.Directory, i, limit int) (int, error) {
		filter := filter
		if filter.Limit = limit; i > 0 {
			filter.After = w.event(i)
		}
		return count(d.AuditEvents(ctx, filter))
	}
}
