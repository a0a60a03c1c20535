// Package history reads from the audit trail what became of grants, roles and
// tenants, and of what was seen of people.
package history

import (
	"encoding/json"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Change is what an event did to one grant, role, tenant or to what was seen of
// one person: each nil where there is none.
type Change struct {
	Grant, NewGrant   *rolemodel.ExternalAdmin
	Role, NewRole     *rolemodel.Role
	Tenant, NewTenant *rolemodel.Tenant
	Seen, NewSeen     *rolemodel.ObservedAdmin
}

// Held is the role that a grant gives at a moment, "" for none.
func Held(grant *rolemodel.ExternalAdmin, at rolemodel.Time) rolemodel.RoleID {
	if grant == nil || grant.ExpiresAt.Passed(at) {
		return ""
	}
	return grant.RoleID
}

// Changes returns what the event did, by key. Adopting, which changes who
// declares only, and what was not done are nothing.
func Changes(event *directory.AuditEvent) (map[directory.Key]*Change, error) {
	if event.Outcome != directory.OutcomeDone || event.Action == directory.ActionAdopt {
		return nil, nil
	}
	var (
		changes map[directory.Key]*Change
		err     error
	)
	switch event.Kind {
	case directory.KindRole:
		changes, err = changed(event, func(c *Change, role *rolemodel.Role) { c.Role = role }, func(c *Change, role *rolemodel.Role) { c.NewRole = role })
	case directory.KindTenant:
		changes, err = changed(event, func(c *Change, tenant *rolemodel.Tenant) { c.Tenant = tenant }, func(c *Change, tenant *rolemodel.Tenant) { c.NewTenant = tenant })
	case directory.KindExternalAdmin, directory.KindExternalAdmins:
		changes, err = changed(event, func(c *Change, grant *rolemodel.ExternalAdmin) { c.Grant = grant }, func(c *Change, grant *rolemodel.ExternalAdmin) { c.NewGrant = grant })
	case directory.KindObservation:
		changes, err = observed(event)
	}
	if err != nil {
		return nil, fmt.Errorf("audit event %s cannot be read: %w", event.ID, err)
	}
	return changes, nil
}

func changed[E directory.Entry](event *directory.AuditEvent, before, after func(*Change, *E)) (map[directory.Key]*Change, error) {
	changes := map[directory.Key]*Change{}
	for _, side := range []struct {
		text string
		set  func(*Change, *E)
	}{{event.Before, before}, {event.After, after}} {
		entries, err := entriesOf[E](side.text)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			side.set(of(changes, directory.KeyOf(entries[i])), &entries[i])
		}
	}
	return changes, nil
}

// observed reads what was known of people before, and what was seen of them.
func observed(event *directory.AuditEvent) (map[directory.Key]*Change, error) {
	changes := map[directory.Key]*Change{}
	for _, side := range []struct {
		text string
		set  func(*Change, *rolemodel.ObservedAdmin)
	}{
		{event.Before, func(c *Change, seen *rolemodel.ObservedAdmin) { c.Seen = seen }},
		{event.After, func(c *Change, seen *rolemodel.ObservedAdmin) { c.NewSeen = seen }},
	} {
		var said struct {
			Admins []rolemodel.ObservedAdmin `json:"admins"`
		}
		if side.text != "" {
			if err := json.Unmarshal([]byte(side.text), &said); err != nil {
				return nil, err
			}
		}
		for i := range said.Admins {
			side.set(of(changes, directory.Key{Account: event.TenantID, Email: said.Admins[i].Email}), &said.Admins[i])
		}
	}
	return changes, nil
}

func of(changes map[directory.Key]*Change, key directory.Key) *Change {
	if changes[key] == nil {
		changes[key] = &Change{}
	}
	return changes[key]
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
