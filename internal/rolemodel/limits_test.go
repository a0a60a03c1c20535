package rolemodel_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// numbered are n values, the first of them given.
func numbered[T ~string](n int, format string, first ...T) []T {
	all := make([]T, 0, n)
	for i := range n {
		all = append(all, T(fmt.Sprintf(format, i)))
	}
	copy(all, first)
	return all
}

func ranges(n int) []netip.Prefix {
	all := make([]netip.Prefix, n)
	for i := range all {
		all[i] = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 32)
	}
	return all
}

// domainOf is a domain of n bytes.
func domainOf(n int) string { return strings.Repeat("a.", n/2-1) + strings.Repeat("a", n-2*(n/2-1)) }

// Every limit at the greatest value, which is allowed, and one beyond it.
func TestLimits(t *testing.T) {
	const item = "Area | %d | Read"
	partner := func(edit func(*rolemodel.Partner)) rolemodel.Violations {
		p := *msp()
		edit(&p)
		_, vs := p.Normalise()
		return vs
	}
	tenant := func(edit func(*rolemodel.Tenant)) rolemodel.Violations {
		c := *client()
		edit(&c)
		_, vs := c.Normalise()
		return vs
	}
	role := func(edit func(*rolemodel.Role)) rolemodel.Violations {
		r := *customRole("Auditor Admin", rolemodel.CannotManageRoles)
		edit(&r)
		_, vs := r.Normalise()
		return vs
	}
	admin := func(email string) rolemodel.Violations {
		_, vs := rolemodel.ExternalAdmin{TenantID: "CCLIENT1", Email: rolemodel.Email(email), RoleID: "basic-admin"}.Normalise()
		return vs
	}
	x := func(n int) string { return strings.Repeat("x", n) }
	x100 := `"` + x(100) + `" (shortened)`

	for _, tt := range []struct {
		name          string
		most          int
		of            func(n int) rolemodel.Violations
		path, problem string // of one beyond
	}{
		{"domains of a partner", 100, func(n int) rolemodel.Violations {
			return partner(func(p *rolemodel.Partner) { p.Domains = numbered[rolemodel.Domain](n, "d%d.example") })
		}, "domains", "There are 101 domains, and 100 is the most."},
		{"IP ranges of a partner", 200, func(n int) rolemodel.Violations {
			return partner(func(p *rolemodel.Partner) { p.AdminIPRanges = ranges(n) })
		}, "admin_ip_ranges", "There are 201 admin IP ranges, and 200 is the most."},
		{"IP ranges of a tenant", 200, func(n int) rolemodel.Violations {
			return tenant(func(c *rolemodel.Tenant) { c.AdminIPRanges = ranges(n) })
		}, "admin_ip_ranges", "There are 201 admin IP ranges, and 200 is the most."},
		{"domains of a tenant", 500, func(n int) rolemodel.Violations {
			return tenant(func(c *rolemodel.Tenant) { c.InternalDomains = numbered(n, "d%d.example", c.PrimaryDomain) })
		}, "internal_domains", "There are 501 internal domains, and 500 is the most."},
		{"application permissions", 500, func(n int) rolemodel.Violations {
			return role(func(r *rolemodel.Role) { r.ApplicationPermissions = numbered[rolemodel.Permission](n, item) })
		}, "application_permissions", "There are 501 application permissions, and 500 is the most."},
		{"protected permissions", 500, func(n int) rolemodel.Violations {
			return role(func(r *rolemodel.Role) { r.ProtectedPermissions = numbered[rolemodel.Permission](n, item) })
		}, "protected_permissions", "There are 501 protected permissions, and 500 is the most."},
		{"both sets of permissions", 500, func(n int) rolemodel.Violations {
			return role(func(r *rolemodel.Role) {
				r.ApplicationPermissions, r.ProtectedPermissions = numbered[rolemodel.Permission](n-1, item), []rolemodel.Permission{"A | B"}
			})
		}, "application_permissions", "There are 501 application and protected permissions, and 500 is the most."},
		{"the name of a partner", 200, func(n int) rolemodel.Violations {
			return partner(func(p *rolemodel.Partner) { p.Name = strings.Repeat("ü", n) })
		}, "name", "The name has 201 characters: write at most 200."},
		{"the name of a tenant", 200, func(n int) rolemodel.Violations {
			return tenant(func(c *rolemodel.Tenant) { c.Name = x(n) })
		}, "name", "The name has 201 characters: write at most 200."},
		{"the name of a role", 200, func(n int) rolemodel.Violations {
			return role(func(r *rolemodel.Role) { r.Name = x(n) })
		}, "name", "The name has 201 characters: write at most 200."},
		{"a description", 2000, func(n int) rolemodel.Violations {
			return role(func(r *rolemodel.Role) { r.Description = strings.Repeat("ü\n", n/2) + x(n%2) })
		}, "description", "The description has 2001 characters: write at most 2000."},
		{"a permission", 200, func(n int) rolemodel.Violations {
			return role(func(r *rolemodel.Role) {
				r.ApplicationPermissions = []rolemodel.Permission{rolemodel.Permission(x(n-len(" | Read")) + "|Read")}
			})
		}, "application_permissions", "The permission " + x100 + " has 201 characters: write at most 200."},
		{"an account code", 32, func(n int) rolemodel.Violations {
			return tenant(func(c *rolemodel.Tenant) { c.AccountCode = rolemodel.AccountCode("C" + x(n-1)) })
		}, "account_code", `The account code "C` + x(32) + `" has 33 characters: write at most 32.`},
		{"a domain", 252, func(n int) rolemodel.Violations {
			return partner(func(p *rolemodel.Partner) { p.Domains = []rolemodel.Domain{rolemodel.Domain(domainOf(n))} })
		}, "domains", `The domain "` + domainOf(253)[:100] + `" (shortened) has 253 bytes: write at most 252.`},
		{
			"a domain of an address", 252, func(n int) rolemodel.Violations { return admin("a@" + domainOf(n)) },
			"email", `The domain "` + domainOf(253)[:100] + `" (shortened) has 253 bytes: write at most 252.`,
		},
		{
			"an address", 254, func(n int) rolemodel.Violations { return admin(x(10) + "@" + domainOf(n-11)) },
			"email", `The address "` + (x(10) + "@" + domainOf(244))[:100] + `" (shortened) has 255 bytes: write at most 254.`,
		},
		{
			"what is before the @", 64, func(n int) rolemodel.Violations { return admin(x(n) + "@fabrikam.example") },
			"email", `The address "` + x(65) + `@fabrikam.example" has 65 bytes before the "@": write at most 64.`,
		},
		{"external admins of a tenant", 1000, func(n int) rolemodel.Violations {
			return rolemodel.CheckExternalAdmins(rolemodel.At("admins"), "CCLIENT1", n)
		}, "admins", `Tenant "CCLIENT1" would have 1001 external admins, and 1000 is the most.`},
		{"external admins of a tenant that is not known yet", 1000, func(n int) rolemodel.Violations {
			return rolemodel.CheckExternalAdmins(rolemodel.At("admins"), "", n)
		}, "admins", `The tenant would have 1001 external admins, and 1000 is the most.`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, tt.of(tt.most), nil)
			check(t, tt.of(tt.most+1), []violation{{"within-limits", tt.path, tt.problem, ""}})
			for _, r := range rolemodel.Rules() {
				if number := fmt.Sprintf(" %d ", tt.most); r.ID == rolemodel.WithinLimits && !strings.Contains(r.Sentence, number) {
					t.Errorf("%q does not state%s", r.Sentence, number)
				}
			}
		})
	}
}

// What is far too long is refused for its length, in a short message.
func TestFarTooLong(t *testing.T) {
	huge := strings.Repeat("ü", 2e6)
	for name, in := range map[string]string{
		"account code": "C" + strings.Repeat("9", 4e6), "domain": huge + ".example", "email": "anna@" + huge + ".example", "name": huge, "permission": huge + "|" + huge,
	} {
		_, err := parsers[name](in)
		if v := rolemodel.NotWellFormed(rolemodel.WellFormed, nil, err); v.Rule != rolemodel.WithinLimits || len(v.Problem) > 400 {
			t.Errorf("%s: %s %.500s", name, v.Rule, v.Problem)
		}
	}
}
