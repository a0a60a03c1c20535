package rolemodel

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// Observation is what somebody saw at Mimecast for a tenant, all that is known
// of it: what was seen last of each person and each custom role.
type Observation struct {
	TenantID AccountCode `json:"tenant_id"`
	// CompleteAt is when somebody last saw all external admins of the tenant, so
	// that who is not in the observation was not there, "" for never.
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
	encoded, err := json.Marshal([]any{role.Name, role.Description, role.SecurityPermission, role.ApplicationPermissions, role.ProtectedPermissions})
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
