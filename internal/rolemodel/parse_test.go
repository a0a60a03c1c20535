package rolemodel_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// parsers are all Parse functions in one shape.
var parsers = map[string]func(string) (string, error){
	"account code":        text(rolemodel.ParseAccountCode),
	"domain":              text(rolemodel.ParseDomain),
	"email":               text(rolemodel.ParseEmail),
	"prefix":              func(s string) (string, error) { p, err := rolemodel.ParsePrefix(s); return orEmpty(p, err), err },
	"name":                text(rolemodel.ParseName),
	"permission":          text(rolemodel.ParsePermission),
	"time":                text(rolemodel.ParseTime),
	"region":              text(rolemodel.ParseRegion),
	"program":             text(rolemodel.ParseProgram),
	"security permission": text(rolemodel.ParseSecurityPermission),
	"entrance":            text(rolemodel.ParseEntrance),
	"source IP":           rolemodel.ParseSourceIP,
}

func text[T ~string](parse func(string) (T, error)) func(string) (string, error) {
	return func(s string) (string, error) {
		t, err := parse(s)
		return string(t), err
	}
}

func orEmpty(v fmt.Stringer, err error) string {
	if err != nil {
		return ""
	}
	return v.String()
}

func TestParse(t *testing.T) {
	long := strings.Repeat("a", 250)
	tests := []struct{ parser, in, want, problem string }{
		{"account code", "CUSA00A000", "CUSA00A000", ""},
		{"account code", "cusa00a000", "CUSA00A000", ""},
		{"account code", "C1", "C1", ""},
		{"account code", "C" + strings.Repeat("9", 31), "C" + strings.Repeat("9", 31), ""},
		{"account code", "C" + strings.Repeat("9", 32), "", `The account code "C99999999999999999999999999999999" has 33 characters: write at most 32.`},
		{"account code", "", "", `"" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000".`},
		{"account code", "USA00A000", "", `"USA00A000" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000".`},
		{"account code", "Cuſa", "", `"Cuſa" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000".`},
		{"account code", "CUSA00A000\n", "", `"CUSA00A000\n" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000".`},

		{"domain", "Example.COM", "example.com", ""},
		{"domain", "example.com.", "example.com", ""},
		{"domain", "bücher.example", "xn--bcher-kva.example", ""},
		{"domain", "BÜCHER.example", "xn--bcher-kva.example", ""},
		{"domain", "bu\u0308cher.example", "xn--bcher-kva.example", ""},
		{"domain", "xn--bcher-kva.example", "xn--bcher-kva.example", ""},
		{"domain", "例え。テスト", "xn--r8jz45g.xn--zckzah", ""},
		{"domain", "example", "", `"example" is not a mail domain: write one with a dot and a top-level domain, like "example.com".`},
		{"domain", "192.0.2.1", "", `"192.0.2.1" is not a mail domain: write one with a dot and a top-level domain, like "example.com".`},
		{"domain", "", "", `"" is not a domain: write one like "example.com".`},
		{"domain", ".", "", `"." is not a domain: write one like "example.com".`},
		{"domain", "example..com", "", `"example..com" is not a domain: write one like "example.com".`},
		{"domain", "exa mple.com", "", `"exa mple.com" is not a domain: write one like "example.com".`},
		{"domain", "exa_mple.com", "", `"exa_mple.com" is not a domain: write one like "example.com".`},
		{"domain", "-example.com", "", `"-example.com" is not a domain: write one like "example.com".`},
		{"domain", "@example.com", "", `"@example.com" is not a domain: write one like "example.com".`},
		{"domain", "xn--a.example", "", `"xn--a.example" is not a domain: write one like "example.com".`},
		{"domain", strings.Repeat("a", 64) + ".com", "", `"` + strings.Repeat("a", 64) + `.com" is not a domain: write one like "example.com".`},
		{"domain", long + ".com", "", `The domain "` + long[:100] + `" (shortened) has 254 bytes: write at most 252.`},

		{"email", "Anna@Example.COM", "anna@example.com", ""},
		{"email", "anna+msp.o'hara@example.com", "anna+msp.o'hara@example.com", ""},
		{"email", "JÜRGEN@BÜCHER.example", "jürgen@xn--bcher-kva.example", ""},
		{"email", "ju\u0308rgen@example.com", "jürgen@example.com", ""},
		{"email", "anna", "", `"anna" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", "@example.com", "", `"@example.com" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", "", "", `"" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", "Anna <anna@example.com>", "", `"Anna <anna@example.com>" is not an email address, since "example.com>" is not a mail domain: write one like "anna@example.com".`},
		{"email", `"anna b"@example.com`, "", `"\"anna b\"@example.com" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", " anna@example.com", "", `" anna@example.com" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", "anna@example.com ", "", `"anna@example.com " is not an email address, since "example.com " is not a mail domain: write one like "anna@example.com".`},
		{"email", "a..b@example.com", "", `"a..b@example.com" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", "a@b@example.com", "", `"a@b@example.com" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", "anna(work)@example.com", "", `"anna(work)@example.com" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", "anna@example", "", `"anna@example" is not an email address, since "example" is not a mail domain: write one like "anna@example.com".`},
		{"email", "an\u202ena@example.com", "", `"an\u202ena@example.com" contains U+202E, which cannot be seen: write it without.`},
		{"email", "an\u00a0na@example.com", "", `"an\u00a0na@example.com" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", "an\xffna@example.com", "", `"an\xffna@example.com" is not an email address: write one like "anna@example.com", without a name or spaces.`},
		{"email", strings.Repeat("a", 65) + "@example.com", "", `The address "` + strings.Repeat("a", 65) + `@example.com" has 65 bytes before the "@": write at most 64.`},

		{"prefix", "192.0.2.0/24", "192.0.2.0/24", ""},
		{"prefix", "2001:DB8:0::/32", "2001:db8::/32", ""},
		{"prefix", "::ffff:192.0.2.0/120", "192.0.2.0/24", ""},
		{"prefix", "0.0.0.0/0", "0.0.0.0/0", ""},
		{"prefix", "192.0.2.1", "", `"192.0.2.1" is an address, not a range: write "192.0.2.1/32" for this one address.`},
		{"prefix", "2001:db8::1", "", `"2001:db8::1" is an address, not a range: write "2001:db8::1/128" for this one address.`},
		{"prefix", "::ffff:192.0.2.1", "", `"::ffff:192.0.2.1" is an address, not a range: write "192.0.2.1/32" for this one address.`},
		{"prefix", "fe80::1%eth0", "", `"fe80::1%eth0" is an address, not a range: write "fe80::1/128" for this one address.`},
		{"prefix", "192.0.2.5/24", "", `"192.0.2.5/24" has bits set after the first 24: write "192.0.2.0/24" for the whole range or "192.0.2.5/32" for one address.`},
		{"prefix", "::ffff:192.0.2.0/90", "", `"::ffff:192.0.2.0/90" covers more than the IPv4 addresses that it is written with: write an IPv4 range like "192.0.2.0/24".`},
		{"prefix", "192.0.2.0/33", "", `"192.0.2.0/33" is not an IP range: write it in CIDR notation, for example "192.0.2.0/24" or "2001:db8::/32".`},
		{"prefix", "192.0.2.0-192.0.2.9", "", `"192.0.2.0-192.0.2.9" is not an IP range: write it in CIDR notation, for example "192.0.2.0/24" or "2001:db8::/32".`},
		{"prefix", "", "", `"" is not an IP range: write it in CIDR notation, for example "192.0.2.0/24" or "2001:db8::/32".`},

		{"name", "Contoso Ltd.", "Contoso Ltd.", ""},
		{"name", "Żółć & Söhne 🙂", "Żółć & Söhne 🙂", ""},
		{"name", "می\u200cخواهم", "", `The name "می\u200cخواهم" contains U+200C, which cannot be seen: write it without.`},
		{"name", "می\u200dخواهم", "", `The name "می\u200dخواهم" contains U+200D, which cannot be seen: write it without.`},
		{"email", "an\u200dna@example.com", "", `"an\u200dna@example.com" contains U+200D, which cannot be seen: write it without.`},
		{"domain", "exa\u00admple.com", "", `"exa\u00admple.com" contains U+00AD, which cannot be seen: write it without.`},
		{"name", strings.Repeat("ü", 200), strings.Repeat("ü", 200), ""},
		{"name", strings.Repeat("ü", 201), "", `The name has 201 characters: write at most 200.`},
		{"name", "", "", `The name is empty: write a name.`},
		{"name", " \t", "", `The name is empty: write a name.`},
		{"name", "Contoso ", "", `The name "Contoso " begins or ends with a space: write "Contoso".`},
		{"name", "Con\ntoso", "", `The name "Con\ntoso" contains U+000A, which cannot be seen: write it without.`},
		{"name", "Con\u202etoso", "", `The name "Con\u202etoso" contains U+202E, which cannot be seen: write it without.`},
		{"name", "Con\xfftoso", "", `The name "Con\xfftoso" is not UTF-8: write printable characters only.`},

		{"permission", "Directories | Groups | Edit", "Directories | Groups | Edit", ""},
		{"permission", "directories|GROUPS  |\tedit", "Directories | Groups | Edit", ""},
		{"permission", "security events and data retrieval|threat and security events (siem)|read", "Security Events and Data Retrieval | Threat and Security Events (SIEM) | Read", ""},
		{"permission", "My  Area|Item|do it", "My Area | Item | do it", ""},
		{"permission", "Directories", "", `"Directories" is not a permission: write "Area | Item | Level", for example "Directories | Groups | Edit".`},
		{"permission", "Directories | | Edit", "", `"Directories | | Edit" is not a permission: write "Area | Item | Level", for example "Directories | Groups | Edit".`},
		{"permission", "Directories.Groups.Edit", "", `"Directories.Groups.Edit" is not a permission: write "Area | Item | Level", for example "Directories | Groups | Edit".`},
		{"permission", "", "", `"" is not a permission: write "Area | Item | Level", for example "Directories | Groups | Edit".`},
		{"permission", long + " | Edit", "", `The permission "` + long[:100] + `" (shortened) has 257 characters: write at most 200.`},

		{"time", "2027-01-31T18:00:00Z", "2027-01-31T18:00:00Z", ""},
		{"time", "2027-01-31T18:00:00.999+02:00", "2027-01-31T16:00:00Z", ""},
		{"time", "2027-01-31", "", `"2027-01-31" is not a time: write it as RFC 3339 has it, for example "2027-01-31T18:00:00Z".`},
		{"time", "0000-01-01T00:00:00Z", "", `"0000-01-01T00:00:00Z" is not a time: write it as RFC 3339 has it, for example "2027-01-31T18:00:00Z".`},
		{"time", "9999-12-31T23:59:59-01:00", "", `"9999-12-31T23:59:59-01:00" is not a time: write it as RFC 3339 has it, for example "2027-01-31T18:00:00Z".`},
		{"time", "", "", `"" is not a time: write it as RFC 3339 has it, for example "2027-01-31T18:00:00Z".`},

		{"region", "us", "us", ""},
		{"region", "US", "", `"US" is not a region: write it as Mimecast's API does, in lower-case letters, for example "us", "uk" or "de".`},
		{"region", "u", "", `"u" is not a region: write it as Mimecast's API does, in lower-case letters, for example "us", "uk" or "de".`},
		{"program", "msp", "msp", ""},
		{"program", "reseller", "reseller", ""},
		{"program", "MSP", "", `"MSP" is not a program: write one of "msp", "reseller".`},
		{"security permission", "manage_application_roles", "manage_application_roles", ""},
		{"security permission", "manage_synchronization_engine_sites", "", `"manage_synchronization_engine_sites" is not a security permission: write one of "cannot_manage_roles", "manage_application_roles", "manage_application_and_protected_roles".`},
		{"entrance", "partner_portal", "partner_portal", ""},
		{"source IP", "192.0.2.1", "192.0.2.1", ""},
		{"source IP", "::ffff:192.0.2.1", "192.0.2.1", ""},
		{"source IP", "2001:DB8:0::1", "2001:db8::1", ""},
		{"source IP", "fe80::1%eth0", "", `"fe80::1%eth0" is not an IP address: write one like "192.0.2.1" or "2001:db8::1".`},
		{"source IP", "192.0.2.0/24", "", `"192.0.2.0/24" is not an IP address: write one like "192.0.2.1" or "2001:db8::1".`},
		{"entrance", "", "", `"" is not an entrance: write one of "partner_portal", "administration_console".`},
	}
	for _, tt := range tests {
		t.Run(tt.parser+"/"+tt.in, func(t *testing.T) {
			got, err := parsers[tt.parser](tt.in)
			var problem string
			if err != nil {
				problem = rolemodel.NotWellFormed(rolemodel.WellFormed, nil, err).Problem
			}
			if got != tt.want || problem != tt.problem {
				t.Errorf("got  %q, %s\nwant %q, %s", got, problem, tt.want, tt.problem)
			}
		})
	}
}

// oneSentence is the form of a parser's error: what is wrong, ": write", what to write instead.
var oneSentence = regexp.MustCompile(`^[^\n]*: write [^\n]*[^.\s]$`)

func TestNotWellFormed(t *testing.T) {
	_, err := rolemodel.ParsePrefix("192.0.2.1")
	v := rolemodel.NotWellFormed(rolemodel.IPRange, rolemodel.At("admin_ip_ranges"), err)
	if v.Rule != rolemodel.IPRange || v.Path.String() != "admin_ip_ranges" ||
		v.Advice != `Write the range in CIDR notation, for example "192.0.2.0/24" or "2001:db8::/32".` {
		t.Errorf("got %+v", v)
	}
}

func TestFoldName(t *testing.T) {
	same := [][2]string{{"Help Desk", "HELP DESK"}, {"Büro", "BU\u0308RO"}, {"Ελλάς", "Ελλάς"}}
	for _, p := range same {
		if rolemodel.FoldName(p[0]) != rolemodel.FoldName(p[1]) {
			t.Errorf("%q and %q are different names", p[0], p[1])
		}
	}
	if rolemodel.FoldName("Help Desk") == rolemodel.FoldName("Helpdesk") {
		t.Error("spaces do not matter in a name")
	}
}

func TestInitialAdminEmail(t *testing.T) {
	long := rolemodel.Domain(strings.Repeat("a.", 124) + "com")
	for _, tt := range []struct {
		name   string
		domain rolemodel.Domain
		want   rolemodel.Email
	}{
		{"clientname", "clientdomain.com", "msp_clientname@clientdomain.com"}, // seed 000's example
		{"Contoso Ltd. (UK) 2", "contoso.example", "msp_contosoltduk2@contoso.example"},
		{"株式会社", "xn--r8jz45g.xn--zckzah", "msp_cusa00a000@xn--r8jz45g.xn--zckzah"},
		{strings.Repeat("x", 200), "contoso.example", rolemodel.Email("msp_" + strings.Repeat("x", 60) + "@contoso.example")},
		{"Contoso", long, "ms@" + rolemodel.Email(long)},
	} {
		got := rolemodel.InitialAdminEmail(tt.name, "CUSA00A000", tt.domain)
		if got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.name, got, tt.want)
		}
		if canonical, err := rolemodel.ParseEmail(string(got)); err != nil || canonical != got {
			t.Errorf("%q: %q is not canonical: %q, %v", tt.name, got, canonical, err)
		}
	}
}

