package httpcall

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/calltrace"
)

// attempt is the way of one attempt to the service and back. It waits while the
// service wants nobody to call, reads the answer to its end, so that a broken
// one is an error like any other, and makes sure that it is the service's.
type attempt struct {
	config Config
	gate   gate
	// answered is set once the service has been reached.
	answered atomic.Bool
}

// RoundTrip implements http.RoundTripper.
func (a *attempt) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := a.gate.wait(request.Context()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(request.Context(), a.config.AttemptTimeout)
	defer cancel() // The body is read below.
	request = request.Clone(ctx)
	request.Header.Set("User-Agent", a.config.UserAgent)
	response, err := a.config.Transport.RoundTrip(request)
	if err != nil {
		calltrace.Attempted(ctx, "")
		return nil, err
	}
	calltrace.Attempted(ctx, response.Header.Get("X-Request-Id"))
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, a.config.MaxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	if int64(len(body)) > a.config.MaxAnswer {
		return nil, &StrangerError{What: fmt.Sprintf("an answer of more than %d MiB", a.config.MaxAnswer>>20)}
	}
	if err := refuseRedirect(response); err != nil {
		return nil, err
	}
	own, err := a.config.Recognise(response)
	if err != nil {
		return nil, err
	}
	if own {
		a.answered.Store(true)
	}
	if response.StatusCode == http.StatusTooManyRequests {
		a.gate.close(pause(response.Header))
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, nil
}

// refuseRedirect returns an error for an answer that points elsewhere: neither
// secret nor token must follow there.
func refuseRedirect(response *http.Response) error {
	if response.StatusCode < http.StatusMultipleChoices || response.StatusCode >= http.StatusBadRequest {
		return nil
	}
	where := "another place"
	if to, err := response.Location(); err == nil {
		where = to.Scheme + "://" + to.Host
	}
	return &StrangerError{What: "it redirects to " + where}
}
