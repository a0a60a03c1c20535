package tfkit

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Planned reads the directory as the plan that is being made would leave it: an
// entry that was planned in this process comes from there, or is
// decide.ErrNotYetKnown if not all of it is known before apply. Terraform plans
// what a resource refers to before the resource itself, so that a partner's new
// domain is known when the plan decides about an external admin who uses it.
type Planned struct {
	directory.Reader

	mu       sync.Mutex
	partners map[rolemodel.AccountCode]planned[rolemodel.Partner]
	tenants  map[rolemodel.AccountCode]planned[rolemodel.Tenant]
	roles    map[directory.Key]planned[rolemodel.Role]
	// grants are the roles that held grants will have, "" for those that will be removed.
	grants map[directory.Key]rolemodel.RoleID
}

// planned is an entry, whether all of it is known, and whether it is to be deleted.
type planned[T any] struct {
	entry T
	known bool
	gone  bool
}

// NewPlanned returns a view of the directory on which nothing is planned yet.
func NewPlanned(r directory.Reader) *Planned {
	return &Planned{
		Reader:   r,
		partners: map[rolemodel.AccountCode]planned[rolemodel.Partner]{},
		tenants:  map[rolemodel.AccountCode]planned[rolemodel.Tenant]{},
		roles:    map[directory.Key]planned[rolemodel.Role]{},
		grants:   map[directory.Key]rolemodel.RoleID{},
	}
}

// PlanPartner records a partner as planned, and whether all of it is known.
func (p *Planned) PlanPartner(partner rolemodel.Partner, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.partners[partner.AccountCode] = planned[rolemodel.Partner]{entry: partner, known: known}
}

// PlanPartnerDeletion records that a partner is to be deleted, unless another address has planned it.
func (p *Planned) PlanPartnerDeletion(code rolemodel.AccountCode) { planDeletion(p, p.partners, code) }

// PlanTenant records a tenant as planned, and whether all of it is known but
// for its partner, which may be rolemodel.NotYetKnown.
func (p *Planned) PlanTenant(tenant rolemodel.Tenant, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tenants[tenant.AccountCode] = planned[rolemodel.Tenant]{entry: tenant, known: known}
}

// PlanRole records a custom role as planned, and whether all of it is known.
func (p *Planned) PlanRole(role rolemodel.Role, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roles[directory.KeyOf(role)] = planned[rolemodel.Role]{entry: role, known: known}
}

// PlanTenantDeletion records that a tenant is to be deleted, unless another address has planned it.
func (p *Planned) PlanTenantDeletion(code rolemodel.AccountCode) { planDeletion(p, p.tenants, code) }

// PlanRoleDeletion records that a custom role is to be deleted, unless another address has planned it.
func (p *Planned) PlanRoleDeletion(role rolemodel.Role) {
	planDeletion(p, p.roles, directory.KeyOf(role))
}

// planDeletion leaves what was planned to be there. Terraform plans an entry's
// former address and its new one in any order, and it is there in the end.
func planDeletion[K comparable, E any](p *Planned, entries map[K]planned[E], key K) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, there := entries[key]; !there {
		entries[key] = planned[E]{gone: true}
	}
}

// PlanGrant records the role that a held grant will have, "" if it is to be
// removed or its role is not known yet.
func (p *Planned) PlanGrant(tenant rolemodel.AccountCode, email rolemodel.Email, role rolemodel.RoleID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.grants[directory.Key{Account: tenant, Email: email}] = role
}

// Partner implements directory.Reader.
func (p *Planned) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return lookUp(p, p.partners, code, func() (rolemodel.Partner, error) { return p.Reader.Partner(ctx, code) })
}

// Tenant implements directory.Reader.
func (p *Planned) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return lookUp(p, p.tenants, code, func() (rolemodel.Tenant, error) { return p.Reader.Tenant(ctx, code) })
}

// ExternalAdmin implements directory.Reader.
func (p *Planned) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	admin, err := p.Reader.ExternalAdmin(ctx, tenant, email)
	if hidden(err) {
		err = &directory.NotFoundError{Kind: directory.KindExternalAdmin, Key: directory.Key{Account: tenant, Email: email}.String()}
	}
	return admin, err
}

// hidden says whether an error is that the actor sees no roles and grants (rule
// view-roles). A decision goes on without them: it finds that the actor does not
// manage any either.
func hidden(err error) bool {
	_, violates := rolemodel.AsViolations(err)
	return violates
}

// Role implements directory.Reader.
func (p *Planned) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	role, err := lookUp(p, p.roles, directory.Key{Account: tenant, ID: id}, func() (rolemodel.Role, error) { return p.Reader.Role(ctx, tenant, id) })
	if hidden(err) {
		err = decide.ErrNotYetKnown
	}
	return role, err
}

// Roles implements directory.Reader: as they will be, without those that are to be deleted or replaced.
func (p *Planned) Roles(ctx context.Context, filter directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	limit := filter.Limit
	filter.Limit = 0 // Some of them may be left out.
	key := func(e *rolemodel.Role) directory.Key { return directory.KeyOf(*e) }
	return merged(p, p.Reader.Roles(ctx, filter), limit, p.roles, key, func(e *rolemodel.Role) bool {
		return selects(filter.TenantIDs, e.TenantID) && directory.KeyOf(*e).Compare(filter.After) > 0 &&
			(filter.Name == "" || rolemodel.FoldName(filter.Name) == rolemodel.FoldName(e.Name))
	})
}

