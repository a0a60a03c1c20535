package directorytest

import (
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func chainCases() []testCase {
	return []testCase{
		{"trails are numbered and chained", chainNumbers},
		{"heads that were kept", chainHeads},
		{"refusals, conflicts and denials are events", chainRefusals},
		{"repeats of a refusal are counted", chainRepeats},
		{"what was asked for is cut", chainCut},
	}
}

func chainNumbers(f *fixture) {
	f.world()
	f.role("Desk Admin")
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	last := map[string]directory.AuditEvent{}
	for _, e := range f.events() {
		before := last[e.Trail]
		if e.Number != before.Number+1 || e.Previous != before.Digest || e.Digest != e.Sum() || e.At.Before(before.At) {
			f.Fatalf("%+v does not follow %+v", e, before)
		}
		last[e.Trail] = e
	}
	f.same("trails", len(last), 7) // Of three partners and four tenants.
	for _, h := range list(f, f.basic.AuditHeads(f.ctx, directory.AuditHeadFilter{})) {
		f.same("the head", h, directory.AuditHead{Trail: h.Trail, Number: last[h.Trail].Number, Digest: last[h.Trail].Digest})
		delete(last, h.Trail)
	}
	f.same("trails without a head", len(last), 0)
}

func chainHeads(f *fixture) {
	f.world()
	kept := list(f, f.basic.AuditHeads(f.ctx, directory.AuditHeadFilter{}))
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	f.same("later", must(directory.VerifyAudit(f.ctx, f.basic, kept))(f), []string(nil))
	kept[0].Number += 7
	found := must(directory.VerifyAudit(f.ctx, f.basic, kept))(f)
	if len(found) != 1 || !strings.Contains(found[0], "its last events are missing") {
		f.Fatalf("got %q", found)
	}
	kept[0].Number, kept[0].Digest = 1, "another"
	found = must(directory.VerifyAudit(f.ctx, f.basic, kept))(f)
	if len(found) != 1 || !strings.Contains(found[0], "is another one than when the heads were kept") {
		f.Fatalf("got %q", found)
	}
}

func chainRefusals(f *fixture) {
	f.world()
	_, err := add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: alpha, Name: "x", PrimaryDomain: "x.example"})
	if !isConflict(err) {
		f.Fatal(err)
	}
	e := f.lastEvent()
	f.same("the conflict", summary(e), `conflict create tenant "CALPHA" tenant="CALPHA"`)
	own := f.partner(msp, rolemodel.BasicAdmin)
	_, err = add(f.ctx, own, rolemodel.ExternalAdmin{TenantID: beta, Email: "anna@msp.example", RoleID: rolemodel.BasicAdmin})
	if !breaks(rolemodel.ReferenceExists)(err) {
		f.Fatal(err)
	}
	e = f.lastEvent()
	f.same("the denial", summary(e), `denied create external admin "CBETA/anna@msp.example" tenant="CBETA"`)
	seen := list(f, own.AuditEvents(f.ctx, directory.AuditFilter{TenantID: beta}))
	f.same("it is in the caller's own trail", len(seen), 1)
	f.same("and in no one else's", len(list(f, f.partner(reseller, rolemodel.BasicAdmin).AuditEvents(f.ctx, directory.AuditFilter{Email: "anna@msp.example"}))), 0)
	// What is not there at all is denied in the same way: the trail does not tell what exists.
	_, err = add(f.ctx, own, rolemodel.ExternalAdmin{TenantID: "CNONE", Email: "anna@msp.example", RoleID: rolemodel.BasicAdmin})
	if !breaks(rolemodel.ReferenceExists)(err) {
		f.Fatal(err)
	}
	f.same("the denial", f.lastEvent().Outcome, directory.OutcomeDenied)
}

func chainRepeats(f *fixture) {
	f.world()
	trail := len(f.events())
	for range 5 {
		if _, err := add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@alpha.example", RoleID: rolemodel.BasicAdmin}); err == nil {
			f.Fatal("it is not refused")
		}
	}
	f.same("events of one refusal that is repeated", len(f.events()), trail+1)
	if _, err := add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: "bob@alpha.example", RoleID: rolemodel.BasicAdmin}); err == nil {
		f.Fatal("it is not refused")
	}
	f.same("events with another one", len(f.events()), trail+2)
}

func chainCut(f *fixture) {
	f.world()
	long := make([]rolemodel.ExternalAdmin, 200)
	for i := range long {
		long[i] = rolemodel.ExternalAdmin{Email: rolemodel.Email(strings.Repeat("x", i%60+1) + "@elsewhere.example"), RoleID: "basic-admin"}
	}
	_, err := replace(f.ctx, f.basic, alpha, long)
	if _, refused := rolemodel.AsViolations(err); !refused {
		f.Fatal(err)
	}
	e := f.lastEvent()
	if !e.Cut || len(e.After) > 5000 || len(e.Violations) > 20 {
		f.Fatalf("kept are %d bytes and %d violations, cut: %t", len(e.After), len(e.Violations), e.Cut)
	}
}
