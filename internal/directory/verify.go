package directory

import (
	"context"
	"fmt"
)

// VerifyAudit reads the trails that the caller sees and returns a sentence for
// everything that shows that events were altered, removed or put in, none if all
// is well. The heads are ones that AuditHeads listed at an earlier time and
// somebody kept elsewhere, which shows also the removal of a trail's last events;
// there may be none of them. It stops after 100 findings.
func VerifyAudit(ctx context.Context, r Reader, kept []AuditHead) ([]string, error) {
	const most = 100
	type state struct {
		AuditHead
		kept []AuditHead
	}
	trails := map[string]*state{}
	of := func(trail string) *state {
		if trails[trail] == nil {
			trails[trail] = &state{AuditHead: AuditHead{Trail: trail}}
		}
		return trails[trail]
	}
	for _, head := range kept {
		t := of(head.Trail)
		t.kept = append(t.kept, head)
	}
	var found []string
	add := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	for e, err := range r.AuditEvents(ctx, AuditFilter{}) {
		if err != nil {
			return found, err
		}
		if len(found) >= most {
			return found, nil
		}
		t := of(e.Trail)
		switch {
		case e.Number != t.Number+1:
			add("Trail %s has event %d after event %d: something is missing or was put in.", e.Trail, e.Number, t.Number)
		case e.Previous != t.Digest:
			add("Event %d of trail %s does not follow from event %d: one of them was altered.", e.Number, e.Trail, t.Number)
		}
		if e.Digest != e.Sum() {
			add("Event %d of trail %s was altered: its content has another digest.", e.Number, e.Trail)
		}
		for _, head := range t.kept {
			if head.Number == e.Number && head.Digest != e.Digest {
				add("Event %d of trail %s is another one than when the heads were kept.", e.Number, e.Trail)
			}
		}
		t.Number, t.Digest = e.Number, e.Digest
	}
	for head, err := range r.AuditHeads(ctx, AuditHeadFilter{}) {
		if err != nil {
			return found, err
		}
		if t := of(head.Trail); head != t.AuditHead {
			add("Trail %s ends with event %d, and its head is event %d or another one: the last events are missing or altered.", head.Trail, t.Number, head.Number)
		}
	}
	for _, head := range kept {
		if t := of(head.Trail); t.Number < head.Number {
			add("Trail %s had %d events when the heads were kept, and has %d: its last events are missing.", head.Trail, head.Number, t.Number)
		}
	}
	return found, nil
}
