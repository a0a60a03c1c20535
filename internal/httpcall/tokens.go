package httpcall

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/sync/singleflight"
)

// tokens fetches a token when one is first needed and when the one at hand
// ends, once for all who wait for it.
type tokens struct {
	credentials clientcredentials.Config
	client      *http.Client
	timeout     time.Duration
	flight      singleflight.Group

	mu      sync.Mutex
	current *oauth2.Token
}

func newTokens(c *Client) *tokens {
	return &tokens{
		credentials: clientcredentials.Config{
			ClientID: c.config.ClientID, ClientSecret: c.config.ClientSecret,
			TokenURL: c.config.TokenURL, AuthStyle: oauth2.AuthStyleInParams,
		},
		client:  c.http.StandardClient(),
		timeout: c.config.CallTimeout,
	}
}

// token returns a token that has not expired as far as is known.
func (t *tokens) token(ctx context.Context) (*oauth2.Token, error) {
	t.mu.Lock()
	current := t.current
	t.mu.Unlock()
	if current.Valid() {
		return current, nil
	}
	fetched := t.flight.DoChan("", func() (any, error) {
		// Not the first caller's context: the others wait for this too.
		ctx, cancel := context.WithTimeout(withCall(context.WithoutCancel(ctx)), t.timeout)
		defer cancel()
		token, err := t.credentials.Token(context.WithValue(ctx, oauth2.HTTPClient, t.client))
		if err == nil {
			t.mu.Lock()
			t.current = token
			t.mu.Unlock()
		}
		return token, err
	})
	select {
	case result := <-fetched:
		token, _ := result.Val.(*oauth2.Token)
		return token, result.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// reject forgets a token that the service does not take.
func (t *tokens) reject(token *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == token {
		t.current = nil
	}
}
