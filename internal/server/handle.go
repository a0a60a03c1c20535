package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// handle registers an operation. Errors of the directory become problems.
func handle[I, O any](s *Server, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// problem returns err as the caller may see it. What is not an error of the
// directory's port is a database that does not answer, and its text is for the log.
func (s *Server) problem(ctx context.Context, err error) error {
	var p *problem.Problem
	if errors.As(err, &p) {
		return p
	}
	if c := requestOf(ctx).client; c.scope.ReadOnly && errors.Is(err, directory.ErrReadOnly) {
		err = &problem.ReadOnlyError{Detail: fmt.Sprintf("The credential %s may only read, so nothing was changed. Use another credential.", c.actor.Name)}
	}
	if p, ok := problem.From(err); ok {
		return p
	}
	s.log.ErrorContext(ctx, "the directory failed", slog.String("request_id", requestOf(ctx).id), slog.String("error", err.Error()))
	return problem.New(http.StatusServiceUnavailable, problem.TypeUnavailable, "The service cannot reach its database, or it took too long. Try again.")
}
