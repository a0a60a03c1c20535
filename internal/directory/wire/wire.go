package wire

import (
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// APIVersion is the version of the API. Every answer of the service has it in
// the header VersionHeader, which also tells a client that it found the service.
const (
	APIVersion    = 2
	VersionHeader = "Mimecast-Directory-Api"
)

// The headers of a write.
const (
	// IdempotencyKeyHeader names a write, so that it is done once however often it is asked for.
	IdempotencyKeyHeader = "Idempotency-Key"
	// DeclarationHeader has directory.Write.As and SeenHeader directory.Write.Seen.
	DeclarationHeader = "Mimecast-Directory-Declaration"
	SeenHeader        = "Mimecast-Directory-Seen"
)

// The greatest numbers of values that a filter takes at once, so that a URL can hold them.
const (
	MaxKeys    = 200
	MaxDomains = rolemodel.MaxInternalDomains
)

// PageSize is how many entries a page has at most.
const PageSize = 1000

// Page is a part of a list.
type Page[T any] struct {
	Items []T `json:"items" nullable:"false" doc:"The entries, in the order of their keys."`
	// NextCursor is absent on the last page.
	NextCursor string `json:"next_cursor,omitempty" doc:"The cursor of the next page. Absent on the last one."`
}

// All is a list that comes at once.
type All[T any] struct {
	Items []T `json:"items" nullable:"false" doc:"The entries, in a fixed order."`
}

// Count is how many entries a list has.
type Count struct {
	Count int `json:"count" minimum:"0" doc:"How many entries there are."`
}

// Result is what a write did.
type Result[T any] struct {
	Effect directory.Effect `json:"effect" example:"created" doc:"What the write did: created, taken up, adopted, changed, unchanged, deleted, retired or left."`
	Entry  T                `json:"entry" nullable:"false" doc:"What it was done to, as it is stored now, or was before it was deleted."`
}

// ExternalAdminsInput is what a tenant's external admins are to be.
type ExternalAdminsInput struct {
	Action string               `json:"action,omitempty" enum:"create,update,delete" default:"update" doc:"update makes the items all external admins that the tenant has. create adds and adopts them and removes nobody. delete removes those of the declaration, and those of none that are among seen."`
	Items  []ExternalAdminInput `json:"items,omitzero" nullable:"false" doc:"The external admins that are declared. Required but for delete, which takes none."`
	Seen   []SeenExternalAdmin  `json:"seen,omitzero" nullable:"false" doc:"The external admins that the change is based on. If the tenant has others by now, nothing is changed and the answer is 412. Left out, the change is of whatever there is."`
}

// SeenExternalAdmin is an external admin as it was read.
type SeenExternalAdmin struct {
	ExternalAdminInput
	Declaration string `json:"declaration,omitempty" doc:"The declaration that it had."`
}

// ReplaceOf returns the input that asks for the replacement.
func ReplaceOf(r *directory.Replace) ExternalAdminsInput {
	in := ExternalAdminsInput{Action: r.Action}
	if r.Action != directory.ActionDelete {
		in.Items = make([]ExternalAdminInput, len(r.Admins))
		for i := range r.Admins {
			in.Items[i] = ExternalAdminOf(&r.Admins[i])
			in.Items[i].TenantID = "" // The path has it.
		}
	}
	if r.Seen != nil {
		in.Seen = make([]SeenExternalAdmin, len(r.Seen))
		for i, a := range r.Seen {
			in.Seen[i] = SeenExternalAdmin{ExternalAdminInput: ExternalAdminOf(&r.Seen[i]), Declaration: string(a.Declaration)}
			in.Seen[i].TenantID = ""
		}
	}
	return in
}

// Replace returns the replacement as it is written, but for its tenant and declaration.
func (in *ExternalAdminsInput) Replace() directory.Replace {
	r := directory.Replace{Action: in.Action}
	if in.Items != nil {
		r.Admins = make([]rolemodel.ExternalAdmin, len(in.Items))
		for i := range in.Items {
			r.Admins[i], _ = in.Items[i].Entity()
		}
	}
	if in.Seen != nil {
		r.Seen = make([]rolemodel.ExternalAdmin, len(in.Seen))
		for i, a := range in.Seen {
			r.Seen[i], _ = a.Entity()
			r.Seen[i].Declaration = rolemodel.Declaration(a.Declaration)
		}
	}
	return r
}

// ObservationInput is what somebody saw at Mimecast for a tenant.
type ObservationInput struct {
	Complete bool                 `json:"complete,omitempty" doc:"Whether the admins are all external admins that were there."`
	Admins   []ObservedAdminInput `json:"admins,omitzero" nullable:"false" doc:"What was seen of people."`
	Roles    []ObservedRoleInput  `json:"roles,omitzero" nullable:"false" doc:"What was seen of custom roles."`
	Means    string               `json:"means" enum:"file,confirmation,api" doc:"How it was seen: in a list, by whoever did what was to be done, or by a read that Mimecast publishes."`
	Note     string               `json:"note,omitempty" doc:"What the observer says of it, for example a ticket."`
	// TakesBack is directory.Observe's.
	TakesBack string `json:"takes_back,omitempty" doc:"The ID of the audit event of a confirmation that was said by mistake. What was known before of what it says is known again, unless somebody saw something newer of that. Nothing else is said then."`
}

// ObservedAdminInput is what was seen of a person.
type ObservedAdminInput struct {
	Email    string `json:"email" example:"anna@msp.example" doc:"The address."`
	RoleName string `json:"role_name" example:"Basic Administrator" doc:"The name of the role that the person held. Empty if the person was not there."`
}

// ObservedRoleInput is what was seen of a custom role.
type ObservedRoleInput struct {
	Name       string `json:"name" doc:"The role's name."`
	ID         string `json:"id,omitempty" doc:"The ID of the role of the directory that it was confirmed to be."`
	Definition string `json:"definition,omitempty" doc:"The digest of that role's definition as it was confirmed."`
	Absent     bool   `json:"absent,omitempty" doc:"Whether the role was not there."`
}

// ObservationOf returns the input that says what was observed.
func ObservationOf(o *directory.Observe) ObservationInput {
	in := ObservationInput{Complete: o.Complete, Means: string(o.Means), Note: o.Note, TakesBack: o.TakesBack}
	for _, a := range o.Admins {
		in.Admins = append(in.Admins, ObservedAdminInput{Email: string(a.Email), RoleName: a.RoleName})
	}
	for _, r := range o.Roles {
		in.Roles = append(in.Roles, ObservedRoleInput{Name: r.Name, ID: string(r.ID), Definition: r.Definition, Absent: r.Absent})
	}
	return in
}

// Observe returns what was observed as it is written, but for its tenant.
func (in *ObservationInput) Observe() directory.Observe {
	o := directory.Observe{Complete: in.Complete, Means: rolemodel.Means(in.Means), Note: in.Note, TakesBack: in.TakesBack}
	for _, a := range in.Admins {
		o.Admins = append(o.Admins, rolemodel.ObservedAdmin{Email: rolemodel.Email(a.Email), RoleName: a.RoleName})
	}
	for _, r := range in.Roles {
		o.Roles = append(o.Roles, rolemodel.ObservedRole{Name: r.Name, ID: rolemodel.RoleID(r.ID), Definition: r.Definition, Absent: r.Absent})
	}
	return o
}

// ReviewInput is somebody's statement that they looked at who can reach what.
type ReviewInput struct {
	TenantID string `json:"tenant_id,omitempty" doc:"The account code of the tenant that was looked at. Left out for all that the credential sees."`
	Person   string `json:"person,omitempty" example:"anna@msp.example" doc:"The address of the person who was looked at. Left out for everybody."`
	Digest   string `json:"digest" doc:"The digest of what was looked at: 64 hexadecimal digits."`
	Note     string `json:"note,omitempty" doc:"What the reviewer says of it, in one line."`
	Seen     string `json:"seen,omitempty" doc:"How far the trails went before they were looked at, as a review has it: TRAIL=NUMBER of each head, with spaces between. What was done later shows in the next review as changed since. Left out, that is all of the hour before."`
}

// ReviewOf returns the input that signs the review.
func ReviewOf(s *directory.SignReview) ReviewInput {
	return ReviewInput{TenantID: string(s.Tenant), Person: string(s.Person), Digest: s.Digest, Note: s.Note, Seen: string(s.Seen)}
}

// SignReview returns the review as it is to be signed.
func (in *ReviewInput) SignReview() directory.SignReview {
	return directory.SignReview{
		Tenant: rolemodel.AccountCode(in.TenantID), Person: rolemodel.Email(in.Person), Digest: in.Digest, Note: in.Note, Seen: rolemodel.Position(in.Seen),
	}
}

// Caller is the credential that a request is made with.
type Caller struct {
	ClientID  string                  `json:"client_id" doc:"The credential's client ID."`
	Actor     string                  `json:"actor" doc:"What the audit trail calls it."`
	RoleID    rolemodel.RoleID        `json:"role_id" doc:"The default role whose authority it has."`
	PartnerID rolemodel.AccountCode   `json:"partner_id" doc:"The partner it belongs to, empty for the operator's."`
	TenantIDs []rolemodel.AccountCode `json:"tenant_ids" nullable:"false" doc:"The tenants it is limited to. Empty if it is not."`
	ReadOnly  bool                    `json:"read_only" doc:"Whether it may only read, but for signing reviews."`
	// MaySignReviews is directory.Scope's.
	MaySignReviews bool `json:"may_sign_reviews" doc:"Whether it may sign access reviews."`
	// DirectoryID is directory.Reader's Identity.
	DirectoryID string `json:"directory_id" doc:"The directory's own ID, which a copy keeps. Empty if there is no directory yet."`
	// Now is the service's clock.
	Now time.Time `json:"now" doc:"The service's time."`
}
