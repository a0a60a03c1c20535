// Package decide gathers from any directory what a rule needs to know and asks
// rolemodel. It is the one place where a decision meets the directory's
// content: the plan calls it with the directory as it is, and the directory
// calls it inside the writing transaction, so both say the same.
package decide

import (
	"context"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Partner decides whether the partner before may become the partner after. A
// nil before creates it, a nil after deletes it. Zero fields of after are not
// known yet.
func Partner(ctx context.Context, r directory.Reader, before, after *rolemodel.Partner) (rolemodel.Violations, error) {
	var facts rolemodel.PartnerFacts
	if after == nil {
		for tenant, err := range r.Tenants(ctx, directory.TenantFilter{PartnerID: before.AccountCode}) {
			if err != nil {
				return nil, err
			}
			facts.Tenants = append(facts.Tenants, tenant.AccountCode)
		}
		return rolemodel.DecidePartner(before, nil, facts), nil
	}
	facts.InternalTo = map[rolemodel.Domain]rolemodel.AccountCode{}
	for _, domain := range after.Domains {
		for tenant, err := range r.Tenants(ctx, directory.TenantFilter{Domain: domain}) {
			if err != nil {
				return nil, err
			}
			facts.InternalTo[domain] = tenant.AccountCode
		}
	}
	if before != nil && rolemodel.RestrictsGrants(before, after) {
		tenants := map[rolemodel.AccountCode]*rolemodel.Tenant{}
		for tenant, err := range r.Tenants(ctx, directory.TenantFilter{PartnerID: before.AccountCode}) {
			if err != nil {
				return nil, err
			}
			tenants[tenant.AccountCode] = &tenant
		}
		for admin, err := range r.ExternalAdmins(ctx, directory.ExternalAdminFilter{PartnerID: before.AccountCode}) {
			if err != nil {
				return nil, err
			}
			facts.Grants = append(facts.Grants, heldGrant(tenants[admin.TenantID], before, admin))
		}
	}
	return rolemodel.DecidePartner(before, after, facts), nil
}

// Tenant decides whether the tenant before may become the tenant after. A nil
// before creates it, a nil after deletes it. Zero fields of after are not known
// yet, but for PartnerID, which is "" for none.
func Tenant(ctx context.Context, r directory.Reader, before, after *rolemodel.Tenant) (rolemodel.Violations, error) {
	var facts rolemodel.TenantFacts
	if before != nil {
		var partner *rolemodel.Partner
		if before.PartnerID != "" {
			p, err := r.Partner(ctx, before.PartnerID)
			if err != nil {
				return nil, err
			}
			partner = &p
		}
		for admin, err := range r.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: before.AccountCode}) {
			if err != nil {
				return nil, err
			}
			facts.Grants = append(facts.Grants, heldGrant(before, partner, admin))
		}
	}
	if after == nil {
		for role, err := range r.Roles(ctx, before.AccountCode) {
			if err != nil {
				return nil, err
			}
			if !role.IsDefault() {
				facts.Roles = append(facts.Roles, role)
			}
		}
		return rolemodel.DecideTenant(before, nil, facts), nil
	}

	var vs rolemodel.Violations
	if after.PartnerID != "" {
		partner, err := r.Partner(ctx, after.PartnerID)
		switch {
		case directory.IsNotFound(err):
			vs = append(vs, rolemodel.MissingReference("partner_id", directory.KindPartner, after.PartnerID))
			facts.Grants = nil // Whether they are still allowed depends on the partner.
		case err != nil:
			return nil, err
		default:
			facts.Partner = &partner
		}
	}
	facts.OwnerOf = map[rolemodel.Domain]string{}
	for _, domain := range after.InternalDomains {
		for tenant, err := range r.Tenants(ctx, directory.TenantFilter{Domain: domain}) {
			if err != nil {
				return nil, err
			}
			if before == nil || tenant.AccountCode != before.AccountCode {
				facts.OwnerOf[domain] = fmt.Sprintf("tenant %q", tenant.AccountCode)
			}
		}
		for partner, err := range r.Partners(ctx, directory.PartnerFilter{Domain: domain}) {
			if err != nil {
				return nil, err
			}
			facts.OwnerOf[domain] = fmt.Sprintf("partner %q", partner.AccountCode)
		}
	}
	return append(vs, rolemodel.DecideTenant(before, after, facts)...), nil
}

