package sqldb

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// directoryTrail is the trail of what belongs to no account.
const directoryTrail = "directory"

// event is an audit event to be. before and after are entries, nil for none.
type event struct {
	action directory.Action
	kind   directory.Kind
	key    directory.Key
	// name is the key of what is no entry.
	name          string
	before, after any
	declaration   rolemodel.Declaration
	// subjects are the addresses that a replacement is about.
	subjects []rolemodel.Email
}

// trail is where an event belongs: to a tenant under its partner, to a partner,
// or to the directory.
type trail struct {
	id, partnerTrail string
	tenant, partner  rolemodel.AccountCode
}

func (tx *transaction) scanTrail(scan func(...any) error) (trail, error) {
	var (
		t    trail
		last head
	)
	err := scan(&t.id, &t.partnerTrail, &t.tenant, &t.partner, &last.number, &last.at, &last.digest)
	tx.heads[t.id] = last
	return t, err
}

// trailOf returns the trail of an account, or false if there is no such account.
func (tx *transaction) trailOf(ctx context.Context, code rolemodel.AccountCode) (trail, bool, error) {
	found, err := query(ctx, tx.reader, tx.scanTrail, `SELECT t.trail, coalesce(p.trail, ''), t.account_code, coalesce(t.partner_id, ''), h.number, h.at_unix_micro, h.digest
		FROM tenants t JOIN trails h ON h.trail = t.trail LEFT JOIN partners p ON p.account_code = t.partner_id WHERE t.account_code = $1`, string(code))
	if err == nil && len(found) == 0 {
		found, err = query(ctx, tx.reader, tx.scanTrail, `SELECT p.trail, p.trail, '', p.account_code, h.number, h.at_unix_micro, h.digest
			FROM partners p JOIN trails h ON h.trail = p.trail WHERE p.account_code = $1`, string(code))
	}
	if err != nil || len(found) == 0 {
		return trail{}, false, err
	}
	return found[0], true, nil
}

// ownTrail returns the trail of the caller: its partner's, or the directory's.
func (tx *transaction) ownTrail(ctx context.Context) (trail, error) {
	if tx.scope.PartnerID != "" {
		if own, found, err := tx.trailOf(ctx, tx.scope.PartnerID); found || err != nil {
			return own, err
		}
	}
	return trail{id: directoryTrail}, nil
}

// newTrail makes a trail, without a partner's one a partner's own.
func (tx *transaction) newTrail(ctx context.Context, kind directory.Kind, code rolemodel.AccountCode, partnerTrail string) (string, error) {
	id := rand.Text()
	if kind == directory.KindPartner {
		partnerTrail = id
	}
	return id, tx.exec(ctx, `INSERT INTO trails (trail, kind, account_code, partner_trail, number, digest, at_unix_micro) VALUES ($1, $2, $3, $4, 0, '', 0)`,
		id, kind, string(code), partnerTrail)
}

// tenantTrail returns the trail of a tenant under its partner. A code that
// returns under the same partner is the same account.
func (tx *transaction) tenantTrail(ctx context.Context, t *rolemodel.Tenant) (string, error) {
	var partner trail
	if t.PartnerID != "" {
		var err error
		if partner, _, err = tx.trailOf(ctx, t.PartnerID); err != nil {
			return "", err
		}
	}
	found, err := query(ctx, tx.reader, scanText, `SELECT trail FROM trails WHERE account_code = $1 AND partner_trail = $2 AND kind = 'tenant'`, string(t.AccountCode), partner.id)
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	return tx.newTrail(ctx, directory.KindTenant, t.AccountCode, partner.id)
}

// record appends the event as done, to the trail of the account that it is about.
func (tx *transaction) record(ctx context.Context, e *event) error {
	to, found, err := tx.trailOf(ctx, e.key.Account)
	if err != nil {
		return err
	}
	if !found {
		to = trail{id: directoryTrail}
	}
	recorded, err := tx.describe(e, to)
	if err != nil {
		return err
	}
	recorded.Outcome = directory.OutcomeDone
	return tx.append(ctx, recorded, to, e.emails())
}

