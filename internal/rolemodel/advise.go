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
	i := slices.IndexFunc(ranges, func(p netip.Prefix) bool { return p.Bits() == 0 })
	if i < 0 {
		return nil
	}
	return []Advice{{
		Path:    At("admin_ip_ranges"),
		Problem: fmt.Sprintf("The admin IP ranges contain all addresses (%s), so they restrict nothing.", ranges[i]),
		Remedy:  "Remove this range, or leave admin_ip_ranges out if no restriction is meant.",
	}}
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
