package decide_test

import (
	"context"
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

// counter counts the reads that reach a directory.
type counter struct {
	directory.Reader
	reads []string
}

func (c *counter) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	c.reads = append(c.reads, "partner")
	return c.Reader.Partner(ctx, code)
}

func (c *counter) Partners(ctx context.Context, f directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	c.reads = append(c.reads, "partners")
	return c.Reader.Partners(ctx, f)
}

func (c *counter) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	c.reads = append(c.reads, "tenant")
	return c.Reader.Tenant(ctx, code)
}

func (c *counter) Tenants(ctx context.Context, f directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	c.reads = append(c.reads, "tenants")
	return c.Reader.Tenants(ctx, f)
}

func (c *counter) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	c.reads = append(c.reads, "role")
	return c.Reader.Role(ctx, tenant, id)
}

func (c *counter) Roles(ctx context.Context, f directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	c.reads = append(c.reads, "roles")
	return c.Reader.Roles(ctx, f)
}

func (c *counter) Count(ctx context.Context, f directory.Filter) (int, error) {
	c.reads = append(c.reads, "count")
	return c.Reader.Count(ctx, f)
}

func (c *counter) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	c.reads = append(c.reads, "external admin")
	return c.Reader.ExternalAdmin(ctx, tenant, email)
}

func (c *counter) ExternalAdmins(ctx context.Context, f directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	c.reads = append(c.reads, "external admins")
	return c.Reader.ExternalAdmins(ctx, f)
}

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
	grants := func(n int, role rolemodel.RoleID) []rolemodel.ExternalAdmin {
		all := make([]rolemodel.ExternalAdmin, n)
		for i := range all {
			all[i] = rolemodel.ExternalAdmin{TenantID: "CCLIENT1", Email: rolemodel.Email(fmt.Sprintf("p%03d@msp.example", i)), RoleID: role}
		}
		return all
	}
	held := must[directory.Result[[]rolemodel.ExternalAdmin]](t)(directory.ReplaceExternalAdmins(ctx, d, directory.Replace{
		Action: directory.ActionUpdate, Tenant: "CCLIENT1", Admins: append(grants(20, custom.ID), rolemodel.ExternalAdmin{Email: "full@msp.example", RoleID: "full-admin"}),
	})).Entry
	full := held[0]

	renamed := func(edit func(*rolemodel.Tenant)) *rolemodel.Tenant { c := tenant; c.Name = "New"; edit(&c); return &c }
	grant := func(email rolemodel.Email, role rolemodel.RoleID) *rolemodel.ExternalAdmin {
		return &rolemodel.ExternalAdmin{TenantID: "CCLIENT1", Email: email, RoleID: role}
	}
	type result struct {
		vs  rolemodel.Violations
		err error
	}
	of := func(vs rolemodel.Violations, err error) result { return result{vs, err} }
	for _, tt := range []struct {
		name   string
		decide func(r directory.Reader) result
		reads  []string
		rules  []string // the rules broken, with their paths
	}{
		{"add one", func(r directory.Reader) result {
			return of(decide.ExternalAdmin(ctx, r, as("basic-admin"), nil, grant("new@msp.example", "basic-admin")))
		}, []string{"tenant", "partner", "external admin", "count"}, nil},
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
			return of(decide.ExternalAdmin(ctx, r, as("basic-admin"), &full, nil))
		}, nil, []string{"protected-assignment role_id"}},

		{"replace all by the same", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", held))
		}, []string{"tenant", "partner", "external admins"}, nil},
		{"replace all without authority", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("help-desk-admin"), "CCLIENT1", held))
		}, []string{"tenant", "partner", "external admins"}, []string{"manage-roles "}},
		{"change all but one", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", append(grants(20, "basic-admin"), full)))
		}, []string{"tenant", "partner", "external admins", "role"}, nil},
		{"give two a role of another tenant, and remove one who is protected", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", append(grants(20, custom.ID), *grant("y@msp.example", foreign.ID), *grant("x@msp.example", foreign.ID))))
		}, []string{"tenant", "partner", "external admins", "role", "roles"}, []string{
			`role-of-tenant admins["x@msp.example"].role_id`, `role-of-tenant admins["y@msp.example"].role_id`, `protected-assignment admins["full@msp.example"].role_id`,
		}},
		{"an address twice", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", append(slices.Clone(held), full)))
		}, []string{"tenant", "partner", "external admins"}, []string{`one-role admins["full@msp.example"]`}},
		{"replace all, the roles not known", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CCLIENT1", append(grants(21, ""), *grant("full@msp.example", ""))))
		}, []string{"tenant", "partner", "external admins"}, nil},
		{"replace all, the tenant not known", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "", []rolemodel.ExternalAdmin{full, *grant("x@msp.example", "super-admin")}))
		}, nil, []string{`super-by-support admins["x@msp.example"].role_id`}},
		{"replace all of no tenant", func(r directory.Reader) result {
			return of(decide.ExternalAdmins(ctx, r, as("basic-admin"), "CNONE", []rolemodel.ExternalAdmin{full}))
		}, []string{"tenant", "external admins"}, []string{"reference-exists tenant_id", `protected-assignment admins["full@msp.example"].role_id`}},

		{"rename a tenant", func(r directory.Reader) result {
			return of(decide.Tenant(ctx, r, as("basic-admin"), &tenant, renamed(func(*rolemodel.Tenant) {})))
		}, nil, nil},
		{"a tenant gains domains", func(r directory.Reader) result {
			return of(decide.Tenant(ctx, r, as("basic-admin"), &tenant, renamed(func(c *rolemodel.Tenant) {
				c.InternalDomains = []rolemodel.Domain{"client.example", "msp.example", "other.example"}
			})))
		}, []string{"tenants", "partners", "external admins", "count"}, []string{"domain-taken internal_domains", "domain-taken internal_domains", "domain-in-use internal_domains"}},
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
		{"another letter case of its own name", func(r directory.Reader) result {
			changed := custom
			changed.Name = "AUDITOR admin"
			return of(decide.Role(ctx, r, as("basic-admin"), &custom, &changed))
		}, nil, nil},
		{"delete a role that is held", func(r directory.Reader) result {
			return of(decide.Role(ctx, r, as("basic-admin"), &custom, nil))
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
		})
	}
}
