package sqldb

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
)

// dialect is what differs between the databases. The queries do not.
type dialect struct {
	goose goose.Dialect
	// schema fills in the templates of the migrations.
	schema schema
	// writers is how many transactions a process writes with at once.
	writers int
	// transact runs attempt in a writing transaction, in which no other one writes
	// to the account, and commits it if attempt returns no error.
	transact func(ctx context.Context, p *pool, account string, attempt func(statements) error) error
	// planned are arguments before all others with which a query is planned for
	// its arguments rather than once for any.
	planned []any
	// tableExists is a query that says whether a table $1 is there.
	tableExists string
	// again returns how long to wait at most before what failed with err and only
	// lost against others is repeated, 0 if it is not. The attempts that were made are given.
	again func(err error, attempts int) time.Duration
	// lost says whether the connection was lost, or refused for the moment, while
	// nothing could have been committed.
	lost func(err error) bool
	// raced says whether a migration may have failed because another process made it meanwhile.
	raced func(err error) bool
	// explain returns the driver's error as a sentence about the directory called name, or "".
	explain func(name string, err error) string
}

// schema is what differs between the databases' schemas.
type schema struct {
	// Text is the type of text that compares byte by byte.
	Text string
	// Rewritten is how a table is stored whose rows every write rewrites: with room
	// beside it a row stays on its page, and no index has to know. One that leaves its
	// page collides, by its index entries, with whoever reads near its key.
	Rewritten string
	// Triggers says whether triggers keep the audit trail append-only.
	Triggers bool
	// Identity is the ID of a directory that is made now.
	Identity string
}

var sqliteDialect = &dialect{
	goose:       goose.DialectSQLite3,
	writers:     1,
	schema:      schema{Text: "TEXT", Triggers: true},
	transact:    transactSQLite,
	tableExists: `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1`,
	again:       againSQLite,
	lost:        func(error) bool { return false },
	raced:       racedSQLite,
	explain:     explainSQLite,
}

var postgresDialect = &dialect{
	goose:       goose.DialectPostgres,
	writers:     connections / 2,
	schema:      schema{Text: `TEXT COLLATE "C"`, Rewritten: ` WITH (fillfactor = 50)`},
	transact:    transactPostgres,
	planned:     []any{pgx.QueryExecModeExec},
	tableExists: `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1`,
	again:       againPostgres,
	lost:        lostPostgres,
	raced:       racedPostgres,
	explain:     explainPostgres,
}
