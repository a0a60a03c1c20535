package rolemodel

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein"
)

// ParseDefaultRole returns the default role with the ID. The error names the
// one that was probably meant.
func ParseDefaultRole(id string) (Role, error) {
	if role, ok := DefaultRole(RoleID(id)); ok {
		return role, nil
	}
	if role, ok := DefaultRoleByName(id); ok {
		return Role{}, nameNotID(id, role)
	}
	var ids []RoleID
	for _, r := range builtIn() {
		ids = append(ids, r.ID)
	}
	return Role{}, oneOfNearest("the ID of a default role", id, ids, NearestDefaultRole(id).ID)
}

// NearestDefaultRole returns the default role whose ID or name is spelled most like s.
func NearestDefaultRole(s string) Role {
	return copied(nearestOf(s, builtIn(), func(r Role) []string { return []string{string(r.ID), r.Name} }))
}

// ParseCapability checks a capability. The error names the one that was probably meant.
func ParseCapability(s string) (Capability, error) {
	if slices.Contains(Capabilities(), Capability(s)) {
		return Capability(s), nil
	}
	nearest := nearestOf(s, Capabilities(), func(c Capability) []string { return []string{string(c)} })
	return "", oneOfNearest("a capability", s, Capabilities(), nearest)
}

func oneOfNearest[T ~string](what, s string, choices []T, nearest T) error {
	return fmt.Errorf("%s is not %s: write %q if that is meant, or one of %s", quote(s), what, nearest, strings.Join(quoteAll(choices), ", "))
}

// nearestOf returns the choice one of whose spellings is most like s.
func nearestOf[T any](s string, choices []T, spellings func(T) []string) T {
	distance := func(choice T) int { return distance(s, spellings(choice)) }
	return slices.MinFunc(choices, func(a, b T) int { return distance(a) - distance(b) })
}

// meant returns the role whose ID or name is written as s, but for slips and
// abbreviations, if there is one and no other is nearly as much like it.
func meant(s string, roles []Role) (Role, bool) {
	const (
		slips  = 5 // Short ones are mostly abbreviated: "full" is "full-admin", and "none" is nothing.
		margin = 2
	)
	most := utf8.RuneCountInString(s) + slips
	nearest, least, next := -1, most+1, math.MaxInt
	for i, r := range roles {
		if d := distance(s, []string{string(r.ID), r.Name}); d < least {
			nearest, least, next = i, d, least
		} else {
			next = min(next, d)
		}
	}
	if nearest < 0 || next < least+margin {
		return Role{}, false
	}
	return roles[nearest], true
}

// distance says how unlike s the most similar spelling is. What is missing in s
// weighs less than what is wrong: people abbreviate.
func distance(s string, spellings []string) int {
	params := levenshtein.NewParams().InsCost(1).DelCost(2).SubCost(3)
	s = FoldName(s[:min(len(s), MaxName)])
	least := math.MaxInt
	for _, spelling := range spellings {
		least = min(least, levenshtein.Distance(s, FoldName(spelling), params))
	}
	return least
}
