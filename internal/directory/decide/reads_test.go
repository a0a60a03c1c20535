package decide_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// counter counts the reads that reach a directory, and fails one of them.
type counter struct {
	directory.Reader
	reads []string
	// failing is the number of the read that fails, from 1, or 0 for none.
	failing int
}

var errRead = errors.New("the disk is on fire")

func (c *counter) read(what string) error {
	if c.reads = append(c.reads, what); len(c.reads) == c.failing {
		return errRead
	}
	return nil
}

func single[T any](err error, read func() (T, error)) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return read()
}

func many[T any](err error, list iter.Seq2[T, error]) iter.Seq2[T, error] {
	if err != nil {
		return func(yield func(T, error) bool) {
			var none T
			yield(none, err)
		}
	}
	return list
}

func (c *counter) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return single(c.read("partner"), func() (rolemodel.Partner, error) { return c.Reader.Partner(ctx, code) })
}

func (c *counter) Partners(ctx context.Context, f directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	return many(c.read("partners"), c.Reader.Partners(ctx, f))
}

func (c *counter) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return single(c.read("tenant"), func() (rolemodel.Tenant, error) { return c.Reader.Tenant(ctx, code) })
}

func (c *counter) Tenants(ctx context.Context, f directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	return many(c.read("tenants"), c.Reader.Tenants(ctx, f))
}

func (c *counter) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	return single(c.read("role"), func() (rolemodel.Role, error) { return c.Reader.Role(ctx, tenant, id) })
}

func (c *counter) Roles(ctx context.Context, f directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	return many(c.read("roles"), c.Reader.Roles(ctx, f))
}

func (c *counter) Count(ctx context.Context, f directory.Filter) (int, error) {
	return single(c.read("count"), func() (int, error) { return c.Reader.Count(ctx, f) })
}

func (c *counter) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	return single(c.read("external admin"), func() (rolemodel.ExternalAdmin, error) { return c.Reader.ExternalAdmin(ctx, tenant, email) })
}

func (c *counter) ExternalAdmins(ctx context.Context, f directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return many(c.read("external admins"), c.Reader.ExternalAdmins(ctx, f))
}

// secret is a reader of what is planned, of which nothing is known before apply
// but that it is there.
type secret struct{ directory.Reader }

func (secret) Partner(context.Context, rolemodel.AccountCode) (rolemodel.Partner, error) {
	return rolemodel.Partner{}, decide.ErrNotYetKnown
}

func (secret) Role(context.Context, rolemodel.AccountCode, rolemodel.RoleID) (rolemodel.Role, error) {
	return rolemodel.Role{}, decide.ErrNotYetKnown
}

// hiddenTenants is a secret reader that does not know tenants either.
type hiddenTenants struct{ secret }

func (hiddenTenants) Tenant(context.Context, rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return rolemodel.Tenant{}, decide.ErrNotYetKnown
}

// full is a reader of a directory where each tenant has so many external admins.
type full struct {
	directory.Reader
	admins int
}

func (f full) Count(context.Context, directory.Filter) (int, error) { return f.admins, nil }

