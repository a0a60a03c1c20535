package worklist

import (
	"cmp"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Items returns what is to be done in each tenant. Whether somebody who is there
// and is not declared was ever declared is in the trail: all are UndeclaredAdmin
// here. Since and DeclaredBy are in the trail too, but for who has expired or is undeclared.
func Items(now rolemodel.Time, states []State) []Item {
	items := []Item{}
	for _, v := range newViews(states) {
		items = append(items, v.items(now)...)
	}
	return items
}

func byNameAndCode(foldedA, foldedB string, a, b rolemodel.AccountCode) int {
	return cmp.Or(cmp.Compare(foldedA, foldedB), cmp.Compare(a, b))
}

func (v *view) items(now rolemodel.Time) []Item {
	var items []Item
	add := func(item Item, definition string) {
		item.TenantID, item.TenantName, item.partner = v.Tenant.AccountCode, v.Tenant.Name, v.Tenant.PartnerID
		item.identify(definition)
		items = append(items, item)
	}
	v.roleItems(add)
	portal := v.inPortal()
	v.adminItems(now, func(item Item) {
		item.portal = portal && v.portalDoes(&item)
		add(item, "")
	})
	if !v.complete {
		add(Item{Kind: NeverObserved}, "")
	}
	slices.SortFunc(items, func(a, b Item) int { return asDone(&a, &b) })
	return items
}

// asDone orders the items of one tenant as they are done.
func asDone(a, b *Item) int {
	return cmp.Or(cmp.Compare(a.Kind.turn(), b.Kind.turn()), cmp.Compare(a.Person, b.Person), cmp.Compare(a.RoleID, b.RoleID))
}

// turn is when items of the kind are done. Whether somebody to be removed was ever declared makes no difference.
func (k Kind) turn() int {
	for i, kind := range Kinds() {
		if kind == k || kind == RemoveAdmin && k == UndeclaredAdmin {
			return i
		}
	}
	return len(Kinds())
}

// roleItems are about custom roles. One that was confirmed is known by its ID,
// whatever it is called; one that was seen only, by its name.
func (v *view) roleItems(add func(Item, string)) {
	for i := range v.Roles {
		role := &v.Roles[i]
		item := Item{Kind: EditRole, RoleID: role.ID, To: role.Name, Role: &Definition{
			Description: role.Description, SecurityPermission: role.SecurityPermission,
			ApplicationPermissions: role.ApplicationPermissions, ProtectedPermissions: role.ProtectedPermissions,
		}}
		definition := rolemodel.RoleDefinition(role)
		switch seen, there := v.seenRole(role); {
		case !there:
			item.Kind = CreateRole
		case seen.ID != "" && seen.Definition == definition:
			continue
		default:
			item.From, item.Seen = seen.Name, &seen.Sighting
		}
		add(item, definition)
	}
	for id, seen := range v.names.byID {
		if v.roles[id] == nil {
			add(Item{Kind: DeleteRole, RoleID: id, From: seen.Name, Seen: &seen.Sighting}, "")
		}
	}
}

func (v *view) seenRole(role *rolemodel.Role) (rolemodel.ObservedRole, bool) {
	if seen, ok := v.names.byID[role.ID]; ok {
		return seen, true
	}
	seen, ok := v.names.seen[rolemodel.FoldName(role.Name)]
	return seen, ok && seen.ID == ""
}

// adminItems are about people.
func (v *view) adminItems(now rolemodel.Time, add func(Item)) {
	for email, grant := range v.grants {
		item := Item{Person: email, RoleID: grant.RoleID, To: v.roleName(grant)}
		seen, was := v.admins[email]
		if was {
			item.From, item.Seen = seen.RoleName, &seen.Sighting
		}
		switch expired, there := grant.ExpiresAt.Passed(now), seen.RoleName != ""; {
		case expired && v.mayBeThere(email):
			item.Kind, item.From, item.To, item.RoleID, item.Since = RemoveAdmin, cmp.Or(seen.RoleName, item.To), "", "", grant.ExpiresAt
		case expired:
			continue
		case !there:
			item.Kind = AddAdmin
		case v.names.is(seen.RoleName) != grant.RoleID:
			item.Kind = ChangeAdminRole
		default:
			continue
		}
		add(item)
	}
	for email, seen := range v.admins {
		if v.grants[email] == nil && seen.RoleName != "" {
			add(Item{Kind: UndeclaredAdmin, Person: email, From: seen.RoleName, Since: seen.At, Seen: &seen.Sighting})
		}
	}
}

// mayBeThere says whether somebody is there as far as is known.
func (v *view) mayBeThere(email rolemodel.Email) bool {
	seen, was := v.admins[email]
	return seen.RoleName != "" || !was && !v.complete
}

// inPortal says whether the Partner Portal manages Partner Administrator in the
// tenant: a Partner Administrator of its partner was seen there (modelled on the
// one-time setup that Mimecast's article on delegating access asks for).
func (v *view) inPortal() bool {
	if v.Partner == nil || !v.Partner.PartnerPortal {
		return false
	}
	for email, seen := range v.admins {
		if v.ofPartner(email) && v.names.is(seen.RoleName) == rolemodel.PartnerAdmin {
			return true
		}
	}
	return false
}

// portalDoes says whether an item adds Partner Administrator to somebody who
// holds nothing, or removes it.
func (v *view) portalDoes(item *Item) bool {
	if !v.ofPartner(item.Person) {
		return false
	}
	switch item.Kind {
	case AddAdmin:
		return item.RoleID == rolemodel.PartnerAdmin && !v.mayBeThere(item.Person)
	case RemoveAdmin, UndeclaredAdmin:
		return v.names.is(v.admins[item.Person].RoleName) == rolemodel.PartnerAdmin
	case CreateRole, EditRole, ChangeAdminRole, DeleteRole, NeverObserved:
	}
	return false
}

// ofPartner says whether the address is a login of the tenant's partner.
func (v *view) ofPartner(email rolemodel.Email) bool {
	return slices.Contains(v.Partner.Domains, email.Domain())
}
