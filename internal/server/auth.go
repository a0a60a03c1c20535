package server

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// authenticated lets a request through that has the token of a live credential
// and is within its rate limit.
func (s *Server) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		about := requestOf(r.Context())
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			s.refuse(w, r, problem.New(http.StatusUnauthorized, problem.TypeUnauthenticated, "The request has no token. Get one from /oauth/token and send it as Authorization: Bearer."))
			return
		}
		c, err := s.keeper.Recognise(r.Context(), token, about.source)
		switch {
		case errors.Is(err, credential.ErrDenied):
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			s.refuse(w, r, problem.New(http.StatusUnauthorized, problem.TypeUnauthenticated, "The token is not known, or it or its credential has expired or was revoked. Get another one from /oauth/token."))
			return
		case errors.Is(err, credential.ErrSource):
			about.client.id = c.ID
			s.refuse(w, r, problem.New(http.StatusForbidden, problem.TypeSource, sourceRefused(r)))
			return
		case err != nil:
			s.failed(w, r, err)
			return
		}
		caller, err := c.Caller()
		if err != nil {
			s.failed(w, r, err)
			return
		}
		about.client = client{id: c.ID, name: c.Name, caller: caller}
		if s.limited(w, r, c.ID) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

func sourceRefused(r *http.Request) string {
	return "The credential may not be used from " + requestOf(r.Context()).source.String() + ". Use it from one of its source addresses, or create one without that limit."
}

// refuse answers with a problem.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, p *problem.Problem) {
	p.Instance = requestOf(r.Context()).id
	writeJSON(w, problem.ContentType, p.Status, p)
}

// failed answers that the database does not.
func (s *Server) failed(w http.ResponseWriter, r *http.Request, err error) {
	var p *problem.Problem
	if !errors.As(s.problem(r.Context(), err), &p) {
		s.log.ErrorContext(r.Context(), "an error is no problem", slog.String("error", err.Error()))
		p = problem.New(http.StatusServiceUnavailable, problem.TypeUnavailable, "The service failed.")
	}
	s.refuse(w, r, p)
}
