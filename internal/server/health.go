package server

import (
	"net/http"
	"sync/atomic"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// readiness says whether the server takes requests.
type readiness struct{ stopping atomic.Bool }

// live answers as long as the process does.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	requestOf(r.Context()).route = r.Pattern
	writeJSON(w, "application/json", http.StatusOK, map[string]string{"status": "live"})
}

// readyz answers whether requests should be sent here: not while stopping, and
// not without the database.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	requestOf(r.Context()).route = r.Pattern
	if s.ready.stopping.Load() {
		s.refuse(w, r, problem.New(http.StatusServiceUnavailable, problem.TypeUnavailable, "The service is stopping."))
		return
	}
	if err := s.backend.Ping(r.Context()); err != nil {
		s.failed(w, r, err)
		return
	}
	writeJSON(w, "application/json", http.StatusOK, map[string]string{"status": "ready"})
}
