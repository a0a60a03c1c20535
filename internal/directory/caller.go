package directory

import (
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Caller is who opens the directory: an actor, whose PartnerID is that of the
// scope, and how far they go.
type Caller struct {
	Actor rolemodel.Actor
	Scope Scope
	// Request names the one write that the directory is opened for, if it may be
	// asked for twice: the second time it is not done again and has the first outcome.
	Request *Request
}

// Owner returns the caller who goes everywhere with the authority of the actor:
// the owner of a file or database.
func Owner(actor rolemodel.Actor) Caller {
	return Caller{Actor: actor, Scope: Scope{All: true, MaySignReviews: true}}
}

// Request names a write of a client. The same name for another change is ErrKeyReused.
type Request struct{ Client, Name string }

// Scope is how far a caller goes. It is part of every read and every write,
// inside its transaction. The zero scope sees nothing.
type Scope struct {
	// All means everything: the owner of a file or database, the operator of a service.
	All bool
	// PartnerID is the partner whose tenants are seen, where All is false.
	PartnerID rolemodel.AccountCode
	// TenantIDs narrow the scope to named tenants, none for no such limit.
	TenantIDs []rolemodel.AccountCode
	// ReadOnly refuses every write, but for the signing of reviews.
	ReadOnly bool
	// MaySignReviews allows reviews to be signed. It is a right of its own, that of an auditor.
	MaySignReviews bool
	// CredentialID is the credential that must be live, and of this Generation,
	// when a write commits, "" for none.
	CredentialID string
	Generation   int64
}

// SeesTenant says whether a tenant of the partner lies in the scope.
func (s *Scope) SeesTenant(code, partner rolemodel.AccountCode) bool {
	return (s.All || s.PartnerID != "" && s.PartnerID == partner) &&
		(len(s.TenantIDs) == 0 || slices.Contains(s.TenantIDs, code))
}
