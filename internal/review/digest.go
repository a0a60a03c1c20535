package review

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// form is the name of the canonical form, and its first line.
const form = "mimecast access review 1"

// Canonical returns the text that the digest is of: a line for each of these,
// sorted byte by byte, after a first line with the name of the form. Each line is
// a JSON array without spaces, all of whose elements are strings, and ends with a line feed.
//
//	["grant","TENANT","EMAIL","ROLE ID","ROLE DEFINITION","REASON","EXPIRES AT"]
//	["tenant","TENANT"]
//	["undeclared","TENANT","EMAIL","ROLE NAME AT MIMECAST"]
//
// A custom role's definition is rolemodel.RoleDefinition, that of a default role
// is "". Of a review of one person there are the lines of that person, and of the tenants where they
// are. Nothing in it passes with time: an expired grant has the line that it had before.
func Canonical(subject Subject, states []worklist.State) []byte {
	return canonicalOf(subject, worklist.Compare(states))
}

func canonicalOf(subject Subject, comparisons []worklist.Comparison) []byte {
	var lines [][]byte
	for i := range comparisons {
		for _, line := range canonical(subject, &comparisons[i]) {
			lines = append(lines, encode(line))
		}
	}
	slices.SortFunc(lines, bytes.Compare)
	return append([]byte(form+"\n"), bytes.Join(lines, nil)...)
}

// Digest returns the SHA-256 of the canonical form in hexadecimal. It does not
// depend on the order of the states, or of what is in them.
func Digest(subject Subject, states []worklist.State) string {
	return digestOf(Canonical(subject, states))
}

func digestOf(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

func canonical(subject Subject, c *worklist.Comparison) [][]string {
	tenant := string(c.Tenant.AccountCode)
	var lines [][]string
	definitions := definitionsOf(c.State)
	for i := range c.Admins {
		if grant := &c.Admins[i]; subject.covers(grant.Email) {
			lines = append(lines, []string{"grant", tenant, string(grant.Email), string(grant.RoleID), definitions[grant.RoleID], grant.Reason, string(grant.ExpiresAt)})
		}
	}
	for _, person := range c.Undeclared {
		if subject.covers(person.Email) {
			lines = append(lines, []string{"undeclared", tenant, string(person.Email), person.RoleName})
		}
	}
	if subject.Person == "" || len(lines) > 0 {
		lines = append(lines, []string{"tenant", tenant})
	}
	return lines
}

// covers says whether the subject has somebody of a tenant of its own in it.
func (s *Subject) covers(email rolemodel.Email) bool { return s.Person == "" || s.Person == email }

// definitionsOf returns the definitions of a tenant's custom roles.
func definitionsOf(s *worklist.State) map[rolemodel.RoleID]string {
	definitions := make(map[rolemodel.RoleID]string, len(s.Roles))
	for i := range s.Roles {
		definitions[s.Roles[i].ID] = rolemodel.RoleDefinition(&s.Roles[i])
	}
	return definitions
}

func encode(line []string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(line) // Strings cannot fail, and a buffer takes all.
	return b.Bytes()
}
