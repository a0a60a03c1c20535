package review

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// ChangeKind is a kind of change. It stays the same between versions.
type ChangeKind string

// The kinds of changes, in the order in which those of a tenant are reported.
const (
	TenantAdded   ChangeKind = "tenant_added"
	TenantRemoved ChangeKind = "tenant_removed"
	// UndeclaredSeen is somebody who is there now without being declared, UndeclaredGone
	// one who was, and UndeclaredRole one who is there with another role.
	UndeclaredSeen ChangeKind = "undeclared_seen"
	UndeclaredGone ChangeKind = "undeclared_gone"
	UndeclaredRole ChangeKind = "undeclared_role"
	GrantAdded     ChangeKind = "grant_added"
	GrantRemoved   ChangeKind = "grant_removed"
	RoleChanged    ChangeKind = "role_changed"
	ReasonChanged  ChangeKind = "reason_changed"
	ExpiryChanged  ChangeKind = "expiry_changed"
	// DefinitionChanged is of a custom role that somebody holds: what it allows, or is called.
	DefinitionChanged ChangeKind = "definition_changed"
)

func changeKinds() []ChangeKind {
	return []ChangeKind{TenantAdded, TenantRemoved, UndeclaredSeen, UndeclaredGone, UndeclaredRole, GrantAdded, GrantRemoved, RoleChanged, ReasonChanged, ExpiryChanged, DefinitionChanged}
}

// Change is one thing that is other than it was.
type Change struct {
	Kind       ChangeKind            `json:"kind"`
	TenantID   rolemodel.AccountCode `json:"tenant_id"`
	TenantName string                `json:"tenant_name"`
	// Person is "" in changes of tenants and of definitions.
	Person rolemodel.Email `json:"person,omitempty"`
	// RoleID is that of the custom role whose definition changed.
	RoleID rolemodel.RoleID `json:"role_id,omitempty"`
	// From and To are what was and what is: the names of roles, reasons or times, "" for none.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// At is when it last changed, and By whose change that was, "" if the trail does not tell.
	At rolemodel.Time `json:"at,omitempty"`
	By string         `json:"by,omitempty"`
}

// String says in a phrase what changed, without the tenant.
func (c *Change) String() string {
	switch c.Kind {
	case TenantAdded:
		return "the client is new here"
	case TenantRemoved:
		return "the client is no longer here"
	case UndeclaredSeen:
		return fmt.Sprintf("%s is there as %s without being declared", c.Person, c.To)
	case UndeclaredGone:
		return fmt.Sprintf("%s, who was there as %s without being declared, is so no more", c.Person, c.From)
	case UndeclaredRole:
		return fmt.Sprintf("%s, who is there without being declared, is %s and was %s", c.Person, c.To, c.From)
	case GrantAdded:
		return fmt.Sprintf("%s got %s", c.Person, c.To)
	case GrantRemoved:
		return fmt.Sprintf("%s lost %s", c.Person, c.From)
	case RoleChanged:
		return fmt.Sprintf("%s has %s and had %s", c.Person, c.To, c.From)
	case ReasonChanged:
		return fmt.Sprintf("the reason of %s is %q and was %q", c.Person, c.To, c.From)
	case ExpiryChanged:
		return fmt.Sprintf("the access of %s ends %s and ended %s", c.Person, cmp.Or(c.To, "never"), cmp.Or(c.From, "never"))
	case DefinitionChanged:
		if c.From != c.To {
			return fmt.Sprintf("the role %s is defined otherwise, and was called %s", c.To, c.From)
		}
		return fmt.Sprintf("the role %s is defined otherwise", c.To)
	}
	return string(c.Kind)
}

// Changes returns what is other in the states now than it was then, as far as it
// is the subject's. There is none exactly if both have the same digest.
func Changes(subject Subject, then, now []worklist.State) []Change {
	was, is := sides(then), sides(now)
	all := []Change{}
	for code, after := range is {
		all = append(all, changesOf(subject, was[code], after)...)
	}
	for code, before := range was {
		if is[code] == nil {
			all = append(all, changesOf(subject, before, nil)...)
		}
	}
	turn := map[ChangeKind]int{}
	for i, kind := range changeKinds() {
		turn[kind] = i
	}
	folded := map[string]string{}
	for i := range all {
		folded[all[i].TenantName] = rolemodel.FoldName(all[i].TenantName)
	}
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(cmp.Compare(folded[a.TenantName], folded[b.TenantName]), cmp.Compare(a.TenantID, b.TenantID),
			cmp.Compare(turn[a.Kind], turn[b.Kind]), cmp.Compare(a.Person, b.Person), cmp.Compare(a.RoleID, b.RoleID))
	})
	return all
}

