//go:build !unix

package postgrestest

type server struct{ dir, locale string }

// start returns nil: the throw-away server needs Unix.
func start() (*server, error) { return nil, nil } //nolint:nilnil // Documented.