// Partners implements directory.Reader: as they will be, without those that are to be replaced.
func (p *Planned) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	limit := filter.Limit
	filter.Limit = 0 // Some of them may be left out.
	code := func(e *rolemodel.Partner) rolemodel.AccountCode { return e.AccountCode }
	return merged(p, p.Reader.Partners(ctx, filter), limit, p.partners, code, func(e *rolemodel.Partner) bool {
		return selects(filter.Codes, e.AccountCode) && selects(filter.Domains, e.Domains...) && e.AccountCode > filter.After &&
			(filter.Name == "" || rolemodel.FoldName(filter.Name) == rolemodel.FoldName(e.Name))
	})
}

// Tenants implements directory.Reader: as they will be, without those that are to be deleted or replaced.
func (p *Planned) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	limit := filter.Limit
	filter.Limit = 0 // Some of them may be left out.
	code := func(e *rolemodel.Tenant) rolemodel.AccountCode { return e.AccountCode }
	return merged(p, p.Reader.Tenants(ctx, filter), limit, p.tenants, code, func(e *rolemodel.Tenant) bool {
		return selects(filter.Codes, e.AccountCode) && selects(filter.Domains, e.Domains()...) && e.AccountCode > filter.After &&
			(filter.PartnerID == "" || filter.PartnerID == e.PartnerID) &&
			(filter.Name == "" || rolemodel.FoldName(filter.Name) == rolemodel.FoldName(e.Name))
	})
}

// selects says whether one of the values is among those that a filter asks for, if it asks for any.
func selects[T comparable](asked []T, values ...T) bool {
	return len(asked) == 0 || slices.ContainsFunc(values, func(v T) bool { return slices.Contains(asked, v) })
}

// merged yields the entries of a list as they are planned, and those that are
// planned and will be in it, up to the limit.
func merged[K comparable, E any](p *Planned, list iter.Seq2[E, error], limit int, plans map[K]planned[E], key func(*E) K, match func(*E) bool) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		yielded, seen := 0, map[K]bool{}
		next := func(entry E, err error) bool {
			yielded++
			return yield(entry, err) && yielded != limit
		}
		for entry, err := range list {
			if hidden(err) {
				return
			}
			if err != nil {
				yield(entry, err)
				return
			}
			seen[key(&entry)] = true
			p.mu.Lock()
			plan, changes := plans[key(&entry)]
			p.mu.Unlock()
			if changes && plan.known {
				entry = plan.entry
			}
			if (!changes || !plan.gone && (!plan.known || match(&entry))) && !next(entry, nil) {
				return
			}
		}
		p.mu.Lock()
		var added []E
		for k, plan := range plans {
			if !seen[k] && plan.known && !plan.gone && match(&plan.entry) {
				added = append(added, plan.entry)
			}
		}
		p.mu.Unlock()
		for _, entry := range added {
			if !next(entry, nil) {
				return
			}
		}
	}
}

// ExternalAdmins implements directory.Reader: those that are held now, with the
// roles that they will have, without those that are to be removed.
func (p *Planned) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	limit := filter.Limit
	filter.Limit = 0 // Some of them may be left out.
	return some(p, p.Reader.ExternalAdmins(ctx, filter), limit, func(admin *rolemodel.ExternalAdmin) bool {
		role, changes := p.grants[directory.KeyOf(*admin)]
		if changes {
			admin.RoleID = role
		}
		return !changes || role != "" && (filter.RoleID == "" || filter.RoleID == role)
	})
}

// Count implements directory.Reader.
func (p *Planned) Count(ctx context.Context, filter directory.Filter) (int, error) {
	switch f := filter.(type) {
	case directory.PartnerFilter:
		f.After, f.Limit = "", 0
		return count(p.Partners(ctx, f))
	case directory.TenantFilter:
		f.After, f.Limit = "", 0
		return count(p.Tenants(ctx, f))
	case directory.RoleFilter:
		f.After, f.Limit = directory.Key{}, 0
		return count(p.Roles(ctx, f))
	case directory.ExternalAdminFilter:
		f.After, f.Limit = directory.Key{}, 0
		return count(p.ExternalAdmins(ctx, f))
	}
	return p.Reader.Count(ctx, filter)
}

func (p *Planned) plans(tenant rolemodel.AccountCode) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.tenants[tenant]
	return ok && !e.gone
}

// some yields the entries of a list that are kept, up to the limit.
func some[E any](p *Planned, list iter.Seq2[E, error], limit int, keep func(*E) bool) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		yielded := 0
		for entry, err := range list {
			if hidden(err) {
				return
			}
			if err == nil {
				p.mu.Lock()
				kept := keep(&entry)
				p.mu.Unlock()
				if !kept {
					continue
				}
			}
			if yielded++; !yield(entry, err) || yielded == limit {
				return
			}
		}
	}
}

// count returns how many entries a list has.
func count[E any](list iter.Seq2[E, error]) (int, error) {
	n := 0
	for _, err := range list {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

func lookUp[K comparable, V any](p *Planned, entries map[K]planned[V], key K, read func() (V, error)) (V, error) {
	p.mu.Lock()
	e, ok := entries[key]
	p.mu.Unlock()
	switch {
	case !ok || e.gone: // Until it is deleted it can be read.
		return read()
	case !e.known:
		var none V
		return none, decide.ErrNotYetKnown
	}
	return e.entry, nil
}
