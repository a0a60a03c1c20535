package rolemodel_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// fuzzParser checks what every parser promises: no panic, a canonical form that
// stays as it is and is never empty, or else an error in one sentence that says
// what to write instead.
func fuzzParser(f *testing.F, name string, seeds ...string) {
	for _, s := range append(seeds, "", " ", "\x00", "\xff", "ß", "İ", "a\u0308", "\u202e", "|", "@", "%s") {
		f.Add(s)
	}
	parse := parsers[name]
	f.Fuzz(func(t *testing.T, in string) {
		once, err := parse(in)
		if err != nil {
			if once != "" {
				t.Errorf("%q: %q and an error", in, once)
			}
			checkSentence(t, err)
			return
		}
		if once == "" || !utf8.ValidString(once) {
			t.Errorf("%q: canonical form %q", in, once)
		}
		if twice, err := parse(once); err != nil || twice != once {
			t.Errorf("%q: once %q, twice %q, %v", in, once, twice, err)
		}
	})
}

func checkSentence(t *testing.T, err error) {
	t.Helper()
	if !oneSentence.MatchString(err.Error()) || !utf8.ValidString(err.Error()) || len(err.Error()) > 1500 {
		t.Errorf("the error is not a sentence of the form \"what is wrong: write ...\": %q", err)
	}
	if p := rolemodel.NotWellFormed(rolemodel.WellFormed, nil, err).Problem; p[len(p)-1] != '.' {
		t.Errorf("the problem is not a sentence: %q", p)
	}
}

func FuzzParseAccountCode(f *testing.F) {
	fuzzParser(f, "account code", "CUSA00A000", "cusa00a000", "C", "Cſ")
}

func FuzzParseDomain(f *testing.F) {
	fuzzParser(f, "domain", "example.com", "Example.COM.", "bücher.example", "xn--bcher-kva.example", "例え。テスト", "192.0.2.1", "a..b", "xn--.a", "ab--cd.example", "faß.de", "א.example")
}

func FuzzParseEmail(f *testing.F) {
	fuzzParser(f, "email", "anna@example.com", "Anna <anna@example.com>", `"a b"@example.com`, "JÜRGEN@bücher.example", "a@b@c.example", "g:a@b.example;", "a\\@b@c.example", "=?utf-8?q?a?=@b.example")
}

func FuzzParseTime(f *testing.F) {
	fuzzParser(f, "time", "2027-01-31T18:00:00Z", "2027-01-31T18:00:00.5+02:00", "2027-02-30T00:00:00Z", "9999-12-31T23:59:59-23:59", "2027-01-31t18:00:00z", "2027-01-31T18:00:60Z")
}

func FuzzParsePrefix(f *testing.F) {
	fuzzParser(f, "prefix", "192.0.2.0/24", "2001:db8::/32", "::ffff:192.0.2.0/120", "::ffff:0:0/96", "fe80::1%eth0", "fe80::%eth0/64", "0.0.0.0/0", "192.0.2.1", "192.0.2.5/24", "::/0")
}

func FuzzParseName(f *testing.F) {
	fuzzParser(f, "name", "Contoso Ltd.", " a", "a\u00a0", "می\u200cخواهم", "a\u2028b")
}

func FuzzParsePermission(f *testing.F) {
	for _, l := range rolemodel.Catalogue() {
		f.Add(string(l.Permission))
	}
	fuzzParser(f, "permission", "directories|groups|EDIT", "a|b", "a||b", "a | ſ | Kelvin K")
}

func FuzzParseRegion(f *testing.F) { fuzzParser(f, "region", "us", "US", "uk\n") }

func FuzzParseProgram(f *testing.F) { fuzzParser(f, "program", "msp", "reseller", "MSP") }

func FuzzParseSecurityPermission(f *testing.F) {
	fuzzParser(f, "security permission", "cannot_manage_roles", "manage_synchronization_engine_sites")
}

func FuzzParseEntrance(f *testing.F) {
	fuzzParser(f, "entrance", "partner_portal", "administration_console")
}

