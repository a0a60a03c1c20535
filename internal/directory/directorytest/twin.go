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
		op("last review of "+string(t), func(d directory.Directory) (any, error) { return d.Review(f.ctx, t, "") })
		changes("sign a review of "+string(t), directory.SignReview{Tenant: t, Digest: "none"})
		op("sign-in to "+string(t), func(d directory.Directory) (any, error) {
			return directory.SignIn(f.ctx, d, t, anna, netip.MustParseAddr("192.0.2.1"), rolemodel.PartnerPortal)
		})
		op("who has "+string(domainOf(t)), func(d directory.Directory) (any, error) {
			return listed(d.Tenants(f.ctx, directory.TenantFilter{Domains: []rolemodel.Domain{domainOf(t)}}))
		})
		op("tenants by code, "+string(t), func(d directory.Directory) (any, error) {
			return listed(d.Tenants(f.ctx, directory.TenantFilter{Codes: []rolemodel.AccountCode{t, "CNONE"}}))
		})
		op("number of tenants with the domain of "+string(t), func(d directory.Directory) (any, error) {
			return d.Count(f.ctx, directory.TenantFilter{Domains: []rolemodel.Domain{domainOf(t)}})
		})
		op("number of roles of "+string(t), func(d directory.Directory) (any, error) {
			return d.Count(f.ctx, directory.RoleFilter{TenantIDs: of})
		})
		op("one tenant behind "+string(t), func(d directory.Directory) (any, error) {
			return listed(d.Tenants(f.ctx, directory.TenantFilter{After: t, Limit: 1}))
		})
		op("one role behind that of "+string(t), func(d directory.Directory) (any, error) {
			return listed(d.Roles(f.ctx, directory.RoleFilter{After: role, Limit: 1}))
		})
		op("two grants behind those of "+string(t), func(d directory.Directory) (any, error) {
			return listed(d.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{After: directory.Key{Account: t, Email: "zzz@x.example"}, Limit: 2}))
		})
		declared := rolemodel.ExternalAdmin{TenantID: t, Email: anna, RoleID: rolemodel.BasicAdmin}
		changes("adopt the grant in "+string(t), directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionCreate, Entry: declared, As: "d1"})
		changes("leave the grant in "+string(t), directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionDelete, Key: grant, As: "d2"})
		changes("adopt the role of "+string(t), directory.Write[rolemodel.Role]{Action: directory.ActionCreate, Entry: rolemodel.Role{TenantID: t, Name: "custom ADMIN", SecurityPermission: rolemodel.ManageApplicationRoles}, As: "d1"})
		changes("change a grant again that went in "+string(t), directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionUpdate, Key: directory.Key{Account: t, Email: "went@x.example"}, Entry: declared, As: "d1", Seen: "d3"})
		changes("create the map of "+string(t), directory.Replace{Action: directory.ActionCreate, Tenant: t, Admins: []rolemodel.ExternalAdmin{{Email: anna, RoleID: rolemodel.BasicAdmin}}, As: "d4"})
		changes("change the map of "+string(t), directory.Replace{Action: directory.ActionUpdate, Tenant: t, Admins: []rolemodel.ExternalAdmin{}, Seen: []rolemodel.ExternalAdmin{{Email: "carl" + anna, RoleID: rolemodel.BasicAdmin}}, As: "d4"})
		changes("destroy the map of "+string(t), directory.Replace{Action: directory.ActionDelete, Tenant: t, Seen: []rolemodel.ExternalAdmin{declared}, As: "d5"})
		changes("based on another revision of "+string(t), directory.Write[rolemodel.Tenant]{Action: directory.ActionDelete, Key: directory.Key{Account: t}, Revision: 77})
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
		heads, err := directory.Collect(d.AuditHeads(f.ctx, directory.AuditHeadFilter{}))
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
