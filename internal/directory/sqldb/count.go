package sqldb

import (
	"context"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// Count implements directory.Reader.
func (r reader) Count(ctx context.Context, filter directory.Filter) (int, error) {
	var (
		from string
		w    *where
	)
	switch f := filter.(type) {
	case directory.PartnerFilter:
		from, w = ` FROM partners p`, r.wherePartners(f)
	case directory.TenantFilter:
		from, w = ` FROM tenants t`, r.whereTenants(f)
	case directory.RoleFilter:
		tenants, none := narrowed(f.TenantIDs, r.scope.TenantIDs)
		if err := r.view(); err != nil || none {
			return 0, err
		}
		from, w = joinRoles, r.whereRoles(f, tenants)
	case directory.ExternalAdminFilter:
		tenants, none := narrowed(f.TenantIDs, r.scope.TenantIDs)
		if err := r.view(); err != nil || none {
			return 0, err
		}
		from, w = fromExternalAdmins(&f), r.whereExternalAdmins(f, tenants)
	default:
		return 0, fmt.Errorf("no list has the filter %T", filter)
	}
	counts, err := query(ctx, r, scanCount, `SELECT count(*)`+from+w.String(), w.args...)
	if err != nil || len(counts) == 0 {
		return 0, err
	}
	return counts[0], nil
}
