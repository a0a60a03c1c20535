package decide

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// place is the tenant that a grant is for, the tenant's partner and, once they
// are looked up, its roles. The tenant and the partner are nil if they are not known.
type place struct {
	tenantID rolemodel.AccountCode
	tenant   *rolemodel.Tenant
	partner  *rolemodel.Partner
	roles    map[rolemodel.RoleID]foundRole
	// custom are the tenant's first custom roles, nil until they are looked up for a message.
	custom []rolemodel.Role
}

// foundRole is a role of the tenant, or the violation that there is none with the ID.
type foundRole struct {
	role    *rolemodel.Role
	missing rolemodel.Violations
}

// ErrNotYetKnown is returned by a Reader of what is planned for an entry that is
// not all known before apply. Decisions go on without it.
var ErrNotYetKnown = errors.New("not known before apply")

// placeOf looks a tenant up. A zero ID is not known yet.
func placeOf(ctx context.Context, r directory.Reader, id rolemodel.AccountCode) (*place, rolemodel.Violations, error) {
	p := &place{}
	if id == "" {
		return p, nil, nil
	}
	tenant, err := r.Tenant(ctx, id)
	switch {
	case directory.IsNotFound(err):
		return p, rolemodel.Violations{rolemodel.MissingReference("tenant_id", directory.KindTenant, id)}, nil
	case errors.Is(err, ErrNotYetKnown):
		p.tenantID = id
		return p, nil, nil
	case err != nil:
		return nil, nil, err
	}
	p.tenantID, p.tenant = id, &tenant
	p.partner, _, err = partnerOf(ctx, r, &tenant)
	return p, nil, err
}

// partnerOf returns the tenant's partner, nil if it has none or it is not known
// yet, and whether there is no such partner.
func partnerOf(ctx context.Context, r directory.Reader, tenant *rolemodel.Tenant) (found *rolemodel.Partner, missing bool, err error) {
	if tenant.PartnerID == "" || tenant.PartnerID == rolemodel.NotYetKnown {
		return nil, false, nil
	}
	partner, err := r.Partner(ctx, tenant.PartnerID)
	switch {
	case directory.IsNotFound(err):
		return nil, true, nil
	case errors.Is(err, ErrNotYetKnown):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	}
	return &partner, false, nil
}

// role looks a role of the tenant up, once for each ID. A zero ID is not known
// yet, and nor is a custom role without a tenant.
func (p *place) role(ctx context.Context, r directory.Reader, id rolemodel.RoleID) (foundRole, error) {
	if found, ok := p.roles[id]; ok {
		return found, nil
	}
	found, err := p.lookUp(ctx, r, id)
	if err != nil {
		return foundRole{}, err
	}
	if p.roles == nil {
		p.roles = map[rolemodel.RoleID]foundRole{}
	}
	p.roles[id] = found
	return found, nil
}

func (p *place) lookUp(ctx context.Context, r directory.Reader, id rolemodel.RoleID) (foundRole, error) {
	if builtIn, ok := rolemodel.DefaultRole(id); ok {
		return foundRole{role: &builtIn}, nil
	}
	switch {
	case id == "", id.WellFormed() && p.tenantID == "":
		return foundRole{}, nil
	case !id.WellFormed():
		return p.missing(ctx, r, id)
	}
	role, err := r.Role(ctx, p.tenantID, id)
	switch {
	case directory.IsNotFound(err):
		return p.missing(ctx, r, id)
	case errors.Is(err, ErrNotYetKnown):
		return foundRole{}, nil
	}
	return foundRole{role: &role}, err
}

// missing says that the tenant has no role with the ID, and which one was meant
// if the ID is a role's name or nearly its ID.
func (p *place) missing(ctx context.Context, r directory.Reader, id rolemodel.RoleID) (foundRole, error) {
	var named []rolemodel.Role
	if p.tenantID != "" {
		of := directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{p.tenantID}, Limit: listed + 1}
		if p.custom == nil {
			custom, err := directory.Collect(r.Roles(ctx, of))
			if err != nil {
				return foundRole{}, err
			}
			p.custom = append([]rolemodel.Role{}, custom...)
		}
		if len(p.custom) > listed { // The one of that name may be among the others.
			of.Name = string(id)
			var err error
			if named, err = directory.Collect(r.Roles(ctx, of)); err != nil {
				return foundRole{}, err
			}
		}
	}
	roles := slices.Concat(rolemodel.DefaultRoles(), p.custom, named)
	return foundRole{missing: rolemodel.Violations{rolemodel.RoleOfTenantViolation(p.tenantID, id, roles)}}, nil
}

// change decides one grant. A nil before adds it, a nil after removes it.
func (p *place) change(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, before, after *rolemodel.ExternalAdmin) (rolemodel.Violations, error) {
	var was, will *rolemodel.Grant
	var vs rolemodel.Violations
	if before != nil {
		found, err := p.role(ctx, r, before.RoleID)
		if err != nil {
			return nil, err
		}
		was = &rolemodel.Grant{Email: before.Email, Tenant: p.tenant, Partner: p.partner, Role: found.role, ExpiresAt: before.ExpiresAt}
	}
	if after != nil {
		found, err := p.role(ctx, r, after.RoleID)
		if err != nil {
			return nil, err
		}
		vs = slices.Clone(found.missing)
		will = &rolemodel.Grant{Email: after.Email, Tenant: p.tenant, Partner: p.partner, Role: found.role, ExpiresAt: after.ExpiresAt}
	}
	return append(vs, rolemodel.DecideGrant(actor, was, will, rolemodel.TimeOf(time.Now()))...), nil
}

// underAdmin moves the paths of one grant's violations to where the grant
// stands in a replacement. What is wrong with the tenant or the actor is not
// moved: it is the same for all.
func underAdmin(vs rolemodel.Violations, email rolemodel.Email) rolemodel.Violations {
	moved := make(rolemodel.Violations, len(vs))
	for i, v := range vs {
		switch v.Path.String() {
		case "email":
			v.Path = rolemodel.AtKey("admins", string(email))
		case "role_id", "reason", "expires_at":
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
