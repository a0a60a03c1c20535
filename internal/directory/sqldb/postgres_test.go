package sqldb_test

import (
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
)

// with returns the URL with parameters added.
func with(t *testing.T, dsn string, parameters ...string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	check(t, err)
	query := u.Query()
	for i := 0; i < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20") // As PostgreSQL reads it.
	return u.String()
}

func execute(t *testing.T, dsn string, statements ...string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	check(t, err)
	defer db.Close()
	for _, statement := range statements {
		_, err = db.ExecContext(t.Context(), statement)
		check(t, err)
	}
}

func TestWrongPostgreSQL(t *testing.T) {
	t.Parallel()
	fails(t, open(t, with(t, postgrestest.Database(t, "locked"), "password", "hunter2")), "refuses this user")
	for _, dsn := range []string{with(t, postgrestest.New(t), "user", "locked", "password", "correct horse"), postgrestest.Database(t, "guest")} {
		if err := setUp(t.Context(), open(t, dsn).Open(owner())); err == nil {
			t.Error("a user without rights has set a directory up")
		} else {
			says(t, err, "lacks a right in the database")
		}
	}
	missing, err := url.Parse(postgrestest.New(t))
	check(t, err)
	missing.Path = "/no_such_database"
	fails(t, open(t, missing.String()), "does not have this database")
	fails(t, open(t, with(t, postgrestest.New(t), "options", "-c default_transaction_read_only=on")), "accepts no writes")
	fails(t, open(t, "postgres://user:hunter2@"+closedPort(t)+"/x"), "cannot be reached")
	fails(t, open(t, "postgres://user:hunter2@x/y?sslmode=hunter2"), "is not one that PostgreSQL's driver understands")

	foreign := postgrestest.New(t)
	execute(t, foreign, `CREATE TABLE tenants (id int)`)
	fails(t, open(t, foreign), "has a table \"tenants\" that is another program's", "nothing was changed")
	execute(t, foreign, `SELECT id FROM tenants`)

	newer := postgrestest.New(t)
	db := open(t, newer)
	check(t, setUp(t.Context(), db.Open(owner())))
	execute(t, newer, `INSERT INTO mimecast_directory_version (version_id, is_applied) VALUES (4711, true)`)
	fails(t, open(t, newer), "newer version of this program")
}

func TestReadOnlyPostgreSQL(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.New(t)
	_, err := open(t, dsn, sqldb.ReadOnly()).Open(owner()).Partner(t.Context(), "CMSP1")
	says(t, err, "is empty", "without read_only")
	check(t, setUp(t.Context(), open(t, dsn).Open(owner())))
	if _, err := open(t, dsn, sqldb.ReadOnly()).Open(owner()).Partner(t.Context(), "CMSP1"); err != nil {
		t.Error(err)
	}
}

// TestPostgreSQLConnectionsBreak: connections that break are replaced.
func TestPostgreSQLConnectionsBreak(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.New(t)
	d := open(t, dsn).Open(owner())
	check(t, setUp(t.Context(), d))
	execute(t, dsn, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	for range 10 { // One error for each broken connection at most.
		if _, err := d.Partner(t.Context(), "CMSP1"); err == nil {
			return
		}
	}
	t.Error("the connections are not replaced")
}

// TestPasswordsNeverShow looks for the password in all that can be printed.
func TestPasswordsNeverShow(t *testing.T) {
	t.Parallel()
	const password, written = "p@ss w/ord%", "p%40ss%20w%2Ford%25"
	for _, dsn := range []string{
		"postgres://user:" + written + "@" + closedPort(t) + "/x",
		"postgresql://user:" + written + "@nowhere.invalid/x?connect_timeout=1",
		"postgres://user@" + closedPort(t) + "/x?password=" + written,
		"postgres://user:" + written + "@x:notaport/y",
		"postgres://user:" + written + "@x/y?sslmode=" + written,
		"postgres://user:" + written + "@x/y?sslrootcert=/none/" + written,
	} {
		var printed []string
		db, err := sqldb.New(dsn)
		if err == nil {
			printed = append(printed, db.String(), fmt.Sprintf("%v %+v %#v %s %q", db, db, db, db, db))
			_, err = db.Open(owner()).Partner(t.Context(), "CMSP1")
			check(t, db.Close())
		}
		if err == nil {
			t.Fatal("no error")
		}
		for ; err != nil; err = unwrap(err) {
			printed = append(printed, err.Error(), fmt.Sprintf("%v %+v %#v", err, err, err))
		}
		for _, text := range printed {
			if strings.Contains(text, password) || strings.Contains(text, written) || strings.Contains(text, "p%40ss+w%2Ford%25") {
				t.Errorf("the password shows: %s", text)
			}
		}
		t.Log(printed[len(printed)-1])
	}
}

func unwrap(err error) error {
	if wrapping, ok := err.(interface{ Unwrap() error }); ok { //nolint:errorlint // This walks the chain itself.
		return wrapping.Unwrap()
	}
	return nil
}

// closedPort returns an address that nobody listens on.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer listener.Close()
	return listener.Addr().String()
}
