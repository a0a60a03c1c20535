package rolemodel

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Advice is something that is allowed and probably not meant.
type Advice struct {
	Path Path
	// Problem says what is probably not meant and Remedy what to do instead.
	Problem, Remedy string
}

// AdviseRole returns advice on a custom role. Zero fields are not known yet.
func AdviseRole(role *Role) []Advice {
	if role.Name == "" || strings.Contains(strings.ToLower(role.Name), "admin") {
		return nil
	}
	return []Advice{{
		Path:    At("name"),
		Problem: fmt.Sprintf("Holders of a role named %q cannot open Mimecast's Support portal: the name of the role must contain \"Admin\".", role.Name),
		Remedy:  fmt.Sprintf("Call it %q, for example, if they should.", role.Name+" Administrator"),
	}}
}

// AdviseIPRanges returns advice on admin IP ranges, canonical ones.
func AdviseIPRanges(ranges []netip.Prefix) []Advice {
	v4, v6 := coversAll(ranges, netip.IPv4Unspecified()), coversAll(ranges, netip.IPv6Unspecified())
	var problem string
	switch {
	case v4 && v6:
		problem = "The admin IP ranges contain all addresses, so they restrict nothing."
	case v4:
		problem = "The admin IP ranges contain all IPv4 addresses, so they restrict nobody who comes over IPv4."
	case v6:
		problem = "The admin IP ranges contain all IPv6 addresses, so they restrict nobody who comes over IPv6."
	default:
		return nil
	}
	return []Advice{{
		Path:    At("admin_ip_ranges"),
		Problem: problem,
		Remedy:  "Write narrower ranges, or leave admin_ip_ranges out if no restriction is meant.",
	}}
}

// coversAll says whether the ranges together contain every address of a
// family, given by its first address.
func coversAll(ranges []netip.Prefix, first netip.Addr) bool {
	next := first // Everything before it is covered.
	for _, p := range slices.SortedFunc(slices.Values(ranges), netip.Prefix.Compare) {
		if !p.IsValid() || p.Addr().Is4() != first.Is4() || p.Addr().Less(next) && !p.Contains(next) {
			continue
		}
		if next.Less(p.Addr()) {
			return false
		}
		if next = last(p).Next(); !next.IsValid() {
			return true
		}
	}
	return false
}

// last returns the last address of a range.
func last(p netip.Prefix) netip.Addr {
	bytes := p.Addr().AsSlice()
	for i := p.Bits(); i < len(bytes)*8; i++ {
		bytes[i/8] |= 0x80 >> (i % 8)
	}
	addr, _ := netip.AddrFromSlice(bytes)
	return addr
}

// AdvisePortalSignIn returns advice on a tenant with external admins: the
// tenant's IP ranges do not count for those who come through the Partner Portal
// (seed 000), so without ranges of the partner they come from anywhere.
func AdvisePortalSignIn(tenant *Tenant, partner *Partner) []Advice {
	if tenant == nil || partner == nil || len(tenant.AdminIPRanges) == 0 || len(partner.AdminIPRanges) > 0 {
		return nil
	}
	return []Advice{{
		Path: At("tenant_id"),
		Problem: fmt.Sprintf("Tenant %q restricts sign-in by IP range and its partner %s does not, so external admins sign in through the Partner Portal from anywhere.",
			tenant.AccountCode, partner.Name),
		Remedy: "Set admin_ip_ranges on the partner.",
	}}
}
