package directorytest

import (
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"strings"

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

// zeta is another tenant of msp, in the worlds of this file.
const zeta rolemodel.AccountCode = "CZETA"

// twin is a scope and what it sees of the world.
type twin struct {
	scope             directory.Scope
	partners, tenants []rolemodel.AccountCode
}

// populate makes the named ones of some partners and tenants, with a role and a grant in each tenant.
func (f *fixture) populate(partners, tenants []rolemodel.AccountCode) {
	f.Helper()
	for _, p := range partners {
		must(add(f.ctx, f.super, rolemodel.Partner{AccountCode: p, Name: "Partner " + string(p), Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{domainOf(p)}}))(f)
	}
	for _, t := range tenants {
		partner := map[rolemodel.AccountCode]rolemodel.AccountCode{alpha: msp, zeta: msp, beta: reseller}[t]
		must(add(f.ctx, f.super, rolemodel.Tenant{AccountCode: t, Name: "Tenant " + string(t), PrimaryDomain: domainOf(t), PartnerID: partner}))(f)
		must(add(f.ctx, f.super, rolemodel.Role{TenantID: t, Name: "Custom Admin", SecurityPermission: rolemodel.CannotManageRoles}))(f)
		if partner != "" {
			must(add(f.ctx, f.super, rolemodel.ExternalAdmin{TenantID: t, Email: annaOf(partner), RoleID: rolemodel.BasicAdmin}))(f)
		}
	}
}

func domainOf(code rolemodel.AccountCode) rolemodel.Domain {
	return rolemodel.Domain(strings.ToLower(string(code)) + ".example")
}

func annaOf(partner rolemodel.AccountCode) rolemodel.Email {
	return rolemodel.Email("anna@") + rolemodel.Email(domainOf(partner))
}

// check runs everything that can be asked in a crowded directory and in one where
// the invisible is not there: the answers are the same.
func (t twin) check(f *fixture) {
	empty := f.again()
	f.populate([]rolemodel.AccountCode{msp, reseller}, []rolemodel.AccountCode{alpha, zeta, beta, delta})
	empty.populate(t.partners, t.tenants)
	caller := directory.Caller{Actor: rolemodel.Actor{Name: "scoped", Role: f.defaultRole(rolemodel.SuperAdmin), PartnerID: t.scope.PartnerID, Credential: true}, Scope: t.scope}
	crowded, alone := f.caller(caller), empty.caller(caller)
	hides := false
	for _, op := range operations(f) {
		got, want := answer(op.run(crowded)), answer(op.run(alone))
		if got != want {
			f.Errorf("%s tells\n%s\nwhere without it is\n%s", op.name, got, want)
		}
		hides = hides || strings.HasPrefix(got, "not found")
	}
	if !hides {
		f.Error("the operations did not touch what is hidden")
	}
}

type operation struct {
	name string
	run  func(d directory.Directory) (any, error)
}

// operations are everything that can be asked about what is in the scope and what is not.
func operations(f *fixture) []operation {
	var all []operation
	op := func(name string, run func(d directory.Directory) (any, error)) {
		all = append(all, operation{name, run})
	}
	changes := func(name string, change directory.Change) {
		op(name, func(d directory.Directory) (any, error) { return d.Apply(f.ctx, change) })
	}
	for _, p := range []rolemodel.AccountCode{msp, reseller, "CNONE"} {
		op("partner "+string(p), func(d directory.Directory) (any, error) { return d.Partner(f.ctx, p) })
		op("tenants of "+string(p), func(d directory.Directory) (any, error) {
			return listed(d.Tenants(f.ctx, directory.TenantFilter{PartnerID: p}))
		})
		op("grants of "+string(p), func(d directory.Directory) (any, error) {
			return listed(d.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{PartnerID: p}))
		})
		op("number of grants of "+string(p), func(d directory.Directory) (any, error) {
			return d.Count(f.ctx, directory.ExternalAdminFilter{PartnerID: p})
		})
		op("grants of "+string(annaOf(p)), func(d directory.Directory) (any, error) {
			return listed(d.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{Email: annaOf(p)}))
		})
		op("events of "+string(annaOf(p)), func(d directory.Directory) (any, error) {
			return events(d.AuditEvents(f.ctx, directory.AuditFilter{Email: annaOf(p)}))
		})
		changes("rename "+string(p), directory.Write[rolemodel.Partner]{Action: directory.ActionUpdate, Key: directory.Key{Account: p}, Entry: rolemodel.Partner{
			Name: "Renamed", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{domainOf(p)},
		}})
		changes("delete "+string(p), directory.Write[rolemodel.Partner]{Action: directory.ActionDelete, Key: directory.Key{Account: p}})
		changes("a tenant of "+string(p), directory.Write[rolemodel.Tenant]{Action: directory.ActionCreate, Entry: rolemodel.Tenant{
			AccountCode: "CNEW" + p, Name: "New", PrimaryDomain: "new-" + domainOf(p), PartnerID: p,
		}})
		changes("alpha moves to "+string(p), directory.Write[rolemodel.Tenant]{Action: directory.ActionUpdate, Key: directory.Key{Account: alpha}, Entry: rolemodel.Tenant{
			Name: "Moved", PrimaryDomain: domainOf(alpha), PartnerID: p,
		}})
	}
	for _, t := range []rolemodel.AccountCode{alpha, zeta, beta, delta, "CNONE"} {
		anna := annaOf(map[rolemodel.AccountCode]rolemodel.AccountCode{beta: reseller}[t])
		if t != beta {
			anna = annaOf(msp)
		}
		of := []rolemodel.AccountCode{t}
		role, grant := directory.Key{Account: t, ID: "custom-admin"}, directory.Key{Account: t, Email: anna}
		op("tenant "+string(t), func(d directory.Directory) (any, error) { return d.Tenant(f.ctx, t) })
		op("role of "+string(t), func(d directory.Directory) (any, error) { return d.Role(f.ctx, t, role.ID) })
		op("default role of "+string(t), func(d directory.Directory) (any, error) { return d.Role(f.ctx, t, rolemodel.Reviewer) })
		op("roles of "+string(t), func(d directory.Directory) (any, error) {
			return listed(d.Roles(f.ctx, directory.RoleFilter{TenantIDs: of}))
		})
		op("grant in "+string(t), func(d directory.Directory) (any, error) { return d.ExternalAdmin(f.ctx, t, anna) })
		op("grants in "+string(t), func(d directory.Directory) (any, error) {
			return listed(d.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: of}))
		})
		op("sign-in to "+string(t), func(d directory.Directory) (any, error) {
			return directory.SignIn(f.ctx, d, t, anna, netip.MustParseAddr("192.0.2.1"), rolemodel.PartnerPortal)
		})
		op("who has "+string(domainOf(t)), func(d directory.Directory) (any, error) {
			return listed(d.Tenants(f.ctx, directory.TenantFilter{Domains: []rolemodel.Domain{domainOf(t)}}))
		})
		changes("a role in "+string(t), directory.Write[rolemodel.Role]{Action: directory.ActionCreate, Entry: rolemodel.Role{TenantID: t, Name: "Another Admin", SecurityPermission: rolemodel.CannotManageRoles}})
		changes("a malformed role in "+string(t), directory.Write[rolemodel.Role]{Action: directory.ActionCreate, Entry: rolemodel.Role{TenantID: t}})
		changes("change the role of "+string(t), directory.Write[rolemodel.Role]{Action: directory.ActionUpdate, Key: role, Entry: rolemodel.Role{Name: "Renamed Admin", SecurityPermission: rolemodel.CannotManageRoles}})
		changes("a grant in "+string(t), directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionCreate, Entry: rolemodel.ExternalAdmin{TenantID: t, Email: "new" + anna, RoleID: "custom-admin"}})
		changes("a malformed grant in "+string(t), directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionCreate, Entry: rolemodel.ExternalAdmin{TenantID: t, Email: "nobody"}})
		changes("change the grant in "+string(t), directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionUpdate, Key: grant, Entry: rolemodel.ExternalAdmin{Email: anna, RoleID: "custom-admin"}})
		changes("replace in "+string(t), directory.Replace{Action: directory.ActionUpdate, Tenant: t, Admins: []rolemodel.ExternalAdmin{{Email: "carl" + anna, RoleID: rolemodel.HelpDeskAdmin}, {Email: anna, RoleID: "none"}}})
		changes("a malformed replacement in "+string(t), directory.Replace{Action: directory.ActionUpdate, Tenant: t, Admins: []rolemodel.ExternalAdmin{{Email: "nobody"}}})
		changes("rename "+string(t), directory.Write[rolemodel.Tenant]{Action: directory.ActionUpdate, Key: directory.Key{Account: t}, Revision: 1, Entry: rolemodel.Tenant{Name: "Renamed", PrimaryDomain: domainOf(t), PartnerID: msp}})
		changes("a malformed change of "+string(t), directory.Write[rolemodel.Tenant]{Action: directory.ActionUpdate, Key: directory.Key{Account: t}, Entry: rolemodel.Tenant{PrimaryDomain: "x"}})
		changes("remove the grant in "+string(t), directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionDelete, Key: grant})
		changes("delete the role of "+string(t), directory.Write[rolemodel.Role]{Action: directory.ActionDelete, Key: role})
		changes("delete "+string(t), directory.Write[rolemodel.Tenant]{Action: directory.ActionDelete, Key: directory.Key{Account: t}})
		op("events of "+string(t), func(d directory.Directory) (any, error) {
			return events(d.AuditEvents(f.ctx, directory.AuditFilter{TenantID: t}))
		})
	}
	changes("a partner", directory.Write[rolemodel.Partner]{Action: directory.ActionCreate, Entry: rolemodel.Partner{AccountCode: "CNEWP", Name: "New", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"newp.example"}}})
	changes("a tenant of nobody", directory.Write[rolemodel.Tenant]{Action: directory.ActionCreate, Entry: rolemodel.Tenant{AccountCode: "CLONE", Name: "x", PrimaryDomain: "lone.example"}})
	op("partners", func(d directory.Directory) (any, error) { return listed(d.Partners(f.ctx, directory.PartnerFilter{})) })
	op("tenants", func(d directory.Directory) (any, error) { return listed(d.Tenants(f.ctx, directory.TenantFilter{})) })
	op("roles", func(d directory.Directory) (any, error) { return listed(d.Roles(f.ctx, directory.RoleFilter{})) })
	op("grants", func(d directory.Directory) (any, error) {
		return listed(d.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{}))
	})
	op("number of tenants", func(d directory.Directory) (any, error) { return d.Count(f.ctx, directory.TenantFilter{}) })
	op("number of roles", func(d directory.Directory) (any, error) { return d.Count(f.ctx, directory.RoleFilter{}) })
	op("tenants by name", func(d directory.Directory) (any, error) {
		return listed(d.Tenants(f.ctx, directory.TenantFilter{Name: "Tenant CBETA"}))
	})
	op("events", func(d directory.Directory) (any, error) { return events(d.AuditEvents(f.ctx, directory.AuditFilter{})) })
	op("trails", func(d directory.Directory) (any, error) {
		heads, err := directory.Collect(d.AuditHeads(f.ctx))
		return len(heads), err
	})
	return all
}

