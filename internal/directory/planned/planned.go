// Package planned is the directory as a plan would leave it: a base and the
// changes planned so far, merged before any filter.
package planned

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Directory reads partners, tenants, roles and external admins as they are
// planned, and everything else from the base. A single read of an entry that is
// not all known before apply is decide.ErrNotYetKnown; lists have it as it is now.
type Directory struct {
	directory.Reader

	mu       sync.Mutex
	partners changes[rolemodel.Partner]
	tenants  changes[rolemodel.Tenant]
	roles    changes[rolemodel.Role]
	admins   changes[rolemodel.ExternalAdmin]
}

// New returns the base, of which nothing is planned yet.
func New(base directory.Reader) *Directory {
	return &Directory{
		Reader:   base,
		partners: changes[rolemodel.Partner]{},
		tenants:  changes[rolemodel.Tenant]{},
		roles:    changes[rolemodel.Role]{},
		admins:   changes[rolemodel.ExternalAdmin]{},
	}
}

// Put plans that an entry is there, and says whether all of it is known.
func Put[E directory.Entry](d *Directory, entry E, known bool) {
	plan(d, &change[E]{key: directory.KeyOf(entry), entry: entry, known: known})
}

// Remove plans that there is no entry with the key.
func Remove[E directory.Entry](d *Directory, key directory.Key) {
	plan(d, &change[E]{key: key, gone: true})
}

// Has says whether an entry with the key is planned to be there.
func Has[E directory.Entry](d *Directory, key directory.Key) bool {
	c := find[E](d, key)
	return c != nil && !c.gone
}

// Goes says whether the entry with the key is planned to go.
func Goes[E directory.Entry](d *Directory, key directory.Key) bool {
	c := find[E](d, key)
	return c != nil && c.gone
}

// change is what is planned for one entry. It is not changed any more.
type change[E directory.Entry] struct {
	key         directory.Key
	entry       E
	known, gone bool
}

// changes are those of one kind of entries, by account and key.
type changes[E directory.Entry] map[rolemodel.AccountCode]map[directory.Key]*change[E]

// changesOf returns what is planned for one kind of entries.
func changesOf[E directory.Entry](d *Directory) changes[E] {
	for _, all := range []any{d.partners, d.tenants, d.roles, d.admins} {
		if found, ok := all.(changes[E]); ok {
			return found
		}
	}
	return nil
}

func plan[E directory.Entry](d *Directory, c *change[E]) {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := changesOf[E](d)
	if all[c.key.Account] == nil {
		all[c.key.Account] = map[directory.Key]*change[E]{}
	}
	all[c.key.Account][c.key] = c
}

// find returns what is planned for the entry with the key, nil for nothing.
func find[E directory.Entry](d *Directory, key directory.Key) *change[E] {
	d.mu.Lock()
	defer d.mu.Unlock()
	return changesOf[E](d)[key.Account][key]
}

// within returns what is planned for the entries of the accounts, of all for none.
func within[E directory.Entry](d *Directory, accounts []rolemodel.AccountCode) []*change[E] {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := changesOf[E](d)
	if len(accounts) == 0 {
		accounts = slices.Collect(maps.Keys(all))
	}
	var found []*change[E]
	for _, account := range accounts {
		found = slices.AppendSeq(found, maps.Values(all[account]))
	}
	return found
}

// one returns the entry with the key as it is planned, or else reads it.
func one[E directory.Entry](d *Directory, key directory.Key, read func() (E, error)) (E, error) {
	var none E
	switch c := find[E](d, key); {
	case c == nil:
		return read()
	case c.gone:
		return none, &directory.NotFoundError{Kind: directory.KindOf[E](), Key: key.String()}
	case !c.known:
		return none, decide.ErrNotYetKnown
	default:
		return c.entry, nil
	}
}

// list merges a list of the base with what is planned for its entries, up to the
// limit. read reads the base up to a limit, and matches says whether an entry
// belongs in the list, the accounts aside.
func list[E directory.Entry](d *Directory, accounts []rolemodel.AccountCode, limit int, matches func(*E) bool, read func(limit int) iter.Seq2[E, error]) iter.Seq2[E, error] {
	plans := within[E](d, accounts)
	if len(plans) == 0 {
		return read(limit)
	}
	base := limit
	if limit > 0 {
		base += len(plans) // So many may be left out.
	}
	added := slices.DeleteFunc(plans, func(c *change[E]) bool { return !c.known || !matches(&c.entry) })
	slices.SortFunc(added, func(a, b *change[E]) int { return a.key.Compare(b.key) })
	return upTo(limit, func(yield func(E, error) bool) {
		left := added
		for entry, err := range read(base) {
			if err != nil {
				yield(entry, err)
				return
			}
			key := directory.KeyOf(entry)
			for ; len(left) > 0 && left[0].key.Compare(key) < 0; left = left[1:] {
				if !yield(left[0].entry, nil) {
					return
				}
			}
			// It may have been planned since the list began.
			if c := find[E](d, key); c != nil && (c.gone || c.known) {
				if len(left) > 0 && left[0].key == key {
					left = left[1:]
				}
				if c.gone || !matches(&c.entry) {
					continue
				}
				entry = c.entry
			}
			if !yield(entry, nil) {
				return
			}
		}
		for _, c := range left {
			if !yield(c.entry, nil) {
				return
			}
		}
	})
}

