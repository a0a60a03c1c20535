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

// server is a PostgreSQL server in its own folder, on a Unix socket there.
type server struct {
	bin, dir, locale string
	// port is where it listens on 127.0.0.1 too, "" for nowhere.
	port string
	as   *syscall.SysProcAttr
	// alive is the keeper's standard input: closed, also by the garbage collector, it ends the server.
	alive io.Closer
}

// keeper runs a command until its standard input ends, that is with the test
// binary, however that ends, and then removes the folder.
const keeper = `work=$1; shift
"$@" >"$work/log" 2>&1 &
process=$!
cat >/dev/null
kill -QUIT $process # PostgreSQL: at once
kill -TERM $process # PgBouncer: at once
wait $process
rm -rf "$work/data" "$work"`

// keep starts a command that ends with the test binary.
func (s *server) keep(name string, args ...string) (err error) {
	run := exec.Command("sh", append([]string{"-c", keeper, "keeper", s.dir, name}, args...)...) //nolint:gosec // The installed one.
	run.SysProcAttr, run.Dir = s.as, s.dir
	if s.alive, err = run.StdinPipe(); err != nil {
		return err
	}
	return run.Start()
}

// folder makes a folder for a server. A socket's path is short, so TMPDIR is not for it.
func folder(bin string) (*server, error) {
	dir, err := os.MkdirTemp("/tmp", "mimecast-pg-")
	if err != nil {
		return nil, err
	}
	as, err := attributes(dir)
	return &server{bin: bin, dir: dir, as: as}, err
}

// start starts the server. It returns nil if PostgreSQL is not installed.
func start() (*server, error) {
	bin, ok := binaries()
	if !ok {
		return nil, nil //nolint:nilnil // Documented.
	}
	s, err := folder(bin)
	if err != nil {
		return nil, err
	}
	return s, first(s.initialise, s.run, s.prepare)
}

// tool runs one of PostgreSQL's programs to its end.
func (s *server) tool(name string, args ...string) error {
	tool := exec.Command(filepath.Join(s.bin, name), args...) //nolint:gosec // The installed one.
	tool.SysProcAttr, tool.Dir = s.as, s.dir
	if output, err := tool.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, output)
	}
	return nil
}

func (s *server) initialise() error {
	if err := s.tool("initdb", "-D", filepath.Join(s.dir, "data"), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"); err != nil {
		return err
	}
	const hba = "local all locked scram-sha-256\nlocal all all trust\nlocal replication all trust\nhost all all 127.0.0.1/32 trust\n"
	return os.WriteFile(filepath.Join(s.dir, "data", "pg_hba.conf"), []byte(hba), 0o600)
}

// run runs the server until the test binary ends.
func (s *server) run() error { return s.runWith() }

func (s *server) runWith(settings ...string) error {
	args := []string{
		"-D", filepath.Join(s.dir, "data"), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=300",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=64MB",
	}
	return s.keep(filepath.Join(s.bin, "postgres"), append(args, settings...)...)
}

// ready waits for the server.
func (s *server) ready(ctx context.Context) error {
	if err := s.until(ctx, `SELECT true`); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		return fmt.Errorf("the throw-away server did not start: %w\n%s", err, log)
	}
	return nil
}

// prepare waits for the server and creates its users.
func (s *server) prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.ready(ctx); err != nil {
		return err
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
		if path, err = filepath.EvalSymlinks(path); err == nil { // Its folder has the other programs too.
			candidates = append([]string{filepath.Dir(path)}, candidates...)
		}
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