// side is a tenant, then or now.
type side struct {
	*worklist.Comparison
	grants      map[rolemodel.Email]*rolemodel.ExternalAdmin
	undeclared  map[rolemodel.Email]string
	roles       map[rolemodel.RoleID]*rolemodel.Role
	definitions map[rolemodel.RoleID]string
}

func sides(states []worklist.State) map[rolemodel.AccountCode]*side {
	all := make(map[rolemodel.AccountCode]*side, len(states))
	for _, c := range worklist.Compare(states) {
		s := &side{
			Comparison: &c, grants: map[rolemodel.Email]*rolemodel.ExternalAdmin{}, undeclared: map[rolemodel.Email]string{},
			roles: rolesOf(c.State), definitions: definitionsOf(c.State),
		}
		for i := range c.Admins {
			s.grants[c.Admins[i].Email] = &c.Admins[i]
		}
		for _, person := range c.Undeclared {
			s.undeclared[person.Email] = person.RoleName
		}
		all[c.Tenant.AccountCode] = s
	}
	return all
}

// nobody is the side of a tenant that was, or is, not there.
func nobody() *side { return &side{} }

// roleName returns the name of the role of a grant.
func (s *side) roleName(grant *rolemodel.ExternalAdmin) string {
	if role := s.roles[grant.RoleID]; role != nil {
		return role.Name
	}
	return cmp.Or(grant.RoleName, string(grant.RoleID))
}

func changesOf(subject Subject, before, after *side) []Change {
	var all []Change
	tenant := after
	if after == nil {
		tenant, after = before, nobody()
	}
	add := func(change Change) {
		change.TenantID, change.TenantName = tenant.Tenant.AccountCode, tenant.Tenant.Name
		all = append(all, change)
	}
	if subject.Person == "" && before == nil {
		add(Change{Kind: TenantAdded})
	}
	if subject.Person == "" && after.Comparison == nil {
		add(Change{Kind: TenantRemoved})
	}
	if before == nil {
		before = nobody()
	}
	otherwise := map[rolemodel.RoleID]bool{}
	for email, is := range after.grants {
		was := before.grants[email]
		switch {
		case !subject.covers(email):
		case was == nil:
			add(Change{Kind: GrantAdded, Person: email, To: after.roleName(is)})
		default:
			if was.RoleID != is.RoleID {
				add(Change{Kind: RoleChanged, Person: email, From: before.roleName(was), To: after.roleName(is)})
			} else if before.definitions[is.RoleID] != after.definitions[is.RoleID] && !otherwise[is.RoleID] {
				otherwise[is.RoleID] = true
				add(Change{Kind: DefinitionChanged, RoleID: is.RoleID, From: before.roleName(was), To: after.roleName(is)})
			}
			if was.Reason != is.Reason {
				add(Change{Kind: ReasonChanged, Person: email, From: was.Reason, To: is.Reason})
			}
			if was.ExpiresAt != is.ExpiresAt {
				add(Change{Kind: ExpiryChanged, Person: email, From: string(was.ExpiresAt), To: string(is.ExpiresAt)})
			}
		}
	}
	for email, was := range before.grants {
		if after.grants[email] == nil && subject.covers(email) {
			add(Change{Kind: GrantRemoved, Person: email, From: before.roleName(was)})
		}
	}
	for email, to := range after.undeclared {
		switch from, was := before.undeclared[email]; {
		case !subject.covers(email) || from == to:
		case was:
			add(Change{Kind: UndeclaredRole, Person: email, From: from, To: to})
		default:
			add(Change{Kind: UndeclaredSeen, Person: email, To: to})
		}
	}
	for email, from := range before.undeclared {
		if after.undeclared[email] == "" && subject.covers(email) {
			add(Change{Kind: UndeclaredGone, Person: email, From: from})
		}
	}
	return all
}
