package directory

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// AuditFilter narrows the audit trail. Zero fields do not narrow.
type AuditFilter struct {
	// TenantID selects events about a tenant, its roles and its external admins.
	TenantID rolemodel.AccountCode
	// Email selects events about grants of this address, replacements of all of
	// a tenant's grants included where the address is among those added, changed or removed.
	Email rolemodel.Email
	// Since is inclusive, Until is exclusive.
	Since, Until time.Time
	// After is the event ID after which the list begins.
	After string
	// Limit ends the list after so many events.
	Limit int
}

// AuditHeadFilter narrows a list of heads. Zero fields do not narrow.
type AuditHeadFilter struct {
	// TenantID selects the trail that the tenant has now.
	TenantID rolemodel.AccountCode
	// After is the trail after which the list begins.
	After string
	// Limit ends the list after so many heads.
	Limit int
}

// Outcome of an audit event.
const (
	// OutcomeDone means that the change was made.
	OutcomeDone = "done"
	// OutcomeRefused means that rules are broken.
	OutcomeRefused = "refused"
	// OutcomeConflict means that the key is taken or the entry had changed.
	OutcomeConflict = "conflict"
	// OutcomeDenied means that the scope does not reach so far.
	OutcomeDenied = "denied"
)

// The actions of audit events that no change has.
const (
	// ActionAdopt is a creation that found its entry there.
	ActionAdopt = "adopt"
	// ActionRetire is a deletion of what is in use, and ActionTakeUp a creation of what is retired.
	ActionRetire = "retire"
	ActionTakeUp = "take up"
	// ActionRotate and ActionRevoke are done to credentials.
	ActionRotate = "rotate"
	ActionRevoke = "revoke"
	// ActionUse is the use of a credential from where, or for what, it may not be used.
	ActionUse = "use"
)

// AuditEvent is one write, done or not.
//
// Events are numbered within trails: one for each tenant under each of its
// partners, one for each partner, and one for the directory itself. A trail
// belongs to its account's identity, which an account code does not lend: when a
// code comes back as another account, or a tenant moves to another partner, another trail begins.
type AuditEvent struct {
	// ID orders the events by time, and within a trail by number.
	ID string `json:"id"`
	// At is in UTC, to the microsecond.
	At time.Time `json:"at"`
	// Trail is the trail that the event belongs to, and Number its place there, from 1.
	Trail  string `json:"trail"`
	Number int64  `json:"number"`
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
	// PartnerID is the partner concerned at the time of writing, or "".
	PartnerID rolemodel.AccountCode `json:"partner_id"`
	// Before and After are the entry as JSON, "" where there is none. A replacement
	// has the grants that it removed, changed or added, as arrays. An event that
	// was not done has in After what was asked for.
	Before string `json:"before"`
	After  string `json:"after"`
	// Declaration is the one that the change was made as, "" for none.
	Declaration rolemodel.Declaration `json:"declaration,omitempty"`
	// Cut says that After is only the beginning of what was asked for.
	Cut bool `json:"cut,omitempty"`
	// Violations are why the write was refused, as the caller saw them.
	Violations rolemodel.Violations `json:"violations,omitempty"`
	// Repeated is how often the same refusal came again, in a later event that sums up.
	Repeated int64 `json:"repeated,omitempty"`
	// Previous is the Digest of the event before it in its trail, "" for the first one.
	Previous string `json:"previous"`
	// Digest is that of everything else in the event, see Sum.
	Digest string `json:"digest"`
}

// Sum returns the digest that the event must have: the SHA-256, in hexadecimal,
// of the event as JSON with an empty Digest.
func (e AuditEvent) Sum() string {
	e.Digest, e.At = "", e.At.UTC()
	encoded, err := json.Marshal(e)
	if err != nil { // A time in the year 10000 is all that could fail.
		return ""
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:])
}

// AuditHead is the last event of a trail. Whoever keeps the heads can tell later
// whether events up to them were altered, removed or put in.
type AuditHead struct {
	Trail  string `json:"trail"`
	Number int64  `json:"number"`
	Digest string `json:"digest"`
}