func FuzzParseSourceIP(f *testing.F) {
	fuzzParser(f, "source IP", "192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "fe80::1%eth0", "::ffff:1.2.3.4%x", "1.2.3")
}

// FuzzNearest checks what people get who wrote something else than the ID of a
// role or a capability: one that there is, in a short message.
func FuzzNearest(f *testing.F) {
	for _, s := range []string{"helpdesk", "Help Desk Administrator", "reviewer", "Auditor", "\xff", "", "ü", "%s", "tier-2-admin"} {
		f.Add(s)
	}
	roles := append(rolemodel.DefaultRoles(), *customRole("Auditor", rolemodel.CannotManageRoles), *customRole("Prüfer", rolemodel.CannotManageRoles))
	f.Fuzz(func(t *testing.T, in string) {
		if _, ok := rolemodel.DefaultRole(rolemodel.NearestDefaultRole(in).ID); !ok {
			t.Errorf("the default role nearest to %q is none", in)
		}
		if role, err := rolemodel.ParseDefaultRole(in); err != nil {
			checkSentence(t, err)
		} else if string(role.ID) != in {
			t.Errorf("%q is the ID %q", in, role.ID)
		}
		if _, err := rolemodel.ParseCapability(in); err != nil {
			checkSentence(t, err)
		}
		v := rolemodel.RoleOfTenantViolation("C1", rolemodel.RoleID(in), roles)
		if !utf8.ValidString(v.Problem+v.Advice) || len(v.Problem) > 800 || !slices.ContainsFunc(roles, func(r rolemodel.Role) bool {
			return strings.Contains(v.Advice, string(r.ID)) || strings.Contains(v.Advice, r.Name)
		}) {
			t.Errorf("%q: %s %s", in, v.Problem, v.Advice)
		}
	})
}

func FuzzFoldName(f *testing.F) {
	for _, s := range []string{"Help Desk", "BU\u0308RO", "İ", "ͅΑ", "ΑΣ", "\u1e9e", "\u0345", "\xff", "ᾼ\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		once := rolemodel.FoldName(in)
		if twice := rolemodel.FoldName(once); twice != once {
			t.Errorf("%q: once %q, twice %q", in, once, twice)
		}
	})
}

// FuzzInitialAdminEmail checks that a client of whatever name has an initial
// administrator with a well-formed address in its primary domain.
func FuzzInitialAdminEmail(f *testing.F) {
	f.Add("Contoso", "CUSA00A000", "contoso.example")
	f.Add("株式会社", "C1", "例え.テスト")
	f.Fuzz(func(t *testing.T, name, code, domain string) {
		c, errCode := rolemodel.ParseAccountCode(code)
		d, errDomain := rolemodel.ParseDomain(domain)
		if errCode != nil || errDomain != nil {
			return
		}
		email := rolemodel.InitialAdminEmail(name, c, d)
		if canonical, err := rolemodel.ParseEmail(string(email)); err != nil || canonical != email || email.Domain() != d {
			t.Errorf("%q, %q, %q: %q is not canonical: %q, %v", name, c, d, email, canonical, err)
		}
	})
}

// FuzzNormaliseExternalAdmin checks the role ID and description, which have no
// Parse function of their own, through the entities that hold them.
func FuzzNormaliseExternalAdmin(f *testing.F) {
	f.Add("C1", "anna@example.com", "basic-admin", "text")
	f.Add("", "", "", "a\x00")
	f.Fuzz(func(t *testing.T, tenant, email, role, description string) {
		a, vs := rolemodel.ExternalAdmin{TenantID: rolemodel.AccountCode(tenant), Email: rolemodel.Email(email), RoleID: rolemodel.RoleID(role)}.Normalise()
		if again, ws := a.Normalise(); len(vs) == 0 && (len(ws) > 0 || again != a) {
			t.Errorf("once %+v, twice %+v %v", a, again, ws)
		}
		r, ws := rolemodel.Role{TenantID: "C1", Name: "n", Description: description, SecurityPermission: rolemodel.CannotManageRoles}.Normalise()
		if len(ws) == 0 && (r.Description != description || !utf8.ValidString(description)) {
			t.Errorf("description %q became %q", description, r.Description)
		}
		for _, v := range append(vs, ws...) {
			if v.Problem == "" || v.Problem[len(v.Problem)-1] != '.' || v.Advice == "" || v.Path.String() == "" {
				t.Errorf("%+v", v)
			}
		}
	})
}
