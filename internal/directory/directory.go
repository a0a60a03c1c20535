// Package directory is the port to the system of record: the directory of
// partners, tenants, roles and external admins that this project keeps, since
// Mimecast publishes no API for them. Implementations are in its subpackages
// and pass the suite in directorytest, so that a caller cannot tell them apart.
package directory

import (
	"context"
	"iter"
	"net/netip"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Opener is what keeps a directory and opens it for callers.
type Opener interface {
	// Open returns the directory as the caller sees it and may change it.
	Open(caller Caller) Directory
}

// Directory reads and writes the directory for one caller.
type Directory interface {
	Reader

	// Apply makes one change in one transaction: it looks up what is concerned,
	// decides all rules against the caller's actor, writes and appends the audit
	// event, or changes nothing but the trail, where the refusal is recorded. It
	// returns rolemodel.Violations if rules are broken, a *NotFoundError if the
	// entry does not exist (or is out of scope, which is the same), a
	// *ConflictError if the key is taken or the entry has changed since it was
	// read, a *ForbiddenError if the scope never allows it, and ErrReadOnly. A
	// change that changes nothing leaves revisions and trail as they are.
	Apply(ctx context.Context, change Change) (Outcome, error)
}

// Reader reads the directory. What is out of the caller's scope does not exist.
//
// Single reads return a *NotFoundError if there is no such entry. Lists stream
// in ascending order of the entry's key, begin after the key that the filter
// names, and end at the first error, which is yielded with a zero entry; a
// list of something that is not there is empty. A page costs the same wherever
// it is. Keys must be canonical (see the Parse functions of rolemodel).
//
// Custom roles, external admins, observations, reviews and the trail are read with an actor who can
// manage roles; others get the violation of the rule view-roles.
//
// Entries that are retired (see rolemodel.RoleRetired and AccountRetired) are
// read like others, and say so.
type Reader interface {
	// Identity returns the directory's own random ID, which a copy keeps. It is "" if there is no directory yet.
	Identity(ctx context.Context) (string, error)

	Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error)
	Partners(ctx context.Context, filter PartnerFilter) iter.Seq2[rolemodel.Partner, error]

	Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error)
	Tenants(ctx context.Context, filter TenantFilter) iter.Seq2[rolemodel.Tenant, error]

	// Role returns a default or custom role of a tenant.
	Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error)
	// Roles lists custom roles by tenant, then ID. The default ones are rolemodel.DefaultRoles in every tenant.
	Roles(ctx context.Context, filter RoleFilter) iter.Seq2[rolemodel.Role, error]

	ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error)
	// ExternalAdmins lists by tenant, then email.
	ExternalAdmins(ctx context.Context, filter ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error]

	// Observations lists what was seen at Mimecast, by tenant. A tenant of which nothing was seen is not in it.
	Observations(ctx context.Context, filter ObservationFilter) iter.Seq2[rolemodel.Observation, error]

	// Review returns the last review that was signed of exactly the tenant and
	// person, each "" for no such limit. Without a tenant it is the caller's own
	// partner's or, for a caller who goes everywhere, the directory's. A caller who
	// is limited to named tenants has none but theirs.
	Review(ctx context.Context, tenant rolemodel.AccountCode, person rolemodel.Email) (rolemodel.Review, error)

	// Count returns how many entries the list of the filter has, whatever its After and Limit are.
	Count(ctx context.Context, filter Filter) (int, error)

	// AuditEvents lists the audit trail by event ID, which is by time.
	AuditEvents(ctx context.Context, filter AuditFilter) iter.Seq2[AuditEvent, error]
	// AuditHeads lists the last event of each trail, by trail.
	AuditHeads(ctx context.Context, filter AuditHeadFilter) iter.Seq2[AuditHead, error]
}

// Filter is one of PartnerFilter, TenantFilter, RoleFilter and ExternalAdminFilter.
type Filter interface{ filter() }

// PartnerFilter narrows a list of partners. Zero fields do not narrow.
type PartnerFilter struct {
	// Codes are exactly those that are asked for.
	Codes []rolemodel.AccountCode
	// Domains are domains that the partner's staff log in with, at least one of them.
	Domains []rolemodel.Domain
	// Name is compared without regard to letter case.
	Name string
	// After is the key after which the list begins.
	After rolemodel.AccountCode
	// Limit ends the list after so many entries.
	Limit int
}

