package rolemodel

import (
	"fmt"
	"slices"
)

// AccountFacts is what the directory knows of a partner's or tenant's surroundings.
type AccountFacts struct {
	// Owners are the other accounts that one of the account's new domains belongs
	// to, and MoreOwners how many further ones there are.
	Owners     map[Domain]Owner
	MoreOwners int
	// Partner is a tenant's new partner and Former the one that it has, nil if
	// there is none or it is not known.
	Partner, Former *Partner
	// Affected are the results of the searches that PartnerSearches or TenantSearches returned.
	Affected []AffectedGrants
}

// Owner is the account that a domain belongs to: "tenant" or "partner", and its code.
type Owner struct {
	Kind string
	Code AccountCode
}

// GrantSearch is a search for external admins for whom a change would break a
// rule that they keep now. Zero fields do not narrow it.
type GrantSearch struct {
	// TenantID or PartnerID, of the tenants' partner, is always given.
	TenantID, PartnerID AccountCode
	RoleID              RoleID
	// Domains are those that the address is in one of, and OutsideDomains those that it is in none of.
	Domains, OutsideDomains []Domain

	rule      RuleID
	attribute string
	problem   string
}

// AffectedGrants are what a search found: ten external admins at most, and how many there are.
type AffectedGrants struct {
	Search GrantSearch
	Admins []ExternalAdmin
	Total  int
}

// The ends of the sentences about external admins that a change affects.
const (
	wouldBeInside  = "external admins have an address in one of the internal domains"
	needPortal     = "external admins need a partner that uses the Partner Portal"
	wouldBeOutside = "external admins would have an address outside the partner's domains"
	needMSP        = "external admins hold Partner Administrator, which is only for tenants of an MSP partner"
)

// PartnerSearches returns what has to be searched for before the partner before
// may become the partner after. See DecidePartner.
func PartnerSearches(before, after *Partner) []GrantSearch {
	if before == nil || after == nil {
		return nil
	}
	var searches []GrantSearch
	add := func(s GrantSearch) {
		s.PartnerID = before.AccountCode
		searches = append(searches, s)
	}
	if before.PartnerPortal && !after.PartnerPortal {
		add(GrantSearch{rule: PortalRequired, attribute: "partner_portal", problem: needPortal})
	}
	if lost := without(before.Domains, after.Domains); len(lost) > 0 && len(after.Domains) > 0 {
		add(GrantSearch{Domains: lost, rule: PartnerLogin, attribute: "domains", problem: wouldBeOutside})
	}
	if mayBeMSP(before.Program) && !mayBeMSP(after.Program) {
		add(GrantSearch{RoleID: PartnerAdmin, rule: MSPOnlyRole, attribute: "program", problem: needMSP})
	}
	return searches
}

// TenantSearches returns what has to be searched for before the tenant before,
// whose partner is the former one, may become the tenant after with the partner
// given. See DecideTenant.
func TenantSearches(before, after *Tenant, former, partner *Partner) []GrantSearch {
	if before == nil || after == nil {
		return nil
	}
	var searches []GrantSearch
	add := func(s GrantSearch) {
		s.TenantID = before.AccountCode
		searches = append(searches, s)
	}
	if gained := without(after.Domains(), before.InternalDomains); len(gained) > 0 {
		add(GrantSearch{Domains: gained, rule: DomainInUse, attribute: "internal_domains", problem: wouldBeInside})
	}
	if after.PartnerID == before.PartnerID || after.PartnerID != "" && partner == nil {
		return searches
	}
	had := before.PartnerID != ""
	if had && (former == nil || former.PartnerPortal) && (partner == nil || !partner.PartnerPortal) {
		add(GrantSearch{rule: PortalRequired, attribute: "partner_id", problem: needPortal})
	}
	if partner != nil && len(partner.Domains) > 0 {
		s := GrantSearch{OutsideDomains: partner.Domains, rule: PartnerLogin, attribute: "partner_id", problem: wouldBeOutside}
		if former != nil && len(former.Domains) > 0 {
			s.Domains, s.OutsideDomains = without(former.Domains, partner.Domains), nil
		}
		if len(s.Domains)+len(s.OutsideDomains) > 0 {
			add(s)
		}
	}
	if had && (former == nil || mayBeMSP(former.Program)) && (partner == nil || !mayBeMSP(partner.Program)) {
		add(GrantSearch{RoleID: PartnerAdmin, rule: MSPOnlyRole, attribute: "partner_id", problem: needMSP})
	}
	return searches
}

