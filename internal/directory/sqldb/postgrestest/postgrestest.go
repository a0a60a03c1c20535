// Package postgrestest gives tests databases on a throw-away PostgreSQL server
// that it starts from the installed binaries. Import it from tests only.
package postgrestest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // The driver.
)

// Require is the environment variable that turns missing prerequisites from a skip into a failure.
const Require = "MIMECAST_TEST_REQUIRE"

// Skip skips the test because something is missing on this machine, or fails
// it where everything is required to be there.
func Skip(t testing.TB, missing string) {
	t.Helper()
	if os.Getenv(Require) == "1" {
		t.Fatalf("%s=1 and %s", Require, missing)
	}
	t.Skip(missing)
}

// theServer is the one of this test binary.
var theServer = sync.OnceValues(start) //nolint:gochecknoglobals // One server per binary.

var databases atomic.Int64

// free has the databases that tests are done with: to empty one costs little, to create one a fifth of a second of a core.
var free = make(chan string, 300) //nolint:gochecknoglobals // Those of theServer.

// empty makes a database what it was when it was created. Who is idle in it stays: PgBouncer is.
const empty = `
SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
SELECT pg_stat_reset()`

// thePooler stands before theServer.
var thePooler = sync.OnceValues(func() (*server, error) { //nolint:gochecknoglobals // One for a binary.
	s, err := theServer()
	if s == nil || err != nil {
		return nil, err
	}
	return startPooler(s)
})

const missingServer = "there is no PostgreSQL: initdb and postgres are neither on PATH nor in /usr/lib/postgresql"

// New returns the URL of an empty database. At the end of the test others may have it.
func New(t testing.TB) string {
	t.Helper()
	return Database(t, "postgres")
}

// Database is New for another user. The user "guest" may do nothing but log
// in; "locked" needs the password "correct horse".
func Database(t testing.TB, user string) string {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		Skip(t, missingServer)
	}
	var name string
	select {
	case name = <-free:
	default:
		name = fmt.Sprintf("directory_%d", databases.Add(1))
		// A natural language's order, as servers have it, so that whoever forgets to ask for bytes is found out.
		s.exec(t, "postgres", `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8' `+s.locale)
	}
	t.Cleanup(func() {
		s.exec(t, name, empty)
		free <- name
	})
	return s.url(user, name)
}

// Pooled returns the URL of a new, empty database behind PgBouncer, which gives a
// connection to another client after every transaction, and the database's own URL.
func Pooled(t testing.TB) (pooled, direct string) {
	t.Helper()
	direct = New(t)
	s, err := thePooler()
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		Skip(t, "there is no pgbouncer, neither on PATH nor in /usr/sbin")
	}
	u, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	return s.url("postgres", u.Path[1:]), direct
}

func (s *server) url(user, database string) string {
	query := url.Values{"host": {s.dir}, "user": {user}}
	if s.port != "" {
		query.Set("port", s.port)
	}
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

// exec runs statements in a database as the superuser.
func (s *server) exec(t testing.TB, database, statements string) {
	t.Helper()
	// Not the test's context: it is done when the clean-up runs.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.within(ctx, database, statements); err != nil {
		t.Fatal(err)
	}
}

func (s *server) try(ctx context.Context, statement string) error {
	return s.within(ctx, "postgres", statement)
}

func (s *server) within(ctx context.Context, database, statements string) error {
	db, err := sql.Open("pgx", s.url("postgres", database))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statements, pgx.QueryExecModeSimpleProtocol)
	return err
}

// until waits until a query says true.
func (s *server) until(ctx context.Context, query string) error {
	db, err := sql.Open("pgx", s.url("postgres", "postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	for {
		var yes bool
		err := db.QueryRowContext(ctx, query, pgx.QueryExecModeSimpleProtocol).Scan(&yes) // As a pooler takes it.
		if err == nil && yes {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: it is %v, %w", query, yes, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// first runs the steps until one fails.
func first(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
