package gather

import (
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/history"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// since is what there was, before some moment, of everything that changed after it.
type since struct {
	tenants map[rolemodel.AccountCode]*former
	// trails are those that the tenants had.
	trails map[rolemodel.AccountCode]string
	// last is when and by whom each was last changed.
	last map[directory.Key]moment
}

// former is what there was of one tenant: of what changed only, and nil for none.
type former struct {
	tenant map[rolemodel.AccountCode]*rolemodel.Tenant
	roles  map[rolemodel.RoleID]*rolemodel.Role
	grants map[rolemodel.Email]*rolemodel.ExternalAdmin
	seen   map[rolemodel.Email]*rolemodel.ObservedAdmin
}

type moment struct {
	at rolemodel.Time
	by string
}

func newSince() *since {
	return &since{tenants: map[rolemodel.AccountCode]*former{}, trails: map[rolemodel.AccountCode]string{}, last: map[directory.Key]moment{}}
}

// add adds what an event did, which came after those that were added before.
func (s *since) add(event *directory.AuditEvent) error {
	changes, err := history.Changes(event)
	if err != nil {
		return err
	}
	for key, change := range changes {
		of := s.tenants[key.Account]
		if of == nil {
			of = &former{
				map[rolemodel.AccountCode]*rolemodel.Tenant{},
				map[rolemodel.RoleID]*rolemodel.Role{},
				map[rolemodel.Email]*rolemodel.ExternalAdmin{},
				map[rolemodel.Email]*rolemodel.ObservedAdmin{},
			}
			s.tenants[key.Account] = of
		}
		switch event.Kind {
		case directory.KindTenant:
			if _, known := of.tenant[key.Account]; !known {
				s.trails[key.Account] = event.Trail
			}
			first(of.tenant, key.Account, change.Tenant)
		case directory.KindRole:
			first(of.roles, key.ID, change.Role)
		case directory.KindObservation:
			first(of.seen, key.Email, change.Seen)
		default:
			first(of.grants, key.Email, change.Grant)
		}
		s.last[key] = moment{rolemodel.TimeOf(event.At), event.Actor}
	}
	return nil
}

// first keeps what there was before the first change.
func first[K comparable, T any](of map[K]*T, key K, was *T) {
	if _, known := of[key]; !known {
		of[key] = was
	}
}

// gone returns the tenants that there were and are not any more.
func (s *since) gone(now []worklist.State) []rolemodel.Tenant {
	there := map[rolemodel.AccountCode]bool{}
	for i := range now {
		there[now[i].Tenant.AccountCode] = true
	}
	var gone []rolemodel.Tenant
	for code := range s.tenants {
		if was, _ := s.tenant(code); was != nil && !there[code] {
			gone = append(gone, *was)
		}
	}
	return gone
}

// undo returns the states as they were, given what they are now, and what of
// tenants that are gone did not change before they went.
func (s *since) undo(now, gone []worklist.State) []worklist.State {
	then := make([]worklist.State, 0, len(now))
	add := func(state worklist.State) {
		of, changed := s.tenants[state.Tenant.AccountCode]
		if changed {
			of.restore(&state)
		}
		then = append(then, state)
	}
	for _, state := range now {
		code := state.Tenant.AccountCode
		if was, changed := s.tenant(code); !changed {
			add(state)
		} else if was != nil {
			state.Tenant = *was
			add(state)
		}
	}
	for _, state := range gone {
		add(state)
	}
	return then
}

// tenant returns what the tenant was, and whether it changed.
func (s *since) tenant(code rolemodel.AccountCode) (*rolemodel.Tenant, bool) {
	if s.tenants[code] == nil {
		return nil, false
	}
	was, changed := s.tenants[code].tenant[code]
	return was, changed
}

// restore makes a state what it was.
func (f *former) restore(state *worklist.State) {
	state.Roles = restored(state.Roles, f.roles, func(role *rolemodel.Role) rolemodel.RoleID { return role.ID })
	state.Admins = restored(state.Admins, f.grants, func(grant *rolemodel.ExternalAdmin) rolemodel.Email { return grant.Email })
	seen := rolemodel.Observation{TenantID: state.Tenant.AccountCode}
	if state.Seen != nil {
		seen = *state.Seen
	}
	seen.Admins = restored(seen.Admins, f.seen, func(seen *rolemodel.ObservedAdmin) rolemodel.Email { return seen.Email })
	state.Seen = &seen
}

// restored returns a list as it was. Its order is not kept.
func restored[K comparable, T any](now []T, was map[K]*T, keyOf func(*T) K) []T {
	then := slices.DeleteFunc(slices.Clone(now), func(entry T) bool {
		_, changed := was[keyOf(&entry)]
		return changed
	})
	for _, entry := range was {
		if entry != nil {
			then = append(then, *entry)
		}
	}
	return then
}
