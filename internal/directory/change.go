package directory

import (
	"cmp"
	"context"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Kind is a kind of entry, as it appears in errors and in the audit trail.
type Kind = string

// The kinds.
const (
	KindPartner        Kind = "partner"
	KindTenant         Kind = "tenant"
	KindRole           Kind = "role"
	KindExternalAdmin  Kind = "external admin"
	KindExternalAdmins Kind = "external admins"
	KindObservation    Kind = "observation"
	KindReview         Kind = "access review"
	KindCredential     Kind = "credential"
)

// Action is what a change does.
type Action = string

// The actions of changes.
const (
	ActionCreate Action = "create"
	ActionUpdate Action = "update"
	ActionDelete Action = "delete"
	// ActionObserve says what was seen at Mimecast.
	ActionObserve Action = "observe"
	// ActionSign says that somebody looked at who can reach what.
	ActionSign Action = "sign"
)

// Key is the key of an entry: Account alone for a partner or tenant, with ID for
// a custom role, with Email for an external admin.
type Key struct {
	Account rolemodel.AccountCode `json:"account"`
	ID      rolemodel.RoleID      `json:"id,omitempty"`
	Email   rolemodel.Email       `json:"email,omitempty"`
}

// String writes the key as errors, the trail and import IDs do: CUSA00A000/anna@msp.example.
func (k Key) String() string {
	switch {
	case k.ID != "":
		return string(k.Account) + "/" + string(k.ID)
	case k.Email != "":
		return string(k.Account) + "/" + string(k.Email)
	}
	return string(k.Account)
}

// Compare orders keys by account, then ID, then email.
func (k Key) Compare(other Key) int {
	return cmp.Or(cmp.Compare(k.Account, other.Account), cmp.Compare(k.ID, other.ID), cmp.Compare(k.Email, other.Email))
}

// Entry is what the directory has entries of.
type Entry interface {
	rolemodel.Partner | rolemodel.Tenant | rolemodel.Role | rolemodel.ExternalAdmin
}

// KeyOf returns the key of an entry.
func KeyOf[E Entry](entry E) Key {
	switch e := any(entry).(type) {
	case rolemodel.Partner:
		return Key{Account: e.AccountCode}
	case rolemodel.Tenant:
		return Key{Account: e.AccountCode}
	case rolemodel.Role:
		return Key{Account: e.TenantID, ID: e.ID}
	case rolemodel.ExternalAdmin:
		return Key{Account: e.TenantID, Email: e.Email}
	}
	return Key{}
}

// KindOf returns the kind of entries of the type.
func KindOf[E Entry]() Kind {
	var entry E
	switch any(entry).(type) {
	case rolemodel.Partner:
		return KindPartner
	case rolemodel.Tenant:
		return KindTenant
	case rolemodel.Role:
		return KindRole
	}
	return KindExternalAdmin
}

// Change is one write: a Write of one of the four kinds of entries, a Replace, an Observe or a SignReview.
type Change interface {
	// Subject says what the change is about, as it was asked for.
	Subject() Subject
	sealed()
}

// Subject says what a change is about.
type Subject struct {
	Action Action
	Kind   Kind
	// Key is that of the entry; of one that is created it may be in part "", which the directory assigns.
	Key Key
}

// Write creates, updates or deletes one entry.
type Write[E Entry] struct {
	// Action is ActionCreate, ActionUpdate or ActionDelete.
	Action Action
	// Key is the entry's in an update or a deletion, and zero in a creation. An
	// external admin's address changes where the Email of Entry is another one.
	Key Key
	// Entry is what is asked for, zero in a deletion. A partner or tenant without
	// an account code is assigned one; a tenant without internal domains has the
	// primary one; a role's ID is made from its name (rolemodel.RoleIDFor). An
	// update ignores a tenant's initial administrator and, where it is "", its region.
	Entry E
	// Revision is the one that an update or deletion is based on, zero for any.
	Revision int64
	// As is the declaration that the entry is created, adopted or changed as, ""
	// for a change made outside Terraform, which leaves the declaration as it is.
	As rolemodel.Declaration
	// Seen is the declaration that the entry had when it was read for the plan, ""
	// if none or not known. An update of what went since under that declaration, in
	// the same apply at its former address, creates the entry again; and so does one
	// of a grant of nobody that went with a map.
	Seen rolemodel.Declaration
}

// Replace declares all grants that a tenant has, in one transaction. Violations
// lie at admins["<email>"]. The tenant IDs, role names and revisions of the grants are ignored.
type Replace struct {
	// Action is ActionCreate, ActionUpdate or ActionDelete. A creation adds and
	// adopts the Admins and removes nobody: no plan has shown them. An update makes
	// the Admins all that the tenant has. A deletion, which has no Admins, removes
	// those of the declaration As, and those of none that are among Seen.
	Action Action
	Tenant rolemodel.AccountCode
	Admins []rolemodel.ExternalAdmin
	// Seen are the grants that were read for the plan, with their declarations, nil
	// if that is not known. An update is a *ConflictError that names the
	// differences if the tenant has others by now, unless they are already as asked
	// for, were changed under the declaration that the plan read there, or nothing
	// declared them and they went with a map. A grant
	// that another declaration has adopted since is left.
	Seen []rolemodel.ExternalAdmin
	// As is the declaration that the grants are created, adopted or changed as.
	As rolemodel.Declaration
}

// Observe says what somebody saw at Mimecast for a tenant. The directory gives it
// the time and the actor's name. See rolemodel.Observation.With for what becomes of
// what was known before.
type Observe struct {
	Tenant rolemodel.AccountCode
	// Complete says that the Admins are all external admins that were there.
	Complete bool
	Admins   []rolemodel.ObservedAdmin
	Roles    []rolemodel.ObservedRole
	Means    rolemodel.Means
	Note     string
	// TakesBack is the ID of the audit event of a confirmation that was said by
	// mistake, "" for none. What was known before of what it says is known again;
	// it is a violation if somebody saw something newer of that. Nothing else is said then.
	TakesBack string
}

// SignReview says that the caller looked at who can reach what. The directory
// gives it the time and the actor's name. It is recorded in the trail of the
// tenant or, without one, of the caller's partner or of the directory. A caller
// who is limited to named tenants signs for each of them.
type SignReview struct {
	// Tenant and Person are what was looked at, "" for no such limit.
	Tenant rolemodel.AccountCode
	Person rolemodel.Email
	// Digest is that of what was looked at.
	Digest string
	Note   string
	// Seen is how far the trails went before they were looked at, see
	// rolemodel.PositionOf. Of trails that the review is not about it is left out.
	Seen rolemodel.Position
}

// Subject implements Change.
func (w Write[E]) Subject() Subject {
	key := w.Key
	if w.Action == ActionCreate {
		key = KeyOf(w.Entry)
		if role, ok := any(w.Entry).(rolemodel.Role); ok {
			key.ID = rolemodel.RoleIDFor(role.Name)
		}
	}
	return Subject{Action: w.Action, Kind: KindOf[E](), Key: key}
}

// Subject implements Change.
func (r Replace) Subject() Subject {
	return Subject{Action: r.Action, Kind: KindExternalAdmins, Key: Key{Account: r.Tenant}}
}

// Subject implements Change.
func (o Observe) Subject() Subject {
	return Subject{Action: ActionObserve, Kind: KindObservation, Key: Key{Account: o.Tenant}}
}

// Subject implements Change.
func (s SignReview) Subject() Subject {
	return Subject{Action: ActionSign, Kind: KindReview, Key: Key{Account: s.Tenant, Email: s.Person}}
}

func (Write[E]) sealed()   {}
func (Replace) sealed()    {}
func (Observe) sealed()    {}
func (SignReview) sealed() {}

// Effect is what a change did.
type Effect string

// The effects.
const (
	// EffectCreated means that the entry was not there.
	EffectCreated Effect = "created"
	// EffectTakenUp means that a creation found a retired entry, which is now as declared.
	EffectTakenUp Effect = "taken up"
	// EffectAdopted means that a creation with a declaration found the entry there
	// as declared, and took it over.
	EffectAdopted Effect = "adopted"
	EffectChanged Effect = "changed"
	// EffectUnchanged means that all was as asked for already.
	EffectUnchanged Effect = "unchanged"
	EffectDeleted   Effect = "deleted"
	// EffectRetired means that a deletion found the entry in use: it goes with the last of its dependants.
	EffectRetired Effect = "retired"
	// EffectLeft means that a deletion found the entry in the hands of another declaration, and left it.
	EffectLeft Effect = "left"
)

// Outcome is what a change did and the entry that it did it to.
type Outcome struct {
	Effect Effect `json:"effect"`
	// Entry is, of the Write of an E, the E as it is stored now, or was before it
	// was deleted; of a Replace it is the tenant's grants ([]rolemodel.ExternalAdmin) by email,
	// of an Observe all that is known now (rolemodel.Observation), and of a
	// SignReview the rolemodel.Review.
	Entry any `json:"entry"`
}

// Result is an Outcome with the type of its entry.
type Result[T any] struct {
	Effect Effect `json:"effect"`
	Entry  T      `json:"entry"`
}

// Create adds an entry. With a declaration, creating what is there already,
// exactly as declared, adopts it; without one it is a conflict.
func Create[E Entry](ctx context.Context, d Directory, entry E, as rolemodel.Declaration) (Result[E], error) {
	return apply[E](ctx, d, Write[E]{Action: ActionCreate, Entry: entry, As: as})
}

// Update makes the entry with the key what is given. The revision is the one
// that it is based on, zero for any.
func Update[E Entry](ctx context.Context, d Directory, key Key, entry E, revision int64, as rolemodel.Declaration) (Result[E], error) {
	return apply[E](ctx, d, Write[E]{Action: ActionUpdate, Key: key, Entry: entry, Revision: revision, As: as})
}

// Delete removes the entry with the key, or retires it while it is in use. With
// a declaration, what another declaration has is left.
func Delete[E Entry](ctx context.Context, d Directory, key Key, as rolemodel.Declaration) (Result[E], error) {
	return apply[E](ctx, d, Write[E]{Action: ActionDelete, Key: key, As: as})
}

// ReplaceExternalAdmins declares all grants that the tenant has.
func ReplaceExternalAdmins(ctx context.Context, d Directory, replace Replace) (Result[[]rolemodel.ExternalAdmin], error) {
	return apply[[]rolemodel.ExternalAdmin](ctx, d, replace)
}

// SayObserved says what was seen at Mimecast.
func SayObserved(ctx context.Context, d Directory, observe Observe) (rolemodel.Observation, error) {
	result, err := apply[rolemodel.Observation](ctx, d, observe)
	return result.Entry, err
}

// Sign says that the caller looked at who can reach what.
func Sign(ctx context.Context, d Directory, sign SignReview) (rolemodel.Review, error) {
	result, err := apply[rolemodel.Review](ctx, d, sign)
	return result.Entry, err
}

func apply[T any](ctx context.Context, d Directory, change Change) (Result[T], error) {
	outcome, err := d.Apply(ctx, change)
	if err != nil {
		return Result[T]{}, err
	}
	entry, _ := outcome.Entry.(T)
	return Result[T]{Effect: outcome.Effect, Entry: entry}, nil
}