// upTo yields a list up to a limit, all of it for 0.
func upTo[E any](limit int, all iter.Seq2[E, error]) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		yielded := 0
		for entry, err := range all {
			if yielded++; !yield(entry, err) || yielded == limit {
				return
			}
		}
	}
}

// asks says whether one of the values is among those that a filter asks for, if it asks for any.
func asks[T comparable](asked []T, values ...T) bool {
	return len(asked) == 0 || slices.ContainsFunc(values, func(v T) bool { return slices.Contains(asked, v) })
}

// named says whether a name is the one that a filter asks for, if it asks for one.
func named(asked, name string) bool {
	return asked == "" || rolemodel.FoldName(asked) == rolemodel.FoldName(name)
}

// Partner implements directory.Reader.
func (d *Directory) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return one(d, directory.Key{Account: code}, func() (rolemodel.Partner, error) { return d.Reader.Partner(ctx, code) })
}

// Partners implements directory.Reader.
func (d *Directory) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	matches := func(p *rolemodel.Partner) bool {
		return asks(filter.Domains, p.Domains...) && named(filter.Name, p.Name) && p.AccountCode > filter.After
	}
	return list(d, filter.Codes, filter.Limit, matches, func(limit int) iter.Seq2[rolemodel.Partner, error] {
		filter.Limit = limit
		return d.Reader.Partners(ctx, filter)
	})
}

// Tenant implements directory.Reader.
func (d *Directory) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return one(d, directory.Key{Account: code}, func() (rolemodel.Tenant, error) { return d.Reader.Tenant(ctx, code) })
}

// Tenants implements directory.Reader.
func (d *Directory) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	matches := func(t *rolemodel.Tenant) bool {
		return asks(filter.Domains, t.Domains()...) && named(filter.Name, t.Name) && t.AccountCode > filter.After &&
			(filter.PartnerID == "" || filter.PartnerID == t.PartnerID)
	}
	return list(d, filter.Codes, filter.Limit, matches, func(limit int) iter.Seq2[rolemodel.Tenant, error] {
		filter.Limit = limit
		return d.Reader.Tenants(ctx, filter)
	})
}

// Role implements directory.Reader.
func (d *Directory) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	key := directory.Key{Account: tenant, ID: id}
	builtIn, ok := rolemodel.DefaultRole(id)
	if c := find[rolemodel.Tenant](d, directory.Key{Account: tenant}); ok && c != nil { // Every tenant has it.
		if c.gone {
			return rolemodel.Role{}, &directory.NotFoundError{Kind: directory.KindRole, Key: key.String()}
		}
		return builtIn, nil
	}
	return one(d, key, func() (rolemodel.Role, error) { return d.Reader.Role(ctx, tenant, id) })
}

// Roles implements directory.Reader.
func (d *Directory) Roles(ctx context.Context, filter directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	matches := func(r *rolemodel.Role) bool {
		return named(filter.Name, r.Name) && directory.KeyOf(*r).Compare(filter.After) > 0
	}
	return list(d, filter.TenantIDs, filter.Limit, matches, func(limit int) iter.Seq2[rolemodel.Role, error] {
		filter.Limit = limit
		return d.Reader.Roles(ctx, filter)
	})
}

// ExternalAdmin implements directory.Reader.
func (d *Directory) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	admin, err := one(d, directory.Key{Account: tenant, Email: email}, func() (rolemodel.ExternalAdmin, error) {
		return d.Reader.ExternalAdmin(ctx, tenant, email)
	})
	d.nameRole(&admin)
	return admin, err
}

// nameRole gives a grant the name that its custom role is planned to have.
func (d *Directory) nameRole(admin *rolemodel.ExternalAdmin) {
	if c := find[rolemodel.Role](d, directory.Key{Account: admin.TenantID, ID: admin.RoleID}); c != nil && c.known {
		admin.RoleName = c.entry.Name
	}
}

