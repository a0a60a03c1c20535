package rolemodel

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

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

// nearestOf returns the choice one of whose spellings is most like s. What is
// missing in s weighs less than what is wrong: people abbreviate.
func nearestOf[T any](s string, choices []T, spellings func(T) []string) T {
	s = FoldName(s[:min(len(s), MaxName)])
	params := levenshtein.NewParams().InsCost(1).DelCost(2).SubCost(3)
	distance := func(choice T) int {
		least := math.MaxInt
		for _, spelling := range spellings(choice) {
			least = min(least, levenshtein.Distance(s, FoldName(spelling), params))
		}
		return least
	}
	return slices.MinFunc(choices, func(a, b T) int { return distance(a) - distance(b) })
}

// meant returns the role whose ID or name, or the beginning of it, is written as
// s but for slips and whatever is no letter or digit, if no other is as near.
func meant(s string, roles []Role) (Role, bool) {
	const shortest, slip = 3, 4 // One slip in so many characters is still the same word.
	written := letters(s)
	var nearest Role
	least, next := math.MaxInt, math.MaxInt
	for _, r := range roles {
		near := math.MaxInt
		for _, spelling := range [][]rune{letters(string(r.ID)), letters(r.Name)} {
			beginning := string(spelling[:min(len(spelling), len(written))])
			near = min(near, levenshtein.Distance(string(written), beginning, nil))
		}
		if near < least {
			nearest, least, next = r, near, least
		} else {
			next = min(next, near)
		}
	}
	return nearest, len(written) >= shortest && least <= len(written)/slip && least < next
}

// letters returns the letters and digits at the beginning of s, without regard to letter case.
func letters(s string) []rune {
	return slices.DeleteFunc([]rune(FoldName(s[:min(len(s), MaxName)])), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
