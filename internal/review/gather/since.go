package gather

import (
	"context"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// margin is how much earlier than a review was signed the trail is read from.
// Which events were looked at their numbers say; it is for those that were written
// by a clock that is slow, or took long to be committed.
const margin = time.Hour

// lastSigned returns what was last signed of the subject and what changed since,
// given what there is now, or nil if it was never signed.
func lastSigned(ctx context.Context, r directory.Reader, subject review.Subject, now []worklist.State) (*review.Signed, error) {
	last, err := r.Review(ctx, subject.TenantID, subject.Person)
	if directory.IsNotFound(err) {
		return nil, nil //nolint:nilnil // It was never signed, which is no error.
	}
	if err != nil {
		return nil, err
	}
	since, err := eventsSince(ctx, r, subject, &last)
	if err != nil {
		return nil, err
	}
	var gone []worklist.State
	for _, tenant := range since.gone(now) {
		seen, err := seenThen(ctx, r, tenant.AccountCode, since.trails[tenant.AccountCode], &last)
		if err != nil {
			return nil, err
		}
		gone = append(gone, worklist.State{Tenant: tenant, Seen: seen})
	}
	then := since.undo(now, gone)
	signed := &review.Signed{
		At: last.At, By: last.By, Note: last.Note, Digest: last.Digest,
		Changes: review.Changes(subject, then, now), Traced: review.Digest(subject, then) == last.Digest,
	}
	for i := range signed.Changes {
		change := &signed.Changes[i]
		if by, ok := since.last[directory.Key{Account: change.TenantID, ID: change.RoleID, Email: change.Person}]; ok {
			change.At, change.By = by.at, by.by
		}
	}
	return signed, nil
}

// eventsSince reads what happened after what was signed.
func eventsSince(ctx context.Context, r directory.Reader, subject review.Subject, signed *rolemodel.Review) (*since, error) {
	at, err := time.Parse(time.RFC3339, string(signed.At))
	if err != nil {
		return nil, err
	}
	numbers, err := signed.Seen.Numbers()
	if err != nil {
		return nil, err
	}
	s := newSince()
	for event, err := range r.AuditEvents(ctx, directory.AuditFilter{TenantID: subject.TenantID, Since: at.Add(-margin)}) {
		if err != nil {
			return nil, err
		}
		if event.Number <= numbers[event.Trail] {
			continue
		}
		if err := s.add(&event); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// seenThen returns what was known of the external admins of a tenant, which is
// gone since with its observation, when a review was made.
func seenThen(ctx context.Context, r directory.Reader, tenant rolemodel.AccountCode, trail string, signed *rolemodel.Review) (*rolemodel.Observation, error) {
	numbers, err := signed.Seen.Numbers()
	if err != nil {
		return nil, err
	}
	seen := rolemodel.Observation{TenantID: tenant}
	for event, err := range r.AuditEvents(ctx, directory.AuditFilter{TenantID: tenant}) {
		if err != nil {
			return nil, err
		}
		if event.Trail != trail || event.Number > numbers[trail] {
			continue
		}
		observed, err := event.Observed()
		if err != nil {
			return nil, err
		}
		if observed != nil {
			seen = seen.With(rolemodel.Observation{Admins: observed.Admins}, observed.Complete, rolemodel.Sighting{})
		}
	}
	return &seen, nil
}