func as(id rolemodel.RoleID) *rolemodel.Actor {
	role, _ := rolemodel.DefaultRole(id)
	return &rolemodel.Actor{Name: "test", Role: role}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// grantsOf are n external admins of a tenant with one role.
func grantsOf(tenant rolemodel.AccountCode, n int, role rolemodel.RoleID) []rolemodel.ExternalAdmin {
	all := make([]rolemodel.ExternalAdmin, n)
	for i := range all {
		all[i] = rolemodel.ExternalAdmin{TenantID: tenant, Email: rolemodel.Email(fmt.Sprintf("p%04d@msp.example", i)), RoleID: role}
	}
	return all
}

// What a decision reads does not grow with the number of grants, and what is
// not known yet denies nothing. Decisions with full knowledge are tested on
// every directory, by the suite in directorytest.
func TestReadsAndPartialKnowledge(t *testing.T) {
	ctx := t.Context()
	db := must[*sqldb.DB](t)(sqldb.New(filepath.Join(t.TempDir(), "test.directory")))
	t.Cleanup(func() { _ = db.Close() })
	d := db.Open(directory.Owner(*as("super-admin")))
	partner := must[directory.Result[rolemodel.Partner]](t)(directory.Create(ctx, d, rolemodel.Partner{
		AccountCode: "CMSP1", Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"},
	}, "")).Entry
	tenant := must[directory.Result[rolemodel.Tenant]](t)(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CCLIENT1", Name: "Client", PrimaryDomain: "client.example", PartnerID: "CMSP1"}, "")).Entry
	other := must[directory.Result[rolemodel.Tenant]](t)(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CCLIENT2", Name: "Other", PrimaryDomain: "other.example", PartnerID: "CMSP1"}, "")).Entry
	custom := must[directory.Result[rolemodel.Role]](t)(directory.Create(ctx, d, rolemodel.Role{TenantID: "CCLIENT1", Name: "Auditor Admin", SecurityPermission: rolemodel.CannotManageRoles}, "")).Entry
	foreign := must[directory.Result[rolemodel.Role]](t)(directory.Create(ctx, d, rolemodel.Role{TenantID: "CCLIENT2", Name: "Mail Admin", SecurityPermission: rolemodel.CannotManageRoles}, "")).Entry
	grants := func(n int, role rolemodel.RoleID) []rolemodel.ExternalAdmin { return grantsOf("CCLIENT1", n, role) }
	held := must[directory.Result[[]rolemodel.ExternalAdmin]](t)(directory.ReplaceExternalAdmins(ctx, d, directory.Replace{
		Action: directory.ActionUpdate, Tenant: "CCLIENT1", Admins: append(grants(20, custom.ID), rolemodel.ExternalAdmin{Email: "full@msp.example", RoleID: "full-admin"}),
	})).Entry
	protected := held[0]
	// A tenant that was deleted while it had a role.
	must[directory.Result[rolemodel.Tenant]](t)(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CGONE", Name: "Gone", PrimaryDomain: "gone.example"}, ""))
	must[directory.Result[rolemodel.Role]](t)(directory.Create(ctx, d, rolemodel.Role{TenantID: "CGONE", Name: "Mail Admin", SecurityPermission: rolemodel.CannotManageRoles}, ""))
	must[directory.Result[rolemodel.Tenant]](t)(directory.Delete[rolemodel.Tenant](ctx, d, directory.Key{Account: "CGONE"}, ""))
	// Roles that were renamed, deleted while they were held, and both.
	renamedRole := must[directory.Result[rolemodel.Role]](t)(directory.Create(ctx, d, rolemodel.Role{TenantID: "CCLIENT2", Name: "Tier 1 Admin", SecurityPermission: rolemodel.CannotManageRoles}, "")).Entry
	must[directory.Result[rolemodel.Role]](t)(directory.Update(ctx, d, directory.KeyOf(renamedRole), rolemodel.Role{Name: "Tier 2 Admin", SecurityPermission: rolemodel.CannotManageRoles}, 0, ""))
	must[directory.Result[[]rolemodel.ExternalAdmin]](t)(directory.ReplaceExternalAdmins(ctx, d, directory.Replace{
		Action: directory.ActionUpdate, Tenant: "CCLIENT2", Admins: grantsOf("CCLIENT2", 11, foreign.ID),
	}))
	must[directory.Result[rolemodel.Role]](t)(directory.Delete[rolemodel.Role](ctx, d, directory.KeyOf(foreign), ""))

	renamed := func(edit func(*rolemodel.Tenant)) *rolemodel.Tenant { c := tenant; c.Name = "New"; edit(&c); return &c }
	grant := func(email rolemodel.Email, role rolemodel.RoleID) *rolemodel.ExternalAdmin {
		return &rolemodel.ExternalAdmin{TenantID: "CCLIENT1", Email: email, RoleID: role}
	}
	type result struct {
		vs  rolemodel.Violations
		err error
	}
	of := func(vs rolemodel.Violations, err error) result { return result{vs, err} }
	dependants := func(r directory.Reader, kind directory.Kind, key directory.Key) result {
		var vs rolemodel.Violations
		found, err := decide.Dependants(ctx, r, kind, key)
		for _, has := range found {
			vs = append(vs, rolemodel.RetiringViolation(kind, key.String(), has))
		}
		return result{vs, err}
	}
	for _, tt := range []struct {
		name   string
		decide func(r directory.Reader) result
		reads  []string
		rules  []string // the rules broken, with their paths
	}{
		{"add one", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("basic-admin"), nil, grant("new@msp.example", "basic-admin")))
		}, []string{"tenant", "partner", "external admin", "count"}, nil},
		{"add the last one that there may be", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, full{r, rolemodel.MaxExternalAdmins - 1}, as("basic-admin"), nil, grant("new@msp.example", "basic-admin")))
		}, []string{"tenant", "partner", "external admin"}, nil},
		{"add one more", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, full{r, rolemodel.MaxExternalAdmins}, as("basic-admin"), nil, grant("new@msp.example", "basic-admin")))
		}, []string{"tenant", "partner", "external admin"}, []string{"within-limits tenant_id"}},
		{"add one with a role of another tenant", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("basic-admin"), nil, grant("new@msp.example", foreign.ID)))
		}, []string{"tenant", "partner", "external admin", "count", "role", "roles"}, []string{"role-of-tenant role_id"}},
		{"add one who is there", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("basic-admin"), nil, grant("full@msp.example", "basic-admin")))
		}, []string{"tenant", "partner", "external admin"}, []string{"one-role email"}},
		{"move one to a tenant where the address is there", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("super-admin"), &rolemodel.ExternalAdmin{TenantID: "CCLIENT2", Email: "full@msp.example", RoleID: "basic-admin"}, grant("full@msp.example", "basic-admin")))
		}, []string{"tenant", "partner", "external admin"}, []string{"one-role email"}},
		{"add one to no tenant", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("basic-admin"), nil, &rolemodel.ExternalAdmin{TenantID: "CNONE", Email: "new@msp.example", RoleID: "full-admin"}))
		}, []string{"tenant"}, []string{"reference-exists tenant_id", "protected-assignment role_id"}},
		{"add one, nothing known", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, nil, nil, &rolemodel.ExternalAdmin{}))
		}, nil, nil},
		{"add one, the tenant not known", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("basic-admin"), nil, &rolemodel.ExternalAdmin{Email: "new@msp.example", RoleID: "super-admin"}))
		}, nil, []string{"protected-assignment role_id", "super-by-support role_id"}},
		{"remove one", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("basic-admin"), &protected, nil))
		}, nil, []string{"protected-assignment role_id"}},

		{"remove one as Partner Administrator", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("partner-admin"), &held[1], nil))
		}, []string{"tenant", "partner", "role"}, nil},
		{"change one", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("basic-admin"), &held[1], grant(held[1].Email, "basic-admin")))
		}, []string{"tenant", "partner", "role"}, nil},
		{"add one, the partner and the role not known", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, secret{r}, as("basic-admin"), nil, grant("new@elsewhere.example", custom.ID)))
		}, []string{"tenant", "external admin", "count"}, nil},
		{"add one, of the tenant only the code known", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, hiddenTenants{secret{r}}, as("basic-admin"), nil, grant("new@elsewhere.example", "Mail Auditor")))
		}, []string{"roles"}, []string{"role-of-tenant role_id"}},

		{"replace all by the same", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", held, held))
		}, []string{"tenant", "partner"}, nil},
		{"replace all without authority", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("help-desk-admin"), "CCLIENT1", held, held))
		}, nil, []string{"manage-roles "}},
		{"change all but one", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", held, append(grants(20, "basic-admin"), protected)))
		}, []string{"tenant", "partner", "role"}, nil},
		{"give two a role of another tenant, and remove one who is protected", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", held, append(grants(20, custom.ID), *grant("y@msp.example", foreign.ID), *grant("x@msp.example", foreign.ID))))
		}, []string{"tenant", "partner", "role", "roles"}, []string{
			`role-of-tenant admins["x@msp.example"].role_id`, `role-of-tenant admins["y@msp.example"].role_id`, `protected-assignment admins["full@msp.example"].role_id`,
		}},
		{"give two roles that are not there", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", held, append(slices.Clone(held), *grant("y@msp.example", "none"), *grant("x@msp.example", foreign.ID))))
		}, []string{"tenant", "partner", "role", "roles", "role"}, []string{
			`role-of-tenant admins["x@msp.example"].role_id`, `role-of-tenant admins["y@msp.example"].role_id`,
		}},
		{"take a protected role from one and give it to another", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("super-admin"), "CCLIENT1", held, append(grants(20, custom.ID), *grant("new@msp.example", "full-admin"))))
		}, []string{"tenant", "partner"}, []string{`address-by-support admins["new@msp.example"]`}},
		{"take an unprotected role from one and give it to another", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", held, append(grants(19, custom.ID), protected, *grant("new@msp.example", custom.ID))))
		}, []string{"tenant", "partner", "role"}, nil},
		{"give a protected role to one more", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("super-admin"), "CCLIENT1", held, append(slices.Clone(held), *grant("new@msp.example", "full-admin"))))
		}, []string{"tenant", "partner"}, nil},
		{"as many as there may be", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("super-admin"), "CCLIENT1", held, append(grants(rolemodel.MaxExternalAdmins-1, "basic-admin"), protected)))
		}, []string{"tenant", "partner", "role"}, nil},
		{"more than there may be", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("super-admin"), "CCLIENT1", held, append(grants(rolemodel.MaxExternalAdmins, "basic-admin"), protected)))
		}, []string{"tenant", "partner"}, []string{"within-limits admins"}},
		{"a retired role for one more", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT2", grantsOf("CCLIENT2", 11, foreign.ID), append(grantsOf("CCLIENT2", 11, foreign.ID), rolemodel.ExternalAdmin{TenantID: "CCLIENT2", Email: "new@msp.example", RoleID: foreign.ID})))
		}, []string{"tenant", "partner", "role"}, []string{`role-retired admins["new@msp.example"].role_id`}},
		{"an address twice", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", held, append(slices.Clone(held), protected)))
		}, []string{"tenant", "partner"}, []string{`one-role admins["full@msp.example"]`}},
		{"replace all, the roles not known", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", held, append(grants(21, ""), *grant("full@msp.example", ""))))
		}, []string{"tenant", "partner"}, nil},
		{"replace all, the tenant not known", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "", nil, []rolemodel.ExternalAdmin{protected, *grant("x@msp.example", "super-admin")}))
		}, nil, []string{`super-by-support admins["x@msp.example"].role_id`}},
		{"replace all of no tenant", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CNONE", nil, []rolemodel.ExternalAdmin{protected}))
		}, []string{"tenant"}, []string{"reference-exists tenant_id", `protected-assignment admins["full@msp.example"].role_id`}},

		{"rename a tenant", func(r directory.Reader) result {
			return of(decide.Tenant(ctx, r, as("basic-admin"), &tenant, renamed(func(*rolemodel.Tenant) {})))
		}, nil, nil},
		{"a tenant gains domains", func(r directory.Reader) result {
			return of(decide.Tenant(ctx, r, as("basic-admin"), &tenant, renamed(func(c *rolemodel.Tenant) {
				c.InternalDomains = []rolemodel.Domain{"client.example", "msp.example", "other.example"}
			})))
		}, []string{"tenants", "partners", "external admins", "count"}, []string{"domain-taken internal_domains", "domain-taken internal_domains", "domain-in-use internal_domains"}},
		{"a tenant gains the domain of a retired one", func(r directory.Reader) result {
			return of(decide.Tenant(ctx, r, as("basic-admin"), &tenant, renamed(func(c *rolemodel.Tenant) {
				c.InternalDomains = []rolemodel.Domain{"client.example", "gone.example"}
			})))
		}, []string{"tenants", "partners", "external admins"}, nil},
		{"a tenant moves to no partner", func(r directory.Reader) result {
			return of(decide.Tenant(ctx, r, as("basic-admin"), &tenant, renamed(func(c *rolemodel.Tenant) { c.PartnerID = "CNONE" })))
		}, []string{"partner", "partner"}, []string{"reference-exists partner_id"}},
		{"a tenant of which little is known, in a plan that leaves out what it was", func(r directory.Reader) result {
			return of(decide.Tenant(ctx, r, as("basic-admin"), nil, &rolemodel.Tenant{AccountCode: "CCLIENT1", PrimaryDomain: "client.example"}))
		}, []string{"tenants", "partners"}, nil},
		{"delete a tenant", func(r directory.Reader) result {
			return of(decide.Tenant(ctx, r, as("basic-admin"), &other, nil))
		}, nil, nil},

		{"rename a partner", func(r directory.Reader) result {
			p := partner
			p.Name = "New"
			return of(decide.Partner(ctx, r, as("basic-admin"), &partner, &p))
		}, nil, nil},
		{"a partner of which only the portal is known", func(r directory.Reader) result {
			return of(decide.Partner(ctx, r, as("basic-admin"), &partner, &rolemodel.Partner{AccountCode: "CMSP1", PartnerPortal: true}))
		}, nil, nil},
		{"a partner gives its domain up for a client's", func(r directory.Reader) result {
			p := partner
			p.Domains = []rolemodel.Domain{"client.example"}
			return of(decide.Partner(ctx, r, as("basic-admin"), &partner, &p))
		}, []string{"tenants", "partners", "external admins", "count"}, []string{"domain-taken domains", "partner-login domains"}},
		{"delete a partner", func(r directory.Reader) result {
			return of(decide.Partner(ctx, r, as("basic-admin"), &partner, nil))
		}, nil, nil},

		{"a role of no tenant", func(r directory.Reader) result {
			return of(decide.Role(ctx, r, as("basic-admin"), nil, &rolemodel.Role{TenantID: "CNONE", Name: "Reviewer"}))
		}, []string{"tenant"}, []string{"reference-exists tenant_id", "default-role-fixed name"}},
		{"a role whose name is there", func(r directory.Reader) result {
			return of(decide.Role(ctx, r, as("basic-admin"), nil, &rolemodel.Role{TenantID: "CCLIENT1", Name: "AUDITOR admin"}))
		}, []string{"tenant", "partner", "role", "roles"}, []string{"role-name-unique name"}},
		{"a role with a retired one's name", func(r directory.Reader) result {
			return of(decide.Role(ctx, r, as("basic-admin"), nil, &rolemodel.Role{TenantID: "CCLIENT2", Name: "mail ADMIN"}))
		}, []string{"tenant", "partner", "role", "roles"}, nil},
		{"a role whose ID a renamed one has", func(r directory.Reader) result {
			return of(decide.Role(ctx, r, as("basic-admin"), nil, &rolemodel.Role{TenantID: "CCLIENT2", Name: "Tier 1 Admin"}))
		}, []string{"tenant", "partner", "role", "roles"}, []string{"role-name-unique name"}},
		{"a role with a renamed one's name", func(r directory.Reader) result {
			return of(decide.Role(ctx, r, as("basic-admin"), nil, &rolemodel.Role{TenantID: "CCLIENT2", Name: "tier 2 admin"}))
		}, []string{"tenant", "partner", "role", "roles"}, []string{"role-name-unique name"}},
		{"a role of a tenant of which only the code is known", func(r directory.Reader) result {
			return of(decide.Role(ctx, hiddenTenants{secret{r}}, as("basic-admin"), nil, &rolemodel.Role{TenantID: "CCLIENT9", Name: "Mail Admin"}))
		}, []string{"roles"}, nil},
		{"edit a role as Partner Administrator", func(r directory.Reader) result {
			changed := custom
			changed.Description = "New"
			return of(decide.Role(ctx, r, as("partner-admin"), &custom, &changed))
		}, []string{"tenant", "partner"}, nil},
		{"another letter case of its own name", func(r directory.Reader) result {
			changed := custom
			changed.Name = "AUDITOR admin"
			return of(decide.Role(ctx, r, as("basic-admin"), &custom, &changed))
		}, nil, nil},
		{"delete a role that is held", func(r directory.Reader) result {
			return of(decide.Role(ctx, r, as("basic-admin"), &custom, nil))
		}, nil, nil},

		{"what a partner has", func(r directory.Reader) result {
			return dependants(r, directory.KindPartner, directory.Key{Account: "CMSP1"})
		}, []string{"tenants"}, []string{"account-retired "}},
		{"what a tenant has", func(r directory.Reader) result {
			return dependants(r, directory.KindTenant, directory.Key{Account: "CCLIENT2"})
		}, []string{"external admins", "count", "roles"}, []string{"account-retired ", "account-retired "}},
		{"who holds a role", func(r directory.Reader) result {
			return dependants(r, directory.KindRole, directory.KeyOf(foreign))
		}, []string{"external admins", "count"}, []string{"role-retired "}},
		{"who holds a role that nobody holds", func(r directory.Reader) result {
			return dependants(r, directory.KindRole, directory.KeyOf(renamedRole))
		}, []string{"external admins"}, nil},
		{"what an external admin has", func(r directory.Reader) result {
			return dependants(r, directory.KindExternalAdmin, directory.KeyOf(protected))
		}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			counted := &counter{Reader: d}
			got := tt.decide(counted)
			if got.err != nil {
				t.Fatal(got.err)
			}
			var rules []string
			for _, v := range got.vs {
				rules = append(rules, string(v.Rule)+" "+v.Path.String())
			}
			if !slices.Equal(rules, tt.rules) {
				t.Errorf("broken: %q\nwant    %q\n%v", rules, tt.rules, got.vs)
			}
			if !slices.Equal(counted.reads, tt.reads) {
				t.Errorf("reads %q\nwant  %q", counted.reads, tt.reads)
			}
			// What cannot be read is an error, and never an allowance.
			for i := range counted.reads {
				if got := tt.decide(&counter{Reader: d, failing: i + 1}); !errors.Is(got.err, errRead) {
					t.Errorf("the %s cannot be read: %v, %v", counted.reads[i], got.vs, got.err)
				}
			}
		})
	}
}
