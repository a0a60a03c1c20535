package sqldb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// What a refusal leaves in the trail is bounded: whoever is refused could
// otherwise fill it.
const (
	// refusalWindow is how long repeats of a refusal are counted rather than recorded.
	refusalWindow = 10 * time.Minute
	// maxRefusals is how many different refusals are recorded in a trail within
	// the window; further ones count as repeats of one.
	maxRefusals = 100
	// maxAsked is how many bytes of what was asked for are kept, maxKey how many
	// of its key, more than any entry's has, and maxViolations how many violations.
	maxAsked      = 4096
	maxKey        = 512
	maxViolations = 20
)

// refuse records why a change was not made and returns that as the caller may
// see it. What is no refusal is returned as an error of the transaction, as is a
// failure to record. The transaction must have changed nothing, since it is committed.
func (tx *transaction) refuse(ctx context.Context, e *event, why error) (refused, failed error) {
	vs, broken := rolemodel.AsViolations(why)
	var (
		conflict  *directory.ConflictError
		forbidden *directory.ForbiddenError
		outcome   string
	)
	switch {
	case directory.IsNotFound(why) && whole(&tx.scope):
		return why, nil
	case directory.IsNotFound(why), errors.As(why, &forbidden), errors.Is(why, directory.ErrReadOnly):
		outcome = directory.OutcomeDenied
	case errors.As(why, &conflict):
		outcome = directory.OutcomeConflict
	case broken:
		outcome = directory.OutcomeRefused
	default:
		return nil, why
	}
	visible, err := tx.sees(ctx, e.key.Account)
	if err != nil {
		return nil, err
	}
	if broken && !visible && !whole(&tx.scope) && e.key.Account != "" && !creates(e) {
		outcome = directory.OutcomeDenied
	}
	to, err := tx.refusalTrail(ctx, e, visible)
	if err != nil {
		return nil, err
	}
	if broken {
		sees, failed := tx.seen(ctx, vs)
		if failed != nil {
			return nil, failed
		}
		why = vs.For(func(code rolemodel.AccountCode) bool { return sees[code].caller })
		// Whoever sees the trail may see less than the caller, and no more.
		vs = vs.For(func(code rolemodel.AccountCode) bool {
			return sees[code].caller && (to.partner == "" || sees[code].partner == to.partner)
		})
	}
	e.before = nil
	recorded, err := tx.describe(e, to)
	if err != nil {
		return nil, err
	}
	recorded.Outcome = outcome
	recorded.Key, _ = cut(recorded.Key, maxKey)
	if recorded.TenantID == "" {
		tenant, _ := cut(string(tenantOf(e)), maxKey)
		recorded.TenantID = rolemodel.AccountCode(tenant)
	}
	recorded.Violations = keptViolations(vs)
	recorded.After, recorded.Cut = cut(recorded.After, maxAsked)
	recorded.Cut = recorded.Cut || len(vs) > maxViolations
	return why, tx.appendRefusal(ctx, recorded, to, e.emails())
}

// keptViolations are violations as the trail keeps them. The path of one has a
// key that was asked for.
func keptViolations(vs rolemodel.Violations) rolemodel.Violations {
	kept := slices.Clone(vs[:min(len(vs), maxViolations)])
	for i, v := range kept {
		kept[i].Path = slices.Clone(v.Path)
		for j, step := range v.Path {
			kept[i].Path[j].Key, _ = cut(step.Key, maxKey)
		}
	}
	return kept
}

// creates says whether the event is the creation of an account, which nobody sees yet.
func creates(e *event) bool {
	return e.action == directory.ActionCreate && (e.kind == directory.KindTenant || e.kind == directory.KindPartner)
}

// tenantOf is the tenant that a refused change was about.
func tenantOf(e *event) rolemodel.AccountCode {
	if e.kind == directory.KindPartner {
		return ""
	}
	return canonical(e.key.Account)
}

