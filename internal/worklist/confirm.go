package worklist

import (
	"fmt"
	"maps"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Sight is what was seen of one tenant, in an observation that is complete, so
// that who is not named is not there, or of these lines only.
type Sight struct {
	Tenant   rolemodel.AccountCode
	Complete bool
	Admins   []rolemodel.ObservedAdmin
	Roles    []rolemodel.ObservedRole
}

// Observed returns the states after the sights, as the directory has them then.
func Observed(states []State, sights []Sight, how rolemodel.Sighting) []State {
	states = slices.Clone(states)
	of := make(map[rolemodel.AccountCode]*State, len(states))
	for i := range states {
		of[states[i].Tenant.AccountCode] = &states[i]
	}
	for _, sight := range sights {
		before := rolemodel.Observation{TenantID: sight.Tenant}
		if seen := of[sight.Tenant].Seen; seen != nil {
			before = *seen
		}
		after := before.With(rolemodel.Observation{Admins: sight.Admins, Roles: sight.Roles}, sight.Complete, how)
		of[sight.Tenant].Seen = &after
	}
	return states
}

// Confirm returns what the items, which are of the worklist of the states,
// amount to as observations once they are done, for each tenant that has any. A
// person who confirms that a tenant was looked at says that nobody else is there
// than who was seen before; who may be there stays on the list. An error says
// which other item must be done for one that is confirmed.
func Confirm(now rolemodel.Time, states []State, items []Item) ([]Sight, error) {
	of := byTenant(items)
	var sights []Sight
	for _, v := range newViews(states) {
		if items := of[v.Tenant.AccountCode]; len(items) > 0 {
			sight, err := v.confirm(now, items)
			if err != nil {
				return nil, err
			}
			sights = append(sights, sight)
		}
	}
	return sights, nil
}

func (v *view) confirm(now rolemodel.Time, items []*Item) (Sight, error) {
	roles, renamed, err := v.confirmRoles(items)
	if err != nil {
		return Sight{}, err
	}
	after := v.namesAfter(roles, renamed)
	sight := Sight{Tenant: v.Tenant.AccountCode}
	admins := map[rolemodel.Email]string{}
	for email, seen := range v.admins { // A role that is renamed is so for its holders.
		if name := renamed[rolemodel.FoldName(seen.RoleName)]; name != "" {
			admins[email] = name
		}
	}
	for _, item := range items {
		switch item.Kind {
		case AddAdmin, ChangeAdminRole:
			if after.is(item.To) != item.RoleID {
				return Sight{}, fmt.Errorf("item %s gives %s the role %q of %s, and another role had that name when it was last seen: confirm the items about those roles as well", item.ID, item.Person, item.To, item.TenantID)
			}
			admins[item.Person] = item.To
		case RemoveAdmin, UndeclaredAdmin:
			admins[item.Person] = ""
		case NeverObserved:
			sight.Complete = true
		case CreateRole, EditRole, DeleteRole:
		}
	}
	if err := v.stillHeld(items, admins); err != nil {
		return Sight{}, err
	}
	if sight.Complete {
		v.restate(now, admins)
	}
	for _, email := range slices.Sorted(maps.Keys(admins)) {
		sight.Admins = append(sight.Admins, rolemodel.ObservedAdmin{Email: email, RoleName: admins[email]})
	}
	for _, name := range slices.Sorted(maps.Keys(roles)) {
		sight.Roles = append(sight.Roles, roles[name])
	}
	return sight, nil
}

// confirmRoles returns the lines about roles by folded name, and the new names of
// those that were called otherwise, "" for those that go.
func (v *view) confirmRoles(items []*Item) (lines map[string]rolemodel.ObservedRole, renamed map[string]string, err error) {
	lines, renamed = map[string]rolemodel.ObservedRole{}, map[string]string{}
	for _, item := range items {
		seen, known := v.names.byID[item.RoleID]
		from := rolemodel.FoldName(seen.Name)
		switch {
		case item.Kind == DeleteRole:
			renamed[from] = ""
			lines[from] = rolemodel.ObservedRole{Name: seen.Name, Absent: true}
		case item.Kind == EditRole && known && from != rolemodel.FoldName(item.To):
			renamed[from] = item.To
		}
	}
	for _, item := range items {
		if item.Role == nil {
			continue
		}
		folded := rolemodel.FoldName(item.To)
		if _, freed := renamed[folded]; !freed {
			if taken, ok := v.names.takenBy(item); ok {
				return nil, nil, fmt.Errorf("item %s gives a role of %s the name %q, which the role %q had when it was last seen: confirm the item that renames or deletes that one as well", item.ID, item.TenantID, item.To, taken.ID)
			}
		}
		role := v.roles[item.RoleID]
		lines[folded] = rolemodel.ObservedRole{Name: role.Name, ID: role.ID, Definition: rolemodel.RoleDefinition(role)}
	}
	return lines, renamed, nil
}

// namesAfter are the names at Mimecast once the lines are so.
func (v *view) namesAfter(lines map[string]rolemodel.ObservedRole, renamed map[string]string) names {
	seen := maps.Clone(v.names.seen)
	for from := range renamed {
		delete(seen, from)
	}
	maps.Copy(seen, lines)
	return newNames(slices.Collect(maps.Values(seen)), v.Roles, v.defaults)
}

// stillHeld returns an error if a role is deleted that somebody holds.
func (v *view) stillHeld(items []*Item, after map[rolemodel.Email]string) error {
	for _, item := range items {
		if item.Kind != DeleteRole {
			continue
		}
		for _, email := range slices.Sorted(maps.Keys(v.admins)) {
			if _, moved := after[email]; !moved && v.names.is(v.admins[email].RoleName) == item.RoleID {
				return fmt.Errorf("item %s deletes the role %q of %s, which %s held when last seen: confirm the item about %s as well", item.ID, item.From, item.TenantID, email, email)
			}
		}
	}
	return nil
}

// restate adds everybody else who was seen, and who may be there.
func (v *view) restate(now rolemodel.Time, admins map[rolemodel.Email]string) {
	add := func(email rolemodel.Email, name string) {
		if _, named := admins[email]; !named && name != "" {
			admins[email] = name
		}
	}
	if v.Seen != nil {
		for _, seen := range v.Seen.Admins {
			add(seen.Email, seen.RoleName)
		}
	}
	for email, grant := range v.grants {
		if _, was := v.admins[email]; !was && grant.ExpiresAt.Passed(now) {
			add(email, v.roleName(grant))
		}
	}
}