// ExternalAdmins implements directory.Reader.
func (d *Directory) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	of := func(rolemodel.AccountCode) bool { return true }
	read := func(limit int) iter.Seq2[rolemodel.ExternalAdmin, error] {
		filter.Limit = limit
		return d.Reader.ExternalAdmins(ctx, filter)
	}
	if filter.PartnerID != "" {
		of, read = d.ofPartner(ctx, filter)
	}
	matches := func(a *rolemodel.ExternalAdmin) bool {
		domain := a.Email.Domain()
		return of(a.TenantID) && asks(filter.Domains, domain) && !slices.Contains(filter.OutsideDomains, domain) &&
			directory.KeyOf(*a).Compare(filter.After) > 0 &&
			(filter.Email == "" || filter.Email == a.Email) && (filter.RoleID == "" || filter.RoleID == a.RoleID)
	}
	return func(yield func(rolemodel.ExternalAdmin, error) bool) {
		for admin, err := range list(d, filter.TenantIDs, filter.Limit, matches, read) {
			d.nameRole(&admin)
			if !yield(admin, err) {
				return
			}
		}
	}
}

// ofPartner says which tenants are planned to be the partner's that a filter of
// external admins names, and reads those that they have in the base, where
// tenants may still be another partner's.
func (d *Directory) ofPartner(ctx context.Context, filter directory.ExternalAdminFilter) (of func(rolemodel.AccountCode) bool, read func(limit int) iter.Seq2[rolemodel.ExternalAdmin, error]) {
	theirs := map[rolemodel.AccountCode]bool{} // Of each tenant that is planned, whether it is the partner's.
	come := filter
	come.TenantIDs, come.PartnerID, come.Limit = nil, "", 0
	for _, c := range within[rolemodel.Tenant](d, filter.TenantIDs) {
		if !c.known {
			continue
		}
		theirs[c.key.Account] = c.entry.PartnerID == filter.PartnerID
		if theirs[c.key.Account] {
			come.TenantIDs = append(come.TenantIDs, c.key.Account)
		}
	}
	of = func(tenant rolemodel.AccountCode) bool {
		if is, planned := theirs[tenant]; planned {
			return is
		}
		found, err := d.Reader.Tenant(ctx, tenant)
		return err == nil && found.PartnerID == filter.PartnerID
	}
	read = func(limit int) iter.Seq2[rolemodel.ExternalAdmin, error] {
		filter.Limit = limit
		if len(theirs) == 0 {
			return d.Reader.ExternalAdmins(ctx, filter)
		}
		filter.Limit = 0 // Any number of them may be left out.
		stay := func(yield func(rolemodel.ExternalAdmin, error) bool) {
			for admin, err := range d.Reader.ExternalAdmins(ctx, filter) {
				if _, planned := theirs[admin.TenantID]; !planned && !yield(admin, err) {
					return
				}
			}
		}
		if len(come.TenantIDs) == 0 {
			return stay
		}
		return ordered(stay, d.Reader.ExternalAdmins(ctx, come))
	}
	return of, read
}

// ordered merges two lists of external admins by key.
func ordered(a, b iter.Seq2[rolemodel.ExternalAdmin, error]) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return func(yield func(rolemodel.ExternalAdmin, error) bool) {
		next, stop := iter.Pull2(b)
		defer stop()
		second, err2, more := next()
		for first, err := range a {
			for ; more && (err2 != nil || directory.KeyOf(second).Compare(directory.KeyOf(first)) < 0); second, err2, more = next() {
				if !yield(second, err2) || err2 != nil {
					return
				}
			}
			if !yield(first, err) || err != nil {
				return
			}
		}
		for ; more; second, err2, more = next() {
			if !yield(second, err2) || err2 != nil {
				return
			}
		}
	}
}

// Count implements directory.Reader. Where nothing is planned for what it counts, the base counts.
func (d *Directory) Count(ctx context.Context, filter directory.Filter) (int, error) {
	switch f := filter.(type) {
	case directory.PartnerFilter:
		if len(within[rolemodel.Partner](d, f.Codes)) > 0 {
			f.After, f.Limit = "", 0
			return count(d.Partners(ctx, f))
		}
	case directory.TenantFilter:
		if len(within[rolemodel.Tenant](d, f.Codes)) > 0 {
			f.After, f.Limit = "", 0
			return count(d.Tenants(ctx, f))
		}
	case directory.RoleFilter:
		if len(within[rolemodel.Role](d, f.TenantIDs)) > 0 {
			f.After, f.Limit = directory.Key{}, 0
			return count(d.Roles(ctx, f))
		}
	case directory.ExternalAdminFilter:
		moves := f.PartnerID != "" && len(within[rolemodel.Tenant](d, f.TenantIDs)) > 0
		if moves || len(within[rolemodel.ExternalAdmin](d, f.TenantIDs)) > 0 {
			f.After, f.Limit = directory.Key{}, 0
			return count(d.ExternalAdmins(ctx, f))
		}
	}
	return d.Reader.Count(ctx, filter)
}

func count[E any](all iter.Seq2[E, error]) (int, error) {
	n := 0
	for _, err := range all {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}
