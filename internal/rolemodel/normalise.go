package rolemodel

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// Normalise returns the partner in canonical form, sorted and without
// duplicates, and a violation for everything that is not well-formed. An empty
// account code is left for the directory to assign.
func (p Partner) Normalise() (Partner, Violations) {
	var c check
	p.AccountCode = field(&c, At("account_code"), string(p.AccountCode), optional(ParseAccountCode))
	p.Name = field(&c, At("name"), p.Name, ParseName)
	p.Program = field(&c, At("program"), string(p.Program), ParseProgram)
	p.Domains = set(&c, WellFormed, At("domains"), p.Domains, ParseDomain)
	if len(p.Domains) == 0 && len(c.violations) == 0 {
		c.add(violate(WellFormed, At("domains"), "A partner has at least one domain.", "Write the domains that the partner's staff log in with."))
	}
	p.AdminIPRanges = prefixes(&c, p.AdminIPRanges)
	return p, c.violations
}

// Normalise returns the tenant in canonical form, sorted and without
// duplicates, and a violation for everything that is not well-formed. Without
// internal domains the primary one is the only one. An empty account code is
// left for the directory to assign.
func (t Tenant) Normalise() (Tenant, Violations) {
	var c check
	t.AccountCode = field(&c, At("account_code"), string(t.AccountCode), optional(ParseAccountCode))
	t.Name = field(&c, At("name"), t.Name, ParseName)
	t.Region = field(&c, At("region"), t.Region, optional(ParseRegion))
	t.PrimaryDomain = field(&c, At("primary_domain"), string(t.PrimaryDomain), ParseDomain)
	t.InternalDomains = set(&c, WellFormed, At("internal_domains"), t.InternalDomains, ParseDomain)
	switch {
	case len(c.violations) > 0:
	case len(t.InternalDomains) == 0:
		t.InternalDomains = []Domain{t.PrimaryDomain}
	default:
		c.add(CheckInternalDomains(t.PrimaryDomain, t.InternalDomains)...)
	}
	t.PartnerID = field(&c, At("partner_id"), string(t.PartnerID), optional(ParseAccountCode))
	t.AdminIPRanges = prefixes(&c, t.AdminIPRanges)
	return t, c.violations
}

// CheckInternalDomains returns a violation if the internal domains, all
// canonical, do not contain the primary one.
func CheckInternalDomains(primary Domain, internal []Domain) Violations {
	if slices.Contains(internal, primary) {
		return nil
	}
	return Violations{violate(WellFormed, At("internal_domains"),
		fmt.Sprintf("The internal domains lack the primary domain %q.", primary),
		fmt.Sprintf("Add %q, or leave internal_domains out if the primary domain is the only one.", primary))}
}

// Normalise returns the custom role in canonical form, its permissions sorted
// and reduced, and a violation for everything that is not well-formed.
func (r Role) Normalise() (Role, Violations) {
	var c check
	r.TenantID = field(&c, At("tenant_id"), string(r.TenantID), ParseAccountCode)
	r.Name = field(&c, At("name"), r.Name, ParseName)
	r.SecurityPermission = field(&c, At("security_permission"), string(r.SecurityPermission), ParseSecurityPermission)
	r.ApplicationPermissions = ReducePermissions(set(&c, WellFormed, At("application_permissions"), r.ApplicationPermissions, ParsePermission))
	r.ProtectedPermissions = ReducePermissions(set(&c, WellFormed, At("protected_permissions"), r.ProtectedPermissions, ParsePermission))
	r.DefinitionProtected = false
	r.CarriesProtected = len(r.ProtectedPermissions) > 0
	r.Capabilities = nil
	return r, c.violations
}

// Normalise returns the external admin in canonical form, and a violation for
// everything that is not well-formed.
func (a ExternalAdmin) Normalise() (ExternalAdmin, Violations) {
	var c check
	a.TenantID = field(&c, At("tenant_id"), string(a.TenantID), ParseAccountCode)
	a.Email = field(&c, At("email"), string(a.Email), ParseEmail)
	a.RoleID = field(&c, At("role_id"), string(a.RoleID), parseRoleID)
	return a, c.violations
}

func parseRoleID(s string) (RoleID, error) {
	if s == "" {
		return "", fmt.Errorf("no role is given: write the ID of a default role, for example %q, or of a custom role", BasicAdmin)
	}
	return RoleID(s), nil
}

// check gathers the violations of one value.
type check struct{ violations Violations }

func (c *check) add(vs ...Violation) { c.violations = append(c.violations, vs...) }

// NotWellFormed returns err, which a Parse function returned for the value at
// path, as a violation of rule.
func NotWellFormed(rule RuleID, path Path, err error) Violation {
	return violate(rule, path, sentence(err.Error()), rule.advice())
}

// sentence makes a message that has the form "what is wrong: what to write" end as a sentence.
func sentence(s string) string { return s + "." }

func field[T ~string](c *check, path Path, value string, parse func(string) (T, error)) T {
	canonical, err := parse(value)
	if err != nil {
		c.add(NotWellFormed(WellFormed, path, err))
		return T(value)
	}
	return canonical
}

func set[T cmp.Ordered](c *check, rule RuleID, path Path, values []T, parse func(string) (T, error)) []T {
	canonical := make([]T, 0, len(values))
	for _, value := range values {
		parsed, err := parse(fmt.Sprint(value))
		if err != nil {
			c.add(NotWellFormed(rule, path, err))
			continue
		}
		canonical = append(canonical, parsed)
	}
	slices.Sort(canonical)
	return slices.Compact(canonical)
}

func prefixes(c *check, values []netip.Prefix) []netip.Prefix {
	canonical := make([]netip.Prefix, 0, len(values))
	for _, value := range values {
		parsed, err := ParsePrefix(value.String())
		if err != nil {
			c.add(NotWellFormed(IPRange, At("admin_ip_ranges"), err))
			continue
		}
		canonical = append(canonical, parsed)
	}
	slices.SortFunc(canonical, netip.Prefix.Compare)
	return slices.Compact(canonical)
}

func optional[T ~string](parse func(string) (T, error)) func(string) (T, error) {
	return func(s string) (T, error) {
		if s == "" {
			return "", nil
		}
		return parse(s)
	}
}
