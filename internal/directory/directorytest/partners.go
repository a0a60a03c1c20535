package directorytest

import (
	"regexp"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func partnerCases() []testCase {
	return []testCase{
		{"stored in canonical form", partnerCanonical},
		{"an account code is assigned", partnerAssignedCode},
		{"an account code is one account's only", partnerCodeTaken},
		{"updated", partnerUpdated},
		{"an update that changes nothing is silent", partnerUnchanged},
		{"an outdated revision conflicts", partnerRevision},
		{"deleted", partnerDeleted},
	}
}

func partnerCanonical(f *fixture) {
	want := rolemodel.Partner{
		AccountCode: "CUSA1B234", Name: "Ünïcode & Söhne", Program: rolemodel.ProgramMSP, PartnerPortal: true,
		Domains:       []rolemodel.Domain{"a.example", "b.example", "xn--mnchen-3ya.example"},
		AdminIPRanges: prefixes("10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32"),
		Revision:      1,
	}
	stored := must(add(f.ctx, f.basic, rolemodel.Partner{
		AccountCode: "cusa1b234", Name: "Ünïcode & Söhne", Program: rolemodel.ProgramMSP, PartnerPortal: true,
		Domains:       []rolemodel.Domain{"München.example", "B.Example.", "a.example", "b.example"},
		AdminIPRanges: prefixes("2001:db8::/32", "192.0.2.0/24", "10.0.0.0/8", "::ffff:10.0.0.0/104"),
		Revision:      7,
	}))(f)
	f.same("what create returns", stored, want)
	f.same("what is read", must(f.basic.Partner(f.ctx, "CUSA1B234"))(f), want)

	bare := must(add(f.ctx, f.basic, rolemodel.Partner{AccountCode: "CBARE", Name: "Bare", Program: rolemodel.ProgramReseller, Domains: []rolemodel.Domain{"bare.example"}}))(f)
	f.same("a partner without anything optional", must(f.basic.Partner(f.ctx, "CBARE"))(f), bare)
	if bare.PartnerPortal || len(bare.AdminIPRanges) > 0 {
		f.Fatalf("something was added: %+v", bare)
	}
}

func partnerAssignedCode(f *fixture) {
	seen := map[rolemodel.AccountCode]bool{}
	for _, name := range []string{"One", "Two", "Three"} {
		domain := rolemodel.Domain(strings.ToLower(name) + ".example")
		stored := must(add(f.ctx, f.basic, rolemodel.Partner{Name: name, Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{domain}}))(f)
		if !regexp.MustCompile(`^C[A-Z]{3}\d{2}[A-Z]\d{3}$`).MatchString(string(stored.AccountCode)) || seen[stored.AccountCode] {
			f.Fatalf("the account code %q is not new and of the form CUSA00A000", stored.AccountCode)
		}
		seen[stored.AccountCode] = true
		f.same("what is read", must(f.basic.Partner(f.ctx, stored.AccountCode))(f), stored)
	}
}

func partnerCodeTaken(f *fixture) {
	f.world()
	fresh := rolemodel.Partner{Name: "Other", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"other.example"}}
	for _, taken := range []rolemodel.AccountCode{msp, alpha, "cmsp1"} {
		f.unchanged(func() {
			fresh.AccountCode = taken
			_, err := add(f.ctx, f.basic, fresh)
			code := must(rolemodel.ParseAccountCode(string(taken)))(f)
			other := ""
			if taken == alpha {
				other = directory.KindTenant
			}
			f.conflict(err, directory.ConflictError{Kind: directory.KindPartner, Key: string(code), TakenBy: other})
		})
	}
}

func partnerUpdated(f *fixture) {
	f.world()
	want := rolemodel.Partner{
		AccountCode: msp, Name: "Northwind", Program: rolemodel.ProgramReseller,
		Domains: []rolemodel.Domain{"msp.example", "northwind.example"}, AdminIPRanges: prefixes("192.0.2.0/24"), Revision: 2,
	}
	given := want
	given.AccountCode, given.Revision, given.Domains = "cmsp1", 1, []rolemodel.Domain{"Northwind.example", "msp.example"}
	f.same("what update returns", must(edit(f.ctx, f.basic, given))(f), want)
	f.same("what is read", must(f.basic.Partner(f.ctx, msp))(f), want)

	want.AdminIPRanges, want.Revision = nil, 3
	given = want
	given.Revision = 0 // Whatever is stored.
	f.same("what update returns", must(edit(f.ctx, f.basic, given))(f), want)
	f.same("what is read", must(f.basic.Partner(f.ctx, msp))(f), want)
}

func partnerUnchanged(f *fixture) {
	f.world()
	f.unchanged(func() {
		stored := must(f.basic.Partner(f.ctx, msp))(f)
		given := stored
		given.Domains = []rolemodel.Domain{"MSP.test", "msp.example", "msp.test"}
		f.same("what update returns", must(edit(f.ctx, f.basic, given))(f), stored)
	})
}

func partnerRevision(f *fixture) {
	f.world()
	stored := must(f.basic.Partner(f.ctx, msp))(f)
	stored.Name = "First"
	must(edit(f.ctx, f.basic, stored))(f)
	f.unchanged(func() {
		stored.Name = "Second"
		_, err := edit(f.ctx, f.basic, stored)
		f.conflict(err, directory.ConflictError{Kind: directory.KindPartner, Key: string(msp), Changed: true})
	})
}

func partnerDeleted(f *fixture) {
	must(add(f.ctx, f.basic, rolemodel.Partner{AccountCode: "CGONE", Name: "Gone", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"gone.example"}, AdminIPRanges: prefixes("10.0.0.0/8")}))(f)
	f.ok(drop[rolemodel.Partner](f.ctx, f.basic, directory.Key{Account: "CGONE"}))
	_, err := f.basic.Partner(f.ctx, "CGONE")
	f.notFound(err, directory.KindPartner, "CGONE")
	// Its code and its domains are free again.
	must(add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: "CGONE", Name: "Gone", PrimaryDomain: "gone.example"}))(f)
}
