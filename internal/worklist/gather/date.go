package gather

import (
	"context"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/history"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// few is up to how many tenants a person's events are read of each one alone, and
// up to how many people of a tenant are looked for one by one.
const few = 3

// date says of the items since when they are due and who declared them, and
// which of those who are there without being declared were declared once.
func date(ctx context.Context, r directory.Reader, now time.Time, items []worklist.Item) error {
	people := map[rolemodel.Email][]*worklist.Item{}
	tenants := map[rolemodel.AccountCode][]*worklist.Item{}
	crowd := map[rolemodel.AccountCode]int{}
	for i := range items {
		if items[i].Person != "" {
			crowd[items[i].TenantID]++
		}
	}
	for i := range items {
		item := &items[i]
		switch {
		case item.Person != "" && crowd[item.TenantID] <= few:
			people[item.Person] = append(people[item.Person], item)
		case item.Person != "", item.RoleID != "":
			tenants[item.TenantID] = append(tenants[item.TenantID], item)
		default:
			if err := dateTenant(ctx, r, item); err != nil {
				return err
			}
		}
	}
	for email, of := range people {
		searches := map[directory.AuditFilter][]*worklist.Item{}
		for _, item := range of {
			search := directory.AuditFilter{Email: email}
			if len(of) <= few {
				search.TenantID = item.TenantID
			}
			searches[search] = append(searches[search], item)
		}
		for search, wanted := range searches {
			if err := dateEntries(ctx, r, now, search, wanted); err != nil {
				return err
			}
		}
	}
	for tenant, wanted := range tenants {
		if err := dateEntries(ctx, r, now, directory.AuditFilter{TenantID: tenant}, wanted); err != nil {
			return err
		}
	}
	return nil
}

// dateTenant dates an item about a tenant by the first event of its trail.
func dateTenant(ctx context.Context, r directory.Reader, item *worklist.Item) error {
	for event, err := range r.AuditEvents(ctx, directory.AuditFilter{TenantID: item.TenantID, Limit: 1}) {
		if err != nil {
			return err
		}
		item.Since, item.DeclaredBy = rolemodel.TimeOf(event.At), event.Actor
	}
	return nil
}

// dateEntries dates items by the last change of each one's entry that makes it due.
func dateEntries(ctx context.Context, r directory.Reader, now time.Time, search directory.AuditFilter, items []*worklist.Item) error {
	wanted := make(map[directory.Key]history.Wanted, len(items))
	for _, item := range items {
		wanted[keyOf(item)] = func(change *history.Change, at rolemodel.Time) bool { return makesDue(change, item, at) }
	}
	last, err := history.Last(ctx, r, now, search, wanted)
	for _, item := range items {
		if event, found := last[keyOf(item)]; found {
			dateBy(item, &event)
		}
	}
	return err
}

func keyOf(item *worklist.Item) directory.Key {
	if item.Person != "" {
		return directory.Key{Account: item.TenantID, Email: item.Person}
	}
	return directory.Key{Account: item.TenantID, ID: item.RoleID}
}

func dateBy(item *worklist.Item, event *directory.AuditEvent) {
	item.DeclaredBy = event.Actor
	switch item.Kind {
	case worklist.RemoveAdmin: // It is due since the grant has expired.
	case worklist.UndeclaredAdmin:
		item.Kind, item.Since = worklist.RemoveAdmin, rolemodel.TimeOf(event.At)
	case worklist.CreateRole, worklist.EditRole, worklist.AddAdmin, worklist.ChangeAdminRole, worklist.NeverObserved, worklist.DeleteRole:
		item.Since = rolemodel.TimeOf(event.At)
	}
}

// makesDue says whether the change, at a moment, is one that makes the item be due.
func makesDue(c *history.Change, item *worklist.Item, at rolemodel.Time) bool {
	switch item.Kind {
	case worklist.AddAdmin, worklist.ChangeAdminRole:
		return history.Held(c.Grant, at) != history.Held(c.NewGrant, at)
	case worklist.RemoveAdmin: // Whoever said until when.
		return c.NewGrant != nil && c.NewGrant.ExpiresAt == item.Since
	case worklist.UndeclaredAdmin:
		return c.Grant != nil && c.NewGrant == nil
	case worklist.CreateRole, worklist.EditRole:
		return c.NewRole != nil && (c.Role == nil || rolemodel.RoleDefinition(c.Role) != rolemodel.RoleDefinition(c.NewRole))
	case worklist.DeleteRole:
		return c.Role != nil && c.NewRole == nil
	case worklist.NeverObserved:
	}
	return false
}
