package credential

import (
	"context"
	"errors"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// ErrNotFound is returned for a credential or token that is not stored.
var ErrNotFound = errors.New("no such credential")

// Store keeps credentials and tokens, of which it sees only hashes. Whatever
// changes a credential is recorded as an event by the actor, in the trail of the
// credential's partner or of the directory.
type Store interface {
	// InsertCredential adds a credential.
	InsertCredential(ctx context.Context, by rolemodel.Actor, c Credential, secret Hash) error
	// Credentials lists all credentials, revoked ones too, by time of creation.
	Credentials(ctx context.Context) ([]Credential, error)
	// Credential returns a credential and the hash of its secret, or ErrNotFound.
	Credential(ctx context.Context, id string) (Credential, Hash, error)
	// RotateSecret replaces the secret of a credential that is not revoked and
	// begins a new generation. It returns ErrNotFound if there is none.
	RotateSecret(ctx context.Context, by rolemodel.Actor, id string, secret Hash) error
	// Revoke ends a credential. It returns ErrNotFound if there is none; one
	// that is revoked already keeps its time.
	Revoke(ctx context.Context, by rolemodel.Actor, id string, at time.Time) error
	// RecordRefusedUse records that a credential was used with the right secret or
	// token from where it may not be used.
	RecordRefusedUse(ctx context.Context, c Credential, detail string) error

	// InsertToken adds a token of a credential's generation.
	InsertToken(ctx context.Context, token Token) error
	// ByToken returns the credential of a token of its present generation and
	// when the token expires, or ErrNotFound.
	ByToken(ctx context.Context, token Hash) (Credential, time.Time, error)

	// Purge forgets at most n expired tokens and as many outcomes of writes that
	// are no longer kept, in a transaction of its own, and returns how many.
	Purge(ctx context.Context, now time.Time, n int) (int, error)
}

// Token is a token as it is stored.
type Token struct {
	Hash         Hash
	CredentialID string
	Generation   int64
	ExpiresAt    time.Time
}
