package rolemodel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/agext/levenshtein"
	"golang.org/x/text/unicode/norm"
)

// Permission is an application or protected permission as Mimecast's
// documentation writes it, "Area | Item | Level", in catalogue spelling.
type Permission string

// PermissionKind tells the two sets of permissions apart.
type PermissionKind string

// The kinds of permissions that a custom role lists.
const (
	ApplicationPermission PermissionKind = "application"
	ProtectedPermission   PermissionKind = "protected"
)

// ListedPermission is a permission of the built-in catalogue.
type ListedPermission struct {
	Permission Permission     `json:"permission"`
	Kind       PermissionKind `json:"kind"`
}

// catalogueByMeaning finds a listed permission by its folded spelling. It is never written to.
var catalogueByMeaning = sync.OnceValue(func() map[string]ListedPermission {
	listed := map[string]ListedPermission{}
	for _, l := range Catalogue() {
		listed[l.Permission.folded()] = l
	}
	return listed
})

// ParsePermission returns the canonical form of a permission: the catalogue's
// spelling where it is listed, one space on each side of "|" otherwise. Spacing
// and letter case do not matter. Whether a permission is listed is a rule,
// known-permission, and not checked here. A permission has two or more parts,
// and at most MaxName characters.
func ParsePermission(s string) (Permission, error) {
	parts := strings.Split(norm.NFC.String(s), "|")
	for i, part := range parts {
		parts[i] = strings.Join(strings.Fields(part), " ")
	}
	p := Permission(strings.Join(parts, " | "))
	if err := cmp.Or(checkVisible("", string(p)), checkLength("permission", s, utf8.RuneCountInString(string(p)), characters, MaxName)); err != nil {
		return "", err
	}
	if len(parts) < 2 || slices.Contains(parts, "") || !utf8.ValidString(s) {
		return "", fmt.Errorf("%s is not a permission: write \"Area | Item | Level\", for example \"Directories | Groups | Edit\"", quote(s))
	}
	if listed, ok := catalogueByMeaning()[p.folded()]; ok {
		return listed.Permission, nil
	}
	return p, nil
}

// folded is the form under which permissions compare.
func (p Permission) folded() string { return FoldName(string(p)) }

// Includes says whether holding p implies holding other: p is other, whatever
// its letter case, or p is the Edit level of the item of which other is the
// Read level. Both must be canonical.
func (p Permission) Includes(other Permission) bool {
	return p == other || p.folded() == other.folded() || p.folded() == other.editLevel()
}

// editLevel returns the folded permission that includes p, or "" if p is not a Read level.
func (p Permission) editLevel() string {
	item, isRead := strings.CutSuffix(p.folded(), " | read")
	if !isRead {
		return ""
	}
	return item + " | edit"
}

// ReducePermissions returns the permissions sorted, without duplicates and
// without those that another one includes. It is the form in which sets compare.
func ReducePermissions(ps []Permission) []Permission {
	sorted := slices.Clone(ps)
	slices.Sort(sorted)
	given := make(map[string]bool, len(sorted))
	for _, p := range sorted {
		given[p.folded()] = true
	}
	reduced := make([]Permission, 0, len(sorted))
	taken := make(map[string]bool, len(sorted))
	for _, p := range sorted {
		folded := p.folded()
		if !taken[folded] && !given[p.editLevel()] {
			reduced = append(reduced, p)
		}
		taken[folded] = true
	}
	return reduced
}

// CarriesProtected says whether a role with these permissions, canonical ones,
// carries protected permissions. What is not in the catalogue counts as protected.
func CarriesProtected(application, protected []Permission) bool {
	return len(protected) > 0 || len(unlisted(application)) > 0
}

// unlisted returns the permissions that are not in the catalogue.
func unlisted(ps []Permission) []Permission {
	return slices.DeleteFunc(slices.Clone(ps), func(p Permission) bool {
		_, ok := catalogueByMeaning()[p.folded()]
		return ok
	})
}

// checkPermissions returns a violation for every permission that is not in the
// catalogue or is in the other set. The permissions must be canonical.
func checkPermissions(kind PermissionKind, path Path, ps []Permission, allowUnlisted bool) Violations {
	var vs Violations
	for _, p := range ps {
		listed, ok := catalogueByMeaning()[p.folded()]
		switch {
		case ok && listed.Kind != kind:
			vs = append(vs, violate(KnownPermission, path,
				fmt.Sprintf("%q is one of the catalogue's %s permissions, not of its %s permissions.", p, listed.Kind, kind),
				fmt.Sprintf("Move it to %s_permissions.", listed.Kind)))
		case !ok && !allowUnlisted:
			vs = append(vs, violate(KnownPermission, path,
				fmt.Sprintf("%q is not in the catalogue of %s permissions.", p, kind),
				fmt.Sprintf("%s, or set allow_unlisted_permissions = true: the published list is incomplete.", nearest(kind, p))))
		}
	}
	return vs
}

// nearest says which listed permissions of a kind are spelled most like p, at most three.
func nearest(kind PermissionKind, p Permission) string {
	type candidate struct {
		Permission
		distance int
	}
	var candidates []candidate
	folded := p.folded()
	for _, l := range Catalogue() {
		if l.Kind == kind {
			d := levenshtein.Distance(l.Permission.folded(), folded, nil)
			candidates = append(candidates, candidate{l.Permission, d})
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return a.distance - b.distance })
	near := candidates[:min(3, len(candidates))]
	quoted := make([]string, len(near))
	for i, c := range near {
		quoted[i] = fmt.Sprintf("%q", c.Permission)
	}
	if len(quoted) == 1 {
		return fmt.Sprintf("The only known one is %s. Write it", quoted[0])
	}
	return fmt.Sprintf("The nearest known ones are %s. Write one of them", strings.Join(quoted, ", "))
}
