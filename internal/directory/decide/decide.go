// Package decide gathers from any directory what a rule needs to know and asks
// rolemodel. It is the one place where a decision meets the directory's
// content: the plan calls it with the directory as it is, and the directory
// calls it inside the writing transaction, so both say the same.
package decide

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// listed is how many entries a rule asks for to name them; of the others it asks for the number.
const listed = 10

// Blind decides any write of an actor who sees neither roles nor external admins,
// none for others. It comes before anything is looked up: what else is wrong with
// a write, and whether what it is about is there, would tell such an actor what
// they do not see. See rolemodel.DecideView.
func Blind(actor *rolemodel.Actor, kind directory.Kind) rolemodel.Violations {
	switch {
	case len(rolemodel.DecideView(actor)) == 0:
		return nil
	case kind == directory.KindPartner || kind == directory.KindTenant:
		return rolemodel.DecideTenant(actor, &rolemodel.Tenant{}, nil, rolemodel.AccountFacts{})
	}
	return rolemodel.DecideGrant(actor, &rolemodel.Grant{}, nil, "")
}

// Partner decides whether the actor may turn the partner before into the
// partner after. See rolemodel.DecidePartner for what is nil, zero and retired.
func Partner(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, before, after *rolemodel.Partner) (rolemodel.Violations, error) {
	if vs := Blind(actor, directory.KindPartner); len(vs) > 0 {
		return vs, nil
	}
	var facts rolemodel.AccountFacts
	if after == nil {
		return rolemodel.DecidePartner(actor, before, nil, facts), nil
	}
	var held []rolemodel.Domain
	if before != nil {
		held = before.Domains
	}
	if err := owners(ctx, r, &facts, after.AccountCode, held, after.Domains); err != nil {
		return nil, err
	}
	var err error
	facts.Affected, err = affected(ctx, r, rolemodel.PartnerSearches(before, after))
	return rolemodel.DecidePartner(actor, before, after, facts), err
}

// Tenant decides whether the actor may turn the tenant before into the tenant
// after. See rolemodel.DecideTenant for what is nil, zero and retired.
func Tenant(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, before, after *rolemodel.Tenant) (rolemodel.Violations, error) {
	if vs := Blind(actor, directory.KindTenant); len(vs) > 0 {
		return vs, nil
	}
	var facts rolemodel.AccountFacts
	var err error
	acting := actor != nil && actor.Role.ID == rolemodel.PartnerAdmin
	if before != nil && (acting || after != nil && before.PartnerID != after.PartnerID) {
		if facts.Former, _, err = partnerOf(ctx, r, before); err != nil {
			return nil, err
		}
	}
	if after == nil {
		return rolemodel.DecideTenant(actor, before, nil, facts), nil
	}
	var vs rolemodel.Violations
	switch {
	case before == nil || before.Retired || before.PartnerID != after.PartnerID:
		var missing bool
		if facts.Partner, missing, err = partnerOf(ctx, r, after); err != nil {
			return nil, err
		}
		if missing {
			vs = append(vs, rolemodel.MissingReference("partner_id", directory.KindPartner, after.PartnerID))
		}
	default:
		facts.Partner = facts.Former
	}
	var held []rolemodel.Domain
	if before != nil {
		held = before.InternalDomains
	}
	if err := owners(ctx, r, &facts, after.AccountCode, held, after.Domains()); err != nil {
		return nil, err
	}
	facts.Affected, err = affected(ctx, r, rolemodel.TenantSearches(before, after, facts.Former, facts.Partner))
	return append(vs, rolemodel.DecideTenant(actor, before, after, facts)...), err
}

// owners looks the other accounts up to which one of the domains belongs that
// the account does not hold yet.
func owners(ctx context.Context, r directory.Reader, facts *rolemodel.AccountFacts, account rolemodel.AccountCode, held, domains []rolemodel.Domain) error {
	gained := slices.DeleteFunc(slices.Clone(domains), func(d rolemodel.Domain) bool { return slices.Contains(held, d) })
	if len(gained) == 0 {
		return nil
	}
	facts.Owners = map[rolemodel.Domain]rolemodel.Owner{}
	own := func(kind string, code rolemodel.AccountCode, domains []rolemodel.Domain) {
		// A plan may leave before out because after is not all known yet.
		if code == account {
			return
		}
		for _, d := range domains {
			if slices.Contains(gained, d) {
				facts.Owners[d] = rolemodel.Owner{Kind: kind, Code: code}
			}
		}
	}
	tenants, total, err := some(ctx, r, directory.TenantFilter{Domains: gained, Limit: listed}, r.Tenants)
	if err != nil {
		return err
	}
	facts.MoreOwners += total - len(tenants)
	for _, t := range tenants {
		if !t.Retired { // What is retired gives its domains up to whoever asks for them.
			own(directory.KindTenant, t.AccountCode, t.InternalDomains)
		}
	}
	partners, total, err := some(ctx, r, directory.PartnerFilter{Domains: gained, Limit: listed}, r.Partners)
	facts.MoreOwners += total - len(partners)
	for _, p := range partners {
		if !p.Retired {
			own(directory.KindPartner, p.AccountCode, p.Domains)
		}
	}
	return err
}

