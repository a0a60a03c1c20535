// Package gather makes the worklist of a directory, and tells the directory what
// of it was done.
package gather

import (
	"context"
	"slices"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// Filter narrows a worklist. Zero fields do not narrow.
type Filter struct {
	// Tenants are exactly those whose items are asked for, canonical.
	Tenants []rolemodel.AccountCode
	// Person is the one whom all items are about, canonical.
	Person rolemodel.Email
}

// Worklist returns what is to be done at Mimecast of what the reader sees, or a
// *directory.NotFoundError if a tenant of the filter does not exist. The trail is
// read of those only whom there are items about.
func Worklist(ctx context.Context, r directory.Reader, filter Filter) (worklist.Worklist, error) {
	list, _, err := undated(ctx, r, filter)
	if err != nil {
		return worklist.Worklist{}, err
	}
	return list, date(ctx, r, time.Now(), list.Items)
}

// undated returns the worklist without what only the trail tells.
func undated(ctx context.Context, r directory.Reader, filter Filter) (worklist.Worklist, []worklist.State, error) {
	states, err := States(ctx, r, filter.Tenants)
	if err != nil {
		return worklist.Worklist{}, nil, err
	}
	list := worklist.Worklist{At: rolemodel.TimeOf(time.Now())}
	list.Items = worklist.Items(list.At, states)
	if filter.Person != "" {
		list.Items = slices.DeleteFunc(list.Items, func(item worklist.Item) bool { return item.Person != filter.Person })
	}
	list.Passes = worklist.Passes(states, list.Items)
	return list, states, nil
}

// States reads what is declared and was seen of the tenants, of all that the
// reader sees without any. A tenant that does not exist is a *directory.NotFoundError.
func States(ctx context.Context, r directory.Reader, tenants []rolemodel.AccountCode) ([]worklist.State, error) {
	for _, code := range tenants {
		if _, err := r.Tenant(ctx, code); err != nil {
			return nil, err
		}
	}
	all, err := directory.Collect(r.Tenants(ctx, directory.TenantFilter{Codes: tenants}))
	if err != nil {
		return nil, err
	}
	partners := map[rolemodel.AccountCode]*rolemodel.Partner{}
	states := make([]worklist.State, len(all))
	of := make(map[rolemodel.AccountCode]*worklist.State, len(all))
	for i, tenant := range all {
		states[i].Tenant = tenant
		of[tenant.AccountCode] = &states[i]
		if partners[tenant.PartnerID] == nil && tenant.PartnerID != "" {
			partner, err := r.Partner(ctx, tenant.PartnerID)
			if err != nil {
				return nil, err
			}
			partners[tenant.PartnerID] = &partner
		}
		states[i].Partner = partners[tenant.PartnerID]
	}
	// What came since the tenants were read has no state.
	for role, err := range r.Roles(ctx, directory.RoleFilter{TenantIDs: tenants}) {
		if err != nil {
			return nil, err
		}
		if state := of[role.TenantID]; state != nil {
			state.Roles = append(state.Roles, role)
		}
	}
	for admin, err := range r.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantIDs: tenants}) {
		if err != nil {
			return nil, err
		}
		if state := of[admin.TenantID]; state != nil {
			state.Admins = append(state.Admins, admin)
		}
	}
	for seen, err := range r.Observations(ctx, directory.ObservationFilter{TenantIDs: tenants}) {
		if err != nil {
			return nil, err
		}
		if state := of[seen.TenantID]; state != nil {
			state.Seen = &seen
		}
	}
	return states, nil
}