// DecidePartner decides whether the actor may turn the partner before into the
// partner after. A nil before creates it, a nil after deletes it; a retired
// before is taken up again, which is a creation. A nil actor and zero fields of
// after are not known yet, but for PartnerPortal, which is true, or what it was,
// where it is not known. Paths are those of a partner.
func DecidePartner(actor *Actor, before, after *Partner, facts AccountFacts) Violations {
	vs := mayManageAccounts(actor)
	if acting := mayActWith(nil, actor, before); len(acting) > 0 {
		vs = append(vs, acting...)
	} else {
		vs = mayActWith(vs, actor, after)
	}
	if actor != nil && actor.PartnerID != "" {
		vs = append(vs, decidePartnerFacts(before, after)...)
	}
	if after == nil {
		return vs
	}
	vs = append(vs, checkOwners(facts, after.Domains, func(Domain) Path { return At("domains") })...)
	return append(vs, checkAffected(facts.Affected)...)
}

// decidePartnerFacts decides what nobody does with a partner's credential.
func decidePartnerFacts(before, after *Partner) Violations {
	if before == nil || before.Retired || after == nil {
		return Violations{violate(PartnerFacts, nil, "A partner's credential neither creates nor deletes partners.")}
	}
	var vs Violations
	changed := func(attribute, what, decides string, is bool) {
		if is {
			vs = append(vs, violate(PartnerFacts, At(attribute), fmt.Sprintf("%s not set with the partner's own credential: %s what the partner may do.", what, decides)))
		}
	}
	changed("program", "The program of a partner is", "it decides", after.Program != "" && after.Program != before.Program)
	changed("partner_portal", "Whether a partner uses the Partner Portal is", "it decides", after.PartnerPortal != before.PartnerPortal)
	changed("domains", "The login domains of a partner are", "they decide", len(after.Domains) > 0 && len(without(before.Domains, after.Domains))+len(without(after.Domains, before.Domains)) > 0)
	return vs
}

// DecideTenant decides whether the actor may turn the tenant before into the
// tenant after. A nil before creates it, a nil after deletes it; a retired
// before is taken up again, which is a creation. A nil actor and zero fields of
// after are not known yet, but for PartnerID, which is "" for none and
// NotYetKnown where it is not known. Paths are those of a tenant.
func DecideTenant(actor *Actor, before, after *Tenant, facts AccountFacts) Violations {
	vs := mayManageAccounts(actor)
	acting := mayActFor(nil, actor, before, facts.Former)
	if len(acting) == 0 {
		acting = mayActFor(nil, actor, after, facts.Partner)
	}
	vs = append(vs, acting...)
	if after == nil {
		return vs
	}
	if actor != nil && actor.PartnerID != "" && after.PartnerID == "" {
		vs = append(vs, violate(ReferenceExists, At("partner_id"), fmt.Sprintf("A credential of partner %q manages only tenants of that partner.", actor.PartnerID),
			fmt.Sprintf("Set partner_id = %q.", actor.PartnerID)))
	}
	created := before == nil || before.Retired
	if !created && before.Region != "" && after.Region != "" && after.Region != before.Region {
		vs = append(vs, violate(WellFormed, At("region"), fmt.Sprintf("The region of tenant %q is %q, and never changes.", before.AccountCode, before.Region),
			"Keep it, or create another tenant."))
	}
	if p := facts.Partner; p != nil && p.Retired && (created || before.PartnerID != after.PartnerID) {
		vs = append(vs, retired(At("partner_id"), "partner", string(p.AccountCode)))
	}
	vs = append(vs, checkOwners(facts, after.Domains(), func(d Domain) Path {
		if d == after.PrimaryDomain {
			return At("primary_domain")
		}
		return At("internal_domains")
	})...)
	return append(vs, checkAffected(facts.Affected)...)
}

// Domains returns the internal domains that are known, with the primary one,
// which is always among them, sorted.
func (t *Tenant) Domains() []Domain {
	if t.PrimaryDomain == "" || slices.Contains(t.InternalDomains, t.PrimaryDomain) {
		return t.InternalDomains
	}
	domains := append(slices.Clone(t.InternalDomains), t.PrimaryDomain)
	slices.Sort(domains)
	return domains
}

// without returns the domains that are not among the others.
func without(domains, others []Domain) []Domain {
	return slices.DeleteFunc(slices.Clone(domains), func(d Domain) bool { return slices.Contains(others, d) })
}

// mayManageAccounts returns a violation if the actor has no part in accounts.
func mayManageAccounts(actor *Actor) Violations {
	if actor == nil || slices.Contains([]RoleID{SuperAdmin, PartnerAdmin, FullAdmin, BasicAdmin}, actor.Role.ID) {
		return nil
	}
	return Violations{actor.violate(ManageAccounts, nil,
		fmt.Sprintf("%s neither creates nor changes nor deletes partners and tenants: Super, Partner, Full and Basic Administrators do.", actor.Role.Name))}
}

