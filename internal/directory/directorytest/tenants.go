package directorytest

import (
	"regexp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func tenantCases() []testCase {
	return []testCase{
		{"stored in canonical form", tenantCanonical},
		{"defaults", tenantDefaults},
		{"an account code is one account's only", tenantCodeTaken},
		{"updated", tenantUpdated},
		{"an update that changes nothing is silent", tenantUnchanged},
		{"an outdated revision conflicts", tenantRevision},
		{"deleted", tenantDeleted},
		{"a domain moves", tenantDomainMoves},
		{"partners change", tenantPartnerChanges},
	}
}

func tenantCanonical(f *fixture) {
	f.world()
	want := rolemodel.Tenant{
		AccountCode: "CNEW1", Name: "Żółw GmbH", Region: "de", PrimaryDomain: "new.example",
		InternalDomains: []rolemodel.Domain{"a.new.example", "new.example"}, PartnerID: msp,
		AdminIPRanges: prefixes("10.0.0.0/8", "2001:db8::/32"), InitialAdminEmail: "msp_wgmbh@new.example", Revision: 1,
	}
	stored := must(add(f.ctx, f.basic, rolemodel.Tenant{
		AccountCode: "cnew1", Name: "Żółw GmbH", Region: "de", PrimaryDomain: "NEW.example",
		InternalDomains: []rolemodel.Domain{"New.Example.", "A.new.example"}, PartnerID: "cmsp1",
		AdminIPRanges: prefixes("2001:db8::/32", "10.0.0.0/8"), InitialAdminEmail: "somebody@else.example", Revision: 3,
	}))(f)
	f.same("what create returns", stored, want)
	f.same("what is read", must(f.basic.Tenant(f.ctx, "CNEW1"))(f), want)
}

func tenantDefaults(f *fixture) {
	stored := must(add(f.ctx, f.basic, rolemodel.Tenant{Name: "Client One", PrimaryDomain: "one.example"}))(f)
	if !regexp.MustCompile(`^C[A-Z]{3}\d{2}[A-Z]\d{3}$`).MatchString(string(stored.AccountCode)) {
		f.Fatalf("the account code %q is not of the form CUSA00A000", stored.AccountCode)
	}
	f.same("what create returns", stored, rolemodel.Tenant{
		AccountCode: stored.AccountCode, Name: "Client One", PrimaryDomain: "one.example", InternalDomains: []rolemodel.Domain{"one.example"},
		InitialAdminEmail: "msp_clientone@one.example", Revision: 1,
	})
	f.same("what is read", must(f.basic.Tenant(f.ctx, stored.AccountCode))(f), stored)
}

func tenantCodeTaken(f *fixture) {
	f.world()
	for _, taken := range []rolemodel.AccountCode{msp, alpha} {
		f.unchanged(func() {
			_, err := add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: taken, Name: "Other", PrimaryDomain: "other.example"})
			other := ""
			if taken == msp {
				other = directory.KindPartner
			}
			f.conflict(err, directory.ConflictError{Kind: directory.KindTenant, Key: string(taken), TakenBy: other})
		})
	}
}

func tenantUpdated(f *fixture) {
	f.world()
	before := must(f.basic.Tenant(f.ctx, alpha))(f)
	want := rolemodel.Tenant{
		AccountCode: alpha, Name: "Alpha Renamed", Region: before.Region, PrimaryDomain: "new-alpha.example",
		InternalDomains: []rolemodel.Domain{"alpha.test", "new-alpha.example"}, PartnerID: reseller,
		AdminIPRanges: prefixes("192.0.2.0/24"), InitialAdminEmail: before.InitialAdminEmail, Revision: 2,
	}
	given := want
	given.AccountCode, given.Region, given.InitialAdminEmail, given.Revision = "calpha", "", "x@y.example", 1
	f.same("what update returns", must(edit(f.ctx, f.basic, given))(f), want)
	f.same("what is read", must(f.basic.Tenant(f.ctx, alpha))(f), want)

	want.PartnerID, want.AdminIPRanges, want.Revision = "", nil, 3
	given = want
	given.Revision, given.Region = 0, "" // "" leaves it as it is.
	f.same("what update returns", must(edit(f.ctx, f.basic, given))(f), want)
	f.same("what is read", must(f.basic.Tenant(f.ctx, alpha))(f), want)
}

func tenantUnchanged(f *fixture) {
	f.world()
	f.unchanged(func() {
		stored := must(f.basic.Tenant(f.ctx, alpha))(f)
		given := stored
		given.InternalDomains = []rolemodel.Domain{"Alpha.test", "alpha.example"}
		given.PartnerID = "cmsp1"
		f.same("what update returns", must(edit(f.ctx, f.basic, given))(f), stored)
	})
}

func tenantRevision(f *fixture) {
	f.world()
	stored := must(f.basic.Tenant(f.ctx, alpha))(f)
	stored.Name = "First"
	must(edit(f.ctx, f.basic, stored))(f)
	f.unchanged(func() {
		stored.Name = "Second"
		_, err := edit(f.ctx, f.basic, stored)
		f.conflict(err, directory.ConflictError{Kind: directory.KindTenant, Key: string(alpha), Changed: true})
	})
}

func tenantDeleted(f *fixture) {
	f.world()
	f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.Key{Account: alpha}))
	_, err := f.basic.Tenant(f.ctx, alpha)
	f.notFound(err, directory.KindTenant, string(alpha))
	// Its code and its domains are free again.
	must(add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: alpha, Name: "Again", PrimaryDomain: "alpha.test"}))(f)
}

func tenantDomainMoves(f *fixture) {
	f.world()
	from := must(f.basic.Tenant(f.ctx, alpha))(f)
	from.InternalDomains = []rolemodel.Domain{"alpha.example"}
	must(edit(f.ctx, f.basic, from))(f)
	to := must(f.basic.Tenant(f.ctx, beta))(f)
	to.InternalDomains = append(to.InternalDomains, "alpha.test")
	must(edit(f.ctx, f.basic, to))(f)
	owners := list(f, f.basic.Tenants(f.ctx, directory.TenantFilter{Domains: []rolemodel.Domain{"alpha.test"}}))
	if len(owners) != 1 || owners[0].AccountCode != beta {
		f.Fatalf("alpha.test is internal to %+v", owners)
	}
}

func tenantPartnerChanges(f *fixture) {
	f.world()
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	tenant.PartnerID = reseller
	must(edit(f.ctx, f.basic, tenant))(f)
	f.same("the tenant's partner", must(f.basic.Tenant(f.ctx, alpha))(f).PartnerID, reseller)
}