// describe returns what an event says of a change.
func (tx *transaction) describe(e *event, to trail) (directory.AuditEvent, error) {
	recorded := directory.AuditEvent{
		Trail: to.id, Actor: tx.actor.Name, ActorRole: tx.actor.Role.ID, Action: e.action, Kind: e.kind, Key: cmp.Or(e.name, e.key.String()),
		TenantID: to.tenant, PartnerID: to.partner, Declaration: e.declaration,
	}
	var err error
	if recorded.Before, err = entryJSON(e.before); err != nil {
		return recorded, err
	}
	recorded.After, err = entryJSON(e.after)
	return recorded, err
}

func entryJSON(entry any) (string, error) {
	if entry == nil {
		return "", nil
	}
	encoded, err := json.Marshal(entry)
	return string(encoded), err
}

// emails are the addresses that the event is about. What was asked for may have none.
func (e *event) emails() []rolemodel.Email {
	emails := e.subjects
	for _, entry := range []any{e.before, e.after} {
		admin, _ := entry.(rolemodel.ExternalAdmin)
		if email, err := rolemodel.ParseEmail(string(admin.Email)); err == nil && (len(emails) == 0 || emails[0] != email) {
			emails = append(emails, email)
		}
	}
	return emails
}

type head struct {
	number, at int64
	digest     string
}

func scanHead(scan func(...any) error) (h head, err error) {
	err = scan(&h.number, &h.at, &h.digest)
	return h, err
}

// head returns the last event of a trail.
func (tx *transaction) head(ctx context.Context, id string) (head, error) {
	if last, known := tx.heads[id]; known {
		return last, nil
	}
	found, err := query(ctx, tx.reader, scanHead, `SELECT number, at_unix_micro, digest FROM trails WHERE trail = $1`, id)
	if err != nil {
		return head{}, err
	}
	if len(found) == 0 {
		return head{}, problemf("The directory %s lacks the audit trail %s. Restore it from a backup.", tx.db, id)
	}
	return found[0], nil
}

