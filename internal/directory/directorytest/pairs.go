package directorytest

import (
	"context"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// pairCases are writes of which each is allowed and both together break a rule,
// made at once over two handles. Transactions that are weaker than serializable
// let both through; what they leave is not sound.
func pairCases() []testCase {
	return []testCase{
		{"the portal is turned off, and somebody is granted a role", pairPortal},
		{"one domain, two owners", pairDomain},
		{"a domain becomes internal, and somebody in it is granted a role", pairInternal},
		{"a tenant is deleted, and somebody is granted a role in it", pairTenant},
		{"a partner is deleted, and a tenant of it created", pairPartner},
		{"two replacements", pairReplace},
		{"two grants, where there is room for one", pairLimit},
	}
}

const rounds = 12

// together makes both writes at once, each over its own handle, and returns their errors.
func (f *fixture) together(one, other func(d directory.Directory) error) (error, error) {
	f.Helper()
	role, _ := rolemodel.DefaultRole(rolemodel.BasicAdmin)
	caller := directory.Owner(rolemodel.Actor{Name: "pair", Role: role})
	errs := atOnce(2, func(i int) error {
		if i == 0 {
			return one(f.a.Open(caller))
		}
		return other(f.b.Open(caller))
	})
	return errs[0], errs[1]
}

// notBoth checks that at most one of two writes was made, and the other refused.
func (f *fixture) notBoth(one, other error) {
	f.Helper()
	for _, err := range []error{one, other} {
		if _, refused := rolemodel.AsViolations(err); err != nil && !refused && !directory.IsNotFound(err) && !isConflict(err) {
			f.Fatalf("unexpected error: %v", err)
		}
	}
	if (one == nil) == (other == nil) {
		f.Fatalf("one write must be made and the other refused: %v, %v", one, other)
	}
}

func (f *fixture) granting(d directory.Directory, tenant rolemodel.AccountCode, email rolemodel.Email) error {
	_, err := add(f.ctx, d, rolemodel.ExternalAdmin{TenantID: tenant, Email: email, RoleID: rolemodel.BasicAdmin})
	return err
}

func pairPortal(f *fixture) {
	f.world()
	for range rounds {
		partner := must(f.basic.Partner(f.ctx, msp))(f)
		partner.PartnerPortal, partner.Revision = false, 0
		off, granted := f.together(func(d directory.Directory) error {
			_, err := edit(f.ctx, d, partner)
			return err
		}, func(d directory.Directory) error { return f.granting(d, alpha, "anna@msp.example") })
		f.notBoth(off, granted)
		f.sound()
		if granted == nil {
			f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "anna@msp.example"}))
		}
		partner.PartnerPortal = true
		must(edit(f.ctx, f.basic, partner))(f)
	}
}

func pairDomain(f *fixture) {
	f.world()
	for round := range rounds {
		domain := rolemodel.Domain(fmt.Sprintf("d%d.example", round))
		one, other := f.together(func(d directory.Directory) error {
			_, err := add(f.ctx, d, rolemodel.Tenant{Name: "One", PrimaryDomain: domain})
			return err
		}, func(d directory.Directory) error {
			if round%2 == 0 {
				_, err := add(f.ctx, d, rolemodel.Tenant{Name: "Other", PrimaryDomain: domain})
				return err
			}
			_, err := add(f.ctx, d, rolemodel.Partner{Name: "Other", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{domain}})
			return err
		})
		f.notBoth(one, other)
	}
}

func pairInternal(f *fixture) {
	f.world()
	for range rounds {
		// The partner gives msp.test up, so that it can become internal while its tenants' admins keep it.
		tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
		partner := must(f.basic.Partner(f.ctx, msp))(f)
		partner.Domains, partner.Revision = []rolemodel.Domain{"msp.example"}, 0
		changed, granted := f.together(func(d directory.Directory) error {
			if _, err := edit(f.ctx, d, partner); err != nil {
				return err
			}
			tenant.InternalDomains, tenant.Revision = append(tenant.InternalDomains, "msp.test"), 0
			_, err := edit(f.ctx, d, tenant)
			return err
		}, func(d directory.Directory) error { return f.granting(d, alpha, "anna@msp.test") })
		f.notBoth(changed, granted)
		f.sound()
		tenant.InternalDomains = []rolemodel.Domain{"alpha.example", "alpha.test"}
		tenant.Revision = 0
		must(edit(f.ctx, f.basic, tenant))(f)
		if granted == nil {
			f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "anna@msp.test"}))
		}
		partner.Domains = []rolemodel.Domain{"msp.example", "msp.test"}
		must(edit(f.ctx, f.basic, partner))(f)
	}
}

