package server

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// dispatch hands a request to its operation. Where there is none it answers
// with a problem rather than with the multiplexer's plain text.
func (s *Server) dispatch() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := s.routes.Handler(r)
		if pattern != "" {
			requestOf(r.Context()).route = pattern
			s.received(w, r, s.bodies[pattern], s.routes)
			return
		}
		answer := unsent{}
		handler.ServeHTTP(answer, r)
		if allow := http.Header(answer).Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
			s.refuse(w, r, problem.New(http.StatusMethodNotAllowed, problem.TypeRequest, "There is no such operation: "+r.Method+" is not allowed here, only "+allow+"."))
			return
		}
		s.refuse(w, r, problem.New(http.StatusNotFound, problem.TypeRequest, "There is no such resource. See /openapi.json for those that there are."))
	})
}

// bodySizes returns how many bytes a body may have, by the pattern of its
// operation. Operations without a body are not in it.
func bodySizes(api huma.API) map[string]int64 {
	sizes := map[string]int64{}
	for path, item := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put} {
			if op != nil && op.RequestBody != nil {
				sizes[op.Method+" "+path] = op.MaxBodyBytes
			}
		}
	}
	return sizes
}

// unsent takes an answer of which only the headers matter.
type unsent http.Header

// Header returns the headers.
func (u unsent) Header() http.Header { return http.Header(u) }

// Write takes the body.
func (unsent) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader takes the status.
func (unsent) WriteHeader(int) {}
