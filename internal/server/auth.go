package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// authenticated lets a request through that has the token of a live credential
// and is within its rate limit. It does not look at the body.
func (s *Server) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		about := requestOf(r.Context())
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			s.refuse(w, r, problem.New(http.StatusUnauthorized, problem.TypeUnauthenticated, "The request has no token. Get one from /oauth/token and send it as Authorization: Bearer."))
			return
		}
		done, err := s.quotas.recognising.take(r.Context(), sourceKey(about.source), 1)
		if err != nil {
			s.busy(w, r)
			return
		}
		c, err := s.keeper.Recognise(r.Context(), token, about.source)
		done()
		switch {
		case errors.Is(err, credential.ErrDenied):
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			s.refuse(w, r, problem.New(http.StatusUnauthorized, problem.TypeUnauthenticated, "The token is not known, or it or its credential has expired or was revoked. Get another one from /oauth/token."))
			return
		case errors.Is(err, credential.ErrSource):
			s.misused(r.Context(), c, "a token")
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

// misused records that a credential was used, by its secret or by a token, from
// where it may not be used: whoever did that may have stolen it.
func (s *Server) misused(ctx context.Context, c credential.Credential, by string) {
	about := requestOf(ctx)
	about.client.id = c.ID
	s.log.WarnContext(ctx, "a credential was used from where it may not be", slog.String("request_id", about.id),
		slog.String("client_id", c.ID), slog.String("source", about.source.String()), slog.String("by", by))
	if !s.limits.misuses.of(c.ID).Allow() {
		return // It is in the log.
	}
	// Hanging up must not keep it out of the trail.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.timeout)
	defer cancel()
	if err := s.keeper.RecordRefusedUse(ctx, c, fmt.Sprintf("The credential was used with %s from %s, where it may not be used.", by, about.source)); err != nil {
		s.log.ErrorContext(ctx, "a refused use is not in the trail", slog.String("request_id", about.id), slog.String("error", err.Error()))
	}
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
