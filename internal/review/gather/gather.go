// Package gather makes the access review of a directory, and signs it there.
package gather

import (
	"context"
	"fmt"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// Report returns who can reach what, as far as the reader sees it and it is the
// subject's, what stands out, and what changed since it was last signed. A tenant
// that does not exist is a *directory.NotFoundError.
func Report(ctx context.Context, r directory.Reader, subject review.Subject) (review.Report, error) {
	seen, states, err := look(ctx, r, subject)
	if err != nil {
		return review.Report{}, err
	}
	report, err := ReportOf(ctx, r, subject, states)
	if err != nil {
		return review.Report{}, err
	}
	report.Seen = seen
	report.LastSigned, err = lastSigned(ctx, r, subject, states)
	return report, err
}

// ReportOf is the Report of states that were read already, without what was last signed.
func ReportOf(ctx context.Context, r directory.Reader, subject review.Subject, states []worklist.State) (review.Report, error) {
	now := time.Now()
	report := review.New(rolemodel.TimeOf(now), subject, states)
	err := date(ctx, r, now, &report)
	return report, err
}

// Status is what there is to be signed now, and what was last signed.
type Status struct {
	// Digest is that of what there is now.
	Digest string
	// LastSigned is nil if the same was never signed.
	LastSigned *review.Signed
}

// StatusOf returns the status of a subject. It is that of a Report, which takes longer.
func StatusOf(ctx context.Context, r directory.Reader, subject review.Subject) (Status, error) {
	states, err := statesOf(ctx, r, subject)
	if err != nil {
		return Status{}, err
	}
	last, err := lastSigned(ctx, r, subject, states)
	return Status{Digest: review.Digest(subject, states), LastSigned: last}, err
}

// Sign signs that the caller looked at what has the digest. If there is something
// else now, it is a *ChangedError, and nothing is signed. What somebody changes
// while it is signed is after the position that is signed, and so what changed since.
func Sign(ctx context.Context, d directory.Directory, subject review.Subject, digest, note string) (rolemodel.Review, error) {
	looked, err := rolemodel.ParseDigest(digest)
	if err != nil {
		return rolemodel.Review{}, err
	}
	seen, states, err := look(ctx, d, subject)
	if err != nil {
		return rolemodel.Review{}, err
	}
	if now := review.Digest(subject, states); now != looked {
		return rolemodel.Review{}, &ChangedError{Looked: looked, Now: now}
	}
	return directory.Sign(ctx, d, directory.SignReview{Tenant: subject.TenantID, Person: subject.Person, Digest: looked, Note: note, Seen: seen})
}

// ChangedError says that there is something else now than what was looked at.
type ChangedError struct{ Looked, Now string }

// Error returns what is wrong and what to do.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("what you looked at (digest %s) is not what there is now (%s): it has changed since, or it was a review of something else. Nothing is signed. Look at the review again", e.Looked, e.Now)
}

// look returns how far the trails go, and then what there is: what comes between
// shows in the next review as changed since, and nothing is missed.
func look(ctx context.Context, r directory.Reader, subject review.Subject) (rolemodel.Position, []worklist.State, error) {
	numbers := map[string]int64{}
	for head, err := range r.AuditHeads(ctx, directory.AuditHeadFilter{TenantID: subject.TenantID}) {
		if err != nil {
			return "", nil, err
		}
		numbers[head.Trail] = head.Number
	}
	states, err := statesOf(ctx, r, subject)
	return rolemodel.PositionOf(numbers), states, err
}

func statesOf(ctx context.Context, r directory.Reader, subject review.Subject) ([]worklist.State, error) {
	var tenants []rolemodel.AccountCode
	if subject.TenantID != "" {
		tenants = append(tenants, subject.TenantID)
	}
	return gather.States(ctx, r, tenants)
}
