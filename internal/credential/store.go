package credential

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound is returned for a credential or token that is not stored.
var ErrNotFound = errors.New("no such credential")

// Store keeps credentials and tokens, of which it sees only hashes.
type Store interface {
	// InsertCredential adds a credential.
	InsertCredential(ctx context.Context, c Credential, secret Hash) error
	// Credentials lists all credentials, revoked ones too, by time of creation.
	Credentials(ctx context.Context) ([]Credential, error)
	// Credential returns a credential and the hash of its secret, or ErrNotFound.
	Credential(ctx context.Context, id string) (Credential, Hash, error)
	// RotateSecret replaces the secret of a credential that is not revoked and
	// begins a new generation. It returns ErrNotFound if there is none.
	RotateSecret(ctx context.Context, id string, secret Hash) error
	// Revoke ends a credential. It returns ErrNotFound if there is none; one
	// that is revoked already keeps its time.
	Revoke(ctx context.Context, id string, at time.Time) error

	// InsertToken adds a token of a credential's generation, and forgets those that expired before now.
	InsertToken(ctx context.Context, token Token, now time.Time) error
	// ByToken returns the credential of a token of its present generation and
	// when the token expires, or ErrNotFound.
	ByToken(ctx context.Context, token Hash) (Credential, time.Time, error)
}

// Token is a token as it is stored.
type Token struct {
	Hash         Hash
	CredentialID string
	Generation   int64
	ExpiresAt    time.Time
}
