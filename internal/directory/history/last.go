package history

import (
	"context"
	"maps"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Wanted says of a change, made at a moment, whether it is one that is looked for.
type Wanted func(change *Change, at rolemodel.Time) bool

// Last returns the last event of each key whose change is wanted, of those that
// there is one of. It goes back from now in the trail that the search selects, in
// longer and longer steps, until it has all, or is at the beginning.
func Last(ctx context.Context, r directory.Reader, now time.Time, search directory.AuditFilter, wanted map[directory.Key]Wanted) (map[directory.Key]directory.AuditEvent, error) {
	const day = 24 * time.Hour
	last, left := map[directory.Key]directory.AuditEvent{}, maps.Clone(wanted)
	for _, back := range []time.Duration{day, 10 * day, 100 * day, 0} {
		if len(left) == 0 {
			break
		}
		if search.Since = now.Add(-back); back == 0 {
			search.Since = time.Time{}
		}
		for event, err := range r.AuditEvents(ctx, search) {
			if err != nil {
				return nil, err
			}
			changes, err := Changes(&event)
			if err != nil {
				return nil, err
			}
			for key, change := range changes {
				if is := left[key]; is != nil && is(change, rolemodel.TimeOf(event.At)) {
					event.Before, event.After = "", "" // Many may be kept.
					last[key] = event
				}
			}
		}
		for key := range last {
			delete(left, key)
		}
		search.Until = search.Since
	}
	return last, nil
}
