package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// settings are those of a writing transaction. A URL may have other values
// (https://www.postgresql.org/docs/current/runtime-config-client.html).
var settings = []struct{ name, value string }{
	// How long a write waits for another session's lock.
	{"lock_timeout", "15s"},
	// How long our own locks are held if this process stops or its network goes: shorter, so that the next one gets its turn.
	{"idle_in_transaction_session_timeout", "10s"},
	{"statement_timeout", "60s"},
	// A serializable transaction that scans a table collides with every write to it. Of a small table PostgreSQL prefers a scan.
	{"enable_seqscan", "off"},
}

// How long a connection is used, so that one to a server or an address that was replaced goes.
const (
	connectionLifetime = 30 * time.Minute
	connectionIdleTime = 5 * time.Minute
)

// openPostgres connects after it has looked at the server.
func (db *DB) openPostgres(ctx context.Context, _ bool) (*pool, error) {
	config, err := pgx.ParseConfig(db.location.dsn)
	if err != nil {
		return nil, problemf("The URL of the directory %s is not one that PostgreSQL's driver understands: %s.", db, redact(reason(err), db.location.dsn))
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 15 * time.Second
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "terraform-provider-mimecast"
	}
	pooled, err := db.checkServer(ctx, config)
	switch {
	case err != nil:
		return nil, err
	case pooled && config.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement:
		config.DefaultQueryExecMode = pgx.QueryExecModeExec // The next statement may go over another connection.
	case !pooled && db.readOnly:
		config.RuntimeParams["default_transaction_read_only"] = "on"
		config.RuntimeParams["default_transaction_isolation"] = "repeatable read" // A replica has nothing stricter.
	}
	p := &pool{DB: stdlib.OpenDB(*config), dialect: postgresDialect}
	var set []string
	for _, s := range settings {
		if _, given := config.RuntimeParams[s.name]; !given {
			// For the transaction, since a pooler gives the connection to others after it.
			set = append(set, fmt.Sprintf("set_config('%s', '%s', true)", s.name, s.value))
		}
	}
	if len(set) > 0 {
		p.settings = "SELECT " + strings.Join(set, ", ")
	}
	p.SetMaxOpenConns(connections)
	p.SetMaxIdleConns(connections)
	p.SetConnMaxLifetime(connectionLifetime)
	p.SetConnMaxIdleTime(connectionIdleTime)
	return p, nil
}

// checkServer makes sure that the server keeps the promise that every write
// depends on, serializable transactions, and says whether a pooler such as
// PgBouncer stands before it: then the process that answers is another one than
// the connection was greeted by.
func (db *DB) checkServer(ctx context.Context, config *pgx.ConnConfig) (pooled bool, err error) {
	config = config.Copy()
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	probe, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, err
	}
	defer func() { _ = probe.Close(ctx) }()
	var (
		process   uint32
		readOnly  bool
		isolation string
	)
	within := func(options pgx.TxOptions, text string, into ...any) error {
		return pgx.BeginTxFunc(ctx, probe, options, func(tx pgx.Tx) error { return tx.QueryRow(ctx, text).Scan(into...) })
	}
	if err := within(pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		`SELECT pg_backend_pid(), pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'`, &process, &readOnly); err != nil {
		return false, err
	}
	pooled = process != probe.PgConn().PID()
	if db.readOnly {
		return pooled, nil
	}
	if readOnly {
		return false, problemf("The server of the directory %s accepts no writes: it is a replica or set to read-only transactions. Use the primary server's URL, or set read_only.", db)
	}
	if err := within(pgx.TxOptions{IsoLevel: pgx.Serializable}, `SHOW transaction_isolation`, &isolation); err != nil {
		return false, err
	}
	if isolation != "serializable" {
		return false, problemf("The server of the directory %s gives %s transactions where serializable ones are asked for, so writers could break the rules together. Enable serializable isolation on it.", db, isolation)
	}
	return pooled, nil
}

// reason is the last part of the driver's error, without the URL.
func reason(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	message := err.Error()
	return strings.TrimSpace(message[strings.LastIndex(message, "`:")+1:])
}

// againPostgres repeats what lost against another transaction. A constraint
// that fails says the same, since the rules were decided before: the next
// attempt sees the winner and decides anew. It is not repeated for ever, in
// case it says something else.
func againPostgres(err error, attempts int) time.Duration {
	const constraintAttempts = 10
	var failed *pgconn.PgError
	if !errors.As(err, &failed) {
		return 0
	}
	switch {
	case failed.Code == "40001", failed.Code == "40P01", // serialization_failure, deadlock_detected
		(failed.Code == "23505" || failed.Code == "23503") && attempts < constraintAttempts: // unique_violation, foreign_key_violation
		return 8 * time.Millisecond // Somebody won, and whoever waits long loses again.
	}
	return 0
}

