package sqldb

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// event is an audit event to be. before and after are entries, nil for none.
type event struct {
	action, kind, key string
	tenant            rolemodel.AccountCode
	before, after     any
	// subjects are the addresses that it is about.
	subjects []rolemodel.Email
}

// record appends the event as done.
func (tx *transaction) record(ctx context.Context, e event) error {
	return tx.append(ctx, e, directory.OutcomeDone, nil)
}

// refuse appends the event as refused and returns the violations. The
// transaction must have changed nothing, since it is committed.
func (tx *transaction) refuse(ctx context.Context, e event, vs rolemodel.Violations) error {
	if err := tx.append(ctx, e, directory.OutcomeRefused, vs); err != nil {
		return err
	}
	return vs
}

// append is the only place that writes the trail, and nothing in this package
// changes or deletes what is there.
func (tx *transaction) append(ctx context.Context, e event, outcome string, vs rolemodel.Violations) error {
	var before, after, violations string
	for _, entry := range []struct {
		text  *string
		value any
	}{{&before, e.before}, {&after, e.after}} {
		if entry.value != nil {
			encoded, err := json.Marshal(entry.value)
			if err != nil {
				return err
			}
			*entry.text = string(encoded)
		}
	}
	if len(vs) > 0 {
		encoded, err := json.Marshal(vs)
		if err != nil {
			return err
		}
		violations = string(encoded)
	}
	ids, err := query(ctx, tx.reader, scanID, `INSERT INTO audit_events
		(id, at_unix_micro, actor, actor_role, action, outcome, kind, entry_key, tenant_id, before_json, after_json, violations_json)
		VALUES ((SELECT coalesce(max(id), 0) + 1 FROM audit_events), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		time.Now().UnixMicro(), tx.actor.Name, string(tx.actor.Role.ID), e.action, outcome, e.kind, e.key, string(e.tenant), before, after, violations)
	if err != nil {
		return err
	}
	rows := make([][]any, len(e.subjects))
	for i, email := range e.subjects {
		rows[i] = []any{string(email), ids[0]}
	}
	return tx.insert(ctx, `INSERT INTO audit_subjects (email, event_id) VALUES `, rows, "")
}

func scanID(scan func(...any) error) (id int64, err error) {
	err = scan(&id)
	return id, err
}

// AuditEvents implements directory.Reader.
func (r reader) AuditEvents(ctx context.Context, filter directory.AuditFilter) iter.Seq2[directory.AuditEvent, error] {
	return pages(func(after *directory.AuditEvent) ([]directory.AuditEvent, error) {
		var w where
		last := filter.AfterID
		if after != nil {
			last = after.ID
		}
		w.and(`a.id > ?`, last)
		if filter.TenantID != "" {
			w.and(`a.tenant_id = ?`, string(filter.TenantID))
		}
		if filter.Email != "" {
			w.and(`a.id IN (SELECT event_id FROM audit_subjects WHERE email = ?)`, string(filter.Email))
		}
		if !filter.Since.IsZero() {
			w.and(`a.at_unix_micro >= ?`, ceilMicro(filter.Since))
		}
		if !filter.Until.IsZero() {
			w.and(`a.at_unix_micro < ?`, ceilMicro(filter.Until))
		}
		return query(ctx, r, scanEvent, `SELECT a.id, a.at_unix_micro, a.actor, a.actor_role, a.action, a.outcome, a.kind, a.entry_key, a.tenant_id,
			a.before_json, a.after_json, a.violations_json FROM audit_events a`+w.String()+` ORDER BY a.id`+limit, w.args...)
	})
}

// ceilMicro rounds up, so that a bound between two microseconds stays between them.
func ceilMicro(t time.Time) int64 {
	micro := t.UnixMicro()
	if time.UnixMicro(micro).Before(t) {
		micro++
	}
	return micro
}

func scanEvent(scan func(...any) error) (directory.AuditEvent, error) {
	var (
		e          directory.AuditEvent
		at         int64
		violations string
	)
	err := scan(&e.ID, &at, &e.Actor, &e.ActorRole, &e.Action, &e.Outcome, &e.Kind, &e.Key, &e.TenantID, &e.Before, &e.After, &violations)
	if err != nil {
		return e, err
	}
	e.At = time.UnixMicro(at).UTC()
	if violations != "" {
		err = json.Unmarshal([]byte(violations), &e.Violations)
	}
	return e, err
}