// refusalTrail returns the trail of the account that the change was about if the
// caller sees it, that of the partner whose tenant would have been created, or the caller's own.
func (tx *transaction) refusalTrail(ctx context.Context, e *event, visible bool) (trail, error) {
	account := e.key.Account
	if t, ok := e.after.(rolemodel.Tenant); ok && !visible && creates(e) && t.PartnerID != "" {
		sees, err := tx.sees(ctx, canonical(t.PartnerID))
		if err != nil {
			return trail{}, err
		}
		account, visible = canonical(t.PartnerID), sees
	}
	if visible {
		if to, found, err := tx.trailOf(ctx, account); found || err != nil {
			return to, err
		}
	}
	return tx.ownTrail(ctx)
}

// appendRefusal appends a refusal to its trail, or counts it if it is there
// already. The next one after the window says how many were counted.
func (tx *transaction) appendRefusal(ctx context.Context, e directory.AuditEvent, to trail, subjects []rolemodel.Email) error {
	since := time.Now().Add(-refusalWindow)
	if err := tx.sumUp(ctx, since, 10, to.id); err != nil {
		return err
	}
	counts, err := query(ctx, tx.reader, scanCount, `SELECT count(*) FROM refusals WHERE trail = $1`, to.id)
	if err != nil {
		return err
	}
	key, asked := e.Key, e.After
	if len(counts) > 0 && counts[0] >= maxRefusals {
		key, asked = "", ""
	}
	rules := make([]rolemodel.RuleID, len(e.Violations))
	for i, v := range e.Violations {
		rules[i] = v.Rule
	}
	about, err := json.Marshal([]any{e.Actor, e.ActorRole, e.Action, e.Outcome, e.Kind, key, asked, rules})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(about)
	fingerprint := hex.EncodeToString(sum[:])
	repeats, err := query(ctx, tx.reader, scanText, `UPDATE refusals SET repeated = repeated + 1 WHERE trail = $1 AND fingerprint = $2 RETURNING fingerprint`, to.id, fingerprint)
	if err != nil || len(repeats) > 0 {
		return err
	}
	summary := e
	summary.After, summary.Violations = "", nil
	encoded, err := json.Marshal(summary)
	if err != nil {
		return err
	}
	return first(tx.exec(ctx, `INSERT INTO refusals (trail, fingerprint, at_unix_micro, repeated, event_json) VALUES ($1, $2, $3, 0, $4)`,
		to.id, fingerprint, time.Now().UnixMicro(), string(encoded)),
		func() error { return tx.append(ctx, e, to, subjects) })
}

// refusal is one whose repeats were counted.
type refusal struct {
	trail       trail
	fingerprint string
	repeated    int64
	event       directory.AuditEvent
}

func scanRefusal(scan func(...any) error) (r refusal, err error) {
	var text string
	if err = scan(&r.trail.id, &r.trail.partnerTrail, &r.fingerprint, &r.repeated, &text); err == nil {
		err = json.Unmarshal([]byte(text), &r.event)
	}
	return r, err
}

// sumUp appends an event for at most n refusals from before a time that were
// repeated, and forgets them all, of one trail or, for "", of any.
func (tx *transaction) sumUp(ctx context.Context, before time.Time, n int, of string) error {
	var w where
	w.and(`r.at_unix_micro < ?`, before.UnixMicro())
	if of != "" {
		w.and(`r.trail = ?`, of)
	}
	over, err := query(ctx, tx.reader, scanRefusal, `SELECT r.trail, t.partner_trail, r.fingerprint, r.repeated, r.event_json
		FROM refusals r JOIN trails t ON t.trail = r.trail`+w.String()+limited(n), w.args...)
	if err != nil {
		return err
	}
	for _, r := range over {
		err := tx.exec(ctx, `DELETE FROM refusals WHERE trail = $1 AND fingerprint = $2`, r.trail.id, r.fingerprint)
		if r.repeated > 0 && err == nil {
			r.event.Repeated = r.repeated
			err = tx.append(ctx, r.event, r.trail, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// cut returns the beginning of a text that has more bytes than are kept, and whether it has.
func cut(text string, most int) (string, bool) {
	if len(text) <= most {
		return text, false
	}
	end := most
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], true
}
