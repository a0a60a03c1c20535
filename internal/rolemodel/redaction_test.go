package rolemodel_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// A world of accounts that no caller has named: each with a technician whose
// address tells where they are.
var (
	foreign       = []rolemodel.AccountCode{"CFOREIGN0", "CFOREIGN1", "CFOREIGN2", "CFOREIGN3"}
	ofForeign     = regexp.MustCompile(`CFOREIGN\d|t\d@`)
	foreignOwners = rapid.Custom(func(t *rapid.T) map[rolemodel.Domain]rolemodel.Owner {
		owners := map[rolemodel.Domain]rolemodel.Owner{}
		for _, d := range []rolemodel.Domain{"a.example", "b.example", "c.example"} {
			if rapid.Bool().Draw(t, "is taken") {
				owners[d] = rolemodel.Owner{Kind: rapid.SampledFrom([]string{"tenant", "partner"}).Draw(t, "kind"), Code: rapid.SampledFrom(foreign).Draw(t, "owner")}
			}
		}
		return owners
	})
)

// technician is one with a role in a foreign account.
func technician(code rolemodel.AccountCode) rolemodel.ExternalAdmin {
	return rolemodel.ExternalAdmin{TenantID: code, Email: rolemodel.Email("t" + string(code[len(code)-1]) + "@b.example"), RoleID: "partner-admin"}
}

func anyAffected(t *rapid.T, searches []rolemodel.GrantSearch) []rolemodel.AffectedGrants {
	var all []rolemodel.AffectedGrants
	for _, s := range searches {
		a := rolemodel.AffectedGrants{Search: s}
		for _, code := range rapid.SliceOfN(rapid.SampledFrom(foreign), 0, 4).Draw(t, "where technicians are affected") {
			a.Admins = append(a.Admins, technician(code))
		}
		a.Total = len(a.Admins) + rapid.IntRange(0, 2).Draw(t, "more")
		all = append(all, a)
	}
	return all
}

// anyViolations are what all decisions find and all other violations, of the
// caller's own tenant C1 and its partner CMSP, where other accounts are affected.
var anyViolations = rapid.Custom(func(t *rapid.T) rolemodel.Violations {
	actor := anyActor.Draw(t, "actor")
	if rapid.Bool().Draw(t, "comes with a partner's credential") {
		actor.PartnerID, actor.Credential = "CMSP", true
	}
	partner, otherPartner := anyPartner.Draw(t, "partner"), anyPartner.Draw(t, "partner after")
	tenant, otherTenant := anyTenant.Draw(t, "tenant"), anyTenant.Draw(t, "tenant after")
	tenant.PartnerID = "CMSP"
	role, otherRole := anyCustomRole.Draw(t, "role"), anyCustomRole.Draw(t, "role after")
	facts := rolemodel.AccountFacts{Owners: foreignOwners.Draw(t, "owners"), MoreOwners: rapid.IntRange(0, 1).Draw(t, "more owners"), Former: partner}
	if otherTenant.PartnerID != "" {
		facts.Partner = otherPartner
	}
	vs := rolemodel.DecideGrant(actor, orNil(t, "grant", anyGrant), orNil(t, "grant after", anyGrant), now)
	vs = append(vs, rolemodel.DecideRole(actor, &role, &otherRole, rolemodel.RoleFacts{SameName: &role, SameID: &otherRole, Tenant: tenant, Partner: partner})...)
	vs = append(vs, rolemodel.DecideView(actor)...)
	facts.Affected = anyAffected(t, rolemodel.PartnerSearches(partner, otherPartner))
	vs = append(vs, rolemodel.DecidePartner(actor, partner, otherPartner, facts)...)
	facts.Affected = anyAffected(t, rolemodel.TenantSearches(tenant, otherTenant, partner, facts.Partner))
	vs = append(vs, rolemodel.DecideTenant(actor, tenant, otherTenant, facts)...)

	of := rapid.SliceOfN(rapid.SampledFrom(foreign), 1, 4).Draw(t, "dependants")
	var admins []rolemodel.ExternalAdmin
	var tenants []rolemodel.Tenant
	for _, code := range of {
		tenants = append(tenants, rolemodel.Tenant{AccountCode: code})
		admins = append(admins, technician(code))
	}
	own := rolemodel.ExternalAdmin{TenantID: "C1", Email: "anna@b.example", RoleID: "basic-admin", RoleName: "Basic Administrator"}
	vs = append(vs,
		rolemodel.RetiringViolation("partner", "CMSP", rolemodel.Dependants{What: "tenants", Tenants: tenants, Total: len(of) + 1}),
		rolemodel.RetiringViolation("tenant", "C1", rolemodel.Dependants{What: "external admins", Admins: admins, Total: len(of)}),
		rolemodel.RetiringViolation("tenant", "C1", rolemodel.Dependants{What: "custom roles", Roles: []rolemodel.Role{role}, Total: 1}),
		rolemodel.RetiredViolation("tenant", "C1"), rolemodel.OneRoleViolation(own), rolemodel.RepeatedAddressViolation(own.Email, "Anna@b.example"),
		rolemodel.RoleOfTenantViolation("C1", "none", []rolemodel.Role{role}), rolemodel.AddressChangeViolation(&role, []rolemodel.Email{own.Email}, "ben@b.example"),
	)
	return append(append(vs, rolemodel.CheckExternalAdmins(rolemodel.At("admins"), "C1", rolemodel.MaxExternalAdmins+1)...), rolemodel.MissingReference("partner_id", "partner", "CMSP"))
})

