package worklist

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

var idEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// idOf returns the ID of what the parts mean together.
func idOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return strings.ToLower(idEncoding.EncodeToString(sum[:8]))[:12]
}

// identify gives the item its ID. What is there now is not part of it: a person
// is to be removed, or to hold a role, whatever they hold before. Whether
// somebody who has to go was ever declared is not part of it either.
func (i *Item) identify(definition string) {
	kind, to := i.Kind, definition
	switch i.Kind {
	case UndeclaredAdmin:
		kind = RemoveAdmin
	case AddAdmin, ChangeAdminRole:
		to = string(i.RoleID)
	case CreateRole, EditRole, RemoveAdmin, DeleteRole, NeverObserved:
	}
	about := string(i.Person)
	if about == "" {
		about = string(i.RoleID)
	}
	i.ID = idOf(string(kind), string(i.TenantID), about, to)
}
