//go:build unix

package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// server is a PostgreSQL server on a Unix socket in its own folder.
type server struct {
	dir    string
	locale string
	// alive is the keeper's standard input: closed, also by the garbage collector, it ends the server.
	alive io.Closer
}

// keeper ends the server and removes its folder when its standard input ends,
// that is with the test binary, however that ends.
const keeper = `"$1" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=300 \
	-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$2/data" "$2"`

// start starts the server. It returns nil if PostgreSQL is not installed.
func start() (*server, error) {
	bin, ok := binaries()
	if !ok {
		return nil, nil //nolint:nilnil // Documented.
	}
	// A socket's path is short, so TMPDIR is not for it.
	dir, err := os.MkdirTemp("/tmp", "mimecast-pg-")
	if err != nil {
		return nil, err
	}
	as, err := attributes(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync") //nolint:gosec // The installed one.
	initdb.SysProcAttr, initdb.Dir = as, dir
	if output, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, output)
	}
	hba := "local all locked scram-sha-256\nlocal all all trust\n"
	if err := os.WriteFile(filepath.Join(dir, "data", "pg_hba.conf"), []byte(hba), 0o600); err != nil {
		return nil, err
	}
	run := exec.Command("sh", "-c", keeper, "keeper", filepath.Join(bin, "postgres"), dir) //nolint:gosec // The installed one.
	run.SysProcAttr, run.Dir = as, dir
	alive, err := run.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := run.Start(); err != nil {
		return nil, err
	}
	s := &server{dir: dir, alive: alive}
	return s, s.prepare()
}

// prepare waits for the server and creates its users.
func (s *server) prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		err := s.try(ctx, `SELECT 1`)
		if err == nil {
			break
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("the throw-away PostgreSQL server did not start: %w\n%s", err, log)
		case <-time.After(20 * time.Millisecond):
		}
	}
	if err := s.try(ctx, `CREATE ROLE guest LOGIN`); err != nil {
		return err
	}
	if err := s.try(ctx, `CREATE ROLE locked LOGIN PASSWORD 'correct horse'`); err != nil {
		return err
	}
	const natural = `LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'`
	if s.try(ctx, `CREATE DATABASE probe TEMPLATE template0 ENCODING 'UTF8' `+natural) == nil {
		s.locale = natural
	}
	return nil
}

// binaries returns the folder of initdb and postgres.
func binaries() (string, bool) {
	candidates, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(candidates)
	if path, err := exec.LookPath("postgres"); err == nil {
		candidates = append([]string{filepath.Dir(path)}, candidates...)
	}
	for _, dir := range candidates {
		_, errInit := os.Stat(filepath.Join(dir, "initdb"))
		_, errServer := os.Stat(filepath.Join(dir, "postgres"))
		if errors.Join(errInit, errServer) == nil {
			return dir, true
		}
	}
	return "", false
}

// attributes are those of the server's processes: PostgreSQL refuses to run as
// root, so root gives the folder to another user and runs it as that.
func attributes(dir string) (*syscall.SysProcAttr, error) {
	// A group of its own, so that Ctrl-C reaches the test and not the server.
	attributes := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return attributes, nil
	}
	id, err := unprivileged()
	if err != nil {
		return nil, err
	}
	attributes.Credential = id
	return attributes, os.Chown(dir, int(id.Uid), int(id.Gid))
}

func unprivileged() (*syscall.Credential, error) {
	var failed error
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			failed = err
			continue
		}
		uid, errUser := strconv.ParseUint(found.Uid, 10, 32)
		gid, errGroup := strconv.ParseUint(found.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(errUser, errGroup)
	}
	return nil, failed
}