// append is the only place that writes the trail, and nothing in this package
// changes or deletes what is there. The time never goes back within a trail.
func (tx *transaction) append(ctx context.Context, e directory.AuditEvent, to trail, subjects []rolemodel.Email) error {
	last, err := tx.head(ctx, to.id)
	if err != nil {
		return err
	}
	at := max(time.Now().UnixMicro(), last.at+1, tx.db.recorded.Load()+1)
	tx.db.recorded.Store(at)
	for _, text := range []*string{&e.Actor, &e.Key, &e.Before, &e.After} {
		*text, _ = storable([]any{*text})[0].(string) // As it will be read.
	}
	e.At, e.Number, e.Previous = time.UnixMicro(at).UTC(), last.number+1, last.digest
	e.ID = eventID(at) + "." + e.Trail
	e.Digest = e.Sum()
	tx.heads[to.id] = head{number: e.Number, at: at, digest: e.Digest}
	encoded, err := json.Marshal(e)
	if err != nil {
		return err
	}
	rows := make([][]any, len(subjects))
	for i, email := range subjects {
		rows[i] = []any{string(email), e.ID}
	}
	return first(tx.exec(ctx, `UPDATE trails SET number = $1, digest = $2, at_unix_micro = $3 WHERE trail = $4`, e.Number, e.Digest, at, to.id),
		func() error {
			return tx.exec(ctx, `INSERT INTO audit_events (id, trail, number, partner_trail, tenant_id, kind, entry_key, event_json) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				e.ID, e.Trail, e.Number, to.partnerTrail, string(e.TenantID), e.Kind, e.Key, string(encoded))
		},
		func() error {
			return tx.insert(ctx, `INSERT INTO audit_subjects (email, event_id) VALUES `, rows, ` ON CONFLICT DO NOTHING`)
		})
}

// eventID is the part of an event's ID that its time makes.
func eventID(unixMicro int64) string { return fmt.Sprintf("%016x", max(unixMicro, 0)) }

func scanEvent(scan func(...any) error) (e directory.AuditEvent, err error) {
	var text string
	if err = scan(&text); err == nil {
		err = json.Unmarshal([]byte(text), &e)
	}
	return e, err
}

// lastUnder returns the last event about an entry if it was done under a
// declaration, and nil otherwise. Without one it is the event that removed, under
// any, a grant that nothing declared.
func (tx *transaction) lastUnder(ctx context.Context, key directory.Key, declaration rolemodel.Declaration) (*directory.AuditEvent, error) {
	const few = 20 // Refusals may lie between.
	text, args := `SELECT event_json FROM audit_events WHERE entry_key = $1 ORDER BY id DESC`, []any{key.String()}
	if key.Email != "" { // A replacement is about many.
		text = `SELECT a.event_json FROM audit_subjects s JOIN audit_events a ON a.id = s.event_id WHERE s.email = $1 AND a.tenant_id = $2 ORDER BY s.event_id DESC`
		args = []any{string(key.Email), string(key.Account)}
	}
	events, err := query(ctx, tx.reader, scanEvent, text+limited(few), args...)
	last := slices.IndexFunc(events, func(e directory.AuditEvent) bool { return e.Outcome == directory.OutcomeDone })
	if last < 0 || declaration != "" && events[last].Declaration != declaration || declaration == "" && !tookUndeclared(&events[last], key.Email) {
		return nil, err
	}
	return &events[last], err
}

// tookUndeclared says whether the event removed, under a declaration, a grant that nothing declared.
func tookUndeclared(e *directory.AuditEvent, email rolemodel.Email) bool {
	var before []rolemodel.ExternalAdmin
	if e.Action != directory.ActionDelete || e.Declaration == "" || json.Unmarshal([]byte(e.Before), &before) != nil {
		return false // A single grant goes with the address that declares it, and not with its former one.
	}
	return slices.ContainsFunc(before, func(a rolemodel.ExternalAdmin) bool { return a.Email == email && a.Declaration == "" })
}

// AuditEvents implements directory.Reader.
func (r reader) AuditEvents(ctx context.Context, filter directory.AuditFilter) iter.Seq2[directory.AuditEvent, error] {
	if err := r.view(); err != nil {
		return ended[directory.AuditEvent](err)
	}
	// An event may hold all grants of a tenant, so that few are read at once.
	const few = 50
	id := func(e directory.AuditEvent) string { return e.ID }
	return list(filter.After, filter.Limit, id, func(after string, n int) ([]directory.AuditEvent, error) {
		var w where
		from, column := ` FROM audit_events a`, `a.id`
		if filter.Email != "" {
			from, column = ` FROM audit_subjects s CROSS JOIN audit_events a`, `s.event_id`
			w.and(`a.id = s.event_id`)
			w.and(`s.email = ?`, string(filter.Email))
		}
		w.and(column+` > ?`, after)
		if err := r.seesTrails(ctx, &w, `a.tenant_id`, filter.TenantID != ""); err != nil {
			return nil, err
		}
		if filter.TenantID != "" {
			w.and(`a.tenant_id = ?`, string(filter.TenantID))
		}
		if !filter.Since.IsZero() {
			w.and(column+` >= ?`, eventID(ceilMicro(filter.Since)))
		}
		if !filter.Until.IsZero() {
			w.and(column+` < ?`, eventID(ceilMicro(filter.Until)))
		}
		return queryPage(ctx, r, scanEvent, `SELECT a.event_json`+from+w.String()+` ORDER BY `+column+limited(n), w.args...)
	}, few)
}

// ceilMicro rounds up, so that a bound between two microseconds stays between them.
func ceilMicro(t time.Time) int64 {
	micro := t.UnixMicro()
	if time.UnixMicro(micro).Before(t) {
		micro++
	}
	return micro
}

func scanAuditHead(scan func(...any) error) (h directory.AuditHead, err error) {
	err = scan(&h.Trail, &h.Number, &h.Digest)
	return h, err
}

// AuditHeads implements directory.Reader.
func (r reader) AuditHeads(ctx context.Context, filter directory.AuditHeadFilter) iter.Seq2[directory.AuditHead, error] {
	if err := r.view(); err != nil {
		return ended[directory.AuditHead](err)
	}
	id := func(h directory.AuditHead) string { return h.Trail }
	return list(filter.After, filter.Limit, id, func(after string, n int) ([]directory.AuditHead, error) {
		var w where
		w.and(`a.number > 0`)
		w.and(`a.trail > ?`, after)
		if filter.TenantID != "" {
			w.and(`a.trail = (SELECT trail FROM tenants WHERE account_code = ?)`, string(filter.TenantID))
		}
		if err := r.seesTrails(ctx, &w, `a.account_code`, false); err != nil {
			return nil, err
		}
		return queryPage(ctx, r, scanAuditHead, `SELECT a.trail, a.number, a.digest FROM trails a`+w.String()+` ORDER BY a.trail`+limited(n), w.args...)
	}, pageSize)
}
