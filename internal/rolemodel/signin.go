package rolemodel

import (
	"fmt"
	"net/netip"
	"slices"
)

// Entrance is where somebody signs in to administer a tenant.
type Entrance string

// The entrances.
const (
	PartnerPortal         Entrance = "partner_portal"
	AdministrationConsole Entrance = "administration_console"
)

// ParseEntrance checks an entrance.
func ParseEntrance(s string) (Entrance, error) {
	return oneOf("an entrance", s, []Entrance{PartnerPortal, AdministrationConsole})
}

// SignInAttempt is somebody at an entrance to a tenant.
type SignInAttempt struct {
	Tenant Tenant
	// Partner is the tenant's partner, nil if it has none.
	Partner  *Partner
	Email    Email
	SourceIP netip.Addr
	Entrance Entrance
	// Now is when it is.
	Now Time
	// Admin is the external admin with the address, nil if there is none.
	Admin *ExternalAdmin
}

// IPRangesOf says whose Admin IP Ranges a sign-in is checked against.
type IPRangesOf string

// Whose Admin IP Ranges apply.
const (
	RangesOfPartner IPRangesOf = "partner"
	RangesOfTenant  IPRangesOf = "tenant"
)

// SignInDecision is the answer to a sign-in attempt.
type SignInDecision struct {
	Allowed bool `json:"allowed"`
	// Reasons are sentences: every reason against if denied, why if allowed.
	Reasons []string `json:"reasons"`
	// RoleID is the role that the address holds in the tenant, "" if none.
	RoleID     RoleID     `json:"role_id"`
	IPRangesOf IPRangesOf `json:"ip_ranges_of"`
}

// DecideSignIn decides whether an address may sign in to a tenant. Through the
// Partner Portal the partner's account settings count and the tenant's IP
// ranges do not; at the console the tenant's do (seed 000). The tenant's
// initial administrator is a Basic Administrator who uses the console.
func DecideSignIn(a SignInAttempt) SignInDecision {
	var against []string
	d := SignInDecision{IPRangesOf: RangesOfTenant}
	ranges, account := a.Tenant.AdminIPRanges, fmt.Sprintf("tenant %q", a.Tenant.AccountCode)

	switch {
	case a.Admin != nil:
		d.RoleID = a.Admin.RoleID
		if a.Admin.ExpiresAt.Passed(a.Now) {
			against = append(against, fmt.Sprintf("The grant of %q in tenant %q expired at %s.", a.Email, a.Tenant.AccountCode, a.Admin.ExpiresAt))
		}
	case a.Email != "" && a.Email == a.Tenant.InitialAdminEmail:
		d.RoleID = BasicAdmin
	default:
		against = append(against, fmt.Sprintf("%q holds no role in tenant %q.", a.Email, a.Tenant.AccountCode))
	}

	if a.Entrance == PartnerPortal {
		d.IPRangesOf = RangesOfPartner
		if a.Partner == nil {
			ranges, account = nil, "the partner"
			against = append(against, fmt.Sprintf("Tenant %q has no partner, so the Partner Portal does not lead to it.", a.Tenant.AccountCode))
		} else {
			ranges, account = a.Partner.AdminIPRanges, fmt.Sprintf("partner %q", a.Partner.AccountCode)
			if !a.Partner.PartnerPortal {
				against = append(against, fmt.Sprintf("%s does not use the Partner Portal.", a.Partner.Name))
			}
			if !slices.Contains(a.Partner.Domains, a.Email.Domain()) {
				against = append(against, fmt.Sprintf("%q is not a login of %s: its domains are %s.", a.Email, a.Partner.Name, list(a.Partner.Domains)))
			}
		}
	}

	source := a.SourceIP.Unmap().WithZone("") // A range contains no address with a zone.
	inside := slices.ContainsFunc(ranges, func(p netip.Prefix) bool { return p.Contains(source) })
	if len(ranges) > 0 && !inside {
		against = append(against, fmt.Sprintf("%s is outside the admin IP ranges of %s.", source, account))
	}
	if len(against) > 0 {
		d.Reasons = against
		return d
	}
	d.Allowed = true
	where := fmt.Sprintf("%s is inside the admin IP ranges of %s.", source, account)
	if len(ranges) == 0 {
		where = fmt.Sprintf("The account settings of %s have no admin IP ranges, so any address may sign in.", account)
	}
	d.Reasons = []string{fmt.Sprintf("%q holds the role %s in tenant %q.", a.Email, d.RoleID, a.Tenant.AccountCode), where}
	return d
}

// ParseSourceIP returns the canonical form of an IP address, IPv4 or IPv6
// without a zone. IPv4 in IPv6 is unmapped.
func ParseSourceIP(s string) (string, error) {
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.Zone() != "" {
		return "", fmt.Errorf("%s is not an IP address: write one like \"192.0.2.1\" or \"2001:db8::1\"", quote(s))
	}
	return addr.Unmap().String(), nil
}
