package httpclient

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/calltrace"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
)

// The caps on what the service may answer.
const (
	maxHeader = 64 << 10
	maxAnswer = 32 << 20
	// maxPause caps how long a 429 may make everybody wait.
	maxPause = time.Minute
)

// path is the way of one attempt to the service and back. It waits while the
// service wants nobody to call, reads the answer to its end, so that a broken
// one is an error like any other, and makes sure that it is the service's.
type path struct {
	inner     http.RoundTripper
	timeout   time.Duration
	userAgent string
	gate      gate
	// answered is set once the service has been reached.
	answered atomic.Bool
}

// RoundTrip implements http.RoundTripper.
func (p *path) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := p.gate.wait(request.Context()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(request.Context(), p.timeout)
	defer cancel() // The body is read below.
	request = request.Clone(ctx)
	request.Header.Set("User-Agent", p.userAgent)
	response, err := p.inner.RoundTrip(request)
	if err != nil {
		calltrace.Attempted(ctx, "")
		return nil, err
	}
	calltrace.Attempted(ctx, response.Header.Get("X-Request-Id"))
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	if len(body) > maxAnswer {
		return nil, &strangerError{what: fmt.Sprintf("an answer of more than %d MiB", maxAnswer>>20)}
	}
	if err := recognise(response); err != nil {
		return nil, err
	}
	if response.Header.Get(wire.VersionHeader) != "" {
		p.answered.Store(true)
	}
	if response.StatusCode == http.StatusTooManyRequests {
		p.gate.close(pause(response.Header))
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, nil
}

// recognise returns an error if the answer is not that of the service, or of one
// too old. The service redirects nowhere, and neither secret nor token must
// follow where somebody else points.
func recognise(response *http.Response) error {
	if response.StatusCode >= http.StatusMultipleChoices && response.StatusCode < http.StatusBadRequest {
		where := "another place"
		if to, err := response.Location(); err == nil {
			where = to.Scheme + "://" + to.Host
		}
		return &strangerError{what: "it redirects to " + where}
	}
	if response.StatusCode >= http.StatusInternalServerError {
		return nil // What stands before the service may say so in its name.
	}
	text := response.Header.Get(wire.VersionHeader)
	version, err := strconv.Atoi(text)
	switch {
	case text == "" || err != nil:
		return &strangerError{what: fmt.Sprintf("status %d and %q", response.StatusCode, response.Header.Get("Content-Type"))}
	case version < wire.APIVersion:
		return &oldError{version: version}
	}
	return nil
}

// gate is shut while the service wants nobody to call. It is one for all
// workers: if each had to find out for itself, each would use up its attempts.
type gate struct {
	mu    sync.Mutex
	until time.Time
}

func (g *gate) close(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(d); until.After(g.until) {
		g.until = until
	}
}

// wait returns when the gate is open or ctx is done.
func (g *gate) wait(ctx context.Context) error {
	for {
		g.mu.Lock()
		remaining := time.Until(g.until)
		g.mu.Unlock()
		if remaining <= 0 {
			return ctx.Err()
		}
		calltrace.Waits(ctx, "rate limit", remaining)
		timer := time.NewTimer(remaining)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// pause is how long a 429 says to wait: X-RateLimit-Reset in milliseconds where
// it is there, since it is the more exact, and Retry-After in seconds otherwise.
func pause(header http.Header) time.Duration {
	const unsaid = time.Second
	wait := unsaid
	if ms, err := strconv.ParseInt(header.Get("X-RateLimit-Reset"), 10, 64); err == nil && ms > 0 && ms < int64(maxPause/time.Millisecond) {
		wait = time.Duration(ms) * time.Millisecond
	} else if s, err := strconv.ParseInt(header.Get("Retry-After"), 10, 64); err == nil && s > 0 && s < int64(maxPause/time.Second) {
		wait = time.Duration(s) * time.Second
	} else if date, err := http.ParseTime(header.Get("Retry-After")); err == nil {
		wait = max(time.Until(date), 0)
	} else if ms > 0 || s > 0 {
		wait = maxPause
	}
	return min(wait, maxPause)
}
