package decide_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// grants are external admins as they are asked for: address and role by turns.
func grants(of ...string) []rolemodel.ExternalAdmin {
	var all []rolemodel.ExternalAdmin
	for pair := range slices.Chunk(of, 2) {
		all = append(all, rolemodel.ExternalAdmin{Email: rolemodel.Email(pair[0]), RoleID: rolemodel.RoleID(pair[1])})
	}
	return all
}

func TestNormalise(t *testing.T) {
	const (
		notEmail  = `"x" is not an email address: write one like "anna@example.com", without a name or spaces.`
		noRole    = `No role is given: write the ID of a default role, for example "basic-admin", or of a custom role.`
		notTenant = `"?" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000".`
	)
	many := make([]rolemodel.ExternalAdmin, rolemodel.MaxExternalAdmins+1)
	for i := range many {
		many[i] = rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("p%d@a.example", i)), RoleID: "basic-admin"}
	}
	for _, tt := range []struct {
		name   string
		tenant rolemodel.AccountCode
		given  []rolemodel.ExternalAdmin
		want   string   // addresses and roles; "nil" where nothing more can be said
		broken []string // rule, path and problem
	}{
		{"nobody", "c1", nil, "", nil},
		{"canonical and sorted", "c1", grants("Ben@B.example", "reviewer", "anna@bücher.example", "Mail Auditor"), "anna@xn--bcher-kva.example Mail Auditor, ben@b.example reviewer", nil},
		{"a malformed address among others", "C1", grants("x", "basic-admin", "ben@b.example", ""), "ben@b.example ", []string{
			`well-formed admins["x"] ` + notEmail, `well-formed admins["ben@b.example"].role_id ` + noRole,
		}},
		{"both malformed", "C1", grants("x", ""), "", []string{`well-formed admins["x"] ` + notEmail, `well-formed admins["x"].role_id ` + noRole}},
		{"a default role's name", "C1", grants("Ben@b.example", "Help Desk Administrator"), "ben@b.example ", []string{
			`well-formed admins["Ben@b.example"].role_id "Help Desk Administrator" is the name of a default role, not its ID: write "help-desk-admin".`,
		}},
		{"an address twice with the same role", "C1", grants("ben@b.example", "reviewer", "x", "reviewer", "Ben@b.example", "reviewer"), "ben@b.example reviewer", []string{
			`well-formed admins["x"] ` + notEmail, `one-role admins["Ben@b.example"] "ben@b.example", "Ben@b.example" are the same address "ben@b.example".`,
		}},
		{"an address three times with several roles", "C1", grants("ben@b.example", "reviewer", "BEN@b.example", "basic-admin", "Ben@b.example", "reviewer"), "ben@b.example ", []string{
			`one-role admins["BEN@b.example"] "ben@b.example", "BEN@b.example", "Ben@b.example" are the same address "ben@b.example".`,
		}},
		{"a malformed tenant", "?", grants("x", "basic-admin", "ben@b.example", "", "BEN@b.example", "reviewer"), "nil", []string{
			`well-formed tenant_id ` + notTenant, `well-formed admins["x"] ` + notEmail, `well-formed admins["ben@b.example"].role_id ` + noRole,
			`one-role admins["BEN@b.example"] "ben@b.example", "BEN@b.example" are the same address "ben@b.example".`,
		}},
		{"as many as there may be", "C1", many[1:], "1000", nil},
		{"too many", "C1", many, "nil", []string{`within-limits admins Tenant "C1" would have 1001 external admins, and 1000 is the most.`}},
		{"too many in a malformed tenant", "?", many, "nil", []string{`well-formed tenant_id ` + notTenant, `within-limits admins The tenant would have 1001 external admins, and 1000 is the most.`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			canonical, vs := decide.Normalise(tt.tenant, tt.given)
			var got, broken []string
			for _, a := range canonical {
				got = append(got, fmt.Sprintf("%s %s", a.Email, a.RoleID))
				if a.TenantID != "C1" {
					t.Errorf("%s is in %q", a.Email, a.TenantID)
				}
			}
			text := strings.Join(got, ", ")
			switch {
			case canonical == nil && len(vs) > 0:
				text = "nil"
			case len(canonical) > 10:
				text = fmt.Sprint(len(canonical))
			}
			for _, v := range vs {
				broken = append(broken, fmt.Sprintf("%s %s %s", v.Rule, v.Path, v.Problem))
			}
			if text != tt.want || !slices.Equal(broken, tt.broken) {
				t.Errorf("got  %q\nwant %q\nbroken %q\nwant   %q", text, tt.want, broken, tt.broken)
			}
		})
	}
}

