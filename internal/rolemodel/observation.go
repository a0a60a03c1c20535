package rolemodel

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Observation is what people saw at Mimecast for a tenant: what was seen last of
// each person and each custom role.
type Observation struct {
	TenantID AccountCode `json:"tenant_id"`
	// CompleteAt is when somebody last saw all external admins of the tenant, "" for
	// never. Who is not in the observation since was not there.
	CompleteAt Time `json:"complete_at,omitempty"`
	// Admins are by email, Roles by name, without regard to letter case.
	Admins []ObservedAdmin `json:"admins"`
	Roles  []ObservedRole  `json:"roles"`
}

// ObservedAdmin is what was seen of one person in one tenant.
type ObservedAdmin struct {
	Email Email `json:"email"`
	// RoleName is the name of the role that the person held, "" for none: the person was not there.
	RoleName string `json:"role_name"`
	Sighting
}

// ObservedRole is what was seen of one custom role of one tenant.
type ObservedRole struct {
	Name string `json:"name"`
	// ID and Definition are the role of the directory that it was confirmed to be
	// and its RoleDefinition then, "" for a role of which only the name was seen.
	ID         RoleID `json:"id,omitempty"`
	Definition string `json:"definition,omitempty"`
	// Absent says that the role was not there.
	Absent bool `json:"absent,omitempty"`
	Sighting
}

// Sighting says when something was seen at Mimecast, by whom and how.
type Sighting struct {
	At Time `json:"at"`
	// By is the name of the actor who said so.
	By    string `json:"by"`
	Means Means  `json:"means"`
	// Note is what the observer wrote, for example a ticket, or "".
	Note string `json:"note,omitempty"`
}

// Means is how something was observed.
type Means string

// The means.
const (
	// MeansFile is a list that somebody exported or wrote down.
	MeansFile Means = "file"
	// MeansConfirmation is the word of the person who did what was to be done.
	MeansConfirmation Means = "confirmation"
	// MeansAPI is a read that Mimecast publishes.
	MeansAPI Means = "api"
)

// RoleDefinition returns the digest of what a custom role is at Mimecast: its
// name, description, security permission and permissions. The role must be canonical.
func RoleDefinition(role *Role) string {
	encoded, err := json.Marshal([]any{
		role.Name, role.Description, role.SecurityPermission,
		append([]Permission{}, role.ApplicationPermissions...), append([]Permission{}, role.ProtectedPermissions...),
	})
	if err != nil { // Strings and lists of strings cannot fail.
		return ""
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:16])
}

// Admin returns what was seen of the person, nil if nothing.
func (o *Observation) Admin(email Email) *ObservedAdmin {
	i, found := slices.BinarySearchFunc(o.Admins, email, func(a ObservedAdmin, email Email) int { return cmp.Compare(a.Email, email) })
	if !found {
		return nil
	}
	return &o.Admins[i]
}

