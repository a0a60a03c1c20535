package review

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Kind is a kind of finding. It stays the same between versions.
type Kind string

// The kinds of findings.
const (
	// Undeclared is somebody who was seen there and is not declared.
	Undeclared Kind = "undeclared"
	// NobodyManages and OneManages are tenants where nobody, or only one person, can manage roles.
	NobodyManages Kind = "nobody_manages"
	OneManages    Kind = "one_manages"
	// ProtectedRole is a role that carries protected permissions.
	ProtectedRole Kind = "protected_role"
	// PartnerAdministrator is the default role of that name.
	PartnerAdministrator Kind = "partner_administrator"
	// SharedMailbox is an address that looks like one that several people read, see SharedNames.
	SharedMailbox Kind = "shared_mailbox"
	// NoReason is a grant of which nobody said why.
	NoReason Kind = "no_reason"
	// Expired is a grant that counts no more and is to be removed, ExpiresSoon one that expires within SoonDays.
	Expired     Kind = "expired"
	ExpiresSoon Kind = "expires_soon"
	// NeverConfirmed is a grant that nobody has seen at Mimecast as it is declared.
	NeverConfirmed Kind = "never_confirmed"
)

// Kinds returns the kinds of findings, in the order in which a report has them.
func Kinds() []Kind {
	return []Kind{Undeclared, NobodyManages, OneManages, ProtectedRole, PartnerAdministrator, SharedMailbox, Expired, ExpiresSoon, NoReason, NeverConfirmed}
}

// SoonDays is within how many days a grant expires soon.
const SoonDays = 30

// Finding is what stands out, of one kind.
type Finding struct {
	Kind Kind `json:"kind"`
	// Sentence says it of all that it is about.
	Sentence string `json:"sentence"`
	// Rows are the places in the report's Rows of those that it is about, and Tenants
	// those in its Tenants. A finding is about one or the other.
	Rows    []int `json:"rows,omitempty"`
	Tenants []int `json:"tenants,omitempty"`
}

// find fills the report's findings in.
func (r *Report) find() {
	found := map[Kind]*Finding{}
	of := func(kind Kind) *Finding {
		if found[kind] == nil {
			found[kind] = &Finding{Kind: kind}
		}
		return found[kind]
	}
	soon := soonAfter(r.At)
	for i := range r.Rows {
		row := &r.Rows[i]
		for _, kind := range Kinds() {
			if row.is(kind, soon) {
				row.Findings = append(row.Findings, kind)
				of(kind).Rows = append(of(kind).Rows, i)
			}
		}
	}
	if r.Subject.Person == "" {
		for i := range r.Tenants {
			tenant := &r.Tenants[i]
			kind := OneManages
			switch tenant.Managers {
			case 0:
				kind = NobodyManages
			case 1:
			default:
				continue
			}
			tenant.Findings = append(tenant.Findings, kind)
			of(kind).Tenants = append(of(kind).Tenants, i)
		}
	}
	for _, kind := range Kinds() {
		if f := found[kind]; f != nil {
			f.Sentence = sentence(kind, len(f.Rows)+len(f.Tenants))
			r.Findings = append(r.Findings, *f)
		}
	}
}

// soonAfter is until when a grant expires soon.
func soonAfter(now rolemodel.Time) rolemodel.Time {
	at, err := time.Parse(time.RFC3339, string(now))
	if err != nil {
		return now
	}
	return rolemodel.TimeOf(at.AddDate(0, 0, SoonDays))
}

func (r *Row) is(kind Kind, soon rolemodel.Time) bool {
	switch kind {
	case Undeclared:
		return r.Undeclared
	case ProtectedRole:
		return r.Protected
	case PartnerAdministrator:
		return r.RoleID == rolemodel.PartnerAdmin
	case SharedMailbox:
		return Shared(r.Person)
	case NoReason:
		return !r.Undeclared && r.Reason == ""
	case Expired:
		return r.Expired
	case ExpiresSoon:
		return !r.Expired && r.ExpiresAt.Passed(soon)
	case NeverConfirmed:
		return r.Confirmed == nil
	case NobodyManages, OneManages:
	}
	return false
}

// sentence says of n rows or tenants what stands out.
func sentence(kind Kind, n int) string {
	said := map[Kind][2]string{
		Undeclared:           {"1 person is there without being declared.", "%d are there without being declared."},
		NobodyManages:        {"In 1 client nobody from outside can manage roles.", "In %d clients nobody from outside can manage roles."},
		OneManages:           {"In 1 client only one person from outside can manage roles.", "In %d clients only one person from outside can manage roles."},
		ProtectedRole:        {"A role with protected permissions, such as reading the content of mail, is held once.", "Roles with protected permissions, such as reading the content of mail, are held %d times."},
		PartnerAdministrator: {"Partner Administrator is held once.", "Partner Administrator is held %d times."},
		SharedMailbox:        {"1 looks like a mailbox that several people read.", "%d look like mailboxes that several people read."},
		NoReason:             {"1 grant has no reason.", "%d grants have no reason."},
		Expired:              {"1 grant has expired and is still there.", "%d grants have expired and are still there."},
		ExpiresSoon:          {fmt.Sprintf("1 grant expires within %d days.", SoonDays), fmt.Sprintf("%%d grants expire within %d days.", SoonDays)},
		NeverConfirmed:       {"1 grant was never seen at Mimecast as it is declared.", "%d grants were never seen at Mimecast as they are declared."},
	}[kind]
	if n == 1 {
		return said[0]
	}
	return fmt.Sprintf(said[1], n)
}

// SharedNames returns what stands before the "@" in addresses that are taken for
// mailboxes that several people read: what RFC 2142 has for roles, and what IT
// departments call theirs. Dots, dashes and underscores, what follows a "+" and a
// number at the end do not count, and several of the names are such a name too.
func SharedNames() []string {
	return []string{
		"abuse", "admin", "administrator", "admins", "alerts", "all", "backup", "billing", "contact", "desk", "email", "helpdesk", "hostmaster",
		"info", "infra", "infrastructure", "it", "itsupport", "mail", "mimecast", "monitoring", "msp", "networks", "noc", "office", "oncall",
		"operations", "ops", "postmaster", "root", "security", "service", "servicedesk", "services", "shared", "soc", "staff", "support", "sysadmin",
		"system", "team", "tech", "technical", "test", "webmaster",
	}
}

// sharedNames are the SharedNames, to look one up. They are never written to.
var sharedNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, name := range SharedNames() {
		names[name] = true
	}
	return names
})

// Shared says whether the address looks like a mailbox that several people read.
func Shared(email rolemodel.Email) bool {
	shared := sharedNames()
	local, _, _ := strings.Cut(string(email), "@")
	local, _, _ = strings.Cut(local, "+")
	parts := strings.FieldsFunc(strings.TrimRight(local, "0123456789"), func(r rune) bool { return strings.ContainsRune(".-_", r) })
	if len(parts) == 0 {
		return false
	}
	return shared[strings.Join(parts, "")] || !slices.ContainsFunc(parts, func(part string) bool { return !shared[part] })
}