// checkOwners returns a violation for every domain that another account has.
func checkOwners(facts AccountFacts, domains []Domain, path func(Domain) Path) Violations {
	var vs Violations
	for _, d := range domains {
		if owner, ok := facts.Owners[d]; ok {
			v := violate(DomainTaken, path(d), fmt.Sprintf("%q belongs to %s %q.", d, owner.Kind, owner.Code))
			v.Accounts = []AccountCode{owner.Code}
			v.discreet = fmt.Sprintf("%q belongs to another account.", d)
			vs = append(vs, v)
		}
	}
	if facts.MoreOwners > 0 {
		v := violate(DomainTaken, path(""), fmt.Sprintf("Some of the domains belong to %d more accounts.", facts.MoreOwners))
		v.Total = facts.MoreOwners
		vs = append(vs, v)
	}
	return vs
}

// checkAffected returns a violation for every search that found somebody.
func checkAffected(affected []AffectedGrants) Violations {
	var vs Violations
	for _, a := range affected {
		if len(a.Admins) == 0 {
			continue
		}
		v := violate(a.Search.rule, At(a.Search.attribute), "",
			"Remove these external admins, or give them another address or role, in an apply of its own first.")
		v.name(a.Admins, a.Total)
		v.Problem = fmt.Sprintf("These %s: %s.", a.Search.problem, more(list(v.People), a.Total-len(a.Admins)))
		v.discreet = fmt.Sprintf("Some %s.", a.Search.problem)
		vs = append(vs, v)
	}
	return vs
}

// name adds the data of external admins, of whom there are so many in all.
func (v *Violation) name(admins []ExternalAdmin, total int) {
	v.Total = total
	for _, a := range admins {
		if !slices.Contains(v.People, a.Email) {
			v.People = append(v.People, a.Email)
		}
		if !slices.Contains(v.Accounts, a.TenantID) {
			v.Accounts = append(v.Accounts, a.TenantID)
		}
	}
}

// RetiredViolation says that the entry is retired, and so is not changed. The
// kind and key are those of the directory, for example "role" and "CUSA00A000/auditor".
func RetiredViolation(kind, key string) Violation { return retired(nil, kind, key) }

func retired(path Path, kind, key string) Violation {
	rule, advice := AccountRetired, []string(nil)
	if kind == "role" {
		rule, advice = RoleRetired, []string{"Create a role of that name again, which takes it up."}
	}
	return violate(rule, path, fmt.Sprintf("The %s %q was deleted while it was in use, so it is retired.", kind, key), advice...)
}

// Dependants are what an entry has that keeps it when it is deleted: of one kind
// ten at most, and how many there are.
type Dependants struct {
	// What they are in the plural, for example "external admins".
	What    string
	Admins  []ExternalAdmin
	Roles   []Role
	Tenants []Tenant
	Total   int
}

// Declared says whether all that are named have a declaration, and so may go in
// the plan in which the entry goes.
func (d *Dependants) Declared() bool {
	return !slices.ContainsFunc(d.Admins, func(a ExternalAdmin) bool { return a.Declaration == "" }) &&
		!slices.ContainsFunc(d.Roles, func(r Role) bool { return r.Declaration == "" }) &&
		!slices.ContainsFunc(d.Tenants, func(t Tenant) bool { return t.Declaration == "" })
}

// RetiringViolation says that the deletion of an entry retires it, because of
// what it has. The kind and key are as in RetiredViolation.
func RetiringViolation(kind, key string, has Dependants) Violation {
	rule, advice := AccountRetired, "Nothing new is possible in it then, and it goes with the last of them. Creating it again takes it up."
	if kind == "role" {
		rule, advice = RoleRetired, "Nobody new gets it then, and it goes with its last holder. Creating a role of that name again takes it up."
	}
	v := violate(rule, nil, "", advice)
	v.name(has.Admins, has.Total)
	named := list(v.People)
	switch {
	case len(has.Tenants) > 0:
		for _, t := range has.Tenants {
			v.Accounts = append(v.Accounts, t.AccountCode)
		}
		named = list(v.Accounts)
	case len(has.Roles) > 0:
		names := make([]string, len(has.Roles))
		for i, r := range has.Roles {
			names[i] = r.Name
		}
		named = list(names)
	}
	shown := len(has.Admins) + len(has.Roles) + len(has.Tenants)
	v.Problem = fmt.Sprintf("The %s %q has %s, so deleting it retires it: %s.", kind, key, has.What, more(named, has.Total-shown))
	v.discreet = fmt.Sprintf("The %s %q has %s, so deleting it retires it.", kind, key, has.What)
	return v
}