// told is everything that reaches somebody: the texts, the fields and what is printed.
func told(t *rapid.T, vs rolemodel.Violations) string {
	encoded, err := json.Marshal(vs)
	if err != nil {
		t.Fatal(err)
	}
	return vs.Error() + string(encoded)
}

// What is told to somebody names no account that they do not see, and nobody who
// is in one, whatever rule is broken.
func TestRedaction(t *testing.T) {
	redacted := map[rolemodel.RuleID]bool{}
	rapid.Check(t, func(t *rapid.T) {
		vs := anyViolations.Draw(t, "violations")
		visible := rapid.SliceOfDistinct(rapid.SampledFrom(foreign), rapid.ID[rolemodel.AccountCode]).Draw(t, "visible")
		sees := func(code rolemodel.AccountCode) bool {
			return !slices.Contains(foreign, code) || slices.Contains(visible, code)
		}
		before := told(t, vs)
		shown := vs.For(sees)
		if told(t, vs) != before {
			t.Fatal("For changed what it was given")
		}
		if len(shown) != len(vs) {
			t.Fatalf("%d violations became %d", len(vs), len(shown))
		}
		leaks := func(shown rolemodel.Violations, visible []rolemodel.AccountCode) {
			for _, name := range ofForeign.FindAllString(told(t, shown), -1) {
				code := rolemodel.AccountCode(name)
				if strings.HasPrefix(name, "t") {
					code = rolemodel.AccountCode("CFOREIGN" + name[1:2])
				}
				if !slices.Contains(visible, code) {
					t.Fatalf("%s is told to somebody who sees only %v:\n%v", name, visible, shown)
				}
			}
		}
		leaks(shown, visible)
		for i, v := range shown {
			was := vs[i]
			if v.Rule != was.Rule || v.Advice != was.Advice || !slices.Equal(v.Path, was.Path) || v.Problem == "" || !strings.HasSuffix(v.Problem, ".") {
				t.Fatalf("%+v became %+v", was, v)
			}
			hides := slices.ContainsFunc(was.Accounts, func(c rolemodel.AccountCode) bool { return !sees(c) })
			if !hides && (v.Problem != was.Problem || !slices.Equal(v.Accounts, was.Accounts) || !slices.Equal(v.People, was.People) || v.Total != was.Total) {
				t.Fatalf("%+v names nobody else and became %+v", was, v)
			}
			if hides {
				redacted[v.Rule] = true
			}
		}
		// Nor is it told to whoever sees less than somebody who was told, here or elsewhere.
		others := rapid.SliceOfDistinct(rapid.SampledFrom(foreign), rapid.ID[rolemodel.AccountCode]).Draw(t, "visible to another one")
		too := func(code rolemodel.AccountCode) bool {
			return !slices.Contains(foreign, code) || slices.Contains(others, code)
		}
		leaks(shown.For(too), others)
		encoded, err := json.Marshal(vs)
		var received rolemodel.Violations
		if err = cmp.Or(err, json.Unmarshal(encoded, &received)); err != nil {
			t.Fatal(err)
		}
		leaks(received.For(too), others)
	})
	want := []rolemodel.RuleID{"account-retired", "domain-in-use", "domain-taken", "msp-only-role", "partner-login", "portal-required"}
	if got := slices.Sorted(maps.Keys(redacted)); !slices.Equal(got, want) {
		t.Errorf("redacted were violations of %v, want %v", got, want)
	}
}

