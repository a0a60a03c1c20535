package gather

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// KeptDays is for how many days a confirmation can be taken back.
const KeptDays = 30

// confirmation is one of a tenant's, whose state is as it is now.
type confirmation struct {
	event string
	said  *rolemodel.Said
	state *worklist.State
}

// TakeBack takes back the confirmations that ticked the items off, and returns
// all items that are on the worklist again with them: what was confirmed at once
// in a tenant is taken back at once. The trail tells which confirmations these
// are; the filter's tenants narrow where they are looked for. An ID that nobody
// confirmed is an error, and nothing is taken back. Tenants are told of one by
// one, as in Confirm.
func TakeBack(ctx context.Context, d directory.Directory, filter Filter, itemIDs []string, note string) ([]worklist.Item, error) {
	states, err := States(ctx, d, filter.Tenants)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	confirmed, err := confirmations(ctx, d, states, now)
	if err != nil {
		return nil, err
	}
	wanted := slices.Clone(itemIDs)
	var chosen []confirmation
	var items [][]worklist.Item
	for _, c := range slices.Backward(confirmed) {
		if len(wanted) == 0 {
			break
		}
		off := c.tickedOff(rolemodel.TimeOf(now))
		left := slices.DeleteFunc(slices.Clone(wanted), func(id string) bool {
			return slices.ContainsFunc(off, func(item worklist.Item) bool { return item.ID == id })
		})
		if len(left) < len(wanted) {
			wanted, chosen, items = left, append(chosen, c), append(items, off)
		}
	}
	if len(wanted) > 0 {
		return nil, fmt.Errorf("no item %q was ticked off by a confirmation in the last %d days, or it was taken back already, or it is not declared any more. Nothing was taken back", wanted[0], KeptDays)
	}
	for _, of := range items {
		if err := date(ctx, d, now, of); err != nil {
			return nil, err
		}
	}
	var back []worklist.Item
	for i, c := range chosen {
		tenant := c.state.Tenant.AccountCode
		if _, err := directory.SayObserved(ctx, d, directory.Observe{Tenant: tenant, TakesBack: c.event, Means: rolemodel.MeansConfirmation, Note: note}); err != nil {
			return back, fmt.Errorf("items of %s: %w", tenant, err)
		}
		back = append(back, items[i]...)
	}
	return back, nil
}

// confirmations returns those of the states' tenants that were not taken back, in order of time.
func confirmations(ctx context.Context, r directory.Reader, states []worklist.State, now time.Time) ([]confirmation, error) {
	of := make(map[rolemodel.AccountCode]*worklist.State, len(states))
	for i := range states {
		of[states[i].Tenant.AccountCode] = &states[i]
	}
	filter := directory.AuditFilter{Since: now.AddDate(0, 0, -KeptDays)}
	if len(states) == 1 {
		filter.TenantID = states[0].Tenant.AccountCode
	}
	var all []confirmation
	for event, err := range r.AuditEvents(ctx, filter) {
		if err != nil {
			return nil, err
		}
		state := of[event.TenantID]
		observed, err := event.Observed()
		switch {
		case err != nil:
			return nil, err
		case observed == nil || observed.Means != rolemodel.MeansConfirmation || state == nil || state.Seen == nil:
			continue
		case observed.TakesBack != "":
			all = slices.DeleteFunc(all, func(c confirmation) bool { return c.event == observed.TakesBack })
			continue
		}
		said, err := event.Said(observed)
		if err != nil {
			return nil, err
		}
		all = append(all, confirmation{event.ID, said, state})
	}
	return all, nil
}

// tickedOff returns the items that are due without what was said, and are not with it.
func (c *confirmation) tickedOff(now rolemodel.Time) []worklist.Item {
	without := c.state.Seen.Without(c.said)
	with := without.With(rolemodel.Observation{Admins: c.said.Admins, Roles: c.said.Roles}, c.said.Complete, rolemodel.Sighting{At: now})
	items := func(seen rolemodel.Observation) []worklist.Item {
		state := *c.state
		state.Seen = &seen
		return worklist.Items(now, []worklist.State{state})
	}
	left := items(with)
	return slices.DeleteFunc(items(without), func(item worklist.Item) bool {
		return slices.ContainsFunc(left, func(l worklist.Item) bool { return l.ID == item.ID })
	})
}
