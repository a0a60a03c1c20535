package desk

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// trailOf is a trail of events at given times, and counts how many were read.
type trailOf struct {
	directory.Reader
	events []directory.AuditEvent
	read   int
}

// AuditEvents implements directory.Reader.
func (t *trailOf) AuditEvents(_ context.Context, f directory.AuditFilter) iter.Seq2[directory.AuditEvent, error] {
	return func(yield func(directory.AuditEvent, error) bool) {
		n := 0
		for _, e := range t.events {
			if !f.Since.IsZero() && e.At.Before(f.Since) || !f.Until.IsZero() && !e.At.Before(f.Until) {
				continue
			}
			t.read++
			if n++; !yield(e, nil) || n == f.Limit {
				return
			}
		}
	}
}

// TestLatest: whenever things happened, the pages have each event once, the
// latest first, none is empty, and a page does not read the whole trail.
func TestLatest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Now().UTC().Truncate(time.Microsecond)
		gaps := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(1, 5), rapid.Int64Range(1, 1e6), rapid.Int64Range(1, 1e12), rapid.Just[int64](1e15)), 0, 60).Draw(t, "microseconds between")
		trail := &trailOf{}
		at := now.Add(-time.Duration(rapid.Int64Range(-3600, 1e6).Draw(t, "seconds since the last one")) * time.Second) // The service's clock may be ahead.
		for i, gap := range gaps {
			trail.events = append(trail.events, directory.AuditEvent{ID: fmt.Sprint(i), At: at})
			if at = at.Add(-time.Duration(gap) * time.Microsecond); at.Before(now.AddDate(-80, 0, 0)) {
				break
			}
		}
		slices.Reverse(trail.events)
		n := rapid.IntRange(1, 10).Draw(t, "on a page")
		var filter directory.AuditFilter
		if rapid.Bool().Draw(t, "since") && len(trail.events) > 0 {
			filter.Since = rapid.SampledFrom(trail.events).Draw(t, "event").At
		}
		want, err := directory.Collect(trail.AuditEvents(t.Context(), filter))
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(want)
		var got []directory.AuditEvent
		for pages := 0; ; pages++ {
			trail.read = 0
			page, before, err := latest(t.Context(), trail, filter, n)
			if err != nil || len(page) > n || len(page) == 0 && len(want) > 0 || pages > len(want) {
				t.Fatalf("%v, %d on the page, %d pages", err, len(page), pages)
			}
			if most := 80 * (n + 1); trail.read > most {
				t.Fatalf("%d events were read for a page of %d", trail.read, n)
			}
			if got = append(got, page...); before.IsZero() {
				break
			}
			filter.Until = before
		}
		if !slices.EqualFunc(got, want, func(a, b directory.AuditEvent) bool { return a.ID == b.ID }) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}
