package rolemodel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
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

// ParsePermission returns the canonical form of a permission: the catalogue's
// spelling where it is listed, one space on each side of "|" otherwise. Spacing
// and letter case do not matter. Whether a permission is listed is a rule,
// known-permission, and not checked here.
func ParsePermission(s string) (Permission, error) {
	parts := strings.Split(s, "|")
	for i, part := range parts {
		parts[i] = strings.Join(strings.Fields(part), " ")
		if parts[i] == "" || len(parts) < 2 || len(s) > 300 {
			return "", fmt.Errorf("%q is not a permission: write \"Area | Item | Level\", for example \"Directories | Groups | Edit\"", s)
		}
	}
	p := Permission(strings.Join(parts, " | "))
	if name, err := ParseName(string(p)); err != nil {
		return "", fmt.Errorf("%q is not a permission: %w", name, err)
	}
	for _, listed := range Catalogue() {
		if strings.EqualFold(string(listed.Permission), string(p)) {
			return listed.Permission, nil
		}
	}
	return p, nil
}

// Includes says whether holding p implies holding other: p is other, or p is
// the Edit level of the item of which other is the Read level.
func (p Permission) Includes(other Permission) bool {
	if strings.EqualFold(string(p), string(other)) {
		return true
	}
	item, level := p.cut()
	otherItem, otherLevel := other.cut()
	return strings.EqualFold(item, otherItem) && strings.EqualFold(level, "Edit") && strings.EqualFold(otherLevel, "Read")
}

// cut splits a permission into what comes before its last "|" and its level.
func (p Permission) cut() (item, level string) {
	i := strings.LastIndex(string(p), " | ")
	if i < 0 {
		return string(p), ""
	}
	return string(p[:i]), string(p[i+len(" | "):])
}

// ReducePermissions returns the permissions sorted, without duplicates and
// without those that another one includes. It is the form in which sets compare.
func ReducePermissions(ps []Permission) []Permission {
	sorted := slices.Clone(ps)
	slices.Sort(sorted)
	reduced := make([]Permission, 0, len(sorted))
	for i, p := range sorted {
		included := slices.ContainsFunc(sorted, func(q Permission) bool { return !strings.EqualFold(string(q), string(p)) && q.Includes(p) })
		repeated := slices.ContainsFunc(sorted[:i], func(q Permission) bool { return strings.EqualFold(string(q), string(p)) })
		if !included && !repeated {
			reduced = append(reduced, p)
		}
	}
	return reduced
}

// checkPermissions returns a violation for every permission that is not in the
// catalogue or is in the other set. The permissions must be canonical.
func checkPermissions(kind PermissionKind, path Path, ps []Permission, allowUnlisted bool) Violations {
	var vs Violations
	catalogue := Catalogue()
	for _, p := range ps {
		i := slices.IndexFunc(catalogue, func(l ListedPermission) bool { return l.Permission == p })
		switch {
		case i >= 0 && catalogue[i].Kind != kind:
			vs = append(vs, violate(KnownPermission, path,
				fmt.Sprintf("%q is in the catalogue's %s permissions, not in its %s permissions.", p, catalogue[i].Kind, kind),
				fmt.Sprintf("Move it to %s_permissions.", catalogue[i].Kind)))
		case i < 0 && !allowUnlisted:
			vs = append(vs, violate(KnownPermission, path,
				fmt.Sprintf("%q is not in the catalogue of %s permissions.", p, kind),
				fmt.Sprintf("The nearest known ones are %s. Write one of them, or set allow_unlisted_permissions = true: the published list is incomplete.", nearest(kind, p))))
		}
	}
	return vs
}

// nearest returns the three listed permissions of a kind that are spelled most like p.
func nearest(kind PermissionKind, p Permission) string {
	type candidate struct {
		Permission
		distance int
	}
	var candidates []candidate
	for _, l := range Catalogue() {
		if l.Kind == kind {
			d := levenshtein.Distance(strings.ToLower(string(l.Permission)), strings.ToLower(string(p)), nil)
			candidates = append(candidates, candidate{l.Permission, d})
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return a.distance - b.distance })
	var quoted []string
	for _, c := range candidates[:min(3, len(candidates))] {
		quoted = append(quoted, fmt.Sprintf("%q", c.Permission))
	}
	return strings.Join(quoted, ", ")
}