// affected answers the searches.
func affected(ctx context.Context, r directory.Reader, searches []rolemodel.GrantSearch) ([]rolemodel.AffectedGrants, error) {
	var all []rolemodel.AffectedGrants
	for _, s := range searches {
		filter := directory.ExternalAdminFilter{PartnerID: s.PartnerID, RoleID: s.RoleID, Domains: s.Domains, OutsideDomains: s.OutsideDomains, Limit: listed}
		if s.TenantID != "" {
			filter.TenantIDs = []rolemodel.AccountCode{s.TenantID}
		}
		admins, total, err := some(ctx, r, filter, r.ExternalAdmins)
		if err != nil {
			return nil, err
		}
		all = append(all, rolemodel.AffectedGrants{Search: s, Admins: admins, Total: total})
	}
	return all, nil
}

// some reads a list whose filter has the limit listed, and how many entries
// there are without it.
func some[F directory.Filter, E any](ctx context.Context, r directory.Reader, filter F, read func(context.Context, F) iter.Seq2[E, error]) ([]E, int, error) {
	entries, err := directory.Collect(read(ctx, filter))
	if err != nil || len(entries) < listed {
		return entries, len(entries), err
	}
	total, err := r.Count(ctx, filter)
	return entries, max(total, len(entries)), err
}

// Role decides whether the actor may turn the custom role before into the role
// after. See rolemodel.DecideRole for what is nil, zero and retired. Where
// before is nil and a retired role has the name and its ID, that one is taken up.
func Role(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, before, after *rolemodel.Role) (rolemodel.Violations, error) {
	if vs := Blind(actor, directory.KindRole); len(vs) > 0 {
		return vs, nil
	}
	var facts rolemodel.RoleFacts
	var vs rolemodel.Violations
	tenant := rolemodel.AccountCode("")
	switch {
	case before != nil:
		tenant = before.TenantID
	case after != nil:
		tenant = after.TenantID
	}
	created := before == nil || before.Retired && after != nil
	if created || actor != nil && actor.Role.ID == rolemodel.PartnerAdmin {
		place, missing, err := placeOf(ctx, r, tenant)
		if err != nil {
			return nil, err
		}
		vs, facts.Tenant, facts.Partner = missing, place.tenant, place.partner
	}
	if after == nil || tenant == "" || len(vs) > 0 || after.Name == "" {
		return append(vs, rolemodel.DecideRole(actor, before, after, facts)...), nil
	}
	if before == nil {
		found, err := r.Role(ctx, tenant, rolemodel.RoleIDFor(after.Name))
		switch {
		case directory.IsNotFound(err), errors.Is(err, ErrNotYetKnown):
		case err != nil:
			return nil, err
		case rolemodel.FoldName(found.Name) != rolemodel.FoldName(after.Name):
			facts.SameID = &found
		case found.Retired:
			before = &found
		}
	}
	if created || rolemodel.FoldName(after.Name) != rolemodel.FoldName(before.Name) {
		for role, err := range r.Roles(ctx, directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{tenant}, Name: after.Name, Limit: 2}) {
			if err != nil {
				return nil, err
			}
			if before == nil || role.ID != before.ID {
				facts.SameName = &role
			}
		}
	}
	return append(vs, rolemodel.DecideRole(actor, before, after, facts)...), nil
}

// ExternalAdmin decides whether the actor may turn the grant before into the
// grant after. A nil before adds it, a nil after removes it. A nil actor and
// zero fields of after are not known yet.
func ExternalAdmin(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, before, after *rolemodel.ExternalAdmin) (rolemodel.Violations, error) {
	if vs := Blind(actor, directory.KindExternalAdmin); len(vs) > 0 {
		return vs, nil
	}
	if after == nil {
		// A removal needs authority over the role alone, whatever the place is like
		// now, but for a Partner Administrator, who acts for an MSP only.
		place := &place{tenantID: before.TenantID}
		if actor != nil && actor.Role.ID == rolemodel.PartnerAdmin {
			var err error
			if place, _, err = placeOf(ctx, r, before.TenantID); err != nil {
				return nil, err
			}
		}
		return place.change(ctx, r, actor, before, nil)
	}
	place, vs, err := placeOf(ctx, r, after.TenantID)
	if err != nil {
		return nil, err
	}
	if added := before == nil || before.Email != after.Email || before.TenantID != after.TenantID; place.tenant != nil && after.Email != "" && added {
		held, err := r.ExternalAdmin(ctx, after.TenantID, after.Email)
		switch {
		case err == nil:
			vs = append(vs, rolemodel.OneRoleViolation(held))
		case !directory.IsNotFound(err):
			return nil, err
		case before == nil || before.TenantID != after.TenantID:
			n, err := r.Count(ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{after.TenantID}})
			if err != nil {
				return nil, err
			}
			vs = append(vs, rolemodel.CheckExternalAdmins(rolemodel.At("tenant_id"), after.TenantID, n+1)...)
		}
	}
	found, err := place.change(ctx, r, actor, before, after)
	return append(vs, found...), err
}