func TestRedactedTexts(t *testing.T) {
	before := *msp()
	after := before
	after.Program, after.PartnerPortal, after.Domains = "reseller", false, []rolemodel.Domain{"new.example"}
	grown := client()
	grown.InternalDomains = append(grown.InternalDomains, "new.example")
	facts := rolemodel.AccountFacts{
		Owners:   map[rolemodel.Domain]rolemodel.Owner{"new.example": {Kind: "partner", Code: "CRES1"}},
		Affected: found(rolemodel.PartnerSearches(&before, &after), admins...),
	}
	vs := rolemodel.DecidePartner(nil, &before, &after, facts)
	vs = append(vs, rolemodel.DecideTenant(nil, client(), grown, rolemodel.AccountFacts{
		Affected: []rolemodel.AffectedGrants{{Search: rolemodel.TenantSearches(client(), grown, msp(), msp())[0], Admins: admins, Total: 2}},
	})...)
	vs = append(vs, rolemodel.RetiringViolation("partner", "CMSP1", rolemodel.Dependants{What: "tenants", Tenants: []rolemodel.Tenant{{AccountCode: "CCLIENT1"}}, Total: 1}))
	check(t, vs.For(func(rolemodel.AccountCode) bool { return false }), []violation{
		{"domain-taken", "domains", `"new.example" belongs to another account.`, ""},
		{"portal-required", "partner_portal", "Some external admins need a partner that uses the Partner Portal.", settleFirst},
		{"partner-login", "domains", "Some external admins would have an address outside the partner's domains.", settleFirst},
		{"msp-only-role", "program", "Some external admins hold Partner Administrator, which is only for tenants of an MSP partner.", settleFirst},
		{"domain-in-use", "internal_domains", "Some external admins have an address in one of the internal domains.", settleFirst},
		{"account-retired", "", `The partner "CMSP1" has tenants, so deleting it retires it.`, "Nothing new is possible in it then, and it goes with the last of them. Creating it again takes it up."},
	})
	told := rolemodel.Violations{{Rule: "domain-taken", Problem: "That of CRES1.", Accounts: []rolemodel.AccountCode{"CRES1"}, Advice: ruleAdvice(t, "domain-taken")}}
	check(t, told.For(func(rolemodel.AccountCode) bool { return false }), []violation{
		{"domain-taken", "", "A domain belongs to one account: it is internal to one tenant, or a login domain of one partner.", ""},
	})
	for _, v := range vs {
		if len(v.Accounts) == 0 || v.Rule != "domain-taken" && v.Rule != "account-retired" && (v.Total == 0 || len(v.People) == 0) {
			t.Errorf("does not say whom it is about: %s", fmt.Sprintf("%+v", v))
		}
	}
}
