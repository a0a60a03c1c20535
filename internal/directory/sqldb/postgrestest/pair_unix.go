//go:build unix

package postgrestest

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// startPair starts a pair. It returns nil if PostgreSQL is not installed.
func startPair() (*Pair, error) {
	bin, ok := binaries()
	if !ok {
		return nil, nil //nolint:nilnil // Documented.
	}
	primary, err := folder(bin)
	if err != nil {
		return nil, err
	}
	standby, err := folder(bin)
	if err != nil {
		return nil, err
	}
	pair := &Pair{primary: primary, standby: standby}
	return pair, first(
		primary.initialise, primary.listen, primary.prepare,
		func() error {
			return standby.tool("pg_basebackup", "-D", filepath.Join(standby.dir, "data"), "-h", primary.dir, "-p", primary.port, "-U", "postgres",
				"--checkpoint=fast", "--no-sync", "--write-recovery-conf")
		},
		standby.listen, pair.attach)
}

// listen runs the server on a free port of 127.0.0.1 too. Its commits wait for a
// standby, if it has one.
func (s *server) listen() error {
	free, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // Nothing to wait for.
	if err != nil {
		return err
	}
	_, s.port, _ = net.SplitHostPort(free.Addr().String())
	if err := free.Close(); err != nil {
		return err
	}
	return s.runWith("-p", s.port, "-c", "listen_addresses=127.0.0.1", "-c", "synchronous_commit=on")
}

// Crash ends the primary at once, as a crash does: nothing is finished, nobody is told.
func (p *Pair) Crash(t testing.TB) {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(p.primary.dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := bytes.Cut(file, []byte("\n"))
	process, err := strconv.Atoi(string(line))
	if err != nil {
		t.Fatal(err)
	}
	// With SIGKILL the server would leave its shared memory on the machine.
	if err := syscall.Kill(process, syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
}
