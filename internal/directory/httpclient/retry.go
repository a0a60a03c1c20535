package httpclient

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/calltrace"
)

// call is what is known of a call while it is tried.
type call struct {
	// repeatable says that doing it twice is doing it once: a read, or a write
	// with an Idempotency-Key.
	repeatable bool
	failures   int
}

type callKey struct{}

// withCall returns a context for the attempts of one call.
func withCall(ctx context.Context, repeatable bool) context.Context {
	return context.WithValue(ctx, callKey{}, &call{repeatable: repeatable})
}

// again decides whether there is another attempt. A 429 did nothing, so it may
// always be repeated, as long as the call has time. What failed on the way or in
// the service may have happened: only what is repeatable is.
func (c *Client) again(ctx context.Context, response *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	of, ok := ctx.Value(callKey{}).(*call)
	if !ok || final(err) {
		return false, err
	}
	if err == nil {
		if response.StatusCode == http.StatusTooManyRequests {
			return true, nil
		}
		if response.StatusCode < http.StatusInternalServerError || response.StatusCode == http.StatusNotImplemented {
			return false, nil
		}
	}
	of.failures++
	allowed := retries
	if !c.path.answered.Load() {
		allowed = firstRetries
	}
	if !of.repeatable || of.failures > allowed {
		return false, err
	}
	calltrace.Waits(ctx, "another attempt", time.Duration(of.failures)*c.config.RetryWait)
	return true, nil
}

// final says whether another attempt would end the same.
func final(err error) bool {
	var (
		stranger  *strangerError
		old       *oldError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	return errors.As(err, &stranger) || errors.As(err, &old) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
}

// backoff is how long to wait before the next attempt. After a 429 it is the gate that waits, for all.
func backoff(least, most time.Duration, attempt int, response *http.Response) time.Duration {
	if response != nil && response.StatusCode == http.StatusTooManyRequests {
		return 0
	}
	return retryablehttp.LinearJitterBackoff(least, most, min(attempt, retries), response)
}