func TestPermissionIncludes(t *testing.T) {
	for _, tt := range []struct {
		p, other rolemodel.Permission
		want     bool
	}{
		{"Gateway | Policies | Edit", "Gateway | Policies | Read", true},
		{"Gateway | Policies | Edit", "Gateway | Policies | Edit", true},
		{"Gateway | Policies | edit", "gateway | policies | READ", true},
		{"Gateway | Policies | Read", "Gateway | Policies | Edit", false},
		{"Gateway | Policies | Edit", "Gateway | Tracking | Read", false},
		{"Directories | Internal | Edit", "Directories | Internal | Purge Address", false},
		{"Archive | Read", "Archive | Search | Read", false},
		{"Integrations Marketplace | Write", "Integrations Marketplace | Read", false},
	} {
		if got := tt.p.Includes(tt.other); got != tt.want {
			t.Errorf("%q includes %q: %t", tt.p, tt.other, got)
		}
	}
	got := rolemodel.ReducePermissions([]rolemodel.Permission{"X | Y | z", "Gateway | Policies | Read", "Gateway | Policies | Edit", "x | y | Z", "Gateway | Policies | Edit"})
	if want := "[Gateway | Policies | Edit X | Y | z]"; fmt.Sprint(got) != want {
		t.Errorf("reduced to %v, want %v", got, want)
	}
	if rolemodel.ReducePermissions(nil) == nil {
		t.Error("no permissions are nil, which is null in JSON")
	}
}

