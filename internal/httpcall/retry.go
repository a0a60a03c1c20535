package httpcall

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/calltrace"
)

// call is what is known of a call while it is tried: how many attempts failed,
// and how many of them had no answer at all.
type call struct{ failures, unanswered int }

type callKey struct{}

// withCall returns a context for the attempts of one call.
func withCall(ctx context.Context) context.Context {
	return context.WithValue(ctx, callKey{}, &call{})
}

// firstRetries are those of a service that never answered, nor anything before
// it: it is more likely not there than being restarted.
const firstRetries = 3

// again decides whether there is another attempt. A 429 did nothing, so it is
// always repeated, as long as the call has time.
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
	if err != nil && !c.attempt.answered.Load() {
		of.unanswered++
	}
	if of.failures > c.config.Retries || of.unanswered > firstRetries {
		return false, err
	}
	calltrace.Waits(ctx, "another attempt", time.Duration(of.failures)*c.config.RetryWait)
	return true, nil
}

// backoff is how long to wait before the next attempt. After a 429 it is the gate that waits, for all.
func backoff(least, most time.Duration, attempt int, response *http.Response) time.Duration {
	if response != nil && response.StatusCode == http.StatusTooManyRequests {
		return 0
	}
	return retryablehttp.LinearJitterBackoff(least, most, min(attempt, defaultRetries), response)
}
