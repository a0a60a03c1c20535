package server

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"
)

// A batch is so small that whoever writes meanwhile does not notice it, and
// they come through between two of them.
const (
	purgeBatch = 200
	purgePause = 20 * time.Millisecond
)

// purge has forgotten what has expired, again and again until ctx ends. It is
// nobody's request: a login neither waits for it nor fails with it.
func (s *Server) purge(ctx context.Context) {
	for pause(ctx, s.purgeEvery/2+rand.N(s.purgeEvery)) { //nolint:gosec // No secret: replicas must not do it at the same time.
		for {
			n, err := s.purgeSome(ctx)
			if err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "what has expired is not forgotten", slog.String("error", err.Error()))
			}
			if err != nil || n == 0 || !pause(ctx, purgePause) {
				break
			}
		}
	}
}

func (s *Server) purgeSome(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	return s.keeper.Purge(ctx, purgeBatch)
}

// pause waits and returns true, or false if ctx ends before.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
