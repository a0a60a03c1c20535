package worklist

import (
	"cmp"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// view looks up what is declared and what was seen of one tenant.
type view struct {
	*State
	defaults *defaults
	roles    map[rolemodel.RoleID]*rolemodel.Role
	grants   map[rolemodel.Email]*rolemodel.ExternalAdmin
	names    names
	// admins are those who were seen, or seen not to be there. Who belongs to the tenant itself is not among them.
	admins map[rolemodel.Email]rolemodel.ObservedAdmin
	// complete says that who was not seen is not there.
	complete bool
}

// names says which role a name at Mimecast is.
type names struct {
	defaults *defaults
	// seen are the custom roles that are there, by folded name, and byID those of
	// them of which is known which role they are.
	seen map[string]rolemodel.ObservedRole
	byID map[rolemodel.RoleID]rolemodel.ObservedRole
	// declared are the custom roles by folded name.
	declared map[string]rolemodel.RoleID
}

// defaults are the default roles by ID and by folded name.
type defaults struct {
	byID map[rolemodel.RoleID]rolemodel.Role
	ids  map[string]rolemodel.RoleID
}

func newDefaults() *defaults {
	d := &defaults{byID: map[rolemodel.RoleID]rolemodel.Role{}, ids: map[string]rolemodel.RoleID{}}
	for _, role := range rolemodel.DefaultRoles() {
		d.byID[role.ID], d.ids[rolemodel.FoldName(role.Name)] = role, role.ID
	}
	return d
}

// newViews returns a view of each state, by the tenant's name and account code.
func newViews(states []State) []*view {
	d := newDefaults()
	views := make([]*view, len(states))
	folded := make(map[*view]string, len(states))
	for i := range states {
		views[i] = newView(&states[i], d)
		folded[views[i]] = rolemodel.FoldName(states[i].Tenant.Name)
	}
	slices.SortFunc(views, func(a, b *view) int {
		return byNameAndCode(folded[a], folded[b], a.Tenant.AccountCode, b.Tenant.AccountCode)
	})
	return views
}

func newView(s *State, d *defaults) *view {
	v := &view{
		State: s, defaults: d, roles: map[rolemodel.RoleID]*rolemodel.Role{}, grants: make(map[rolemodel.Email]*rolemodel.ExternalAdmin, len(s.Admins)),
		admins: map[rolemodel.Email]rolemodel.ObservedAdmin{},
	}
	for i := range s.Roles {
		v.roles[s.Roles[i].ID] = &s.Roles[i]
	}
	for i := range s.Admins {
		v.grants[s.Admins[i].Email] = &s.Admins[i]
	}
	var roles []rolemodel.ObservedRole
	if s.Seen != nil {
		roles, v.complete = s.Seen.Roles, s.Seen.CompleteAt != ""
		v.admins = make(map[rolemodel.Email]rolemodel.ObservedAdmin, len(s.Seen.Admins))
		for _, admin := range s.Seen.Admins {
			if !s.Own(admin.Email) {
				v.admins[admin.Email] = admin
			}
		}
	}
	v.names = newNames(roles, s.Roles, d)
	return v
}

// Own says whether the address is the tenant's own, and so no external admin's.
func (s *State) Own(email rolemodel.Email) bool {
	return email == s.Tenant.InitialAdminEmail || slices.Contains(s.Tenant.InternalDomains, email.Domain())
}

func newNames(seen []rolemodel.ObservedRole, declared []rolemodel.Role, d *defaults) names {
	n := names{defaults: d, seen: map[string]rolemodel.ObservedRole{}, byID: map[rolemodel.RoleID]rolemodel.ObservedRole{}, declared: map[string]rolemodel.RoleID{}}
	for _, role := range seen {
		if role.Absent {
			continue
		}
		n.seen[rolemodel.FoldName(role.Name)] = role
		if last, ok := n.byID[role.ID]; role.ID != "" && (!ok || cmp.Or(cmp.Compare(role.At, last.At), cmp.Compare(last.Name, role.Name)) > 0) {
			n.byID[role.ID] = role
		}
	}
	for i := range declared {
		n.declared[rolemodel.FoldName(declared[i].Name)] = declared[i].ID
	}
	return n
}

// is returns the role that has the name at Mimecast, "" if that is not known.
func (n *names) is(name string) rolemodel.RoleID {
	folded := rolemodel.FoldName(name)
	if id := n.seen[folded].ID; id != "" {
		return id
	}
	if id, ok := n.declared[folded]; ok {
		return id
	}
	return n.defaults.ids[folded]
}

// roleName returns the name that the role of a grant is to have.
func (v *view) roleName(grant *rolemodel.ExternalAdmin) string {
	if role, ok := v.roles[grant.RoleID]; ok {
		return role.Name
	}
	if role, ok := v.defaults.byID[grant.RoleID]; ok {
		return role.Name
	}
	return grant.RoleName
}
