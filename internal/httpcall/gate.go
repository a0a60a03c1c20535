package httpcall

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/calltrace"
)

// maxPause caps how long a 429 may make everybody wait.
const maxPause = time.Minute

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
