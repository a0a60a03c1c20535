package sqldb

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// grants are those of one tenant by address.
type grants map[rolemodel.Email]rolemodel.ExternalAdmin

func byEmail(admins []rolemodel.ExternalAdmin) grants {
	all := make(grants, len(admins))
	for _, a := range admins {
		all[a.Email] = a
	}
	return all
}

// list returns the grants in the order of their addresses.
func (g grants) list() []rolemodel.ExternalAdmin {
	all := make([]rolemodel.ExternalAdmin, 0, len(g))
	for _, email := range slices.Sorted(maps.Keys(g)) {
		all = append(all, g[email])
	}
	return all
}

// replace declares all grants of a tenant.
func (tx *transaction) replace(ctx context.Context, c directory.Replace, e *event) (directory.Outcome, error) {
	none := directory.Outcome{}
	c.Tenant = canonical(c.Tenant)
	e.key, e.declaration, e.after = directory.Key{Account: c.Tenant}, c.As, c.Admins
	asked, vs := decide.Normalise(c.Tenant, c.Admins)
	if blind := decide.Blind(&tx.actor, directory.KindExternalAdmins); len(blind) > 0 {
		return none, append(vs, blind...)
	}
	if asked == nil && len(vs) > 0 {
		return none, vs
	}
	of := directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{c.Tenant}}
	stored, err := directory.Collect(tx.ExternalAdmins(ctx, of))
	if err != nil {
		return none, err
	}
	held, wanted := byEmail(stored), byEmail(asked)
	target, found := decide.Target(&c, stored, asked)
	d := differ(held, byEmail(target), wanted, c.As)
	e.subjects = d.emails()
	decided, err := decide.ExternalAdmins(ctx, tx.facts(), &tx.actor, c.Tenant, stored, target)
	if err = cmp.Or(err, append(append(vs, found...), decided...).Err()); err != nil {
		return none, err
	}
	if err := tx.unchangedSince(ctx, &c, held, wanted); err != nil {
		return none, err
	}
	if err := tx.store(ctx, &d); err != nil {
		return none, err
	}
	if !d.empty() {
		if stored, err = directory.Collect(tx.ExternalAdmins(ctx, of)); err != nil {
			return none, err
		}
	}
	return directory.Outcome{Effect: d.effect(c.Action, len(held) > 0), Entry: stored}, tx.recordDifference(ctx, &d, e, byEmail(stored))
}

// unchangedSince returns a conflict if an update is based on other grants than
// those that the tenant has. What is as asked for already does not count, nor does
// what was changed under the declaration that the plan read there: its former
// address; nor what nothing declared and went with a map.
func (tx *transaction) unchangedSince(ctx context.Context, c *directory.Replace, held, wanted grants) error {
	if c.Seen == nil || c.Action != directory.ActionUpdate {
		return nil
	}
	seen := byEmail(c.Seen)
	either := maps.Clone(held)
	maps.Copy(either, seen)
	var differences []string
	total := 0
	for _, email := range slices.Sorted(maps.Keys(either)) {
		h, holds := held[email]
		s, held := seen[email]
		w, wants := wanted[email]
		if h.Same(&s) || holds == wants && h.Same(&w) {
			continue
		}
		if held {
			if own, err := tx.lastUnder(ctx, directory.Key{Account: c.Tenant, Email: email}, s.Declaration); own != nil || err != nil {
				if err != nil {
					return err
				}
				continue
			}
		}
		if total++; total > 10 {
			continue
		}
		switch {
		case !holds:
			differences = append(differences, fmt.Sprintf("%q is gone", email))
		case !held:
			differences = append(differences, fmt.Sprintf("%q (%s) came", email, h.RoleID))
		case h.RoleID == s.RoleID:
			differences = append(differences, fmt.Sprintf("%q has another reason or end", email))
		default:
			differences = append(differences, fmt.Sprintf("%q has %s instead of %s", email, h.RoleID, s.RoleID))
		}
	}
	if total == 0 {
		return nil
	}
	if total > len(differences) {
		differences = append(differences, fmt.Sprintf("and %d more", total-len(differences)))
	}
	return &directory.ConflictError{Kind: directory.KindExternalAdmins, Key: string(c.Tenant), Changed: true, Differences: differences}
}

