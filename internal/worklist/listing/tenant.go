package listing

import (
	"errors"
	"fmt"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// tenant is what is known, and what the list says, of one tenant.
type tenant struct {
	*worklist.State
	// names are the roles' names as they are spelt, by folded name, and ids by ID.
	names map[string]string
	ids   map[rolemodel.RoleID]string
	// custom are the folded names of roles that are not the default ones.
	custom map[string]bool
	seen   map[rolemodel.Email]seen
	// named says that a row is about the tenant, and blind that one was not understood.
	named, blind bool
}

type seen struct {
	role string
	line int
}

func newTenant(s *worklist.State) *tenant {
	t := &tenant{State: s, names: map[string]string{}, ids: map[rolemodel.RoleID]string{}, custom: map[string]bool{}, seen: map[rolemodel.Email]seen{}}
	if s.Seen != nil {
		for _, role := range s.Seen.Roles {
			if !role.Absent {
				t.add(role.Name, role.ID, true)
			}
		}
	}
	for i := range s.Roles {
		t.add(s.Roles[i].Name, s.Roles[i].ID, true)
	}
	for _, role := range rolemodel.DefaultRoles() {
		t.add(role.Name, role.ID, false)
	}
	return t
}

func (t *tenant) add(name string, id rolemodel.RoleID, custom bool) {
	folded := rolemodel.FoldName(name)
	t.names[folded], t.custom[folded] = name, custom
	if id != "" {
		t.ids[id] = name
	}
}

// role returns the name of the role that a cell names.
func (t *tenant) role(cell string) (string, error) {
	if cell == "" {
		return "", errors.New("there is no role: write its name, or delete the row")
	}
	if name, ok := t.names[rolemodel.FoldName(cell)]; ok {
		return name, nil
	}
	if name, ok := t.ids[rolemodel.RoleID(cell)]; ok { // As our own export has it.
		return name, nil
	}
	return "", fmt.Errorf("%.100q is neither a default role nor a custom role of %s (%s): declare it, or write the role that is meant", cell, t.Tenant.Name, t.Tenant.AccountCode)
}

// rolesIn are the custom roles that the people hold.
func (t *tenant) rolesIn(admins []rolemodel.ObservedAdmin) []rolemodel.ObservedRole {
	var roles []rolemodel.ObservedRole
	for _, admin := range admins {
		known := slices.ContainsFunc(roles, func(r rolemodel.ObservedRole) bool { return r.Name == admin.RoleName })
		if t.custom[rolemodel.FoldName(admin.RoleName)] && !known {
			roles = append(roles, rolemodel.ObservedRole{Name: admin.RoleName})
		}
	}
	return roles
}
