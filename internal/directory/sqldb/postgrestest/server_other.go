//go:build !unix

package postgrestest

import (
	"context"
	"io"
	"testing"
)

type server struct {
	dir, locale, port string
	alive             io.Closer
}

// start returns nil, as do the others: the throw-away servers need Unix.
func start() (*server, error) { return nil, nil } //nolint:nilnil // Documented.

func startPair() (*Pair, error) { return nil, nil } //nolint:nilnil // Documented.

func startPooler(*server) (*server, error) { return nil, nil } //nolint:nilnil // Documented.

func (s *server) ready(context.Context) error { return nil }

// Crash does nothing: there is no pair.
func (p *Pair) Crash(testing.TB) {}
