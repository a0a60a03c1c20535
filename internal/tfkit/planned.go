package tfkit

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// NotYetKnown stands for the account code of a partner that is not known before apply.
const NotYetKnown rolemodel.AccountCode = "?"

// ErrNotYetKnown says that an entry is in the plan with values that are not known before apply.
var ErrNotYetKnown = errors.New("not known before apply")

// Planned reads the directory as the plan that is being made would leave it:
// an entry that was planned in this process comes from there. Terraform plans
// what a resource refers to before the resource itself, so that a partner's new
// domain is known when the plan decides about an external admin who uses it.
type Planned struct {
	directory.Reader

	mu       sync.Mutex
	partners map[rolemodel.AccountCode]planned[rolemodel.Partner]
	tenants  map[rolemodel.AccountCode]planned[rolemodel.Tenant]
	roles    map[roleKey]planned[rolemodel.Role]
	// grants are the roles that held grants will have, "" for those that will be removed.
	grants map[grantKey]rolemodel.RoleID
}

type grantKey struct {
	tenant rolemodel.AccountCode
	email  rolemodel.Email
}

type roleKey struct {
	tenant rolemodel.AccountCode
	id     rolemodel.RoleID
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
		roles:    map[roleKey]planned[rolemodel.Role]{},
		grants:   map[grantKey]rolemodel.RoleID{},
	}
}

// PlanPartner records a partner as planned, and whether all of it is known.
func (p *Planned) PlanPartner(partner rolemodel.Partner, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.partners[partner.AccountCode] = planned[rolemodel.Partner]{entry: partner, known: known}
}

// PlanTenant records a tenant as planned, and whether all of it is known but
// for its partner, which may be NotYetKnown.
func (p *Planned) PlanTenant(tenant rolemodel.Tenant, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tenants[tenant.AccountCode] = planned[rolemodel.Tenant]{entry: tenant, known: known}
}

// PlanRole records a custom role as planned, and whether all of it is known.
func (p *Planned) PlanRole(role rolemodel.Role, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roles[roleKey{role.TenantID, role.ID}] = planned[rolemodel.Role]{entry: role, known: known}
}

// PlanTenantDeletion records that a tenant is to be deleted.
func (p *Planned) PlanTenantDeletion(code rolemodel.AccountCode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tenants[code] = planned[rolemodel.Tenant]{gone: true}
}

// PlanRoleDeletion records that a custom role is to be deleted.
func (p *Planned) PlanRoleDeletion(role rolemodel.Role) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roles[roleKey{role.TenantID, role.ID}] = planned[rolemodel.Role]{gone: true}
}

// PlanGrant records the role that a held grant will have, "" if it is to be
// removed or its role is not known yet.
func (p *Planned) PlanGrant(tenant rolemodel.AccountCode, email rolemodel.Email, role rolemodel.RoleID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.grants[grantKey{tenant, email}] = role
}

// Partner implements directory.Reader.
func (p *Planned) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return lookUp(p, p.partners, code, func() (rolemodel.Partner, error) { return p.Reader.Partner(ctx, code) })
}

// Tenant implements directory.Reader.
func (p *Planned) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return lookUp(p, p.tenants, code, func() (rolemodel.Tenant, error) { return p.Reader.Tenant(ctx, code) })
}

// Role implements directory.Reader.
func (p *Planned) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	return lookUp(p, p.roles, roleKey{tenant, id}, func() (rolemodel.Role, error) { return p.Reader.Role(ctx, tenant, id) })
}

// Roles implements directory.Reader. A tenant that is planned has the default
// roles, and no tenant has custom roles that are to be deleted.
func (p *Planned) Roles(ctx context.Context, tenant rolemodel.AccountCode) iter.Seq2[rolemodel.Role, error] {
	return func(yield func(rolemodel.Role, error) bool) {
		for role, err := range p.Reader.Roles(ctx, tenant) {
			if directory.IsNotFound(err) && p.plans(tenant) {
				for _, role := range rolemodel.DefaultRoles() {
					if !yield(role, nil) {
						return
					}
				}
				return
			}
			if isGone(p, p.roles, roleKey{tenant, role.ID}) {
				continue
			}
			if !yield(role, err) {
				return
			}
		}
	}
}

// Tenants implements directory.Reader, without those that are to be deleted or replaced.
func (p *Planned) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	return func(yield func(rolemodel.Tenant, error) bool) {
		for tenant, err := range p.Reader.Tenants(ctx, filter) {
			if err == nil && isGone(p, p.tenants, tenant.AccountCode) {
				continue
			}
			if !yield(tenant, err) {
				return
			}
		}
	}
}

// ExternalAdmins implements directory.Reader: those that are held now, with the
// roles that they will have, without those that are to be removed.
func (p *Planned) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return func(yield func(rolemodel.ExternalAdmin, error) bool) {
		for admin, err := range p.Reader.ExternalAdmins(ctx, filter) {
			p.mu.Lock()
			role, changes := p.grants[grantKey{admin.TenantID, admin.Email}]
			p.mu.Unlock()
			if err == nil && changes {
				if role == "" || filter.RoleID != "" && filter.RoleID != role {
					continue
				}
				admin.RoleID = role
			}
			if !yield(admin, err) {
				return
			}
		}
	}
}

func (p *Planned) plans(tenant rolemodel.AccountCode) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.tenants[tenant]
	return ok && !e.gone
}

func isGone[K comparable, V any](p *Planned, entries map[K]planned[V], key K) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return entries[key].gone
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
		return none, ErrNotYetKnown
	}
	return e.entry, nil
}
