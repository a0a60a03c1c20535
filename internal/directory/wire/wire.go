package wire

import (
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// APIVersion is the version of the API. Every answer of the service has it in
// the header VersionHeader, which also tells a client that it found the service.
const (
	APIVersion    = 1
	VersionHeader = "Mimecast-Directory-Api"
)

// IdempotencyKeyHeader names a write, so that it is done once however often it is asked for.
const IdempotencyKeyHeader = "Idempotency-Key"

// Page is a part of a list.
type Page[T any] struct {
	Items []T `json:"items" nullable:"false" doc:"The entries, in the order of their keys."`
	// NextCursor is absent on the last page.
	NextCursor string `json:"next_cursor,omitempty" doc:"The cursor of the next page. Absent on the last one."`
}

// ExternalAdmins are all external admins of a tenant.
type ExternalAdmins struct {
	Items []rolemodel.ExternalAdmin `json:"items" nullable:"false" doc:"All external admins of the tenant, by address."`
}

// ExternalAdminsInput is what a tenant's external admins are to be.
type ExternalAdminsInput struct {
	Items []ExternalAdminInput `json:"items" doc:"All external admins that the tenant is to have. Those that are not among them are removed."`
}

// Caller is the credential that a request is made with.
type Caller struct {
	ClientID  string                  `json:"client_id" doc:"The credential's client ID."`
	Actor     string                  `json:"actor" doc:"What the audit trail calls it."`
	RoleID    rolemodel.RoleID        `json:"role_id" doc:"The default role whose authority it has."`
	PartnerID rolemodel.AccountCode   `json:"partner_id" doc:"The partner it belongs to, empty for the operator's."`
	TenantIDs []rolemodel.AccountCode `json:"tenant_ids" nullable:"false" doc:"The tenants it is limited to. Empty if it is not."`
	ReadOnly  bool                    `json:"read_only" doc:"Whether it may only read."`
	// Now is the service's clock.
	Now time.Time `json:"now" doc:"The service's time."`
}
