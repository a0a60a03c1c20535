package rolemodel_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestDecideSignIn(t *testing.T) {
	anna := &rolemodel.ExternalAdmin{TenantID: "CCLIENT1", Email: "anna@fabrikam.example", RoleID: "partner-admin"}
	ranges := func(ps ...string) (all []netip.Prefix) {
		for _, p := range ps {
			all = append(all, netip.MustParsePrefix(p))
		}
		return all
	}
	const (
		portal  = rolemodel.PartnerPortal
		console = rolemodel.AdministrationConsole
		holds   = `"anna@fabrikam.example" holds the role partner-admin in tenant "CCLIENT1".`
		initial = "msp_contoso@contoso.example"
	)
	until := func(at rolemodel.Time) *rolemodel.ExternalAdmin { a := *anna; a.ExpiresAt = at; return &a }
	tests := []struct {
		name                  string
		tenantIPs, partnerIPs []netip.Prefix
		email                 rolemodel.Email
		admin                 *rolemodel.ExternalAdmin
		source                string
		entrance              rolemodel.Entrance
		edit                  func(*rolemodel.SignInAttempt)
		role                  rolemodel.RoleID
		ranges                rolemodel.IPRangesOf
		allowed               bool
		reasons               []string
	}{
		{
			name: "the grant has expired", email: "anna@fabrikam.example", admin: until(now), source: "192.0.2.7", entrance: portal,
			role: "partner-admin", ranges: "partner",
			reasons: []string{`The grant of "anna@fabrikam.example" in tenant "CCLIENT1" expired at 2026-11-25T12:00:00Z.`},
		},
		{
			name: "the grant is about to expire", email: "anna@fabrikam.example", admin: until("2026-11-25T12:00:01Z"), source: "192.0.2.7", entrance: portal,
			role: "partner-admin", ranges: "partner", allowed: true,
			reasons: []string{holds, `The account settings of partner "CMSP1" have no admin IP ranges, so any address may sign in.`},
		},
		{
			name:      "portal, from outside the tenant's ranges: the partner's count, seed 000",
			tenantIPs: ranges("198.51.100.0/24"), partnerIPs: ranges("192.0.2.0/24"),
			email: "anna@fabrikam.example", admin: anna, source: "192.0.2.7", entrance: portal,
			role: "partner-admin", ranges: "partner", allowed: true,
			reasons: []string{holds, `192.0.2.7 is inside the admin IP ranges of partner "CMSP1".`},
		},
		{
			name:      "portal, from inside the tenant's ranges and outside the partner's",
			tenantIPs: ranges("198.51.100.0/24"), partnerIPs: ranges("192.0.2.0/24"),
			email: "anna@fabrikam.example", admin: anna, source: "198.51.100.7", entrance: portal,
			role: "partner-admin", ranges: "partner",
			reasons: []string{`198.51.100.7 is outside the admin IP ranges of partner "CMSP1".`},
		},
		{
			name: "portal, the partner has no ranges", tenantIPs: ranges("198.51.100.0/24"),
			email: "anna@fabrikam.example", admin: anna, source: "203.0.113.9", entrance: portal,
			role: "partner-admin", ranges: "partner", allowed: true,
			reasons: []string{holds, `The account settings of partner "CMSP1" have no admin IP ranges, so any address may sign in.`},
		},
		{
			name: "console, inside the tenant's ranges", tenantIPs: ranges("198.51.100.0/24"), partnerIPs: ranges("192.0.2.0/24"),
			email: "anna@fabrikam.example", admin: anna, source: "198.51.100.7", entrance: console,
			role: "partner-admin", ranges: "tenant", allowed: true,
			reasons: []string{holds, `198.51.100.7 is inside the admin IP ranges of tenant "CCLIENT1".`},
		},
		{
			name: "console, from the partner's office", tenantIPs: ranges("198.51.100.0/24"), partnerIPs: ranges("192.0.2.0/24"),
			email: "anna@fabrikam.example", admin: anna, source: "192.0.2.7", entrance: console,
			role: "partner-admin", ranges: "tenant",
			reasons: []string{`192.0.2.7 is outside the admin IP ranges of tenant "CCLIENT1".`},
		},
		{
			name: "console, no ranges", email: "anna@fabrikam.example", admin: anna, source: "192.0.2.7", entrance: console,
			role: "partner-admin", ranges: "tenant", allowed: true,
			reasons: []string{holds, `The account settings of tenant "CCLIENT1" have no admin IP ranges, so any address may sign in.`},
		},
		{
			name: "IPv4 in IPv6 is IPv4", tenantIPs: ranges("198.51.100.0/24"),
			email: "anna@fabrikam.example", admin: anna, source: "::ffff:198.51.100.7", entrance: console,
			role: "partner-admin", ranges: "tenant", allowed: true,
			reasons: []string{holds, `198.51.100.7 is inside the admin IP ranges of tenant "CCLIENT1".`},
		},
		{
			name: "IPv6 inside", tenantIPs: ranges("198.51.100.0/24", "2001:db8::/32"),
			email: "anna@fabrikam.example", admin: anna, source: "2001:db8::7", entrance: console,
			role: "partner-admin", ranges: "tenant", allowed: true,
			reasons: []string{holds, `2001:db8::7 is inside the admin IP ranges of tenant "CCLIENT1".`},
		},
		{
			name: "IPv6 where only IPv4 ranges are", tenantIPs: ranges("0.0.0.0/0"),
			email: "anna@fabrikam.example", admin: anna, source: "2001:db8::7", entrance: console,
			role: "partner-admin", ranges: "tenant",
			reasons: []string{`2001:db8::7 is outside the admin IP ranges of tenant "CCLIENT1".`},
		},
		{
			name: "IPv6 with a zone", tenantIPs: ranges("fe80::/10"),
			email: "anna@fabrikam.example", admin: anna, source: "fe80::7%eth0", entrance: console,
			role: "partner-admin", ranges: "tenant", allowed: true,
			reasons: []string{holds, `fe80::7 is inside the admin IP ranges of tenant "CCLIENT1".`},
		},
		{
			name: "no role", email: "ben@fabrikam.example", source: "192.0.2.7", entrance: console, ranges: "tenant",
			reasons: []string{`"ben@fabrikam.example" holds no role in tenant "CCLIENT1".`},
		},
		{
			name: "no address at all", source: "192.0.2.7", entrance: console, ranges: "tenant",
			edit:    func(a *rolemodel.SignInAttempt) { a.Tenant.InitialAdminEmail = "" },
			reasons: []string{`"" holds no role in tenant "CCLIENT1".`},
		},
		{
			name: "initial administrator at the console: contradiction 1, a Basic Administrator", email: initial, source: "192.0.2.7", entrance: console,
			role: "basic-admin", ranges: "tenant", allowed: true,
			reasons: []string{
				`"msp_contoso@contoso.example" holds the role basic-admin in tenant "CCLIENT1".`,
				`The account settings of tenant "CCLIENT1" have no admin IP ranges, so any address may sign in.`,
			},
		},
		{
			name: "initial administrator at the portal", email: initial, source: "192.0.2.7", entrance: portal, role: "basic-admin", ranges: "partner",
			reasons: []string{`"msp_contoso@contoso.example" is not a login of Fabrikam MSP: its domains are "fabrikam.example", "msp.example".`},
		},
		{
			name: "partner without portal", email: "anna@fabrikam.example", admin: anna, source: "192.0.2.7", entrance: portal,
			edit: func(a *rolemodel.SignInAttempt) { a.Partner.PartnerPortal = false }, role: "partner-admin", ranges: "partner",
			reasons: []string{"Fabrikam MSP does not use the Partner Portal."},
		},
		{
			name: "no partner at the portal", tenantIPs: ranges("198.51.100.0/24"), email: "anna@fabrikam.example", admin: anna, source: "192.0.2.7", entrance: portal,
			edit: func(a *rolemodel.SignInAttempt) { a.Partner, a.Tenant.PartnerID = nil, "" }, role: "partner-admin", ranges: "partner",
			reasons: []string{`Tenant "CCLIENT1" has no partner, so the Partner Portal does not lead to it.`},
		},
		{
			name: "every reason", partnerIPs: ranges("192.0.2.0/24"), email: "ben@other.example", source: "203.0.113.9", entrance: portal,
			edit: func(a *rolemodel.SignInAttempt) { a.Partner.PartnerPortal = false }, ranges: "partner",
			reasons: []string{
				`"ben@other.example" holds no role in tenant "CCLIENT1".`,
				"Fabrikam MSP does not use the Partner Portal.",
				`"ben@other.example" is not a login of Fabrikam MSP: its domains are "fabrikam.example", "msp.example".`,
				`203.0.113.9 is outside the admin IP ranges of partner "CMSP1".`,
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := rolemodel.SignInAttempt{
				Now: now, Tenant: *client(), Partner: msp(), Email: tt.email, SourceIP: netip.MustParseAddr(tt.source), Entrance: tt.entrance, Admin: tt.admin,
			}
			a.Tenant.AdminIPRanges, a.Partner.AdminIPRanges = tt.tenantIPs, tt.partnerIPs
			if tt.edit != nil {
				tt.edit(&a)
			}
			got := rolemodel.DecideSignIn(a)
			if got.Allowed != tt.allowed || got.RoleID != tt.role || got.IPRangesOf != tt.ranges || !slices.Equal(got.Reasons, tt.reasons) {
				t.Errorf("got  %+v\nwant allowed=%t role=%s ranges=%s %q", got, tt.allowed, tt.role, tt.ranges, tt.reasons)
			}
		})
	}
}