// Role decides whether the actor may turn the custom role before into the role
// after. A nil before creates it, a nil after deletes it. A nil actor and zero
// fields of after are not known yet.
func Role(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, before, after *rolemodel.Role) (rolemodel.Violations, error) {
	var facts rolemodel.RoleFacts
	if after == nil {
		holders, err := directory.Collect(r.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: before.TenantID, RoleID: before.ID}))
		if err != nil {
			return nil, err
		}
		facts.Holders = holders
		return rolemodel.DecideRole(actor, before, nil, facts), nil
	}
	if after.TenantID != "" {
		for role, err := range r.Roles(ctx, after.TenantID) {
			switch {
			case directory.IsNotFound(err):
				return append(rolemodel.Violations{rolemodel.MissingReference("tenant_id", directory.KindTenant, after.TenantID)},
					rolemodel.DecideRole(actor, before, after, facts)...), nil
			case err != nil:
				return nil, err
			case rolemodel.FoldName(role.Name) == rolemodel.FoldName(after.Name) && (before == nil || role.ID != before.ID):
				facts.SameName = &role
			}
		}
	}
	return rolemodel.DecideRole(actor, before, after, facts), nil
}

// ExternalAdmin decides whether the actor may turn the grant before into the
// grant after. A nil before adds it, a nil after removes it. A nil actor and
// zero fields of after are not known yet.
func ExternalAdmin(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, before, after *rolemodel.ExternalAdmin) (rolemodel.Violations, error) {
	var was, will *rolemodel.Grant
	if before != nil {
		role, err := r.Role(ctx, before.TenantID, before.RoleID)
		if err != nil {
			return nil, err
		}
		was = &rolemodel.Grant{Email: before.Email, Role: &role}
	}
	if after == nil {
		return rolemodel.DecideGrant(actor, was, nil), nil
	}
	place, vs, err := placeOf(ctx, r, after.TenantID)
	if err != nil {
		return nil, err
	}
	role, more, err := place.role(ctx, r, after.RoleID)
	if err != nil {
		return nil, err
	}
	vs = append(vs, more...)
	added := before == nil || before.Email != after.Email
	if place.tenant != nil && after.Email != "" && added {
		held, err := r.ExternalAdmin(ctx, after.TenantID, after.Email)
		switch {
		case err == nil:
			vs = append(vs, rolemodel.OneRoleViolation(held))
		case !directory.IsNotFound(err):
			return nil, err
		}
	}
	will = &rolemodel.Grant{Email: after.Email, Tenant: place.tenant, Partner: place.partner, Role: role}
	return append(vs, rolemodel.DecideGrant(actor, was, will)...), nil
}

// ExternalAdmins decides whether the actor may make the given grants all that
// the tenant has. Grants that stay as they are need no authority. Zero fields
// of a grant are not known yet. Violations of a grant lie at admins["<email>"].
func ExternalAdmins(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, tenantID rolemodel.AccountCode, after []rolemodel.ExternalAdmin) (rolemodel.Violations, error) {
	place, vs, err := placeOf(ctx, r, tenantID)
	if err != nil || place.tenant == nil {
		return vs, err
	}
	held := map[rolemodel.Email]rolemodel.ExternalAdmin{}
	for admin, err := range r.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: tenantID}) {
		if err != nil {
			return nil, err
		}
		held[admin.Email] = admin
	}
	for _, admin := range after {
		before, had := held[admin.Email]
		delete(held, admin.Email)
		if had && before.RoleID == admin.RoleID {
			continue
		}
		found, err := place.change(ctx, r, actor, before, &admin)
		if err != nil {
			return nil, err
		}
		vs = appendNew(vs, found.underAdmin(admin.Email)...)
	}
	for email, before := range sorted(held) {
		found, err := place.change(ctx, r, actor, before, nil)
		if err != nil {
			return nil, err
		}
		vs = appendNew(vs, found.underAdmin(email)...)
	}
	return vs, nil
}
