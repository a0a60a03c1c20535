// Package credential knows who may use the service: credentials with a secret,
// the tokens that a secret is exchanged for, and how far each of them goes.
package credential

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Credential is one client of the service.
type Credential struct {
	// ID is the client ID.
	ID string
	// Name is what people call it. It appears in the audit trail.
	Name string
	// PartnerID is the partner it belongs to, "" for the operator's.
	PartnerID rolemodel.AccountCode
	// RoleID is the default role whose authority its writes have.
	RoleID rolemodel.RoleID
	// TenantIDs limit it to named tenants, sorted. None means no such limit.
	TenantIDs []rolemodel.AccountCode
	// ReadOnly limits it to reading, and to signing reviews if it may.
	ReadOnly bool
	// MaySignReviews lets it sign access reviews.
	MaySignReviews bool
	// Sources limit it to source addresses, sorted. None means no such limit.
	Sources []netip.Prefix
	// CreatedAt and the following times are in UTC.
	CreatedAt time.Time
	// ExpiresAt is when it stops working, zero for never.
	ExpiresAt time.Time
	// RevokedAt is when it was revoked, zero if it was not.
	RevokedAt time.Time
	// Generation counts the secrets that it has had. A token is of one
	// generation, so that a rotation ends every token at once.
	Generation int64
}

// Caller returns who opens the directory with it, and how far they go.
func (c *Credential) Caller() (directory.Caller, error) {
	role, ok := rolemodel.DefaultRole(c.RoleID)
	if !ok {
		return directory.Caller{}, fmt.Errorf("credential %s acts with the role %q, which is no default role", c.ID, c.RoleID)
	}
	return directory.Caller{
		Actor: rolemodel.Actor{Name: fmt.Sprintf("%s (%s)", c.Name, c.ID), Role: role, PartnerID: c.PartnerID, Credential: true},
		Scope: directory.Scope{
			All: c.PartnerID == "", PartnerID: c.PartnerID, TenantIDs: slices.Clone(c.TenantIDs), ReadOnly: c.ReadOnly, MaySignReviews: c.MaySignReviews,
			CredentialID: c.ID, Generation: c.Generation,
		},
	}, nil
}

// Live says whether it works at a time: not revoked, not expired.
func (c *Credential) Live(at time.Time) bool {
	return c.RevokedAt.IsZero() && (c.ExpiresAt.IsZero() || at.Before(c.ExpiresAt))
}

// AllowsSource says whether it may be used from an address.
func (c *Credential) AllowsSource(source netip.Addr) bool {
	source = source.Unmap()
	return len(c.Sources) == 0 || slices.ContainsFunc(c.Sources, func(p netip.Prefix) bool { return p.Contains(source) })
}