// answer is what an operation answered, so that two can be compared.
func answer(value any, err error) string {
	var (
		notFound  *directory.NotFoundError
		conflict  *directory.ConflictError
		forbidden *directory.ForbiddenError
	)
	vs, refused := rolemodel.AsViolations(err)
	switch {
	case err == nil:
		return fmt.Sprintf("%+v", value)
	case refused:
		return fmt.Sprintf("refused: %+v", vs)
	case errors.As(err, &notFound):
		return fmt.Sprintf("not found: %+v", *notFound)
	case errors.As(err, &conflict):
		return fmt.Sprintf("conflict: %+v", *conflict)
	case errors.As(err, &forbidden), errors.Is(err, directory.ErrReadOnly):
		return "forbidden: " + err.Error()
	}
	return "FAILED: " + err.Error()
}

func listed[T any](entries iter.Seq2[T, error]) (any, error) { return directory.Collect(entries) }

// events leaves out what says how much else happened, and when.
func events(trail iter.Seq2[directory.AuditEvent, error]) (any, error) {
	all, err := directory.Collect(trail)
	var lines []string
	for _, e := range all {
		lines = append(lines, fmt.Sprintf("%s by %s: %s, %s, %v", summary(e), e.Actor, e.Before, e.After, e.Violations))
	}
	return strings.Join(lines, "\n"), err
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
