package sqldb

import (
	"context"
	"database/sql"
	"encoding/hex"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Credentials returns the store of those who may use the directory as a service.
func (db *DB) Credentials() credential.Store { return credentials{reader{db: db, scope: everything}} }

type credentials struct{ reader }

var _ credential.Store = credentials{}

//nolint:gosec // Names of columns, not a credential.
const credentialColumns = `c.id, c.name, c.partner_id, c.role_id, c.read_only, c.may_sign_reviews, c.secret_hash, c.generation,
	c.created_unix_micro, c.expires_unix_micro, c.revoked_unix_micro,
	(SELECT string_agg(t.tenant_id, ' ') FROM credential_tenants t WHERE t.credential_id = c.id),
	(SELECT string_agg(s.prefix, ' ') FROM credential_sources s WHERE s.credential_id = c.id)`

// storedCredential is a row, with a token's end where it was found by a token.
type storedCredential struct {
	credential.Credential
	secret       credential.Hash
	tokenExpires time.Time
}

func scanCredential(scan func(...any) error) (storedCredential, error) {
	return scanCredentialAnd(scan)
}

func scanCredentialAnd(scan func(...any) error, more ...any) (storedCredential, error) {
	var (
		c                         storedCredential
		partner, tenants, sources sql.NullString
		secret                    string
		created                   int64
		expires, revoked          sql.NullInt64
	)
	err := scan(append([]any{&c.ID, &c.Name, &partner, &c.RoleID, &c.ReadOnly, &c.MaySignReviews, &secret, &c.Generation, &created, &expires, &revoked, &tenants, &sources}, more...)...)
	if err != nil {
		return c, err
	}
	c.PartnerID, c.TenantIDs = rolemodel.AccountCode(partner.String), split[rolemodel.AccountCode](tenants, " ")
	c.CreatedAt, c.ExpiresAt, c.RevokedAt = time.UnixMicro(created).UTC(), instant(expires), instant(revoked)
	if c.Sources, err = splitPrefixes(sources); err != nil {
		return c, err
	}
	_, err = hex.Decode(c.secret[:], []byte(secret))
	return c, err
}

func scanTokenOwner(scan func(...any) error) (storedCredential, error) {
	var expires int64
	c, err := scanCredentialAnd(scan, &expires)
	c.tokenExpires = time.UnixMicro(expires).UTC()
	return c, err
}

// InsertCredential implements credential.Store.
func (s credentials) InsertCredential(ctx context.Context, by rolemodel.Actor, c credential.Credential, secret credential.Hash) error {
	return s.change(ctx, by, func(ctx context.Context, tx *transaction) error {
		return first(tx.exec(ctx, `INSERT INTO credentials
			(id, name, partner_id, role_id, read_only, may_sign_reviews, secret_hash, generation, created_unix_micro, expires_unix_micro, revoked_unix_micro)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			c.ID, c.Name, nullable(c.PartnerID), string(c.RoleID), c.ReadOnly, c.MaySignReviews, hex.EncodeToString(secret[:]), c.Generation,
			c.CreatedAt.UnixMicro(), micro(c.ExpiresAt), micro(c.RevokedAt)),
			func() error {
				return tx.rewrite(ctx, "credential_tenants", "credential_id", "tenant_id", c.ID, texts(c.TenantIDs))
			},
			func() error {
				return tx.rewrite(ctx, "credential_sources", "credential_id", "prefix", c.ID, prefixTexts(c.Sources))
			},
			func() error { return tx.record(ctx, credentialEvent(directory.ActionCreate, &c)) })
	})
}

// credentialEvent is what the trail says of a credential: all but its secret.
func credentialEvent(action directory.Action, c *credential.Credential) *event {
	return &event{action: action, kind: directory.KindCredential, key: directory.Key{Account: c.PartnerID}, name: c.ID, after: map[string]any{
		"id": c.ID, "name": c.Name, "partner_id": c.PartnerID, "role_id": c.RoleID, "tenant_ids": c.TenantIDs, "read_only": c.ReadOnly, "may_sign_reviews": c.MaySignReviews,
		"sources": c.Sources, "generation": c.Generation, "expires_at": c.ExpiresAt,
	}}
}

// Credentials implements credential.Store.
func (s credentials) Credentials(ctx context.Context) ([]credential.Credential, error) {
	found, err := query(ctx, s.reader, scanCredential, `SELECT `+credentialColumns+` FROM credentials c ORDER BY c.created_unix_micro, c.id`)
	all := make([]credential.Credential, len(found))
	for i, c := range found {
		all[i] = c.Credential
	}
	return all, err
}

// Credential implements credential.Store.
func (s credentials) Credential(ctx context.Context, id string) (credential.Credential, credential.Hash, error) {
	found, err := query(ctx, s.reader, scanCredential, `SELECT `+credentialColumns+` FROM credentials c WHERE c.id = $1`, id)
	c, err := only(found, err)
	return c.Credential, c.secret, err
}

// RotateSecret implements credential.Store.
func (s credentials) RotateSecret(ctx context.Context, by rolemodel.Actor, id string, secret credential.Hash) error {
	return s.touch(ctx, by, directory.ActionRotate, id, `UPDATE credentials SET secret_hash = $1, generation = generation + 1 WHERE id = $2 AND revoked_unix_micro IS NULL RETURNING id`,
		hex.EncodeToString(secret[:]), id)
}

// Revoke implements credential.Store.
func (s credentials) Revoke(ctx context.Context, by rolemodel.Actor, id string, at time.Time) error {
	return s.touch(ctx, by, directory.ActionRevoke, id, `UPDATE credentials SET revoked_unix_micro = coalesce(revoked_unix_micro, $1) WHERE id = $2 RETURNING id`, at.UnixMicro(), id)
}

// touch runs an update of a credential that returns its ID, and records it.
func (s credentials) touch(ctx context.Context, by rolemodel.Actor, action directory.Action, id, statement string, args ...any) error {
	return s.change(ctx, by, func(ctx context.Context, tx *transaction) error {
		ids, err := query(ctx, tx.reader, scanText, statement, args...)
		if err == nil && len(ids) == 0 {
			err = credential.ErrNotFound
		}
		if err != nil {
			return err
		}
		c, _, err := credentials{tx.reader}.Credential(ctx, id)
		return first(err, func() error { return tx.record(ctx, credentialEvent(action, &c)) })
	})
}

// RecordRefusedUse implements credential.Store.
func (s credentials) RecordRefusedUse(ctx context.Context, c credential.Credential, detail string) error {
	actor, err := c.Caller()
	if err != nil {
		return err
	}
	return s.change(ctx, actor.Actor, func(ctx context.Context, tx *transaction) error {
		e := credentialEvent(directory.ActionUse, &c)
		to, err := tx.ownTrail(ctx)
		if own, found, failed := tx.trailOf(ctx, c.PartnerID); found || failed != nil {
			to, err = own, failed
		}
		if err != nil {
			return err
		}
		e.after = detail
		recorded, err := tx.describe(e, to)
		recorded.Outcome = directory.OutcomeDenied
		return first(err, func() error { return tx.appendRefusal(ctx, recorded, to, nil) })
	})
}

// InsertToken implements credential.Store. It waits for no writer: on SQLite at
// most for the transaction that is under way.
func (s credentials) InsertToken(ctx context.Context, token credential.Token) error {
	if s.db.readOnly {
		return directory.ErrReadOnly
	}
	p, err := s.db.pool(ctx, true)
	if err != nil {
		return err
	}
	return s.db.explain(repeat(ctx, p.again, func() error {
		_, err := p.ExecContext(ctx, `INSERT INTO tokens (token_hash, credential_id, generation, expires_unix_micro) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			hex.EncodeToString(token.Hash[:]), token.CredentialID, token.Generation, token.ExpiresAt.UnixMicro())
		return err
	}))
}

// Purge implements credential.Store. It also sums up refusals that were repeated.
func (s credentials) Purge(ctx context.Context, now time.Time, n int) (int, error) {
	purged := 0
	err := s.change(ctx, rolemodel.Actor{}, func(ctx context.Context, tx *transaction) error {
		purged = 0
		for _, of := range []struct {
			table, key, at string
			before         time.Time
		}{
			{"tokens", "token_hash", "expires_unix_micro", now},
			{"write_results", "key_name", "at_unix_micro", now.Add(-keepResults)},
		} {
			gone, err := query(ctx, tx.reader, scanText, `DELETE FROM `+of.table+` WHERE `+of.key+` IN
				(SELECT `+of.key+` FROM `+of.table+` WHERE `+of.at+` < $1`+limited(n)+`) AND `+of.at+` < $1 RETURNING `+of.key, of.before.UnixMicro())
			if err != nil {
				return err
			}
			purged += len(gone)
		}
		return tx.sumUp(ctx, now.Add(-refusalWindow), n, "")
	})
	return purged, err
}

// ByToken implements credential.Store.
func (s credentials) ByToken(ctx context.Context, token credential.Hash) (credential.Credential, time.Time, error) {
	found, err := query(ctx, s.reader, scanTokenOwner, `SELECT `+credentialColumns+`, k.expires_unix_micro
		FROM tokens k JOIN credentials c ON c.id = k.credential_id AND c.generation = k.generation WHERE k.token_hash = $1`, hex.EncodeToString(token[:]))
	c, err := only(found, err)
	return c.Credential, c.tokenExpires, err
}

// change runs a write that is not one of the port.
func (s credentials) change(ctx context.Context, by rolemodel.Actor, attempt func(context.Context, *transaction) error) error {
	return s.db.write(ctx, &directory.Caller{Actor: by, Scope: everything}, "", attempt)
}

func only(found []storedCredential, err error) (storedCredential, error) {
	if err != nil || len(found) == 0 {
		if err == nil {
			err = credential.ErrNotFound
		}
		return storedCredential{}, err
	}
	return found[0], nil
}

func micro(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func instant(micro sql.NullInt64) time.Time {
	if !micro.Valid {
		return time.Time{}
	}
	return time.UnixMicro(micro.Int64).UTC()
}
