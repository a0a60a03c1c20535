//go:build unix

package postgrestest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// startPooler starts PgBouncer before the server, in transaction mode and with
// fewer connections than clients. It returns nil if it is not installed.
func startPooler(of *server) (*server, error) {
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // Debian has it there, which is not on everybody's PATH.
	}
	if _, err := os.Stat(program); err != nil {
		return nil, nil //nolint:nilnil // Documented.
	}
	s, err := folder(of.bin)
	if err != nil {
		return nil, err
	}
	settings := fmt.Sprintf("[databases]\n* = host=%s user=postgres\n[pgbouncer]\nunix_socket_dir = %s\nlisten_port = 5432\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 10\nmax_client_conn = 300\n", of.dir, s.dir)
	path := filepath.Join(s.dir, "pgbouncer.ini")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return s, first(
		func() error { return os.WriteFile(path, []byte(settings), 0o644) }, //nolint:gosec // For the user that it runs as.
		func() error { return s.keep(program, path) },
		func() error { return s.ready(ctx) })
}