// ExternalAdmins decides whether the actor may turn the grants before, which are
// all that the tenant has, into those after. Any replacement needs an actor who can manage roles; a grant
// that stays as it is needs no authority over its role. A nil actor, a zero
// tenant and zero roles are not known yet. Violations of a grant lie at
// admins["<email>"], in the order of the addresses.
func ExternalAdmins(ctx context.Context, r directory.Reader, actor *rolemodel.Actor, tenantID rolemodel.AccountCode, before, after []rolemodel.ExternalAdmin) (rolemodel.Violations, error) {
	if vs := Blind(actor, directory.KindExternalAdmins); len(vs) > 0 {
		return vs, nil
	}
	place, vs, err := placeOf(ctx, r, tenantID)
	if err != nil {
		return nil, err
	}
	vs = append(vs, rolemodel.DecideGrant(actor, &rolemodel.Grant{Tenant: place.tenant, Partner: place.partner}, nil, "")...)
	if tooMany := rolemodel.CheckExternalAdmins(rolemodel.At("admins"), tenantID, len(after)); len(tooMany) > 0 {
		return append(vs, tooMany...), nil // So many are not worth looking at.
	}
	after = slices.SortedStableFunc(slices.Values(after), func(a, b rolemodel.ExternalAdmin) int { return cmp.Compare(a.Email, b.Email) })
	if tenantID == "" {
		// Which of these grants the tenant has already is not known either.
		for _, admin := range after {
			found, err := place.role(ctx, r, admin.RoleID)
			if err != nil {
				return nil, err
			}
			vs = append(vs, underAdmin(append(found.missing, rolemodel.CheckGrantable(found.role)...), admin.Email)...)
		}
		return vs, nil
	}
	held := byEmail(before)
	given, taken := map[rolemodel.RoleID][]rolemodel.Email{}, map[rolemodel.RoleID][]rolemodel.Email{}
	decide := func(before, after *rolemodel.ExternalAdmin, email rolemodel.Email) error {
		if before != nil && (after == nil || after.RoleID != before.RoleID) {
			taken[before.RoleID] = append(taken[before.RoleID], email)
		}
		if after != nil && (before == nil || after.RoleID != before.RoleID) {
			given[after.RoleID] = append(given[after.RoleID], email)
		}
		found, err := place.change(ctx, r, actor, before, after)
		vs = appendNew(vs, underAdmin(found, email)...)
		return err
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
		if before != nil && (admin.Same(before) || admin.RoleID == "") {
			continue // It stays, or whether it does is not known yet.
		}
		if err := decide(before, &admin, admin.Email); err != nil {
			return nil, err
		}
	}
	for _, email := range slices.Sorted(maps.Keys(held)) {
		before := held[email]
		if err := decide(&before, nil, email); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if len(taken[id]) == 0 {
			continue
		}
		found, err := place.role(ctx, r, id)
		if err != nil {
			return nil, err
		}
		if found.role == nil || !found.role.CarriesProtected {
			continue
		}
		for _, email := range given[id] {
			vs = append(vs, underAdmin(rolemodel.Violations{rolemodel.AddressChangeViolation(found.role, taken[id], email)}, email)...)
		}
	}
	return vs, nil
}

// Dependants returns what the entry has that a deletion would leave, and so
// would retire it: of each kind of which it has some.
func Dependants(ctx context.Context, r directory.Reader, kind directory.Kind, key directory.Key) ([]rolemodel.Dependants, error) {
	tenant := []rolemodel.AccountCode{key.Account}
	switch kind {
	case directory.KindPartner:
		tenants, total, err := some(ctx, r, directory.TenantFilter{PartnerID: key.Account, Limit: listed}, r.Tenants)
		return dependants(nil, rolemodel.Dependants{What: "tenants", Tenants: tenants, Total: total}), err
	case directory.KindRole:
		holders, total, err := some(ctx, r, directory.ExternalAdminFilter{TenantIDs: tenant, RoleID: key.ID, Limit: listed}, r.ExternalAdmins)
		return dependants(nil, rolemodel.Dependants{What: "holders", Admins: holders, Total: total}), err
	case directory.KindTenant:
		admins, total, err := some(ctx, r, directory.ExternalAdminFilter{TenantIDs: tenant, Limit: listed}, r.ExternalAdmins)
		if err != nil {
			return nil, err
		}
		found := dependants(nil, rolemodel.Dependants{What: "external admins", Admins: admins, Total: total})
		roles, total, err := some(ctx, r, directory.RoleFilter{TenantIDs: tenant, Limit: listed}, r.Roles)
		return dependants(found, rolemodel.Dependants{What: "custom roles", Roles: roles, Total: total}), err
	}
	return nil, nil
}

// dependants appends what there is some of.
func dependants(found []rolemodel.Dependants, has rolemodel.Dependants) []rolemodel.Dependants {
	if has.Total == 0 {
		return found
	}
	return append(found, has)
}