func TestNormalise(t *testing.T) {
	prefix := netip.MustParsePrefix
	partner, vs := rolemodel.Partner{
		AccountCode: "cusa00a000", Name: "MSP", Program: "msp", Domains: []rolemodel.Domain{"Z.example", "a.example", "z.example."},
		AdminIPRanges: []netip.Prefix{prefix("2001:db8::/32"), prefix("::ffff:192.0.2.0/120"), prefix("192.0.2.0/24")},
	}.Normalise()
	if got := fmt.Sprintf("%+v %v", partner, vs); got !=
		"{AccountCode:CUSA00A000 Name:MSP Program:msp PartnerPortal:false Domains:[a.example z.example] AdminIPRanges:[192.0.2.0/24 2001:db8::/32] Retired:false Declaration: Revision:0} " {
		t.Errorf("partner %s", got)
	}
	_, vs = rolemodel.Partner{AccountCode: "x", Program: "y", AdminIPRanges: []netip.Prefix{{}, netip.PrefixFrom(netip.MustParseAddr("192.0.2.5"), 24)}}.Normalise()
	checkViolations(t, vs, []rolemodel.Violation{
		{Rule: "well-formed", Path: rolemodel.At("account_code"), Problem: `"x" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000".`, Advice: "Correct the value."},
		{Rule: "well-formed", Path: rolemodel.At("name"), Problem: "The name is empty: write a name.", Advice: "Correct the value."},
		{Rule: "well-formed", Path: rolemodel.At("program"), Problem: `"y" is not a program: write one of "msp", "reseller".`, Advice: "Correct the value."},
		{Rule: "well-formed", Path: rolemodel.At("domains"), Problem: "A partner has at least one domain.", Advice: "Write the domains that the partner's staff log in with."},
		{Rule: "ip-range", Path: rolemodel.At("admin_ip_ranges"), Problem: `"invalid Prefix" is not an IP range: write it in CIDR notation, for example "192.0.2.0/24" or "2001:db8::/32".`, Advice: ruleAdvice(t, "ip-range")},
		{Rule: "ip-range", Path: rolemodel.At("admin_ip_ranges"), Problem: `"192.0.2.5/24" has bits set after the first 24: write "192.0.2.0/24" for the whole range or "192.0.2.5/32" for one address.`, Advice: ruleAdvice(t, "ip-range")},
	})

	tenant, vs := rolemodel.Tenant{Name: "Contoso", PrimaryDomain: "Contoso.example", PartnerID: "cmsp1"}.Normalise()
	if len(vs) > 0 || fmt.Sprint(tenant.InternalDomains) != "[contoso.example]" || tenant.PartnerID != "CMSP1" || tenant.AccountCode != "" {
		t.Errorf("tenant %+v %v", tenant, vs)
	}
	tenant, vs = rolemodel.Tenant{PrimaryDomain: "contoso.example", Region: "US", PartnerID: "p", InternalDomains: []rolemodel.Domain{"other.example"}}.Normalise()
	if tenant.PartnerID != rolemodel.NotYetKnown { // It has a partner, and which one is not known.
		t.Errorf("the partner is %q", tenant.PartnerID)
	}
	checkViolations(t, vs, []rolemodel.Violation{
		{Rule: "well-formed", Path: rolemodel.At("name"), Problem: "The name is empty: write a name.", Advice: "Correct the value."},
		{Rule: "well-formed", Path: rolemodel.At("region"), Problem: `"US" is not a region: write it as Mimecast's API does, in lower-case letters, for example "us", "uk" or "de".`, Advice: "Correct the value."},
		{Rule: "well-formed", Path: rolemodel.At("internal_domains"), Problem: `The internal domains lack the primary domain "contoso.example".`, Advice: `Add "contoso.example", or leave internal_domains out if the primary domain is the only one.`},
		{Rule: "well-formed", Path: rolemodel.At("partner_id"), Problem: `"p" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000".`, Advice: "Correct the value."},
	})

	role, vs := rolemodel.Role{
		TenantID: "c1", Name: "Auditor Admin", Description: "Reads.\nWrites nothing.", SecurityPermission: "cannot_manage_roles", DefinitionProtected: true,
		ApplicationPermissions: []rolemodel.Permission{"gateway|policies|read", "Account|Logs|Read", "gateway|policies|edit"},
		ProtectedPermissions:   []rolemodel.Permission{"archive | search content view"},
	}.Normalise()
	if len(vs) > 0 || role.DefinitionProtected || !role.CarriesProtected || role.TenantID != "C1" ||
		fmt.Sprint(role.ApplicationPermissions) != "[Account | Logs | Read Gateway | Policies | Edit]" {
		t.Errorf("role %+v %v", role, vs)
	}
	_, vs = rolemodel.Role{TenantID: "c1", Name: "n", SecurityPermission: "all", Description: "a\x00b", ApplicationPermissions: []rolemodel.Permission{"x"}}.Normalise()
	checkViolations(t, vs, []rolemodel.Violation{
		{Rule: "well-formed", Path: rolemodel.At("description"), Problem: "The description has a control character or is not UTF-8: write printable characters and line breaks only.", Advice: "Correct the value."},
		{Rule: "well-formed", Path: rolemodel.At("security_permission"), Problem: `"all" is not a security permission: write one of "cannot_manage_roles", "manage_application_roles", "manage_application_and_protected_roles".`, Advice: "Correct the value."},
		{Rule: "well-formed", Path: rolemodel.At("application_permissions"), Problem: `"x" is not a permission: write "Area | Item | Level", for example "Directories | Groups | Edit".`, Advice: "Correct the value."},
	})

	_, vs = rolemodel.ExternalAdmin{TenantID: "C1", Email: "anna@example.com"}.Normalise()
	checkViolations(t, vs, []rolemodel.Violation{
		{Rule: "well-formed", Path: rolemodel.At("role_id"), Problem: `No role is given: write the ID of a default role, for example "basic-admin", or of a custom role.`, Advice: "Correct the value."},
	})
	// A name is perhaps that of a custom role, which the directory knows.
	for id, problem := range map[rolemodel.RoleID]string{
		"basic-admin": "", "none": "", "Mail Auditor": "", "reviewer": "", rolemodel.RoleID(strings.Repeat("ü", rolemodel.MaxName)): "",
		"Help Desk Administrator": `"Help Desk Administrator" is the name of a default role, not its ID: write "help-desk-admin".`,
		"REVIEWER":                `"REVIEWER" is the name of a default role, not its ID: write "reviewer".`,
		"basic-\u200badmin":       `The role's ID "basic-\u200badmin" contains U+200B, which cannot be seen: write it without.`,
		"basic\xffadmin":          `"basic\xffadmin" is not the ID of a role: write that of a default role, for example "basic-admin", or of a custom role.`,
		rolemodel.RoleID(strings.Repeat("ü", rolemodel.MaxName+1)): `"` + strings.Repeat("ü", 100) + `" (shortened) is not the ID of a role: write that of a default role, for example "basic-admin", or of a custom role.`,
	} {
		admin, vs := rolemodel.ExternalAdmin{TenantID: "C1", Email: "anna@example.com", RoleID: id}.Normalise()
		var want []rolemodel.Violation
		if problem != "" {
			want, id = []rolemodel.Violation{{Rule: "well-formed", Path: rolemodel.At("role_id"), Problem: problem, Advice: "Correct the value."}}, ""
		}
		if checkViolations(t, vs, want); admin.RoleID != id {
			t.Errorf("%q became %q", id, admin.RoleID)
		}
	}
}

