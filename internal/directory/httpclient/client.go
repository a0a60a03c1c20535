// Package httpclient is the directory over HTTP: the same port, answered by the
// service that internal/server is.
package httpclient

import (
	"net/http"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/httpcall"
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

// Client is the directory over HTTP.
type Client struct {
	base     string
	clientID string
	calls    *httpcall.Client
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
	return &Client{base: base, clientID: config.ClientID, calls: httpcall.New(httpcall.Config{
		TokenURL: base + "/oauth/token", ClientID: config.ClientID, ClientSecret: config.ClientSecret,
		UserAgent: config.UserAgent, Transport: config.Transport, Recognise: recognise,
		AttemptTimeout: config.AttemptTimeout, CallTimeout: config.CallTimeout, RetryWait: config.RetryWait,
	})}, nil
}

// parseURL checks the service's URL and returns it without a trailing slash.
func parseURL(text string) (string, error) {
	base, err := httpcall.CheckURL("The URL of the directory service", text)
	if err != nil {
		return "", &SettingError{Setting: SettingURL, Detail: err.Error() + " Write directory (or MIMECAST_DIRECTORY) like \"https://directory.example\"; the credential is client_id and client_secret."}
	}
	return base, nil
}
