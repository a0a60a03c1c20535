package worklist

import (
	"cmp"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Comparison is a tenant's state with what was seen of its external admins held
// against what is declared.
type Comparison struct {
	*State
	// Confirmed says, by address, of those who were last seen with the very role
	// that is declared, when and by whom.
	Confirmed map[rolemodel.Email]rolemodel.Sighting
	// Undeclared are those who were last seen there and are not declared, by address.
	Undeclared []UndeclaredPerson
}

// UndeclaredPerson is somebody who is there without being declared.
type UndeclaredPerson struct {
	rolemodel.ObservedAdmin
	// RoleID is the role that has the name, "" if that is not known.
	RoleID rolemodel.RoleID
}

// Compare returns a comparison of each state, by the tenant's name and account code.
func Compare(states []State) []Comparison {
	views := newViews(states)
	all := make([]Comparison, len(views))
	for i, v := range views {
		c := Comparison{State: v.State, Confirmed: map[rolemodel.Email]rolemodel.Sighting{}}
		for email, seen := range v.admins {
			switch grant := v.grants[email]; {
			case seen.RoleName == "":
			case grant == nil:
				c.Undeclared = append(c.Undeclared, UndeclaredPerson{seen, v.names.is(seen.RoleName)})
			case v.names.is(seen.RoleName) == grant.RoleID:
				c.Confirmed[email] = seen.Sighting
			}
		}
		slices.SortFunc(c.Undeclared, func(a, b UndeclaredPerson) int { return cmp.Compare(a.Email, b.Email) })
		all[i] = c
	}
	return all
}
