package credential

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Why a client is turned away.
var (
	// ErrDenied means that the ID, secret or token is not that of a live credential.
	ErrDenied = errors.New("the credential is not known, or was revoked, or has expired")
	// ErrSource means that the credential is right and the address it is used from is not.
	ErrSource = errors.New("the credential may not be used from this address")
)

// Keeper makes credentials and tokens and recognises them.
type Keeper struct {
	store Store
	// tokenLifetime is how long a token works.
	tokenLifetime time.Duration
	now           func() time.Time
}

// NewKeeper returns a keeper of what is in the store. The clock is time.Now but in tests.
func NewKeeper(store Store, tokenLifetime time.Duration, now func() time.Time) *Keeper {
	return &Keeper{store: store, tokenLifetime: tokenLifetime, now: now}
}

// Create stores a credential, whose ID and times it sets, and returns it with
// its secret. This is the only time that the secret is there to be seen.
func (k *Keeper) Create(ctx context.Context, by rolemodel.Actor, c Credential) (Credential, string, error) {
	if _, err := c.Caller(); err != nil {
		return Credential{}, "", err
	}
	secret := newSecret(secretPrefix)
	c.ID, c.CreatedAt, c.Generation = newID(), k.now().UTC().Truncate(time.Microsecond), 1
	if err := k.store.InsertCredential(ctx, by, c, HashOf(secret)); err != nil {
		return Credential{}, "", fmt.Errorf("store the credential: %w", err)
	}
	return c, secret, nil
}

// List returns all credentials, revoked ones too, by time of creation.
func (k *Keeper) List(ctx context.Context) ([]Credential, error) { return k.store.Credentials(ctx) }

// Rotate gives a credential another secret. The one it had and every token end
// at once. It returns ErrNotFound if there is no such credential or it is revoked.
func (k *Keeper) Rotate(ctx context.Context, by rolemodel.Actor, id string) (string, error) {
	secret := newSecret(secretPrefix)
	return secret, k.store.RotateSecret(ctx, by, id, HashOf(secret))
}

// Revoke ends a credential and every token of it at once. It returns ErrNotFound if there is none.
func (k *Keeper) Revoke(ctx context.Context, by rolemodel.Actor, id string) error {
	return k.store.Revoke(ctx, by, id, k.now().UTC().Truncate(time.Microsecond))
}

// Identify returns the live credential with the ID and secret, ErrDenied or ErrSource.
func (k *Keeper) Identify(ctx context.Context, id, secret string, source netip.Addr) (Credential, error) {
	c, stored, err := k.store.Credential(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Credential{}, ErrDenied
	}
	if err != nil {
		return Credential{}, err
	}
	given := HashOf(secret)
	if subtle.ConstantTimeCompare(given[:], stored[:]) != 1 {
		return Credential{}, ErrDenied
	}
	return c, k.usable(&c, source)
}

// Issue returns a new token of a credential that was identified, and how long it works.
func (k *Keeper) Issue(ctx context.Context, c *Credential) (string, time.Duration, error) {
	now := k.now().UTC()
	lifetime := k.tokenLifetime
	if !c.ExpiresAt.IsZero() {
		lifetime = min(lifetime, c.ExpiresAt.Sub(now))
	}
	token := newSecret(tokenPrefix)
	stored := Token{Hash: HashOf(token), CredentialID: c.ID, Generation: c.Generation, ExpiresAt: now.Add(lifetime)}
	if err := k.store.InsertToken(ctx, stored); err != nil {
		return "", 0, fmt.Errorf("store the token: %w", err)
	}
	return token, lifetime, nil
}

// Recognise returns the live credential of a token, ErrDenied or ErrSource. It
// asks the store each time: that is what makes a revocation count at once, on every replica.
func (k *Keeper) Recognise(ctx context.Context, token string, source netip.Addr) (Credential, error) {
	c, expires, err := k.store.ByToken(ctx, HashOf(token))
	if errors.Is(err, ErrNotFound) || err == nil && !k.now().Before(expires) {
		return Credential{}, ErrDenied
	}
	if err != nil {
		return Credential{}, err
	}
	return c, k.usable(&c, source)
}

// RecordRefusedUse records in the trail that a credential was used from where it
// may not be used, which the detail says in a sentence.
func (k *Keeper) RecordRefusedUse(ctx context.Context, c Credential, detail string) error {
	return k.store.RecordRefusedUse(ctx, c, detail)
}

// Purge forgets some of what has expired, at most n of each kind, and returns
// how many: zero says that nothing is left.
func (k *Keeper) Purge(ctx context.Context, n int) (int, error) {
	return k.store.Purge(ctx, k.now().UTC(), n)
}

func (k *Keeper) usable(c *Credential, source netip.Addr) error {
	switch {
	case !c.Live(k.now()):
		return ErrDenied
	case !c.AllowsSource(source):
		return ErrSource
	}
	return nil
}
