package directorytest

import (
	"errors"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func scopeCases() []testCase {
	cases := []testCase{
		{"the zero scope sees nothing and writes nothing", scopeZero},
		{"reading only", scopeReadOnly},
		{"named tenants have a limit of their own", scopeNamed},
		{"taken names tell no owner", scopeTaken},
	}
	for name, t := range map[string]twin{
		"a partner":                 {directory.Scope{PartnerID: msp}, []rolemodel.AccountCode{msp}, []rolemodel.AccountCode{alpha, zeta}},
		"a partner, named tenants":  {directory.Scope{PartnerID: msp, TenantIDs: []rolemodel.AccountCode{alpha}}, []rolemodel.AccountCode{msp}, []rolemodel.AccountCode{alpha}},
		"everything, named tenants": {directory.Scope{All: true, TenantIDs: []rolemodel.AccountCode{alpha}}, []rolemodel.AccountCode{msp}, []rolemodel.AccountCode{alpha}},
		"a foreign name":            {directory.Scope{PartnerID: msp, TenantIDs: []rolemodel.AccountCode{beta}}, []rolemodel.AccountCode{msp}, nil},
		"a partner, reading":        {directory.Scope{PartnerID: msp, ReadOnly: true}, []rolemodel.AccountCode{msp}, []rolemodel.AccountCode{alpha, zeta}},
	} {
		cases = append(cases, testCase{"what is invisible does not exist: " + name, t.check})
	}
	return cases
}

func scopeZero(f *fixture) {
	f.world()
	d := f.caller(directory.Caller{Actor: rolemodel.Actor{Name: "nobody", Role: f.defaultRole(rolemodel.SuperAdmin)}})
	f.same("partners", len(list(f, d.Partners(f.ctx, directory.PartnerFilter{}))), 0)
	f.same("tenants", len(list(f, d.Tenants(f.ctx, directory.TenantFilter{}))), 0)
	f.same("events", len(list(f, d.AuditEvents(f.ctx, directory.AuditFilter{}))), 0)
	_, err := d.Tenant(f.ctx, alpha)
	f.notFound(err, directory.KindTenant, string(alpha))
	f.unchanged(func() {
		if err := drop[rolemodel.Tenant](f.ctx, d, directory.Key{Account: alpha}); !directory.IsNotFound(err) {
			f.Fatal(err)
		}
	})
}

func scopeReadOnly(f *fixture) {
	f.world()
	d := f.caller(directory.Caller{Actor: rolemodel.Actor{Name: "auditor", Role: f.defaultRole(rolemodel.SuperAdmin)}, Scope: directory.Scope{All: true, ReadOnly: true}})
	must(d.Tenant(f.ctx, alpha))(f)
	f.unchanged(func() {
		if err := drop[rolemodel.Tenant](f.ctx, d, directory.Key{Account: alpha}); !errors.Is(err, directory.ErrReadOnly) {
			f.Fatalf("got %v, want ErrReadOnly", err)
		}
	})
	f.same("the attempt", summary(f.lastEvent()), `denied delete tenant "CALPHA" tenant="CALPHA"`)
}

func scopeNamed(f *fixture) {
	f.world()
	d := f.caller(directory.Caller{Actor: rolemodel.Actor{Name: "limited", Role: f.defaultRole(rolemodel.SuperAdmin)}, Scope: directory.Scope{All: true, TenantIDs: []rolemodel.AccountCode{alpha}}})
	partner := must(d.Partner(f.ctx, msp))(f)
	f.unchanged(func() {
		for what, err := range map[string]error{
			"change the partner": second(edit(f.ctx, d, partner)), "delete the partner": drop[rolemodel.Partner](f.ctx, d, directory.Key{Account: msp}),
			"create a partner": second(add(f.ctx, d, rolemodel.Partner{Name: "x", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"x.example"}})),
			"create a tenant":  second(add(f.ctx, d, rolemodel.Tenant{Name: "x", PrimaryDomain: "x.example", PartnerID: msp})),
		} {
			var forbidden *directory.ForbiddenError
			if !errors.As(err, &forbidden) {
				f.Errorf("%s: got %v, want a ForbiddenError", what, err)
			}
		}
	})
	must(add(f.ctx, d, rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: rolemodel.BasicAdmin}))(f)
}

// scopeTaken: a domain and an account code are one account's only, so that they
// are taken cannot be hidden. Who has them can.
func scopeTaken(f *fixture) {
	f.world()
	own := f.partner(msp, rolemodel.BasicAdmin)
	_, err := add(f.ctx, own, rolemodel.Tenant{AccountCode: beta, Name: "x", PrimaryDomain: "x.example", PartnerID: msp})
	f.conflict(err, directory.ConflictError{Kind: directory.KindTenant, Key: string(beta), Hidden: true})
	for domain, want := range map[rolemodel.Domain]string{
		"beta.example": `"beta.example" belongs to another account.`, "reseller.example": `"reseller.example" belongs to another account.`,
		"alpha.test": `"alpha.test" belongs to tenant "CALPHA".`, "msp.example": `"msp.example" belongs to partner "CMSP1".`,
	} {
		_, err := add(f.ctx, own, rolemodel.Tenant{Name: "x", PrimaryDomain: domain, PartnerID: msp})
		vs, _ := rolemodel.AsViolations(err)
		if len(vs) != 1 || vs[0].Problem != want {
			f.Errorf("%s: %v, want %s", domain, err, want)
		}
		if event := f.lastEvent(); len(event.Violations) != 1 || event.Violations[0].Problem != want {
			f.Errorf("the trail says %v, want %s", event.Violations, want)
		}
	}
}
