package rolemodel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// ParseDefaultRole returns the default role with the ID. The error names the
// one that was probably meant.
func ParseDefaultRole(id string) (Role, error) {
	if role, ok := DefaultRole(RoleID(id)); ok {
		return role, nil
	}
	if role, ok := DefaultRoleByName(id); ok {
		return Role{}, fmt.Errorf("%s is the name of a default role, not its ID: write %q", quote(id), role.ID)
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

// nearestOf returns the choice one of whose spellings is most like s. What is
// missing in s weighs less than what is wrong: people abbreviate.
func nearestOf[T any](s string, choices []T, spellings func(T) []string) T {
	s = FoldName(s[:min(len(s), MaxName)])
	params := levenshtein.NewParams().InsCost(1).DelCost(2).SubCost(3)
	distance := func(choice T) int {
		least := -1
		for _, spelling := range spellings(choice) {
			if d := levenshtein.Distance(s, FoldName(spelling), params); least < 0 || d < least {
				least = d
			}
		}
		return least
	}
	return slices.MinFunc(choices, func(a, b T) int { return distance(a) - distance(b) })
}
