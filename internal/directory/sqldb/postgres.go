package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// openPostgres connects and makes sure that the server keeps the promise that
// every write depends on: serializable transactions.
func (db *DB) openPostgres(ctx context.Context, _ bool) (*sql.DB, error) {
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
	if db.readOnly {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	}
	opened := stdlib.OpenDB(*config)
	opened.SetMaxOpenConns(connections)
	opened.SetMaxIdleConns(connections)
	if err := db.checkServer(ctx, opened); err != nil {
		_ = opened.Close()
		return nil, err
	}
	return opened, nil
}

// reason is the last part of the driver's error, without the URL.
func reason(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	message := err.Error()
	return strings.TrimSpace(message[strings.LastIndex(message, "`:")+1:])
}

func (db *DB) checkServer(ctx context.Context, opened *sql.DB) error {
	tx, err := opened.BeginTx(ctx, postgresDialect.begin)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var isolation, readOnly string
	if err := tx.QueryRowContext(ctx, `SHOW transaction_isolation`).Scan(&isolation); err != nil {
		return err
	}
	if err := tx.QueryRowContext(ctx, `SHOW transaction_read_only`).Scan(&readOnly); err != nil {
		return err
	}
	if isolation != "serializable" {
		return problemf("The server of the directory %s gives %s transactions where serializable ones are asked for, so writers could break the rules together. Enable serializable isolation on it.", db, isolation)
	}
	if readOnly == "on" && !db.readOnly {
		return problemf("The server of the directory %s accepts no writes: it is a replica or set to read-only transactions. Use the primary server's URL, or set read_only.", db)
	}
	return nil
}

// againPostgres repeats what lost against another transaction. A constraint
// that fails says the same, since the rules were decided before: the next
// attempt sees the winner and decides anew. It is not repeated for ever, in
// case it says something else.
func againPostgres(err error, attempts int) bool {
	const constraintAttempts = 10
	var failed *pgconn.PgError
	if !errors.As(err, &failed) {
		return false
	}
	switch failed.Code {
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return true
	case "23505", "23503": // unique_violation, foreign_key_violation
		return attempts < constraintAttempts
	}
	return false
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
	case "57P03", "57P01":
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
