package rolemodel

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// RoleIDFor returns the ID that a custom role of this name gets when it is
// created, for example "directory-team-administrator". It depends on the name
// alone, without regard to letter case, so that a plan knows it.
//
// A name of Latin letters without marks, digits and single spaces is
// readable as it is. Any other name loses something on the way, so that two
// names could meet: its ID ends in eight hexadecimal digits of the name's
// SHA-256, as does one that would be a default role's ID. Modelled.
func RoleIDFor(name string) RoleID {
	folded := FoldName(name)
	var b strings.Builder
	exact, gap := true, false
	for _, r := range folded {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r == ' ':
			exact = exact && !gap
			gap = true
		default:
			exact, gap = false, true
		}
	}
	const longest = 64
	id := b.String()
	if _, taken := DefaultRole(RoleID(id)); exact && !taken && id != "" && len(id) <= longest {
		return RoleID(id)
	}
	sum := sha256.Sum256([]byte(folded))
	if len(id) > longest {
		id = strings.TrimRight(id[:longest], "-")
	}
	if id == "" {
		id = "role"
	}
	return RoleID(id + "-" + hex.EncodeToString(sum[:4]))
}
