package server

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// How long it is known whether the database answers, and how long it may take
// to do so. Anybody may ask, so that it must not cost the database much.
const (
	pingKnown = 2 * time.Second
	pingTime  = 5 * time.Second
)

// readiness says whether the server takes requests.
type readiness struct {
	stopping atomic.Bool

	flight singleflight.Group
	mu     sync.Mutex
	asked  time.Time
	err    error
}

// live answers as long as the process does.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	requestOf(r.Context()).route = r.Pattern
	writeJSON(w, "application/json", http.StatusOK, map[string]string{"status": "live"})
}

// readyz answers whether requests should be sent here: not while stopping, and
// not without the database.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	requestOf(r.Context()).route = r.Pattern
	unavailable := ""
	switch {
	case s.ready.stopping.Load():
		unavailable = "The service is stopping."
	case s.ping(r.Context()) != nil:
		unavailable = "The service cannot reach its database, or it took too long."
	}
	if unavailable != "" {
		s.refuse(w, r, problem.New(http.StatusServiceUnavailable, problem.TypeUnavailable, unavailable))
		return
	}
	writeJSON(w, "application/json", http.StatusOK, map[string]string{"status": "ready"})
}

// ping says whether the database answers, or did a moment ago. All who ask at once get one answer.
func (s *Server) ping(ctx context.Context) error {
	s.ready.mu.Lock()
	asked, err := s.ready.asked, s.ready.err
	s.ready.mu.Unlock()
	if time.Since(asked) < pingKnown {
		return err
	}
	answer := s.ready.flight.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTime)
		defer cancel()
		err := s.backend.Ping(ctx)
		if err != nil {
			s.log.ErrorContext(ctx, "the database does not answer", slog.String("error", err.Error()))
		}
		s.ready.mu.Lock()
		defer s.ready.mu.Unlock()
		s.ready.asked, s.ready.err = time.Now(), err
		return nil, err
	})
	select {
	case <-ctx.Done():
		return ctx.Err()
	case result := <-answer:
		return result.Err
	}
}
