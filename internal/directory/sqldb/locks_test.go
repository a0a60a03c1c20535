package sqldb_test

import (
	"bytes"
	"database/sql"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestIdleTransaction: a session that went to lunch with a lock keeps nobody from
// writing to another tenant, and whoever it does keep is told so.
func TestIdleTransaction(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.New(t)
	d := open(t, with(t, dsn, "lock_timeout", "300ms")).Open(owner())
	check(t, setUp(t.Context(), d))
	_, err := directory.Create(t.Context(), d, rolemodel.Tenant{AccountCode: "CBETA", Name: "Beta", PrimaryDomain: "beta.example", PartnerID: "CMSP1"}, "")
	check(t, err)
	other, err := sql.Open("pgx", dsn)
	check(t, err)
	defer other.Close()
	for _, statement := range []string{
		`UPDATE tenants SET name = 'Lunch' WHERE account_code = 'CALPHA'`,
		`UPDATE trails SET number = number WHERE account_code = 'CALPHA'`,
		`SELECT * FROM tenants, partners, external_admins, trails, audit_events`, // Reads lock nothing.
	} {
		idle, err := other.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelSerializable})
		check(t, err)
		_, err = idle.ExecContext(t.Context(), statement)
		check(t, err)
		check(t, grant(t.Context(), d, "CBETA", "a@msp.example"))
		_, err = directory.Delete[rolemodel.ExternalAdmin](t.Context(), d, directory.Key{Account: "CBETA", Email: "a@msp.example"}, "")
		check(t, err)
		if strings.HasPrefix(statement, "UPDATE trails") {
			started := time.Now()
			says(t, grant(t.Context(), d, "CALPHA", "a@msp.example"), "holds a lock", "nothing was changed", "pg_stat_activity")
			if waited := time.Since(started); waited > 10*time.Second {
				t.Errorf("it took %s", waited)
			}
		}
		check(t, idle.Rollback())
		check(t, grant(t.Context(), d, "CALPHA", "a@msp.example"))
		_, err = directory.Delete[rolemodel.ExternalAdmin](t.Context(), d, directory.Key{Account: "CALPHA", Email: "a@msp.example"}, "")
		check(t, err)
	}
}

// TestNoDeadlock: processes that change and remove the same grants queue.
func TestNoDeadlock(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.New(t)
	d := open(t, dsn).Open(owner())
	check(t, setUp(t.Context(), d))
	var wait sync.WaitGroup
	for range 4 {
		own := open(t, dsn).Open(owner()) // As another process has it.
		wait.Go(func() {
			for i := range 60 {
				err := inTurn(t.Context(), own, rolemodel.ExternalAdmin{TenantID: "CALPHA", Email: "a@msp.example"}, i)
				if _, refused := rolemodel.AsViolations(err); err != nil && !refused && !directory.IsNotFound(err) && !isConflict(err) {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	time.Sleep(2 * time.Second) // The server counts with a delay.
	if deadlocks, _ := transactions(t, dsn); deadlocks > 0 {
		t.Errorf("there were %d deadlocks, each of which lasts a second", deadlocks)
	}
}

// TestConnectionLost cuts a connection in the middle of a write. What cannot have
// been committed is done again; otherwise nobody knows, and that is said.
func TestConnectionLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at             string // what the client sends when the connection is cut
		answered       bool   // whether the server gets it
		unknown, there bool
	}{
		"at the beginning":  {at: "set_config", there: true},
		"before the commit": {at: "commit", unknown: true},
		"after the commit":  {at: "commit", answered: true, unknown: true, there: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := postgrestest.New(t)
			check(t, setUp(t.Context(), open(t, dsn).Open(owner())))
			wire := &cutWire{at: []byte(c.at), answered: c.answered}
			// Statements are not prepared, so that each one's text is on the wire when it is run.
			d := open(t, with(t, wire.serve(t, dsn), "default_query_exec_mode", "exec")).Open(owner())
			if _, err := d.Tenant(t.Context(), "CALPHA"); err != nil {
				t.Fatal(err)
			}
			wire.cuts.Store(1)
			err := grant(t.Context(), d, "CALPHA", "a@msp.example")
			if c.unknown {
				says(t, err, "Read what was written before you try again")
			} else if err != nil {
				t.Error(err)
			}
			if wire.cuts.Load() > 0 {
				t.Fatal("nothing was cut")
			}
			_, err = d.ExternalAdmin(t.Context(), "CALPHA", "a@msp.example")
			if err != nil && !directory.IsNotFound(err) || c.there != (err == nil) {
				t.Errorf("it is there: want %v, got %v", c.there, err)
			}
			check(t, grant(t.Context(), d, "CALPHA", "b@msp.example"))
			consistent(t.Context(), t, open(t, dsn))
		})
	}
}

// cutWire passes on what a client and a server send until the client sends a word.
type cutWire struct {
	at       []byte
	answered bool
	cuts     atomic.Int32
}

// serve returns the URL of a database as it is reached over the wire.
func (w *cutWire) serve(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	check(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	host, port, err := net.SplitHostPort(listener.Addr().String())
	check(t, err)
	server := filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432")
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go w.pass(client, server)
		}
	}()
	return with(t, dsn, "host", host, "port", port, "sslmode", "disable")
}

func (w *cutWire) pass(client net.Conn, path string) {
	defer client.Close()
	server, err := net.Dial("unix", path)
	if err != nil {
		return
	}
	defer server.Close()
	var last atomic.Bool
	go func() {
		defer client.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			if err != nil || last.Load() {
				return
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		if bytes.Contains(buffer[:n], w.at) && w.cuts.Add(-1) == 0 {
			if !w.answered {
				return
			}
			last.Store(true) // The answer goes nowhere.
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}
