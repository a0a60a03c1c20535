package sqldb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// keepResults is how long the outcome of a write with a name is kept.
const keepResults = 24 * time.Hour

// fingerprint identifies what a named write asks for, "" if it has no name.
func (s *session) fingerprint(change directory.Change) (string, error) {
	if s.caller.Request == nil {
		return "", nil
	}
	encoded, err := json.Marshal([]any{fmt.Sprintf("%T", change), change})
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:]), err
}

type storedResult struct{ request, result string }

func scanResult(scan func(...any) error) (r storedResult, err error) {
	err = scan(&r.request, &r.result)
	return r, err
}

// done says whether the write with the name was made before, and then what its outcome was.
func (tx *transaction) done(ctx context.Context, request *directory.Request, fingerprint string, change directory.Change, outcome *directory.Outcome) (bool, error) {
	if request == nil {
		return false, nil
	}
	found, err := query(ctx, tx.reader, scanResult, `SELECT request_hash, result_json FROM write_results WHERE client = $1 AND key_name = $2`, request.Client, request.Name)
	switch {
	case err != nil || len(found) == 0:
		return false, err
	case found[0].request != fingerprint:
		return false, directory.ErrKeyReused
	}
	*outcome, err = restored(change, found[0].result)
	return true, err
}

// restored returns an outcome from the text that keep stored.
func restored(change directory.Change, text string) (directory.Outcome, error) {
	switch change.(type) {
	case directory.Write[rolemodel.Partner]:
		return outcomeOf[rolemodel.Partner](text)
	case directory.Write[rolemodel.Tenant]:
		return outcomeOf[rolemodel.Tenant](text)
	case directory.Write[rolemodel.Role]:
		return outcomeOf[rolemodel.Role](text)
	case directory.Write[rolemodel.ExternalAdmin]:
		return outcomeOf[rolemodel.ExternalAdmin](text)
	case directory.Observe:
		return outcomeOf[rolemodel.Observation](text)
	case directory.SignReview:
		return outcomeOf[rolemodel.Review](text)
	}
	return outcomeOf[[]rolemodel.ExternalAdmin](text)
}

func outcomeOf[T any](text string) (directory.Outcome, error) {
	var result directory.Result[T]
	err := json.Unmarshal([]byte(text), &result)
	return directory.Outcome{Effect: result.Effect, Entry: result.Entry}, err
}

// keep stores the outcome of the write with the name in the write's own
// transaction: if the write happened, so did this.
func (tx *transaction) keep(ctx context.Context, request *directory.Request, fingerprint string, outcome directory.Outcome) error {
	if request == nil {
		return nil
	}
	encoded, err := json.Marshal(outcome)
	if err != nil {
		return err
	}
	return tx.exec(ctx, `INSERT INTO write_results (client, key_name, request_hash, result_json, at_unix_micro) VALUES ($1, $2, $3, $4, $5)`,
		request.Client, request.Name, fingerprint, string(encoded), time.Now().UnixMicro())
}
