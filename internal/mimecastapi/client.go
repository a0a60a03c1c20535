package mimecastapi

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"golang.org/x/oauth2"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/httpcall"
)

// The variables of the environment that FromEnvironment reads. They are not
// MIMECAST_CLIENT_ID and MIMECAST_CLIENT_SECRET, which are for this project's own service.
const (
	EnvClientID     = "MIMECAST_API_CLIENT_ID"
	EnvClientSecret = "MIMECAST_API_CLIENT_SECRET" //nolint:gosec // A name.
	EnvURL          = "MIMECAST_API_URL"
)

// DefaultURL is Mimecast's gateway that serves all regions. Those of one region
// are https://uk-api.services.mimecast.com and https://us-api.services.mimecast.com.
const DefaultURL = "https://api.services.mimecast.com"

// Config says who asks, and where. ClientID and ClientSecret are required.
type Config struct {
	// URL is Mimecast's gateway, by default DefaultURL. Plain HTTP is for loopback addresses only.
	URL string
	// ClientID and ClientSecret are an API 2.0 credential of an account, or one of a
	// partner's Tenant API Gateway, which acts for the clients that the partner manages.
	ClientID, ClientSecret string
	// UserAgent says which program asks.
	UserAgent string
	// AttemptTimeout, CallTimeout and RetryWait are those of httpcall.Config. By
	// default an attempt takes 30 seconds at most and a call with its waits 2 minutes.
	AttemptTimeout, CallTimeout, RetryWait time.Duration
	// Transport makes the connections, by default a pool of its own.
	Transport http.RoundTripper
}

const (
	// maxAnswer leaves room for a picture, which is not asked for, in a profile.
	maxAnswer          = 4 << 20
	retries            = 3
	defaultCallTimeout = 2 * time.Minute
)

// Client reads at Mimecast with one credential.
type Client struct {
	base  string
	calls *httpcall.Client
}

// FromEnvironment returns a client with the credential and URL of the
// environment. It touches nothing yet.
func FromEnvironment(userAgent string) (*Client, error) {
	config := Config{ClientID: os.Getenv(EnvClientID), ClientSecret: os.Getenv(EnvClientSecret), URL: DefaultURL, UserAgent: userAgent}
	if text, set := os.LookupEnv(EnvURL); set {
		if text == "" {
			return nil, errors.New(EnvURL + " is set and empty: give it a value or unset it")
		}
		config.URL = text
	}
	return New(config)
}

// New returns a client. It touches nothing yet: the first read fetches a token.
func New(config Config) (*Client, error) {
	if config.URL == "" {
		config.URL = DefaultURL
	}
	base, err := httpcall.CheckURL("The URL of Mimecast's API", config.URL)
	if err != nil {
		return nil, fmt.Errorf("%w Unset %s, or write it like %q", err, EnvURL, DefaultURL)
	}
	if config.ClientID == "" || config.ClientSecret == "" {
		return nil, fmt.Errorf("there is no credential to read at Mimecast with: set %s and %s to an API 2.0 credential, which are not the MIMECAST_CLIENT_ID and MIMECAST_CLIENT_SECRET of a directory service", EnvClientID, EnvClientSecret)
	}
	if config.Transport == nil {
		config.Transport = httpcall.Transport()
	}
	if config.CallTimeout == 0 {
		config.CallTimeout = defaultCallTimeout
	}
	return &Client{base: base, calls: httpcall.New(httpcall.Config{
		TokenURL: base + lookUp(readToken).Path, ClientID: config.ClientID, ClientSecret: config.ClientSecret, UserAgent: config.UserAgent,
		AttemptTimeout: config.AttemptTimeout, CallTimeout: config.CallTimeout, RetryWait: config.RetryWait, Retries: retries, MaxAnswer: maxAnswer,
		Transport: onlyReads{base: base, inner: config.Transport},
		// Mimecast marks its answers with nothing that is documented.
		Recognise: func(r *http.Response) (bool, error) { return r.StatusCode < http.StatusInternalServerError, nil },
	})}, nil
}

// get makes a read without a body and decodes its answer.
func (c *Client) get(ctx context.Context, name string, query url.Values, answer any) error {
	return c.call(ctx, lookUp(name), query, nil, answer)
}

// post makes a read in the envelope of Mimecast's /api/ paths, for one item, and
// decodes the items of its answer. account chooses a client of a partner, "" the
// account of the credential itself.
func (c *Client) post(ctx context.Context, name, account string, item, items any) error {
	type meta struct {
		AccountCode string `json:"accountCode,omitempty"`
	}
	body, err := json.Marshal(struct {
		Meta meta  `json:"meta,omitzero"`
		Data []any `json:"data"`
	}{meta{account}, []any{item}})
	if err != nil {
		return fmt.Errorf("encode the request: %w", err)
	}
	return c.call(ctx, lookUp(name), nil, body, &struct {
		Data any `json:"data"`
	}{items})
}

// call makes a read. Its error is a *ReadError, that of ctx, or one that every
// other read would end with too.
func (c *Client) call(ctx context.Context, read Read, query url.Values, body []byte, answer any) error {
	target := c.base + read.Path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	header := http.Header{"Accept": {"application/json"}}
	if body != nil {
		header.Set("Content-Type", "application/json")
	}
	status, text, err := c.calls.Do(ctx, read.Method, target, header, body)
	if err != nil {
		return c.explain(ctx, read, err)
	}
	return decode(read, status, text, answer)
}

// explain returns why there is no answer, as the user can act on it. It wraps
// nothing of the transport's, so that no request shows up in a message.
func (c *Client) explain(ctx context.Context, read Read, err error) error {
	var (
		stranger  *httpcall.StrangerError
		refused   *oauth2.RetrieveError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, new(*notAReadError)):
		return fmt.Errorf("%s %s is no read of Mimecast's, so it was not sent", read.Method, read.Path)
	case errors.As(err, &stranger):
		return fmt.Errorf("what answers at %s is not Mimecast's API (%s): unset %s, or correct it", c.base, stranger.What, EnvURL)
	case errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &invalid):
		return fmt.Errorf("the certificate of %s is not one that this machine trusts for that name at this time: correct %s, or check this machine's clock and what stands between it and Mimecast", c.base, EnvURL)
	case errors.As(err, &refused):
		status := 0
		if refused.Response != nil {
			status = refused.Response.StatusCode
		}
		return fmt.Errorf("there is no token at %s for this credential (%s): check %s and %s, that the credential was not deleted, and that the URL is a gateway of API 2.0 such as %s (hosts like eu-api.mimecast.com are of API 1.0 and, as others' code has it, refuse such credentials)",
			c.base, outcome(status, refused.Body), EnvClientID, EnvClientSecret, DefaultURL)
	}
	return &ReadError{
		Detail:   fmt.Sprintf("Mimecast at %s did not answer %s (%s).", c.base, read.Name, httpcall.Cause(err)),
		NoAnswer: true,
	}
}
