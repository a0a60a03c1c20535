package gather

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// few is up to how many tenants a person's events are read of each one alone.
const few = 3

// date says of the items since when they are due and who declared them, and
// which of those who are there without being declared were declared once.
func date(ctx context.Context, r directory.Reader, now time.Time, items []worklist.Item) error {
	people := map[rolemodel.Email][]*worklist.Item{}
	roles := map[rolemodel.AccountCode][]*worklist.Item{}
	for i := range items {
		item := &items[i]
		switch {
		case item.Person != "":
			people[item.Person] = append(people[item.Person], item)
		case item.RoleID != "":
			roles[item.TenantID] = append(roles[item.TenantID], item)
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
	for tenant, wanted := range roles {
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

// dateEntries goes back in the trail, in longer and longer steps, until it has
// the last change of each wanted item's entry, or is at the beginning.
func dateEntries(ctx context.Context, r directory.Reader, now time.Time, search directory.AuditFilter, wanted []*worklist.Item) error {
	const day = 24 * time.Hour
	for _, back := range []time.Duration{day, 10 * day, 100 * day, 0} {
		if search.Since = now.Add(-back); back == 0 {
			search.Since = time.Time{}
		}
		of := make(map[directory.Key]*worklist.Item, len(wanted))
		for _, item := range wanted {
			of[keyOf(item)] = item
		}
		last := map[*worklist.Item]directory.AuditEvent{}
		for event, err := range r.AuditEvents(ctx, search) {
			if err != nil {
				return err
			}
			changes, err := changesOf(&event)
			if err != nil {
				return err
			}
			for key, change := range changes {
				if item := of[key]; item != nil && change.makesDue(item, rolemodel.TimeOf(event.At)) {
					last[item] = event
				}
			}
		}
		for item, event := range last {
			dateBy(item, &event)
		}
		wanted = slices.DeleteFunc(wanted, func(item *worklist.Item) bool { _, found := last[item]; return found })
		if search.Until = search.Since; len(wanted) == 0 {
			return nil
		}
	}
	return nil
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

// change is what an event did to one grant or role: each nil where there is none.
type change struct {
	grant, newGrant *rolemodel.ExternalAdmin
	role, newRole   *rolemodel.Role
}

// makesDue says whether the change, at a moment, is one that makes the item be due.
func (c *change) makesDue(item *worklist.Item, at rolemodel.Time) bool {
	switch item.Kind {
	case worklist.AddAdmin, worklist.ChangeAdminRole:
		return held(c.grant, at) != held(c.newGrant, at)
	case worklist.RemoveAdmin: // Whoever said until when.
		return c.newGrant != nil && c.newGrant.ExpiresAt == item.Since
	case worklist.UndeclaredAdmin:
		return c.grant != nil && c.newGrant == nil
	case worklist.CreateRole, worklist.EditRole:
		return c.newRole != nil && (c.role == nil || rolemodel.RoleDefinition(c.role) != rolemodel.RoleDefinition(c.newRole))
	case worklist.DeleteRole:
		return c.role != nil && c.newRole == nil
	case worklist.NeverObserved:
	}
	return false
}

// held is the role that a grant gives at a moment.
func held(grant *rolemodel.ExternalAdmin, at rolemodel.Time) rolemodel.RoleID {
	if grant == nil || grant.ExpiresAt.Passed(at) {
		return ""
	}
	return grant.RoleID
}

// changesOf returns what the event did to grants and roles.
func changesOf(event *directory.AuditEvent) (map[directory.Key]*change, error) {
	if event.Outcome != directory.OutcomeDone || event.Action == directory.ActionAdopt {
		return nil, nil // Adopting changes who declares only.
	}
	switch event.Kind {
	case directory.KindRole:
		return changed(event, func(c *change, role *rolemodel.Role) { c.role = role }, func(c *change, role *rolemodel.Role) { c.newRole = role })
	case directory.KindExternalAdmin, directory.KindExternalAdmins:
		return changed(event, func(c *change, grant *rolemodel.ExternalAdmin) { c.grant = grant }, func(c *change, grant *rolemodel.ExternalAdmin) { c.newGrant = grant })
	}
	return nil, nil
}

func changed[E directory.Entry](event *directory.AuditEvent, before, after func(*change, *E)) (map[directory.Key]*change, error) {
	changes := map[directory.Key]*change{}
	for _, side := range []struct {
		text string
		set  func(*change, *E)
	}{{event.Before, before}, {event.After, after}} {
		entries, err := entriesOf[E](side.text)
		if err != nil {
			return nil, fmt.Errorf("audit event %s cannot be read: %w", event.ID, err)
		}
		for i := range entries {
			key := directory.KeyOf(entries[i])
			if changes[key] == nil {
				changes[key] = &change{}
			}
			side.set(changes[key], &entries[i])
		}
	}
	return changes, nil
}

// entriesOf reads the entry of an event, or those of a replacement.
func entriesOf[E directory.Entry](text string) ([]E, error) {
	if text == "" {
		return nil, nil
	}
	var many []E
	if text[0] == '[' {
		err := json.Unmarshal([]byte(text), &many)
		return many, err
	}
	var one E
	err := json.Unmarshal([]byte(text), &one)
	return []E{one}, err
}
