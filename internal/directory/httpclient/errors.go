package httpclient

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"golang.org/x/oauth2"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/httpcall"
)

// Setting is a setting of the provider.
type Setting string

// The settings that an error may lie in.
const (
	SettingURL          Setting = "directory"
	SettingClientID     Setting = "client_id"
	SettingClientSecret Setting = "client_secret"
)

// SettingError is an error that a setting is the likely cause of.
type SettingError struct {
	Setting Setting
	// Detail says what is wrong and what to do, in a sentence or two.
	Detail string
}

// Error returns the detail.
func (e *SettingError) Error() string { return e.Detail }

// oldError says that the service is older than this client.
type oldError struct{ version int }

func (e *oldError) Error() string { return fmt.Sprintf("API version %d", e.version) }

// Final says that asking again would end the same.
func (e *oldError) Final() {}

// recognise returns whether an answer is certainly the service's, and an error
// if it is that of another, or of a service too old.
func recognise(response *http.Response) (bool, error) {
	text := response.Header.Get(wire.VersionHeader)
	if response.StatusCode >= http.StatusInternalServerError {
		return text != "", nil // What stands before the service may say so in its name.
	}
	version, err := strconv.Atoi(text)
	switch {
	case text == "" || err != nil:
		return false, &httpcall.StrangerError{What: fmt.Sprintf("status %d and %q", response.StatusCode, response.Header.Get("Content-Type"))}
	case version < wire.APIVersion:
		return false, &oldError{version: version}
	}
	return true, nil
}

// explain returns why there is no answer, as the user can act on it. It wraps
// nothing of the transport's, so that no request shows up in a message.
func (c *Client) explain(ctx context.Context, err error) error {
	var (
		stranger  *httpcall.StrangerError
		old       *oldError
		known     *SettingError
		refused   *oauth2.RetrieveError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	wrong := func(setting Setting, format string, args ...any) error {
		return &SettingError{Setting: setting, Detail: fmt.Sprintf(format, args...)}
	}
	switch {
	case errors.As(err, &known):
		return known
	case ctx.Err() != nil: // The caller's, not that of the call or the attempt.
		return ctx.Err()
	case errors.As(err, &stranger):
		return wrong(SettingURL, "What answers at %s is not a directory service (%s): set directory (or MIMECAST_DIRECTORY) to the URL of one.", c.base, stranger.What)
	case errors.As(err, &old):
		return wrong(SettingURL, "The directory service at %s is too old for this provider (its API has version %d, and %d is needed): upgrade the service, or pin an older version of the provider.", c.base, old.version, wire.APIVersion)
	case errors.As(err, &refused):
		return c.explainToken(refused, wrong)
	case errors.As(err, &authority):
		return wrong(SettingURL, "The certificate of %s is signed by nobody this machine trusts: set SSL_CERT_FILE to the certificate of its authority, or correct directory (or MIMECAST_DIRECTORY).", c.base)
	case errors.As(err, &hostname):
		return wrong(SettingURL, "The certificate of %s is for another name: set directory (or MIMECAST_DIRECTORY) to a name that it is for.", c.base)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return wrong(SettingURL, "The certificate of %s has expired or is not valid yet: renew it on the service, check this machine's clock, or correct directory (or MIMECAST_DIRECTORY).", c.base)
	case errors.As(err, &invalid):
		return wrong(SettingURL, "The certificate of %s cannot be used: replace it on the service, or correct directory (or MIMECAST_DIRECTORY).", c.base)
	}
	return wrong(SettingURL, "The directory service at %s cannot be reached (%s): check directory (or MIMECAST_DIRECTORY), the network and that the service runs.", c.base, httpcall.Cause(err))
}

func (c *Client) explainToken(refused *oauth2.RetrieveError, wrong func(Setting, string, ...any) error) error {
	status := 0
	if refused.Response != nil {
		status = refused.Response.StatusCode
	}
	switch {
	case refused.ErrorCode == "unauthorized_client":
		return wrong(SettingClientID, "The directory service at %s does not let client_id %q be used from this address: use a credential that may be (see credential create --source).", c.base, c.clientID)
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		return wrong(SettingURL, "There is no directory service at %s, though there may be one on the same host: set directory (or MIMECAST_DIRECTORY) to its URL, which has no path unless a proxy adds one.", c.base)
	case status == http.StatusUnauthorized:
		return wrong(SettingClientSecret, "The directory service at %s does not take client_id %q with this secret: check client_id and client_secret (or MIMECAST_CLIENT_ID and MIMECAST_CLIENT_SECRET), and that the credential was neither rotated nor revoked and has not expired.", c.base, c.clientID)
	}
	return wrong(SettingURL, "The directory service at %s gives no token (status %d): check the service's log and try again.", c.base, status)
}
