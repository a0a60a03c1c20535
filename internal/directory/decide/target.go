package decide

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Target returns the grants, by address, that a tenant that holds some is to have
// after a replacement whose admins are the wanted ones, canonical and without
// repetition. A creation that meets a grant that it cannot adopt is a violation.
func Target(c *directory.Replace, held, wanted []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, rolemodel.Violations) {
	target, asked, seen := byEmail(held), byEmail(wanted), byEmail(c.Seen)
	var vs rolemodel.Violations
	for _, h := range held {
		w, keeps := asked[h.Email]
		if c.Action == directory.ActionCreate && keeps && (c.As == "" || w.RoleID != "" && !w.Same(&h)) {
			taken := rolemodel.OneRoleViolation(h)
			taken.Path = rolemodel.AtKey("admins", string(h.Email))
			taken.Advice = fmt.Sprintf("Write role_id = %q to take the grant over as it is, and change it in another apply; or import all external admins of the tenant, whose import ID is %q.", h.RoleID, h.TenantID)
			vs = append(vs, taken)
		}
		s, shown := seen[h.Email]
		if !keeps && removes(c, &h, shown, s.Declaration) {
			delete(target, h.Email)
		}
	}
	if c.Action != directory.ActionDelete && len(vs) == 0 {
		maps.Copy(target, asked)
	}
	return slices.SortedFunc(maps.Values(target), func(a, b rolemodel.ExternalAdmin) int { return cmp.Compare(a.Email, b.Email) }), vs
}

// removes says whether a replacement removes a grant that it does not keep, which
// the plan has shown or not, with the declaration seen.
func removes(c *directory.Replace, held *rolemodel.ExternalAdmin, shown bool, seen rolemodel.Declaration) bool {
	switch {
	case c.Action == directory.ActionCreate:
		return false
	case c.As == "" && c.Seen == nil:
		return true
	case c.As != "" && held.Declaration == c.As:
		return true
	case held.Declaration == "":
		return shown || c.Action == directory.ActionUpdate
	}
	// Another one's: removed if the plan showed it so, unless it is only to go with the map.
	return c.Action == directory.ActionUpdate && (c.As == "" || shown && seen == held.Declaration)
}

func byEmail(admins []rolemodel.ExternalAdmin) map[rolemodel.Email]rolemodel.ExternalAdmin {
	all := make(map[rolemodel.Email]rolemodel.ExternalAdmin, len(admins))
	for _, a := range admins {
		all[a.Email] = a
	}
	return all
}
