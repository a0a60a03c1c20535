package sqldb

import (
	"context"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// everything is the scope of whoever decides about the consequences of a change.
var everything = directory.Scope{All: true}

// whole says whether nothing limits the scope.
func whole(s *directory.Scope) bool { return s.All && len(s.TenantIDs) == 0 }

// seesPartners adds the condition that the partner p lies in the scope: its own,
// or that of one of its tenants.
func (w *where) seesPartners(s *directory.Scope) {
	switch {
	case whole(s):
	case s.All:
		in(w, `p.account_code IN (SELECT partner_id FROM tenants WHERE account_code`, s.TenantIDs, `)`)
	case s.PartnerID != "":
		w.and(`p.account_code = ?`, string(s.PartnerID))
	default:
		w.and(`1 = 0`)
	}
}

// seesTenants adds the condition that the tenant t lies in the scope.
func (w *where) seesTenants(s *directory.Scope) {
	switch {
	case s.All:
	case s.PartnerID != "":
		w.and(`t.partner_id = ?`, string(s.PartnerID))
	default:
		w.and(`1 = 0`)
	}
	if len(s.TenantIDs) > 0 {
		in(w, `t.account_code`, s.TenantIDs, "")
	}
}

// seesTrails adds the condition that the trail of a row a lies in the scope. A
// trail is seen whole or not at all. It is looked up before, since PostgreSQL
// finds rows of a trail that it knows as their number demands. The column names
// the account that the row is about: with it SQLite finds them in order. If one
// account is asked for, its rows are not to be looked for among all of a partner's.
func (r reader) seesTrails(ctx context.Context, w *where, column string, one bool) error {
	s := &r.scope
	var of where
	from, seen := ` FROM tenants`, `a.trail`
	switch {
	case whole(s):
		return nil
	case s.All: // Not those that the codes had before.
	case s.PartnerID != "" && len(s.TenantIDs) > 0:
		from = ` FROM trails`
		of.and(`kind = 'tenant' AND partner_trail = (SELECT trail FROM partners WHERE account_code = ?)`, string(s.PartnerID))
	case s.PartnerID != "":
		from, seen = ` FROM partners`, `a.partner_trail`
		of.and(`account_code = ?`, string(s.PartnerID))
		if one {
			seen += ` || ''` // No index has this.
		}
	default:
		of.and(`1 = 0`)
	}
	if len(s.TenantIDs) > 0 {
		in(&of, `account_code`, s.TenantIDs, "")
		in(w, column, s.TenantIDs, "")
	}
	trails, err := query(ctx, r, scanText, `SELECT trail`+from+of.String(), of.args...)
	if len(trails) == 0 {
		w.and(`1 = 0`)
		return err
	}
	in(w, seen, trails, "")
	return err
}

// narrowed returns the accounts that are asked for, nil for all, as far as they
// are named in the scope, and whether there are none.
func narrowed(asked, scope []rolemodel.AccountCode) (accounts []rolemodel.AccountCode, none bool) {
	switch {
	case len(scope) == 0:
		return slices.Compact(slices.Sorted(slices.Values(asked))), false
	case len(asked) == 0:
		return slices.Compact(slices.Sorted(slices.Values(scope))), false
	}
	for _, code := range slices.Compact(slices.Sorted(slices.Values(asked))) {
		if slices.Contains(scope, code) {
			accounts = append(accounts, code)
		}
	}
	return accounts, len(accounts) == 0
}

// sees says whether there is an account with the code in the scope.
func (tx *transaction) sees(ctx context.Context, code rolemodel.AccountCode) (bool, error) {
	if code == "" {
		return false, nil
	}
	_, err := tx.Tenant(ctx, code)
	if directory.IsNotFound(err) {
		_, err = tx.Partner(ctx, code)
	}
	if directory.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// sight is whether the caller sees an account, and which partner does.
type sight struct {
	caller  bool
	partner rolemodel.AccountCode
}

// seen looks the accounts up that violations name.
func (tx *transaction) seen(ctx context.Context, vs rolemodel.Violations) (map[rolemodel.AccountCode]sight, error) {
	all := map[rolemodel.AccountCode]sight{}
	for _, v := range vs {
		for _, code := range v.Accounts {
			if _, known := all[code]; known {
				continue
			}
			visible, err := tx.sees(ctx, code)
			if err != nil {
				return nil, err
			}
			of, _, err := tx.trailOf(ctx, code)
			if err != nil {
				return nil, err
			}
			all[code] = sight{caller: visible, partner: of.partner}
		}
	}
	return all, nil
}
