// Package httpclient is the directory over HTTP: the same port, answered by the
// service that internal/server is.
package httpclient

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// Config says where the service is and who asks. URL, ClientID and ClientSecret are required.
type Config struct {
	// URL is the service's, for example "https://directory.example". Plain HTTP
	// is for loopback addresses only.
	URL string
	// ClientID and ClientSecret are the credential.
	ClientID, ClientSecret string
	// UserAgent says which program asks.
	UserAgent string
	// AttemptTimeout is how long one attempt may take, by default 30 seconds,
	// and CallTimeout a whole call with its waits and attempts, by default 5 minutes.
	AttemptTimeout, CallTimeout time.Duration
	// RetryWait is how long it waits before the first further attempt, by
	// default 200 milliseconds; later ones wait longer.
	RetryWait time.Duration
	// Transport makes the connections, by default a pool of its own.
	Transport http.RoundTripper
}

// The limits of a call.
const (
	defaultAttemptTimeout = 30 * time.Second
	defaultCallTimeout    = 5 * time.Minute
	defaultRetryWait      = 200 * time.Millisecond
	// retries of a service that answered before, and of one that never did:
	// that one is more likely not there than being restarted.
	retries      = 10
	firstRetries = 3
	// connections is how many calls Terraform makes at once, and some.
	connections = 32
)

// Client is the directory over HTTP.
type Client struct {
	config Config
	base   string
	http   *retryablehttp.Client
	tokens *tokens
	path   *path
}

var _ directory.Directory = (*Client)(nil)

// New returns the directory at a URL. It checks the configuration and touches
// nothing: the first call fetches a token. The error is a *SettingError.
func New(config Config) (*Client, error) {
	base, err := parseURL(config.URL)
	if err != nil {
		return nil, err
	}
	if config.ClientID == "" {
		return nil, &SettingError{Setting: SettingClientID, Detail: "The directory is a service, which wants to know who asks. Set client_id (or MIMECAST_CLIENT_ID) and client_secret (or MIMECAST_CLIENT_SECRET)."}
	}
	if config.ClientSecret == "" {
		return nil, &SettingError{Setting: SettingClientSecret, Detail: "client_id is set and client_secret is not. Set client_secret (or MIMECAST_CLIENT_SECRET)."}
	}
	withDefault(&config.AttemptTimeout, defaultAttemptTimeout)
	withDefault(&config.CallTimeout, defaultCallTimeout)
	withDefault(&config.RetryWait, defaultRetryWait)
	if config.UserAgent == "" {
		config.UserAgent = "terraform-provider-mimecast"
	}
	if config.Transport == nil {
		pooled := cleanhttp.DefaultPooledTransport()
		pooled.MaxIdleConnsPerHost = connections
		pooled.MaxResponseHeaderBytes = maxHeader
		config.Transport = pooled
	}
	c := &Client{config: config, base: base}
	c.path = &path{inner: config.Transport, timeout: config.AttemptTimeout, userAgent: config.UserAgent}
	c.http = &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: c.path}, // Which lets no redirect through.
		Logger:       nil,                             // Its messages have URLs, and these have addresses of people.
		RetryWaitMin: config.RetryWait, RetryWaitMax: 4 * config.RetryWait,
		RetryMax:     int(^uint(0) >> 1), // CheckRetry counts, by what went wrong.
		CheckRetry:   c.again,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	c.tokens = newTokens(c)
	return c, nil
}

func withDefault(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}

// parseURL checks the service's URL and returns it without a trailing slash.
func parseURL(text string) (string, error) {
	wrong := func(format string, args ...any) error {
		return &SettingError{Setting: SettingURL, Detail: fmt.Sprintf(format, args...) + " Write directory (or MIMECAST_DIRECTORY) like \"https://directory.example\"."}
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return "", wrong("The URL of the directory service cannot be read.")
	case u.User != nil:
		return "", wrong("The URL of the directory service has a user or password in it; the credential is client_id and client_secret.")
	case u.RawQuery != "" || u.Fragment != "":
		return "", wrong("The URL of the directory service has a query or fragment.")
	case u.Scheme != "https" && u.Scheme != "http":
		return "", wrong("%q is no scheme of a directory service.", u.Scheme)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "", wrong("Plain HTTP would send the secret in the clear to %s; it is for this machine's loopback address only.", u.Hostname())
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
