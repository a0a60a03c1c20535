package rolemodel

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Each Normalise returns an entity in canonical form, its lists sorted and
// without duplicates, and a violation for everything that is not well-formed or
// beyond a limit. What is malformed is zero, which is "not known yet" to a
// decision, and is left out of a list: so decisions go on with the rest.

// Normalise returns the partner in canonical form. An empty account code is left
// for the directory to assign.
func (p Partner) Normalise() (Partner, Violations) {
	var c check
	p.AccountCode = field(&c, At("account_code"), string(p.AccountCode), optional(ParseAccountCode))
	p.Name = field(&c, At("name"), p.Name, ParseName)
	p.Program = field(&c, At("program"), string(p.Program), ParseProgram)
	given := len(p.Domains)
	p.Domains = set(&c, At("domains"), p.Domains, MaxPartnerDomains, ParseDomain)
	if given == 0 {
		c.add(violate(WellFormed, At("domains"), "A partner has at least one domain.", "Write the domains that the partner's staff log in with."))
	}
	p.AdminIPRanges = prefixes(&c, p.AdminIPRanges)
	return p, c.violations
}

// Normalise returns the tenant in canonical form. Without internal domains the
// primary one is the only one. An empty account code is left for the directory
// to assign; a malformed partner ID is NotYetKnown.
func (t Tenant) Normalise() (Tenant, Violations) {
	var c check
	t.AccountCode = field(&c, At("account_code"), string(t.AccountCode), optional(ParseAccountCode))
	t.Name = field(&c, At("name"), t.Name, ParseName)
	t.Region = field(&c, At("region"), t.Region, optional(ParseRegion))
	earlier := len(c.violations)
	t.PrimaryDomain = field(&c, At("primary_domain"), string(t.PrimaryDomain), ParseDomain)
	t.InternalDomains = set(&c, At("internal_domains"), t.InternalDomains, MaxInternalDomains, ParseDomain)
	switch {
	case len(c.violations) > earlier: // Nothing can be said of malformed domains.
	case len(t.InternalDomains) == 0:
		t.InternalDomains = []Domain{t.PrimaryDomain}
	default:
		c.add(CheckInternalDomains(t.PrimaryDomain, t.InternalDomains)...)
	}
	given := t.PartnerID
	if t.PartnerID = field(&c, At("partner_id"), string(given), optional(ParseAccountCode)); t.PartnerID == "" && given != "" {
		t.PartnerID = NotYetKnown
	}
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

// Normalise returns the custom role in canonical form, its permissions reduced.
func (r Role) Normalise() (Role, Violations) {
	var c check
	r.TenantID = field(&c, At("tenant_id"), string(r.TenantID), ParseAccountCode)
	r.Name = field(&c, At("name"), r.Name, ParseName)
	r.Description = field(&c, At("description"), r.Description, ParseDescription)
	r.SecurityPermission = field(&c, At("security_permission"), string(r.SecurityPermission), ParseSecurityPermission)
	application, protected := len(r.ApplicationPermissions), len(r.ProtectedPermissions)
	r.ApplicationPermissions = ReducePermissions(set(&c, At("application_permissions"), r.ApplicationPermissions, MaxPermissions, ParsePermission))
	r.ProtectedPermissions = ReducePermissions(set(&c, At("protected_permissions"), r.ProtectedPermissions, MaxPermissions, ParsePermission))
	if max(application, protected) <= MaxPermissions && application+protected > MaxPermissions {
		c.add(violate(WithinLimits, At("application_permissions"),
			fmt.Sprintf("There are %d application and protected permissions, and %d is the most.", application+protected, MaxPermissions)))
	}
	r.DefinitionProtected = false
	r.CarriesProtected = CarriesProtected(r.ApplicationPermissions, r.ProtectedPermissions)
	r.Capabilities = nil
	return r, c.violations
}

// Normalise returns the external admin in canonical form.
func (a ExternalAdmin) Normalise() (ExternalAdmin, Violations) {
	var c check
	a.TenantID = field(&c, At("tenant_id"), string(a.TenantID), ParseAccountCode)
	a.Email = field(&c, At("email"), string(a.Email), ParseEmail)
	a.RoleID = field(&c, At("role_id"), string(a.RoleID), parseRoleID)
	a.Reason = field(&c, At("reason"), a.Reason, ParseReason)
	a.ExpiresAt = field(&c, At("expires_at"), string(a.ExpiresAt), optional(ParseTime))
	return a, c.violations
}

// parseRoleID checks what may be the ID of a role, or a name instead of one: for
// a custom role it is the directory that knows which.
func parseRoleID(s string) (RoleID, error) {
	if s == "" {
		return "", fmt.Errorf("no role is given: write the ID of a default role, for example %q, or of a custom role", BasicAdmin)
	}
	if role, ok := DefaultRoleByName(s); ok && RoleID(s) != role.ID {
		return "", nameNotID(s, role)
	}
	if utf8.RuneCountInString(s) > MaxName || !utf8.ValidString(s) {
		return "", fmt.Errorf("%s is not the ID of a role: write that of a default role, for example %q, or of a custom role", quote(s), BasicAdmin)
	}
	if err := checkVisible("the role's ID ", s); err != nil {
		return "", err
	}
	return RoleID(s), nil
}

// nameNotID is the error of who wrote a default role's name for its ID.
func nameNotID(s string, role Role) error {
	return fmt.Errorf("%s is the name of a default role, not its ID: write %q", quote(s), role.ID)
}

// check gathers the violations of one value.
type check struct{ violations Violations }

func (c *check) add(vs ...Violation) { c.violations = append(c.violations, vs...) }

// NotWellFormed returns err, which a Parse function returned for the value at
// path, as a violation of rule, or of within-limits if the value is too long.
func NotWellFormed(rule RuleID, path Path, err error) Violation {
	if _, ok := errors.AsType[tooLong](err); ok {
		rule = WithinLimits
	}
	return violate(rule, path, sentence(err.Error()))
}

// sentence makes an error of the form "what is wrong: what to write instead" a sentence.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:] + "."
}

func field[T ~string](c *check, path Path, value string, parse func(string) (T, error)) T {
	canonical, err := parse(value)
	if err != nil {
		c.add(NotWellFormed(WellFormed, path, err))
	}
	return canonical
}

func set[T ~string](c *check, path Path, values []T, most int, parse func(string) (T, error)) []T {
	if vs := checkLimit(path, len(values), most); len(vs) > 0 {
		c.add(vs...)
		return nil
	}
	canonical := make([]T, 0, len(values))
	for _, value := range values {
		parsed, err := parse(string(value))
		if err != nil {
			c.add(NotWellFormed(WellFormed, path, err))
			continue
		}
		canonical = append(canonical, parsed)
	}
	slices.Sort(canonical)
	return slices.Compact(canonical)
}

func prefixes(c *check, values []netip.Prefix) []netip.Prefix {
	if vs := checkLimit(At("admin_ip_ranges"), len(values), MaxAdminIPRanges); len(vs) > 0 {
		c.add(vs...)
		return nil
	}
	canonical := make([]netip.Prefix, 0, len(values))
	for _, value := range values {
		parsed, err := ParsePrefix(value.String()) // The zero Prefix is refused here too.
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
