package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// handle registers an operation. Errors of the directory become problems.
func handle[I, O any](s *Server, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err == nil {
			return out, nil
		}
		err = s.problem(ctx, err)
		if p, ok := errors.AsType[*problem.Problem](err); ok {
			if body, ok := any(in).(interface{ text() []byte }); ok {
				p.PointInto(body.text())
			}
		}
		return nil, err
	})
}

// problem returns err as the caller may see it. What is not an error of the
// directory's port is a database that does not answer, and its text is for the log.
func (s *Server) problem(ctx context.Context, err error) error {
	var p *problem.Problem
	if errors.As(err, &p) {
		return p
	}
	if p, ok := problem.From(err); ok {
		return p
	}
	s.log.ErrorContext(ctx, "the directory failed", slog.String("request_id", requestOf(ctx).id), slog.String("error", err.Error()))
	return problem.New(http.StatusServiceUnavailable, problem.TypeUnavailable, "The service cannot reach its database, or it took too long. Try again.")
}

// entry is one entry with its ETag.
type entry[T any] struct {
	ETag string `header:"ETag" doc:"The entry's revision, for If-Match."`
	Body T
}

func tagged[T any](read T, err error) (*entry[T], error) {
	return &entry[T]{ETag: etag(revisionOf(&read)), Body: read}, err
}
