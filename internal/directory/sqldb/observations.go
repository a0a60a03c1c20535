package sqldb

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func scanObservation(scan func(...any) error) (o rolemodel.Observation, err error) {
	var (
		text   string
		tenant rolemodel.AccountCode
	)
	if err = scan(&tenant, &text); err == nil {
		err = json.Unmarshal([]byte(text), &o)
	}
	o.TenantID = tenant
	return o, err
}

// Observations implements directory.Reader.
func (r reader) Observations(ctx context.Context, filter directory.ObservationFilter) iter.Seq2[rolemodel.Observation, error] {
	tenants, none := narrowed(filter.TenantIDs, nil)
	if err := r.view(); err != nil || none {
		return ended[rolemodel.Observation](err)
	}
	// One may name a thousand people, so that few are read at once.
	const few = 50
	tenant := func(o rolemodel.Observation) rolemodel.AccountCode { return o.TenantID }
	return list(filter.After, filter.Limit, tenant, func(after rolemodel.AccountCode, n int) ([]rolemodel.Observation, error) {
		var w where
		w.and(`t.account_code > ?`, string(after))
		w.seesTenants(&r.scope)
		if len(tenants) > 0 {
			in(&w, `t.account_code`, tenants, "")
		}
		if filter.PartnerID != "" {
			w.and(`t.partner_id = ?`, string(filter.PartnerID))
		}
		return query(ctx, r, scanObservation, `SELECT t.account_code, o.observation_json FROM tenants t JOIN observations o ON o.trail = t.trail`+
			w.String()+` ORDER BY t.account_code`+limited(n), w.args...)
	}, few)
}

// observe records what was seen for a tenant.
func (tx *transaction) observe(ctx context.Context, c directory.Observe, e *event) (directory.Outcome, error) {
	none := directory.Outcome{}
	c.Tenant = canonical(c.Tenant)
	e.key, e.after = directory.Key{Account: c.Tenant}, directory.Observed{Complete: c.Complete, Admins: c.Admins, Roles: c.Roles, Means: c.Means, Note: c.Note, TakesBack: c.TakesBack}
	seen, vs := rolemodel.Observation{TenantID: c.Tenant, Admins: c.Admins, Roles: c.Roles}.Normalise()
	sighting, wrong := rolemodel.NormaliseSighting(rolemodel.Sighting{By: tx.actor.Name, Means: c.Means, Note: c.Note, At: rolemodel.TimeOf(time.Now())})
	vs = append(vs, wrong...)
	if blind := decide.Blind(&tx.actor, directory.KindObservation); len(blind) > 0 {
		return none, append(vs, blind...)
	}
	tenant, err := tx.Tenant(ctx, c.Tenant)
	if err != nil {
		return none, err
	}
	var partner *rolemodel.Partner
	if tenant.PartnerID != "" {
		of, err := tx.facts().Partner(ctx, tenant.PartnerID)
		if err != nil {
			return none, err
		}
		partner = &of
	}
	before := rolemodel.Observation{TenantID: tenant.AccountCode}
	for known, err := range tx.Observations(ctx, directory.ObservationFilter{TenantIDs: []rolemodel.AccountCode{tenant.AccountCode}}) {
		if err != nil {
			return none, err
		}
		before = known
	}
	to, _, err := tx.trailOf(ctx, tenant.AccountCode)
	if err != nil {
		return none, err
	}
	said := rolemodel.Said{Complete: c.Complete, Admins: seen.Admins, Roles: seen.Roles, Ended: before.EndedBy(seen, c.Complete)}
	after := before.With(seen, c.Complete, sighting)
	if c.TakesBack != "" {
		wrong, err := tx.takeBack(ctx, to, &c, &said)
		if err != nil {
			return none, err
		}
		vs, after = append(vs, wrong...), before.Without(&said)
	}
	subjects, ended := people(&said), said.Ended
	if c.TakesBack != "" {
		seen, ended = said.Reversed(&before)
	}
	if err := append(vs, rolemodel.DecideObservation(&tx.actor, &tenant, partner, &after)...).Err(); err != nil {
		return none, err
	}
	encoded, err := json.Marshal(after)
	if err != nil {
		return none, err
	}
	e.subjects, e.before = subjects, orNil(ended)
	e.after = directory.Observed{Complete: c.Complete, Admins: seen.Admins, Roles: seen.Roles, Means: sighting.Means, Note: sighting.Note, TakesBack: c.TakesBack}
	return directory.Outcome{Effect: directory.EffectChanged, Entry: after}, first(
		tx.exec(ctx, `INSERT INTO observations (trail, observation_json) VALUES ($1, $2)
			ON CONFLICT (trail) DO UPDATE SET observation_json = excluded.observation_json`, to.id, string(encoded)),
		func() error { return tx.record(ctx, e) })
}

// people are those whom an observation is about: those it names, and those of
// whom it ends what was known.
func people(said *rolemodel.Said) []rolemodel.Email {
	var emails []rolemodel.Email
	for _, a := range slices.Concat(said.Admins, said.Ended.Admins) {
		emails = append(emails, a.Email)
	}
	slices.SortFunc(emails, cmp.Compare[rolemodel.Email])
	return slices.Compact(emails)
}

// orNil is what was known, nil for nothing.
func orNil(known rolemodel.Observation) any {
	if len(known.Admins)+len(known.Roles) == 0 && known.CompleteAt == "" {
		return nil
	}
	return known
}