func pairTenant(f *fixture) {
	f.world()
	for round := range rounds {
		code := rolemodel.AccountCode(fmt.Sprintf("CNEW%d", round))
		must(add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: code, Name: "New", PrimaryDomain: rolemodel.Domain(fmt.Sprintf("new%d.example", round)), PartnerID: msp}))(f)
		deleted, granted := f.together(func(d directory.Directory) error {
			return drop[rolemodel.Tenant](f.ctx, d, directory.Key{Account: code})
		}, func(d directory.Directory) error { return f.granting(d, code, "anna@msp.example") })
		f.ok(deleted)
		if tenant, err := f.basic.Tenant(f.ctx, code); (err == nil) != (granted == nil) || err == nil && !tenant.Retired {
			f.Fatalf("the tenant is %+v (%v), the grant %v", tenant, err, granted)
		}
	}
}

func pairPartner(f *fixture) {
	f.world()
	for round := range rounds {
		code := rolemodel.AccountCode(fmt.Sprintf("CNEWP%d", round))
		must(add(f.ctx, f.basic, rolemodel.Partner{AccountCode: code, Name: "New", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{rolemodel.Domain(fmt.Sprintf("newp%d.example", round))}}))(f)
		deleted, created := f.together(func(d directory.Directory) error {
			return drop[rolemodel.Partner](f.ctx, d, directory.Key{Account: code})
		}, func(d directory.Directory) error {
			_, err := add(f.ctx, d, rolemodel.Tenant{Name: "New", PrimaryDomain: rolemodel.Domain(fmt.Sprintf("newt%d.example", round)), PartnerID: code})
			return err
		})
		f.ok(deleted)
		if partner, err := f.basic.Partner(f.ctx, code); (err == nil) != (created == nil) || err == nil && !partner.Retired {
			f.Fatalf("the partner is %+v (%v), the tenant %v", partner, err, created)
		}
	}
}

func pairReplace(f *fixture) {
	f.world()
	for range rounds {
		want := func(who string) []rolemodel.ExternalAdmin {
			return grants(who+"1@msp.example", "basic-admin", who+"2@msp.example", "basic-admin", "both@msp.example", "basic-admin")
		}
		replacing := func(who string) func(directory.Directory) error {
			return func(d directory.Directory) error {
				_, err := replace(f.ctx, d, alpha, want(who))
				return err
			}
		}
		one, other := f.together(replacing("a"), replacing("b"))
		f.ok(one)
		f.ok(other)
		if got := f.holders(); got != "a1= a2= both=" && got != "b1= b2= both=" {
			f.Fatalf("the replacements are mixed: %s", got)
		}
	}
}

func pairLimit(f *fixture) {
	f.world()
	full := make([]rolemodel.ExternalAdmin, rolemodel.MaxExternalAdmins-1)
	for i := range full {
		full[i] = rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("a%d@msp.example", i)), RoleID: rolemodel.BasicAdmin}
	}
	must(replace(f.ctx, f.basic, alpha, full))(f)
	for range 3 {
		one, other := f.together(func(d directory.Directory) error { return f.granting(d, alpha, "one@msp.example") },
			func(d directory.Directory) error { return f.granting(d, alpha, "other@msp.example") })
		f.notBoth(one, other)
		for _, email := range []rolemodel.Email{"one@msp.example", "other@msp.example"} {
			if err := drop[rolemodel.ExternalAdmin](context.WithoutCancel(f.ctx), f.basic, directory.Key{Account: alpha, Email: email}); err != nil && !directory.IsNotFound(err) {
				f.Fatal(err)
			}
		}
	}
}
