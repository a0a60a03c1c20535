package rolemodel

import (
	"cmp"
	"fmt"
	"slices"
)

// Said is an observation as it was said, with what it ended of what was known
// before, so that it can be taken back.
type Said struct {
	Complete bool
	Admins   []ObservedAdmin
	Roles    []ObservedRole
	// Ended is what Observation.EndedBy returned.
	Ended Observation
}

// EndedBy returns the part of the observation that With ends or replaces.
func (o Observation) EndedBy(seen Observation, complete bool) Observation {
	said := Said{Complete: complete, Admins: seen.Admins, Roles: seen.Roles}
	o.Admins = slices.DeleteFunc(slices.Clone(o.Admins), func(a ObservedAdmin) bool { return !complete && !said.names(a.Email) })
	o.Roles = slices.DeleteFunc(slices.Clone(o.Roles), func(r ObservedRole) bool { return !said.namesRole(r) })
	return o
}

// Without returns the observation as if it had never been said. Nothing newer may touch it.
func (o Observation) Without(said *Said) Observation {
	admins := slices.DeleteFunc(slices.Clone(o.Admins), func(a ObservedAdmin) bool { return said.names(a.Email) })
	roles := slices.DeleteFunc(slices.Clone(o.Roles), said.namesRole)
	o.Admins, o.Roles = append(admins, said.Ended.Admins...), append(roles, said.Ended.Roles...)
	slices.SortFunc(o.Admins, func(a, b ObservedAdmin) int { return cmp.Compare(a.Email, b.Email) })
	slices.SortFunc(o.Roles, func(a, b ObservedRole) int { return cmp.Compare(FoldName(a.Name), FoldName(b.Name)) })
	if said.Complete {
		o.CompleteAt = said.Ended.CompleteAt
	}
	return o
}

// Reversed returns what is seen again once what was said is taken back, and what
// that ends of what is known.
func (s *Said) Reversed(known *Observation) (seen, ended Observation) {
	ended = known.EndedBy(Observation{Admins: s.Admins, Roles: s.Roles}, false)
	seen = Observation{TenantID: known.TenantID, Admins: slices.Clone(s.Ended.Admins), Roles: slices.Clone(s.Ended.Roles)}
	for _, a := range s.Admins {
		if s.Ended.Admin(a.Email) == nil {
			seen.Admins = append(seen.Admins, ObservedAdmin{Email: a.Email})
		}
	}
	return seen, ended
}

// Touched returns what a later observation says of the same, in a few words, "" for nothing.
func (s *Said) Touched(later *Said) string {
	if later.Complete && (s.Complete || len(s.Admins) > 0) {
		return "all external admins were looked at"
	}
	for _, a := range later.Admins {
		// Who is not there is left out of what is complete, and would be lost with that.
		if s.names(a.Email) || s.Ended.Admin(a.Email) != nil || s.Complete && a.RoleName == "" {
			return fmt.Sprintf("%s was seen", a.Email)
		}
	}
	for _, r := range later.Roles {
		if s.namesRole(r) || slices.ContainsFunc(s.Ended.Roles, func(ended ObservedRole) bool { return sameRole(ended, r) }) {
			return fmt.Sprintf("the role %q was seen", r.Name)
		}
	}
	return ""
}

func (s *Said) names(email Email) bool {
	return slices.ContainsFunc(s.Admins, func(a ObservedAdmin) bool { return a.Email == email })
}

func (s *Said) namesRole(role ObservedRole) bool {
	return slices.ContainsFunc(s.Roles, func(r ObservedRole) bool { return sameRole(r, role) })
}

// sameRole says whether two lines are about one role: of one name, or confirmed to be the same.
func sameRole(a, b ObservedRole) bool {
	return a.ID != "" && a.ID == b.ID || FoldName(a.Name) == FoldName(b.Name)
}

// DecideTakenBack decides whether what was said may be taken back: only the last
// word about a line is. newer says who saw what since, "" for nobody.
func DecideTakenBack(newer string) Violations {
	if newer == "" {
		return nil
	}
	return Violations{violate(LastWord, At("takes_back"), newer)}
}
