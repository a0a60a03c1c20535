// Package httpcall is what calling a service over HTTP takes, whosever it is: a
// token, a deadline, attempts that are repeated where that helps, waiting while
// the service wants nobody to call, answers of bounded size, no redirects.
// Whoever uses it calls nothing that may not be done twice.
package httpcall

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
)

// Config says which service is called, by whom and with how much patience.
type Config struct {
	// TokenURL is where ClientID and ClientSecret become a token: OAuth 2.0
	// client credentials, in the parameters of the request.
	TokenURL               string
	ClientID, ClientSecret string
	// UserAgent says which program calls.
	UserAgent string
	// AttemptTimeout is how long one attempt may take, by default 30 seconds,
	// and CallTimeout a whole call with its waits and attempts, by default 5 minutes.
	AttemptTimeout, CallTimeout time.Duration
	// RetryWait is how long it waits before the first further attempt, by
	// default 200 milliseconds; later ones wait longer.
	RetryWait time.Duration
	// Retries is how many further attempts a call has, by default 10.
	Retries int
	// MaxAnswer is how many bytes the body of an answer has at most, by default 32 MiB.
	MaxAnswer int64
	// Transport makes the connections, by default a pool of its own.
	Transport http.RoundTripper
	// Recognise says whether an answer is certainly the service's own and
	// returns an error if it is certainly not. It must leave the body alone.
	Recognise func(*http.Response) (own bool, err error)
}

// The defaults of Config.
const (
	defaultAttemptTimeout = 30 * time.Second
	defaultCallTimeout    = 5 * time.Minute
	defaultRetryWait      = 200 * time.Millisecond
	defaultRetries        = 10
	defaultMaxAnswer      = 32 << 20
	maxHeader             = 64 << 10
	// connections is how many calls Terraform makes at once, and some.
	connections = 32
)

// Client calls a service.
type Client struct {
	config  Config
	http    *retryablehttp.Client
	tokens  *tokens
	attempt *attempt
}

// New returns a client. It touches nothing: the first call fetches a token.
func New(config Config) *Client {
	withDefault(&config.AttemptTimeout, defaultAttemptTimeout)
	withDefault(&config.CallTimeout, defaultCallTimeout)
	withDefault(&config.RetryWait, defaultRetryWait)
	withDefault(&config.Retries, defaultRetries)
	withDefault(&config.MaxAnswer, defaultMaxAnswer)
	withDefault(&config.UserAgent, "terraform-provider-mimecast")
	if config.Transport == nil {
		config.Transport = Transport()
	}
	c := &Client{config: config, attempt: &attempt{config: config}}
	c.http = &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: c.attempt}, // Which lets no redirect through.
		Logger:       nil,                                // Its messages have URLs, and these have addresses of people.
		RetryWaitMin: config.RetryWait, RetryWaitMax: 4 * config.RetryWait,
		RetryMax:     int(^uint(0) >> 1), // CheckRetry counts, by what went wrong.
		CheckRetry:   c.again,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	c.tokens = newTokens(c)
	return c
}

// Transport returns a pool of connections of its own.
func Transport() http.RoundTripper {
	pooled := cleanhttp.DefaultPooledTransport()
	pooled.MaxIdleConnsPerHost = connections
	pooled.MaxResponseHeaderBytes = maxHeader
	return pooled
}

func withDefault[T comparable](setting *T, value T) {
	var zero T
	if *setting == zero {
		*setting = value
	}
}

// Do makes a call with a token and returns the status and body of its answer,
// whatever the status. If the service does not take the token, it asks once more
// with a new one: the first may have expired on the way or have been lost, and
// whether the credential still works the token endpoint says. A body of nil sends none.
func (c *Client) Do(ctx context.Context, method, target string, header http.Header, body []byte) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.CallTimeout)
	defer cancel()
	ctx = withCall(ctx)
	for attempt := 0; ; attempt++ {
		token, err := c.tokens.token(ctx)
		if err != nil {
			return 0, nil, err
		}
		r, err := retryablehttp.NewRequestWithContext(ctx, method, target, rawBody(body))
		if err != nil {
			return 0, nil, errors.New("the request cannot be made")
		}
		r.Header = header.Clone()
		token.SetAuthHeader(r.Request)
		response, err := c.http.Do(r)
		if err != nil {
			return 0, nil, err
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil {
			return 0, nil, err
		}
		if response.StatusCode != http.StatusUnauthorized || attempt > 0 {
			return response.StatusCode, text, nil
		}
		c.tokens.reject(token)
	}
}

// rawBody keeps a nil body nil.
func rawBody(body []byte) any {
	if body == nil {
		return nil
	}
	return body
}
