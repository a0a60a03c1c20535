package rolemodel_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// The hashes are the first eight hexadecimal digits of the SHA-256 of the name in
// lower case, as other tools compute it. IDs are stored and written into
// configurations, so they never change.
func TestRoleIDFor(t *testing.T) {
	x64 := strings.Repeat("x", 64)
	for name, want := range map[string]rolemodel.RoleID{
		"Directory Team Administrator": "directory-team-administrator",
		"DIRECTORY team administrator": "directory-team-administrator",
		"Tier 2":                       "tier-2",
		"deadbeef":                     "deadbeef",
		x64:                            rolemodel.RoleID(x64),

		// Names that lose something on the way.
		"Tier  2":                      "tier-2-af038819",
		"Tier-2":                       "tier-2-035cf8cf",
		"TIER 2!":                      "tier-2-145ec50d",
		"Überprüfung":                  "berpr-fung-66c73816",
		"U\u0308BERPRU\u0308FUNG":      "berpr-fung-66c73816",
		x64 + "x":                      rolemodel.RoleID(x64 + "-9537c5fd"),
		x64 + "y":                      rolemodel.RoleID(x64 + "-96a61e9b"),
		strings.Repeat("x", 63) + " y": rolemodel.RoleID(x64[:63] + "-1da39ad5"),
		"管理者":                          "role-c6be1213",
		"&":                            "role-951dcee3",

		// Names like a default role's ID, and like an ID with digits of its own.
		"Basic Admin":     "basic-admin-f9f19062",
		"Help Desk Admin": "help-desk-admin-3b57775a",
		"Reviewer":        "reviewer-2d70999a",
		"Role 20260101":   "role-20260101-10af93c4",
		"Tier 2 af038819": "tier-2-af038819-4335c864",
	} {
		if got := rolemodel.RoleIDFor(name); got != want {
			t.Errorf("%q gets %q, want %q", name, got, want)
		}
	}
}

func TestRoleIDWellFormed(t *testing.T) {
	for id, want := range map[rolemodel.RoleID]bool{
		"help-desk-admin": true, "tier-2-af038819": true, "x": true, "2": true,
		"": false, "-": false, "a-": false, "-a": false, "a--b": false, "Tier": false, "tier 2": false, "tier-2\n": false, "ä": false, "a/b": false, "..": false,
	} {
		if got := id.WellFormed(); got != want {
			t.Errorf("%q is well-formed: %t", id, got)
		}
	}
}

// What RoleIDFor promises of one name.
func checkRoleID(t interface{ Errorf(string, ...any) }, name string) rolemodel.RoleID {
	id := rolemodel.RoleIDFor(name)
	if !id.WellFormed() || len(id) > 64+1+8 {
		t.Errorf("%q gets %q, which no role can have", name, id)
	}
	if _, taken := rolemodel.DefaultRole(id); taken {
		t.Errorf("%q gets the ID %q of a default role", name, id)
	}
	if again := rolemodel.RoleIDFor(name); again != id {
		t.Errorf("%q gets %q, and then %q", name, id, again)
	}
	if folded := rolemodel.RoleIDFor(rolemodel.FoldName(name)); folded != id {
		t.Errorf("%q gets %q, and %q in lower case", name, id, folded)
	}
	admin, vs := rolemodel.ExternalAdmin{TenantID: "C1", Email: "anna@example.com", RoleID: id}.Normalise()
	if len(vs) > 0 || admin.RoleID != id {
		t.Errorf("%q gets %q, which a grant cannot have: %q %v", name, id, admin.RoleID, vs)
	}
	return id
}

var latin = regexp.MustCompile(`^[a-z0-9]+( [a-z0-9]+)*$`)

func TestRoleIDsAreDistinct(t *testing.T) {
	name := rapid.OneOf(spelled, rapid.StringMatching(`(Tier|tier|TIER|Rolle|Basic|Help Desk)( |  |-|_)(2|3|Admin|af038819|Ü)!?`))
	rapid.Check(t, func(t *rapid.T) {
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		of, other := checkRoleID(t, a), checkRoleID(t, b)
		if same := rolemodel.FoldName(a) == rolemodel.FoldName(b); same != (of == other) {
			t.Fatalf("%q gets %q, %q gets %q", a, of, b, other)
		}
		// A role whose name is another role's ID is another role.
		if again := checkRoleID(t, string(of)); again == of && rolemodel.FoldName(a) != string(of) {
			t.Fatalf("a role named %q gets the ID of %q", of, a)
		}
		if folded := rolemodel.FoldName(a); latin.MatchString(folded) && len(folded) <= 64 && !strings.HasPrefix(string(of), strings.ReplaceAll(folded, " ", "-")) {
			t.Fatalf("the ID %q of %q is not its name", of, a)
		}
	})
}

func FuzzRoleIDFor(f *testing.F) {
	for _, name := range []string{"Tier 2", "Tier  2", "Basic Admin", "管理者", "", " ", "\xff", "\u212a", "İ", strings.Repeat("x", 65)} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) { checkRoleID(t, name) })
}