// difference is what turns the grants that a tenant has into others.
type difference struct {
	// removed and replaced are grants as they were, changed and added as they are
	// to be, adopted those that only change hands.
	removed, replaced, changed, added, adopted []rolemodel.ExternalAdmin
}

func differ(held, target, wanted grants, as rolemodel.Declaration) difference {
	var d difference
	for _, h := range held.list() {
		if _, stays := target[h.Email]; !stays {
			d.removed = append(d.removed, h)
		}
	}
	for _, t := range target.list() {
		h, had := held[t.Email]
		_, declared := wanted[t.Email]
		if t.Revision = h.Revision + 1; declared && as != "" {
			t.Declaration = as
		} else {
			t.Declaration = h.Declaration
		}
		switch {
		case !had:
			d.added = append(d.added, t)
		case !h.Same(&t):
			d.replaced, d.changed = append(d.replaced, h), append(d.changed, t)
		case h.Declaration != t.Declaration:
			d.adopted = append(d.adopted, t)
		}
	}
	return d
}

func (d *difference) empty() bool {
	return len(d.removed)+len(d.changed)+len(d.added)+len(d.adopted) == 0
}

// emails are the addresses of all grants that differ but for their declarations.
func (d *difference) emails() []rolemodel.Email {
	var emails []rolemodel.Email
	for _, a := range slices.Concat(d.removed, d.changed, d.added) {
		emails = append(emails, a.Email)
	}
	return emails
}

// effect is what was done, where the tenant had grants or none.
func (d *difference) effect(action directory.Action, had bool) directory.Effect {
	switch {
	case d.empty() && action == directory.ActionDelete && had:
		return directory.EffectLeft
	case d.empty():
		return directory.EffectUnchanged
	case len(d.emails()) == 0:
		return directory.EffectAdopted
	case action == directory.ActionCreate:
		return directory.EffectCreated
	case action == directory.ActionDelete:
		return directory.EffectDeleted
	}
	return directory.EffectChanged
}

// store writes the difference.
func (tx *transaction) store(ctx context.Context, d *difference) error {
	return first(tx.deleteExternalAdmins(ctx, d.removed),
		func() error { return tx.putExternalAdmins(ctx, slices.Concat(d.changed, d.added, d.adopted)) })
}

// recordDifference records who was removed, changed and added in one event, and
// who was adopted in another, and settles what the former roles leave.
func (tx *transaction) recordDifference(ctx context.Context, d *difference, e *event, stored grants) error {
	are := func(admins []rolemodel.ExternalAdmin) []rolemodel.ExternalAdmin {
		all := grants{}
		for _, a := range admins {
			all[a.Email] = stored[a.Email]
		}
		return all.list()
	}
	if len(e.subjects) > 0 {
		e.before, e.after = byEmail(slices.Concat(d.removed, d.replaced)).list(), are(slices.Concat(d.changed, d.added))
		if err := tx.record(ctx, e); err != nil {
			return err
		}
	}
	if len(d.adopted) > 0 {
		adopted := *e
		adopted.action, adopted.before, adopted.after, adopted.subjects = directory.ActionAdopt, nil, are(d.adopted), nil
		for _, a := range d.adopted {
			adopted.subjects = append(adopted.subjects, a.Email)
		}
		if err := tx.record(ctx, &adopted); err != nil {
			return err
		}
	}
	if d.empty() {
		return nil
	}
	had := map[rolemodel.RoleID]bool{}
	for _, a := range slices.Concat(d.removed, d.replaced) {
		had[a.RoleID] = true
	}
	return tx.settleGrants(ctx, e.key.Account, slices.Sorted(maps.Keys(had)), len(d.removed) > 0)
}
