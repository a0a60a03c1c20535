// Package decide gathers from any directory what a rule needs to know and asks
// rolemodel. It is the one place where a decision meets the directory's
// content: the plan calls it with the directory as it is, and the directory
// calls it inside the writing transaction, so both say the same.
package decide

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Partner decides whether the partner before may become the partner after. A
// nil before creates it, a nil after deletes it. Zero fields of after are not
// known yet, but for PartnerPortal, which is true where it is not known.
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
		if before != nil && slices.Contains(before.Domains, domain) {
			continue // Decided when the partner got it: one read less.
		}
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
	if before != nil && (after == nil || restrictsGrants(before, after)) {
		var partner *rolemodel.Partner
		if after != nil {
			var err error
			if partner, err = partnerOf(ctx, r, before); err != nil {
				return nil, err
			}
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
	partner, err := partnerOf(ctx, r, after)
	if err != nil {
		return nil, err
	}
	if after.PartnerID != "" && partner == nil {
		vs = append(vs, rolemodel.MissingReference("partner_id", directory.KindPartner, after.PartnerID))
	}
	facts.Partner = partner
	facts.OwnerOf = map[rolemodel.Domain]string{}
	for _, domain := range domainsOf(after) {
		if before != nil && slices.Contains(before.InternalDomains, domain) {
			continue // Decided when the tenant got it: two reads less.
		}
		for tenant, err := range r.Tenants(ctx, directory.TenantFilter{Domain: domain}) {
			if err != nil {
				return nil, err
			}
			// A plan may leave before out because after is not all known yet.
			if tenant.AccountCode != after.AccountCode {
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
	renamed := before == nil || after.Name != "" && rolemodel.FoldName(after.Name) != rolemodel.FoldName(before.Name)
	if after.TenantID != "" && renamed {
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
	if after == nil {
		// A removal needs authority over the role alone, whatever the place is like now.
		tenant := &place{tenantID: before.TenantID}
		return tenant.change(ctx, r, actor, before, nil)
	}
	place, vs, err := placeOf(ctx, r, after.TenantID)
	if err != nil {
		return nil, err
	}
	added := before == nil || before.Email != after.Email || before.TenantID != after.TenantID
	if place.tenant != nil && after.Email != "" && added {
		held, err := r.ExternalAdmin(ctx, after.TenantID, after.Email)
		switch {
		case err == nil:
			vs = append(vs, rolemodel.OneRoleViolation(held))
		case !directory.IsNotFound(err):
			return nil, err
		}
	}
	found, err := place.change(ctx, r, actor, before, after)
	return append(vs, found...), err
}

// ExternalAdmins decides whether the actor may make the given grants all that
// the tenant has. Any replacement needs an actor who can manage roles; a grant
// that stays as it is needs no authority over its role. A nil actor, a zero
// tenant and zero roles are not known yet. Violations of a grant lie at
// admins["<email>"], in the order of the addresses.
func ExternalAdmins(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, tenantID rolemodel.AccountCode, after []rolemodel.ExternalAdmin) (rolemodel.Violations, error) {
	place, vs, err := placeOf(ctx, r, tenantID)
	if err != nil {
		return nil, err
	}
	vs = append(vs, rolemodel.DecideGrant(actor, nil, nil)...)
	after = slices.SortedStableFunc(slices.Values(after), func(a, b rolemodel.ExternalAdmin) int { return cmp.Compare(a.Email, b.Email) })
	if tenantID == "" {
		// Which of these grants the tenant has already is not known either.
		for _, admin := range after {
			role, _ := rolemodel.DefaultRole(admin.RoleID)
			vs = append(vs, underAdmin(rolemodel.CheckGrantable(&role), admin.Email)...)
		}
		return vs, nil
	}
	held := map[rolemodel.Email]rolemodel.ExternalAdmin{}
	for admin, err := range r.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: tenantID}) {
		if err != nil {
			return nil, err
		}
		held[admin.Email] = admin
	}
	for i, admin := range after {
		if i > 0 && after[i-1].Email == admin.Email {
			vs = appendNew(vs, underAdmin(rolemodel.Violations{rolemodel.RepeatedAddressViolation(admin.Email)}, admin.Email)...)
			continue
		}
		var before *rolemodel.ExternalAdmin
		if had, ok := held[admin.Email]; ok {
			before = &had
			delete(held, admin.Email)
		}
		if before != nil && (admin.RoleID == before.RoleID || admin.RoleID == "") {
			continue // It stays, or whether it does is not known yet.
		}
		found, err := place.change(ctx, r, actor, before, &admin)
		if err != nil {
			return nil, err
		}
		vs = appendNew(vs, underAdmin(found, admin.Email)...)
	}
	for _, email := range slices.Sorted(maps.Keys(held)) {
		before := held[email]
		found, err := place.change(ctx, r, actor, &before, nil)
		if err != nil {
			return nil, err
		}
		vs = appendNew(vs, underAdmin(found, email)...)
	}
	return vs, nil
}

// AccountCode returns a *directory.ConflictError if an account has the code.
func AccountCode(ctx context.Context, r directory.Reader, code rolemodel.AccountCode) error {
	_, err := r.Partner(ctx, code)
	if directory.IsNotFound(err) {
		_, err = r.Tenant(ctx, code)
	}
	switch {
	case directory.IsNotFound(err):
		return nil
	case err != nil:
		return err
	}
	return &directory.ConflictError{Kind: directory.KindTenant, Key: string(code)}
}