// Normalise returns what was seen in canonical form, sorted, and a violation for
// everything that is not well-formed, repeated or beyond a limit. Violations of a
// person lie at admins["<email>"] and those of a role at roles["<name>"], as they were given.
func (o Observation) Normalise() (Observation, Violations) {
	var c check
	o.TenantID = field(&c, At("tenant_id"), string(o.TenantID), ParseAccountCode)
	c.add(checkLimit(At("admins"), len(o.Admins), MaxExternalAdmins)...)
	c.add(checkLimit(At("roles"), len(o.Roles), MaxObservedRoles)...)
	if len(c.violations) > 0 {
		o.Admins, o.Roles = nil, nil
		return o, c.violations
	}
	o.Admins, o.Roles = slices.Clone(o.Admins), slices.Clone(o.Roles)
	people, names := map[Email]bool{}, map[string]bool{}
	for i, a := range o.Admins {
		at := At("admins")
		if a.Email != "" {
			at = AtKey("admins", string(a.Email))
		}
		a.Email = field(&c, at, string(a.Email), ParseEmail)
		if a.RoleName != "" {
			a.RoleName = field(&c, At("role_name").Under(at), a.RoleName, ParseName)
		}
		if people[a.Email] && a.Email != "" {
			c.add(violate(OneRole, at, fmt.Sprintf("%q is there more than once.", a.Email), "Keep one of them."))
		}
		people[a.Email] = true
		a.Sighting = Sighting{}
		o.Admins[i] = a
	}
	for i, r := range o.Roles {
		at := At("roles")
		if r.Name != "" {
			at = AtKey("roles", r.Name)
		}
		r.Name = field(&c, at, r.Name, ParseName)
		if r.ID != "" {
			r.ID = field(&c, At("id").Under(at), string(r.ID), parseRoleID)
		}
		if role, ok := DefaultRoleByName(r.Name); ok {
			c.add(violate(DefaultRoleFixed, at, fmt.Sprintf("%q is a default role, which is always there.", role.Name), "Leave it out: only custom roles are observed."))
		}
		if len(r.Definition) > MaxName || r.Definition != "" && r.ID == "" {
			c.add(violate(WellFormed, At("definition").Under(at), "A definition belongs to a role of the directory.", "Leave it out, or give it with the role's ID as it was confirmed."))
		}
		if names[FoldName(r.Name)] && r.Name != "" {
			c.add(violate(RoleNameUnique, at, fmt.Sprintf("%q is there more than once.", r.Name), "Keep one of them."))
		}
		names[FoldName(r.Name)] = true
		r.Sighting = Sighting{}
		o.Roles[i] = r
	}
	slices.SortFunc(o.Admins, func(a, b ObservedAdmin) int { return cmp.Compare(a.Email, b.Email) })
	slices.SortFunc(o.Roles, func(a, b ObservedRole) int { return cmp.Compare(FoldName(a.Name), FoldName(b.Name)) })
	return o, c.violations
}

// NormaliseSighting returns how something was seen in canonical form.
func NormaliseSighting(s Sighting) (Sighting, Violations) {
	var c check
	s.Means = field(&c, At("means"), string(s.Means), func(means string) (Means, error) {
		return oneOf("a means", means, []Means{MeansFile, MeansConfirmation, MeansAPI})
	})
	s.Note = field(&c, At("note"), s.Note, ParseNote)
	return s, c.violations
}

// With returns the observation after something else was seen, which must be
// canonical: what it names replaces what was known of that. A complete one also
// ends what was known of all people whom it does not name. Where somebody has seen
// everybody once, whoever is not there is left out.
func (o Observation) With(seen Observation, complete bool, s Sighting) Observation {
	admins := map[Email]ObservedAdmin{}
	if complete {
		o.CompleteAt = s.At
	} else {
		for _, a := range o.Admins {
			admins[a.Email] = a
		}
	}
	for _, a := range seen.Admins {
		a.Sighting = s
		admins[a.Email] = a
		if a.RoleName == "" && o.CompleteAt != "" {
			delete(admins, a.Email)
		}
	}
	roles := map[string]ObservedRole{}
	for _, r := range o.Roles {
		// A role that is seen under a new name has the former one no longer.
		renamed := slices.ContainsFunc(seen.Roles, func(now ObservedRole) bool { return now.ID != "" && now.ID == r.ID })
		if !renamed {
			roles[FoldName(r.Name)] = r
		}
	}
	for _, r := range seen.Roles {
		r.Sighting = s
		// Whoever sees a name says nothing of what it was confirmed to be.
		if before := roles[FoldName(r.Name)]; r.ID == "" && !r.Absent && !before.Absent {
			r.ID, r.Definition = before.ID, before.Definition
		}
		roles[FoldName(r.Name)] = r
	}
	o.Admins, o.Roles = []ObservedAdmin{}, []ObservedRole{}
	for _, email := range slices.Sorted(maps.Keys(admins)) {
		o.Admins = append(o.Admins, admins[email])
	}
	for _, name := range slices.Sorted(maps.Keys(roles)) {
		o.Roles = append(o.Roles, roles[name])
	}
	return o
}

// DecideObservation decides whether the actor may say what was seen for the
// tenant, whose partner is nil if it has none. All that is known of the tenant then is after.
func DecideObservation(actor *Actor, tenant *Tenant, partner *Partner, after *Observation) Violations {
	vs := mayActFor(mayManage(nil, actor), actor, tenant, partner)
	vs = append(vs, checkLimit(At("admins"), len(after.Admins), MaxExternalAdmins)...)
	return append(vs, checkLimit(At("roles"), len(after.Roles), MaxObservedRoles)...)
}