// TenantFilter narrows a list of tenants. Zero fields do not narrow.
type TenantFilter struct {
	// Codes are exactly those that are asked for.
	Codes     []rolemodel.AccountCode
	PartnerID rolemodel.AccountCode
	// Domains are internal domains, at least one of them.
	Domains []rolemodel.Domain
	// Name is compared without regard to letter case.
	Name string
	// After is the key after which the list begins.
	After rolemodel.AccountCode
	// Limit ends the list after so many entries.
	Limit int
}

// RoleFilter narrows a list of custom roles. Zero fields do not narrow.
type RoleFilter struct {
	// TenantIDs are exactly the tenants whose roles are asked for.
	TenantIDs []rolemodel.AccountCode
	// Name is compared without regard to letter case.
	Name string
	// After is the key after which the list begins: tenant and role ID.
	After Key
	// Limit ends the list after so many entries.
	Limit int
}

// ExternalAdminFilter narrows a list of external admins. Zero fields do not narrow.
type ExternalAdminFilter struct {
	// TenantIDs are exactly the tenants whose external admins are asked for.
	TenantIDs []rolemodel.AccountCode
	PartnerID rolemodel.AccountCode
	Email     rolemodel.Email
	RoleID    rolemodel.RoleID
	// Domains are those that the address is in one of, and OutsideDomains those that it is in none of.
	Domains, OutsideDomains []rolemodel.Domain
	// After is the key after which the list begins: tenant and email.
	After Key
	// Limit ends the list after so many entries.
	Limit int
}

// ObservationFilter narrows a list of observations. Zero fields do not narrow.
type ObservationFilter struct {
	// TenantIDs are exactly the tenants whose observations are asked for.
	TenantIDs []rolemodel.AccountCode
	PartnerID rolemodel.AccountCode
	// After is the tenant after which the list begins.
	After rolemodel.AccountCode
	// Limit ends the list after so many observations.
	Limit int
}

func (PartnerFilter) filter()       {}
func (TenantFilter) filter()        {}
func (RoleFilter) filter()          {}
func (ExternalAdminFilter) filter() {}

// RolesOf returns all roles of a tenant, the default ones in their fixed order
// and then the custom ones by ID, or a *NotFoundError if there is no such tenant.
func RolesOf(ctx context.Context, r Reader, tenant rolemodel.AccountCode) ([]rolemodel.Role, error) {
	if _, err := r.Tenant(ctx, tenant); err != nil {
		return nil, err
	}
	custom, err := Collect(r.Roles(ctx, RoleFilter{TenantIDs: []rolemodel.AccountCode{tenant}}))
	return append(rolemodel.DefaultRoles(), custom...), err
}

// Collect reads a list to its end.
func Collect[T any](list iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for entry, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, entry)
	}
	return all, nil
}

// SignIn decides a sign-in now against the directory's present content. See rolemodel.DecideSignIn.
func SignIn(ctx context.Context, r Reader, tenantID rolemodel.AccountCode, email rolemodel.Email, source netip.Addr, entrance rolemodel.Entrance) (rolemodel.SignInDecision, error) {
	tenant, err := r.Tenant(ctx, tenantID)
	if err != nil {
		return rolemodel.SignInDecision{}, err
	}
	attempt := rolemodel.SignInAttempt{Tenant: tenant, Email: email, SourceIP: source, Entrance: entrance, Now: rolemodel.TimeOf(time.Now())}
	if tenant.PartnerID != "" {
		partner, err := r.Partner(ctx, tenant.PartnerID)
		if err != nil {
			return rolemodel.SignInDecision{}, err
		}
		attempt.Partner = &partner
	}
	admin, err := r.ExternalAdmin(ctx, tenantID, email)
	switch {
	case err == nil:
		attempt.Admin = &admin
	case !IsNotFound(err):
		return rolemodel.SignInDecision{}, err
	}
	return rolemodel.DecideSignIn(attempt), nil
}
