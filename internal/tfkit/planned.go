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
}

type roleKey struct {
	tenant rolemodel.AccountCode
	id     rolemodel.RoleID
}

// planned is an entry and whether all of it is known.
type planned[T any] struct {
	entry T
	known bool
}

// NewPlanned returns a view of the directory on which nothing is planned yet.
func NewPlanned(r directory.Reader) *Planned {
	return &Planned{
		Reader:   r,
		partners: map[rolemodel.AccountCode]planned[rolemodel.Partner]{},
		tenants:  map[rolemodel.AccountCode]planned[rolemodel.Tenant]{},
		roles:    map[roleKey]planned[rolemodel.Role]{},
	}
}

// PlanPartner records a partner as planned, and whether all of it is known.
func (p *Planned) PlanPartner(partner rolemodel.Partner, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.partners[partner.AccountCode] = planned[rolemodel.Partner]{partner, known}
}

// PlanTenant records a tenant as planned, and whether all of it is known but
// for its partner, which may be NotYetKnown.
func (p *Planned) PlanTenant(tenant rolemodel.Tenant, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tenants[tenant.AccountCode] = planned[rolemodel.Tenant]{tenant, known}
}

// PlanRole records a custom role as planned, and whether all of it is known.
func (p *Planned) PlanRole(role rolemodel.Role, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roles[roleKey{role.TenantID, role.ID}] = planned[rolemodel.Role]{role, known}
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

// Roles implements directory.Reader. A tenant that is planned has the default roles.
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
			if !yield(role, err) {
				return
			}
		}
	}
}

func (p *Planned) plans(tenant rolemodel.AccountCode) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.tenants[tenant]
	return ok
}

func lookUp[K comparable, V any](p *Planned, entries map[K]planned[V], key K, read func() (V, error)) (V, error) {
	p.mu.Lock()
	e, ok := entries[key]
	p.mu.Unlock()
	switch {
	case !ok:
		return read()
	case !e.known:
		var none V
		return none, ErrNotYetKnown
	}
	return e.entry, nil
}
