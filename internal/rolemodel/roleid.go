package rolemodel

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// The form of a custom role's ID: words with hyphens between them. A readable
// part that is longer than maxReadable is cut, and hashed says that an ID ends
// like one that has a hash.
var (
	roleID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	hashed = regexp.MustCompile(`-[0-9a-f]{8}$`)
)

const maxReadable = 64

// RoleIDFor returns the ID that a custom role of this name gets when it is
// created, for example "directory-team-administrator". It depends on the name
// alone, without regard to letter case, so that a plan knows it.
//
// A name of Latin letters without marks, digits and single spaces is readable as
// it is, up to 64 characters. Any other name loses something on the way, so that
// two names could meet: its ID ends in eight hexadecimal digits of the name's
// SHA-256. So does one that would be a default role's ID, or could be another
// name's with such digits; and where nothing readable is left it is "role-" and
// the digits. Modelled.
func RoleIDFor(name string) RoleID {
	folded := FoldName(name)
	id := strings.Join(strings.FieldsFunc(folded, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
	_, taken := DefaultRole(RoleID(id))
	if strings.ReplaceAll(id, "-", " ") == folded && id != "" && len(id) <= maxReadable && !taken && !hashed.MatchString(id) {
		return RoleID(id)
	}
	id = strings.TrimRight(id[:min(len(id), maxReadable)], "-")
	if id == "" {
		id = "role"
	}
	sum := sha256.Sum256([]byte(folded))
	return RoleID(id + "-" + hex.EncodeToString(sum[:4]))
}

// WellFormed says whether a role can have the ID. One that is not well-formed is
// perhaps the name of a role.
func (id RoleID) WellFormed() bool { return roleID.MatchString(string(id)) }
