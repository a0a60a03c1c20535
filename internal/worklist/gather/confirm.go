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

// Selection says which items of a worklist were done: those with the IDs, those
// of a pass, or, where it is zero, all.
type Selection struct {
	ItemIDs []string
	PassID  string
}

// SelectionError says why nothing that was selected is confirmed: it is not on the
// worklist, or not without something else.
type SelectionError struct{ why string }

// Error implements error.
func (e *SelectionError) Error() string { return e.why }

func refuse(format string, args ...any) error { return &SelectionError{fmt.Sprintf(format, args...)} }

// Confirm tells the directory that items of the worklist of the filter were done
// at Mimecast, as what the caller saw there, and returns them. Tenants are told
// of one by one: with an error, those items are returned of whose tenants the
// directory was told before.
func Confirm(ctx context.Context, d directory.Directory, filter Filter, selection Selection, note string) ([]worklist.Item, error) {
	list, states, err := undated(ctx, d, filter)
	if err != nil {
		return nil, err
	}
	selected, err := selection.of(&list)
	if err != nil {
		return nil, err
	}
	if err := date(ctx, d, time.Now(), selected); err != nil {
		return nil, err
	}
	sights, err := worklist.Confirm(list.At, states, selected)
	if err != nil {
		return nil, refuse("%s", err)
	}
	var confirmed []worklist.Item
	for _, sight := range sights {
		if _, err := directory.SayObserved(ctx, d, directory.Observe{
			Tenant: sight.Tenant, Complete: sight.Complete, Admins: sight.Admins, Roles: sight.Roles,
			Means: rolemodel.MeansConfirmation, Note: note,
		}); err != nil {
			return confirmed, fmt.Errorf("items of %s: %w", sight.Tenant, err)
		}
		for _, item := range selected {
			if item.TenantID == sight.Tenant {
				confirmed = append(confirmed, item)
			}
		}
	}
	return confirmed, nil
}

func (s *Selection) of(list *worklist.Worklist) ([]worklist.Item, error) {
	ids := slices.Clone(s.ItemIDs)
	if s.PassID != "" {
		i := slices.IndexFunc(list.Passes, func(p worklist.Pass) bool { return p.ID == s.PassID })
		if i < 0 {
			return nil, refuse("there is no pass %q on the worklist: something of it was confirmed or declared since, or the worklist was narrowed. Look at the worklist again, or confirm its items", s.PassID)
		}
		ids = append(ids, list.Passes[i].ItemIDs...)
	} else if len(ids) == 0 {
		return list.Items, nil
	}
	at := make(map[string]int, len(list.Items))
	for i := range list.Items {
		at[list.Items[i].ID] = i
	}
	var selected []worklist.Item
	taken := map[string]bool{}
	for _, id := range ids {
		i, listed := at[id]
		if !listed {
			return nil, refuse("there is no item %.40q on the worklist: it was confirmed already, is not declared any more, or is misspelt. Nothing was confirmed", id)
		}
		if !taken[id] {
			selected, taken[id] = append(selected, list.Items[i]), true
		}
	}
	return selected, nil
}
