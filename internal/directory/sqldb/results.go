package sqldb

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/idempotency"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// keepResults is how long the result of a write with a key is kept.
const keepResults = 24 * time.Hour

var _ idempotency.Writer = (*DB)(nil)

// Once implements idempotency.Writer.
func (db *DB) Once(actor rolemodel.Actor, key idempotency.Key) directory.Directory {
	return &session{reader: reader{db: db}, actor: actor, key: &key}
}

// Result implements idempotency.Writer.
func (db *DB) Result(ctx context.Context, key idempotency.Key) (json.RawMessage, bool, error) {
	return reader{db: db}.result(ctx, key)
}

type storedResult struct{ request, result string }

func scanResult(scan func(...any) error) (r storedResult, err error) {
	err = scan(&r.request, &r.result)
	return r, err
}

func (r reader) result(ctx context.Context, key idempotency.Key) (json.RawMessage, bool, error) {
	found, err := query(ctx, r, scanResult, `SELECT request_hash, result_json FROM write_results WHERE client = $1 AND key_name = $2`, key.Client, key.Name)
	if err != nil || len(found) == 0 {
		return nil, false, err
	}
	if found[0].request != hex.EncodeToString(key.Request[:]) {
		return nil, false, idempotency.ErrOtherRequest
	}
	return json.RawMessage(found[0].result), true, nil
}

// done returns idempotency.ErrDone if the write with the key is done already.
func (tx *transaction) done(ctx context.Context, key *idempotency.Key) error {
	if key == nil {
		return nil
	}
	_, done, err := tx.result(ctx, *key)
	if err == nil && done {
		return idempotency.ErrDone
	}
	return err
}

// keep stores the result of the write with the key, in the write's own
// transaction: if the write happened, so did this.
func (tx *transaction) keep(ctx context.Context, key *idempotency.Key, result any) error {
	if key == nil {
		return nil
	}
	encoded, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return tx.exec(ctx, `INSERT INTO write_results (client, key_name, request_hash, result_json, at_unix_micro) VALUES ($1, $2, $3, $4, $5)`,
		key.Client, key.Name, hex.EncodeToString(key.Request[:]), string(encoded), time.Now().UnixMicro())
}