// Whatever is repeated or malformed, everything that is wrong with an entry is
// told, and each well-formed address is among the result once.
func TestNormaliseTellsAll(t *testing.T) {
	emails := map[string]rolemodel.Email{"a@a.example": "a@a.example", "A@A.EXAMPLE": "a@a.example", "b@bücher.example": "b@xn--bcher-kva.example", "c@c.example": "c@c.example", "": "", "x": "", "d\u200b@a.example": ""}
	roles := map[rolemodel.RoleID]bool{"basic-admin": true, "auditor": true, "Mail Auditor": true, "": false, "Reviewer": false, "audi\u200btor": false}
	rapid.Check(t, func(t *rapid.T) {
		var given []rolemodel.ExternalAdmin
		wanted, roleOf, keys, bad := map[rolemodel.Email]int{}, map[rolemodel.Email]map[rolemodel.RoleID]bool{}, map[string]int{}, 0
		for range rapid.IntRange(0, 8).Draw(t, "how many") {
			email := rapid.SampledFrom([]string{"a@a.example", "A@A.EXAMPLE", "b@bücher.example", "c@c.example", "", "x", "d\u200b@a.example"}).Draw(t, "email")
			role := rapid.SampledFrom([]rolemodel.RoleID{"basic-admin", "auditor", "Mail Auditor", "", "Reviewer", "audi\u200btor"}).Draw(t, "role")
			given = append(given, rolemodel.ExternalAdmin{Email: rolemodel.Email(email), RoleID: role})
			if canonical := emails[email]; canonical == "" {
				bad++
			} else {
				if roleOf[canonical] == nil {
					roleOf[canonical] = map[rolemodel.RoleID]bool{}
				}
				wanted[canonical]++
				known := role
				if !roles[role] {
					known = ""
				}
				roleOf[canonical][known] = true
			}
			if !roles[role] {
				keys[email]++
			}
		}
		canonical, vs := decide.Normalise("C1", given)
		if !slices.IsSortedFunc(canonical, func(a, b rolemodel.ExternalAdmin) int { return strings.Compare(string(a.Email), string(b.Email)) }) || len(canonical) != len(wanted) {
			t.Fatalf("%v of %v", canonical, wanted)
		}
		for _, a := range canonical {
			of := roleOf[a.Email]
			if wanted[a.Email] == 0 || len(of) == 1 && !of[a.RoleID] || len(of) > 1 && a.RoleID != "" {
				t.Fatalf("%+v of roles %v", a, of)
			}
		}
		repeated := 0
		for _, n := range wanted {
			if n > 1 {
				repeated++
			}
		}
		for _, v := range vs {
			switch last := v.Path[len(v.Path)-1]; {
			case v.Rule == rolemodel.OneRole:
				repeated--
			case last.Attribute == "role_id":
				keys[v.Path[1].Key]--
			default:
				bad--
			}
		}
		for key, n := range keys {
			if n != 0 {
				t.Fatalf("%d more malformed roles at %q than are told: %v", n, key, vs)
			}
		}
		if repeated != 0 || bad != 0 {
			t.Fatalf("%d repeated and %d malformed addresses more than are told: %v", repeated, bad, vs)
		}
	})
}