// checkViolations compares all violations, their order and their texts.
func checkViolations(t *testing.T, got rolemodel.Violations, want []rolemodel.Violation) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(want):
			t.Errorf("unexpected %s at %q: %s %s", got[i].Rule, got[i].Path, got[i].Problem, got[i].Advice)
		case i >= len(got):
			t.Errorf("missing %s at %q: %s", want[i].Rule, want[i].Path, want[i].Problem)
		case got[i].Rule != want[i].Rule || got[i].Path.String() != want[i].Path.String() || got[i].Problem != want[i].Problem || got[i].Advice != want[i].Advice:
			t.Errorf("got  %s at %q: %s %s\nwant %s at %q: %s %s", got[i].Rule, got[i].Path, got[i].Problem, got[i].Advice,
				want[i].Rule, want[i].Path, want[i].Problem, want[i].Advice)
		}
	}
}

func ruleAdvice(t *testing.T, id rolemodel.RuleID) string {
	t.Helper()
	for _, r := range rolemodel.Rules() {
		if r.ID == id {
			return r.Advice
		}
	}
	t.Fatalf("there is no rule %s", id)
	return ""
}

func TestReasonAndNote(t *testing.T) {
	for what, parse := range map[string]func(string) (string, error){"reason": rolemodel.ParseReason, "note": rolemodel.ParseNote} {
		for in, problem := range map[string]string{
			"": "", "On call, CHG-1042": "", strings.Repeat("ü", 200): "",
			strings.Repeat("ü", 201): "the " + what + " has 201 characters: write at most 200",
			"on call ":               "the " + what + ` "on call " begins or ends with a space: write "on call"`,
			"on\ncall":               "the " + what + ` "on\ncall" contains U+000A, which cannot be seen: write it without`,
			"on\xffcall":             "the " + what + ` "on\xffcall" is not UTF-8: write printable characters only`,
		} {
			got, err := parse(in)
			if said := fmt.Sprint(err); err != nil && said != problem || err == nil && (problem != "" || got != in) {
				t.Errorf("%s %q: %q, %v; want %q", what, in, got, err, problem)
			}
		}
	}
}
