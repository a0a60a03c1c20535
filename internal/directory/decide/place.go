package decide

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// place is the tenant that a grant is for, the tenant's partner and, once they
// are looked up, its roles. The tenant is nil if it is not known.
type place struct {
	tenant  *rolemodel.Tenant
	partner *rolemodel.Partner
	roles   map[rolemodel.RoleID]*rolemodel.Role
}

// placeOf looks a tenant up. A zero ID is not known yet.
func placeOf(ctx context.Context, r directory.Reader, id rolemodel.AccountCode) (place, rolemodel.Violations, error) {
	p := place{roles: map[rolemodel.RoleID]*rolemodel.Role{}}
	if id == "" {
		return p, nil, nil
	}
	tenant, err := r.Tenant(ctx, id)
	if directory.IsNotFound(err) {
		return p, rolemodel.Violations{rolemodel.MissingReference("tenant_id", directory.KindTenant, id)}, nil
	}
	if err != nil {
		return p, nil, err
	}
	p.tenant = &tenant
	if tenant.PartnerID != "" {
		partner, err := r.Partner(ctx, tenant.PartnerID)
		if err != nil && !directory.IsNotFound(err) {
			return p, nil, err
		}
		if err == nil {
			p.partner = &partner
		}
	}
	return p, nil, nil
}

// role looks a role of the tenant up, once for each ID. A zero ID is not known
// yet. Without a tenant only default roles are known.
func (p *place) role(ctx context.Context, r directory.Reader, id rolemodel.RoleID) (*rolemodel.Role, rolemodel.Violations, error) {
	if known, ok := p.roles[id]; ok {
		return known, nil, nil
	}
	if id == "" {
		return nil, nil, nil
	}
	if role, ok := rolemodel.DefaultRole(id); ok {
		p.roles[id] = &role
		return &role, nil, nil
	}
	if p.tenant == nil {
		return nil, nil, nil
	}
	role, err := r.Role(ctx, p.tenant.AccountCode, id)
	if directory.IsNotFound(err) {
		roles, err := directory.Collect(r.Roles(ctx, p.tenant.AccountCode))
		if err != nil && !directory.IsNotFound(err) {
			return nil, nil, err
		}
		return nil, rolemodel.Violations{rolemodel.RoleOfTenantViolation(p.tenant.AccountCode, id, roles)}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	p.roles[id] = &role
	return &role, nil, nil
}

// change decides one grant of a replacement. A zero before adds it, a nil after removes it.
func (p *place) change(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, before rolemodel.ExternalAdmin, after *rolemodel.ExternalAdmin) (grantViolations, error) {
	var was, will *rolemodel.Grant
	var vs rolemodel.Violations
	if before.Email != "" {
		role, _, err := p.role(ctx, r, before.RoleID)
		if err != nil {
			return nil, err
		}
		was = &rolemodel.Grant{Email: before.Email, Role: role}
	}
	if after != nil {
		role, missing, err := p.role(ctx, r, after.RoleID)
		if err != nil {
			return nil, err
		}
		vs = missing
		will = &rolemodel.Grant{Email: after.Email, Tenant: p.tenant, Partner: p.partner, Role: role}
	}
	return grantViolations(append(vs, rolemodel.DecideGrant(actor, was, will)...)), nil
}

// grantViolations have the paths of a single external admin.
type grantViolations rolemodel.Violations

// underAdmin moves the paths to where the grant stands in a replacement.
// What is wrong with the tenant or the actor is not moved: it is the same for all.
func (vs grantViolations) underAdmin(email rolemodel.Email) rolemodel.Violations {
	moved := make(rolemodel.Violations, len(vs))
	for i, v := range vs {
		switch v.Path.String() {
		case "email":
			v.Path = rolemodel.AtKey("admins", string(email))
		case "role_id":
			v.Path = v.Path.Under(rolemodel.AtKey("admins", string(email)))
		}
		moved[i] = v
	}
	return moved
}

// appendNew appends the violations that are not there yet.
func appendNew(vs rolemodel.Violations, more ...rolemodel.Violation) rolemodel.Violations {
	for _, v := range more {
		same := func(w rolemodel.Violation) bool { return w.Problem == v.Problem && slices.Equal(w.Path, v.Path) }
		if !slices.ContainsFunc(vs, same) {
			vs = append(vs, v)
		}
	}
	return vs
}

// heldGrant is an external admin who holds a role now. Whether a rule about the
// role's place holds depends on its ID alone.
func heldGrant(tenant *rolemodel.Tenant, partner *rolemodel.Partner, admin rolemodel.ExternalAdmin) rolemodel.Grant {
	return rolemodel.Grant{Email: admin.Email, Tenant: tenant, Partner: partner, Role: &rolemodel.Role{ID: admin.RoleID, Name: admin.RoleName}}
}

// sorted yields a map's entries in the order of its keys.
func sorted[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