// lostPostgres says whether the server went or is on its way back, before a
// commit was asked for: after that nobody knows what is there.
func lostPostgres(err error) bool {
	var (
		committing *commitError
		failed     *pgconn.PgError
		connect    *pgconn.ConnectError
		network    *net.OpError
	)
	switch {
	case errors.As(err, &committing):
		return false
	case errors.As(err, &failed):
		// admin_shutdown, crash_shutdown, cannot_connect_now, idle_in_transaction_session_timeout
		return slices.Contains([]string{"57P01", "57P02", "57P03", "25P03"}, failed.Code)
	}
	return pgconn.SafeToRetry(err) || errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func racedPostgres(err error) bool {
	var failed *pgconn.PgError
	if !errors.As(err, &failed) {
		return false
	}
	switch failed.Code {
	case "42P07", "42710", "23505", "40001", "40P01", "XX000": // The last one: "tuple concurrently updated".
		return true
	}
	return false
}

func explainPostgres(name string, err error) string {
	var (
		failed  *pgconn.PgError
		connect *pgconn.ConnectError
	)
	switch {
	case errors.As(err, &failed):
		return explainCode(name, failed)
	case errors.As(err, &connect):
		return fmt.Sprintf("The PostgreSQL server of the directory %s cannot be reached (%s). Check host, port, TLS settings and that it runs.", name, innermost(err))
	}
	return fmt.Sprintf("The connection to the directory %s failed (%s). Read what was written before you try again.", name, innermost(err))
}

func explainCode(name string, failed *pgconn.PgError) string {
	switch failed.Code {
	case "28P01", "28000":
		return fmt.Sprintf("The PostgreSQL server of the directory %s refuses this user: %s. Check user, password and the server's pg_hba.conf.", name, failed.Message)
	case "3D000":
		return fmt.Sprintf("The PostgreSQL server of the directory %s does not have this database: %s. Create it, or correct the URL.", name, failed.Message)
	case "42501":
		return fmt.Sprintf("The user of the directory %s lacks a right in the database: %s. Grant it, or use the database's owner.", name, failed.Message)
	case "25006":
		return fmt.Sprintf("The server of the directory %s accepts no writes: %s. Use the primary server's URL, or set read_only.", name, failed.Message)
	case "53100", "53200":
		return fmt.Sprintf("The PostgreSQL server of the directory %s has no space left: %s. Nothing was changed; free some and try again.", name, failed.Message)
	case "53300":
		return fmt.Sprintf("The PostgreSQL server of the directory %s has too many connections: %s. Try again later, or raise max_connections.", name, failed.Message)
	case "55P03":
		return fmt.Sprintf("Another session holds a lock in the directory %s that this write waited for in vain, so nothing was changed. End that session (it is in pg_stat_activity, perhaps \"idle in transaction\") and try again.", name)
	case "57014":
		return fmt.Sprintf("The PostgreSQL server of the directory %s took too long, so nothing was changed: %s. Try again when it has less to do, or set a longer statement_timeout in the URL.", name, failed.Message)
	case "25P03":
		return fmt.Sprintf("The PostgreSQL server of the directory %s ended this transaction because this process stood still, so nothing was changed. Try again.", name)
	case "08P01":
		return fmt.Sprintf("The server of the directory %s refuses a setting of the connection: %s. Leave it out of the URL, or add its name to ignore_startup_parameters if PgBouncer stands before the server.", name, failed.Message)
	case "26000", "42P05":
		return fmt.Sprintf("Connections to the directory %s are shared with others: %s. Add default_query_exec_mode=exec to the URL.", name, failed.Message)
	case "57P03", "57P01", "57P02":
		return fmt.Sprintf("The PostgreSQL server of the directory %s is starting up or shutting down: %s. Try again later.", name, failed.Message)
	case "40001", "40P01":
		return fmt.Sprintf("The directory %s is so busy that this write kept losing against others for a minute. Try again later.", name)
	}
	return fmt.Sprintf("The PostgreSQL server of the directory %s answered: %s (SQLSTATE %s).", name, failed.Message, failed.Code)
}

// innermost is the cause at the end of a chain of errors, without the driver's
// account of the connection's settings.
func innermost(err error) string {
	for {
		switch wrapping := err.(type) { //nolint:errorlint // This walks the chain itself.
		case interface{ Unwrap() error }:
			inner := wrapping.Unwrap()
			if inner == nil {
				return err.Error()
			}
			err = inner
		case interface{ Unwrap() []error }:
			inner := wrapping.Unwrap()
			if len(inner) == 0 {
				return err.Error()
			}
			err = inner[len(inner)-1]
		default:
			return strings.TrimSuffix(err.Error(), ".")
		}
	}
}
