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

// Reader reads the directory.
//
// Single reads return a *NotFoundError if there is no such entry. Lists stream
// in ascending order of the entry's key and end at the first error, which is
// yielded with a zero entry; a list of something that is not there is empty.
// Keys must be canonical (see the Parse functions of rolemodel).
type Reader interface {
	Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error)
	Partners(ctx context.Context, filter PartnerFilter) iter.Seq2[rolemodel.Partner, error]

	Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error)
	Tenants(ctx context.Context, filter TenantFilter) iter.Seq2[rolemodel.Tenant, error]

	// Role returns a default or custom role of a tenant.
	Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error)
	// Roles lists the roles of a tenant: the default ones in their fixed order,
	// then the custom ones by name (folded). It yields a *NotFoundError if there is no such tenant.
	Roles(ctx context.Context, tenant rolemodel.AccountCode) iter.Seq2[rolemodel.Role, error]

	ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error)
	// ExternalAdmins lists by tenant, then email.
	ExternalAdmins(ctx context.Context, filter ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error]

	// AuditEvents lists the audit trail, oldest first.
	AuditEvents(ctx context.Context, filter AuditFilter) iter.Seq2[AuditEvent, error]
}

// Directory reads and writes the directory with the authority of one actor.
//
// Every write is one transaction: it decides all rules against the actor,
// writes and appends its audit event, or changes nothing but the trail, where
// the refusal is recorded. A write returns rolemodel.Violations if rules are
// broken, a *NotFoundError if the entry written to does not exist, and a
// *ConflictError if the key is taken or the entry's revision is another than
// the one given. Writes return the entry as stored, in canonical form. An
// update or replacement that changes nothing leaves revisions and trail as they are.
type Directory interface {
	Reader

	// CreatePartner adds a partner. Without an account code it assigns one.
	CreatePartner(ctx context.Context, partner rolemodel.Partner) (rolemodel.Partner, error)
	UpdatePartner(ctx context.Context, partner rolemodel.Partner) (rolemodel.Partner, error)
	DeletePartner(ctx context.Context, code rolemodel.AccountCode) error

	// CreateTenant adds a tenant. Without an account code it assigns one; without
	// internal domains the primary one is the only one; the initial administrator is set.
	CreateTenant(ctx context.Context, tenant rolemodel.Tenant) (rolemodel.Tenant, error)
	// UpdateTenant changes everything but the account code, region and initial administrator, which are ignored.
	UpdateTenant(ctx context.Context, tenant rolemodel.Tenant) (rolemodel.Tenant, error)
	DeleteTenant(ctx context.Context, code rolemodel.AccountCode) error

	// CreateRole adds a custom role and assigns its ID.
	CreateRole(ctx context.Context, role rolemodel.Role) (rolemodel.Role, error)
	UpdateRole(ctx context.Context, role rolemodel.Role) (rolemodel.Role, error)
	DeleteRole(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) error

	CreateExternalAdmin(ctx context.Context, admin rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error)
	// UpdateExternalAdmin changes the grant of email in admin.TenantID: the role,
	// and the address where admin.Email is another one.
	UpdateExternalAdmin(ctx context.Context, email rolemodel.Email, admin rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error)
	DeleteExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) error
	// ReplaceExternalAdmins makes the given grants all that the tenant has, in
	// one transaction, and returns them sorted by email. Violations lie at
	// admins["<email>"]. The tenant IDs and revisions of the grants are ignored.
	ReplaceExternalAdmins(ctx context.Context, tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, error)
}

// PartnerFilter narrows a list of partners. Zero fields do not narrow.
type PartnerFilter struct {
	// Domain is one that the partner's staff log in with.
	Domain rolemodel.Domain
	// Name is compared without regard to letter case.
	Name string
}

// TenantFilter narrows a list of tenants. Zero fields do not narrow.
type TenantFilter struct {
	PartnerID rolemodel.AccountCode
	// Domain is an internal domain.
	Domain rolemodel.Domain
	// Name is compared without regard to letter case.
	Name string
}

// ExternalAdminFilter narrows a list of external admins. Zero fields do not narrow.
type ExternalAdminFilter struct {
	TenantID  rolemodel.AccountCode
	PartnerID rolemodel.AccountCode
	Email     rolemodel.Email
	RoleID    rolemodel.RoleID
}

// AuditFilter narrows the audit trail. Zero fields do not narrow.
type AuditFilter struct {
	// TenantID selects events about a tenant, its roles and its external admins.
	TenantID rolemodel.AccountCode
	// Email selects events about grants of this address, replacements of all of
	// a tenant's grants included where the address is among those added, changed or removed.
	Email rolemodel.Email
	// Since is inclusive, Until is exclusive.
	Since, Until time.Time
	// AfterID skips events up to and including this ID.
	AfterID int64
}

// The kinds of entries, as they appear in errors and in the audit trail.
const (
	KindPartner        = "partner"
	KindTenant         = "tenant"
	KindRole           = "role"
	KindExternalAdmin  = "external admin"
	KindExternalAdmins = "external admins"
)

// The actions and outcomes of audit events.
const (
	ActionCreate  = "create"
	ActionUpdate  = "update"
	ActionDelete  = "delete"
	ActionReplace = "replace"

	OutcomeDone    = "done"
	OutcomeRefused = "refused"
)

// AuditEvent is one write, done or refused.
type AuditEvent struct {
	// ID orders the events.
	ID int64 `json:"id"`
	// At is in UTC, to the microsecond.
	At time.Time `json:"at"`
	// Actor is the actor's name and ActorRole the role whose authority was used.
	Actor     string           `json:"actor"`
	ActorRole rolemodel.RoleID `json:"actor_role"`
	// Action is one of the Action constants and Outcome one of the Outcome constants.
	Action  string `json:"action"`
	Outcome string `json:"outcome"`
	// Kind is one of the Kind constants. Key is the entry's key, for example "CUSA00A000/anna@example.com".
	Kind string `json:"kind"`
	Key  string `json:"key"`
	// TenantID is the tenant concerned, or "" for a partner's event.
	TenantID rolemodel.AccountCode `json:"tenant_id"`
	// Before and After are the entry as JSON, "" where there is none. A replacement
	// has the grants that it removed, changed or added, as arrays. A refused
	// event has in After what was asked for.
	Before string `json:"before"`
	After  string `json:"after"`
	// Violations are why the write was refused.
	Violations rolemodel.Violations `json:"violations,omitempty"`
}

// SignIn decides a sign-in against the directory's present content. See rolemodel.DecideSignIn.
func SignIn(ctx context.Context, r Reader, tenantID rolemodel.AccountCode, email rolemodel.Email, source netip.Addr, entrance rolemodel.Entrance) (rolemodel.SignInDecision, error) {
	tenant, err := r.Tenant(ctx, tenantID)
	if err != nil {
		return rolemodel.SignInDecision{}, err
	}
	attempt := rolemodel.SignInAttempt{Tenant: tenant, Email: email, SourceIP: source, Entrance: entrance}
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
