// Package sqldb is the directory on SQL: a SQLite file for one machine, or
// PostgreSQL (and what speaks its protocol) for many. Both run the same
// queries and behave the same; see directorytest.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// DB is a directory on SQL. It may be used by many goroutines at once.
type DB struct {
	location  location
	readOnly  bool
	mustExist bool
	// defaultRoleNames are looked up for every grant that is read.
	defaultRoleNames map[rolemodel.RoleID]string

	// opened is the pool once the directory is open, and opening is held while
	// somebody opens it. It is a channel so that waiting ends with a context.
	opened  atomic.Pointer[pool]
	opening chan struct{}
	// writing lets as many write at once as the dialect has writers, and inAccount
	// one at a time in each account. Writes of one process queue here rather than in
	// the database, where they would poll (SQLite) or fail and be repeated (PostgreSQL).
	writing   chan struct{}
	inAccount keyedMutex
	// recorded is the time of the last event, in microseconds: this process
	// records events in order even if the clock is set back.
	recorded atomic.Int64
	closed   atomic.Bool
}

// pool is an open directory.
type pool struct {
	*sql.DB
	dialect *dialect
	// settings is a query that a writing transaction begins with, "" for none.
	settings string
}

// again is dialect.again for an open directory, whose server will be back if it is gone.
func (p *pool) again(err error, attempts int) time.Duration {
	if p.dialect.lost(err) {
		return time.Second
	}
	return p.dialect.again(err, attempts)
}

// MustExist opens a directory only if there is one: it is not created.
func MustExist() Option { return func(db *DB) { db.mustExist = true } }

// Option changes how a directory is opened.
type Option func(*DB)

// ReadOnly opens the directory for reading only: it is neither created nor
// migrated, and every write returns directory.ErrReadOnly.
func ReadOnly() Option { return func(db *DB) { db.readOnly = true } }

// New returns the directory at dsn: the path of a SQLite file, or a postgres://
// or postgresql:// URL. It checks the form of dsn and touches nothing. The
// first use opens the directory and brings the schema up to date, and the first
// write creates it; if that fails, the next use tries again.
func New(dsn string, options ...Option) (*DB, error) {
	location, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	db := &DB{
		location:         location,
		defaultRoleNames: map[rolemodel.RoleID]string{},
		opening:          make(chan struct{}, 1),
		writing:          make(chan struct{}, location.dialect.writers),
	}
	for _, role := range rolemodel.DefaultRoles() {
		db.defaultRoleNames[role.ID] = role.Name
	}
	for _, option := range options {
		option(db)
	}
	return db, nil
}

// String names the directory without any password.
func (db *DB) String() string { return db.location.name }

// GoString is String: a password does not show in a %#v either.
func (db *DB) GoString() string { return db.location.name }

var _ directory.Opener = (*DB)(nil)

// Open implements directory.Opener.
func (db *DB) Open(caller directory.Caller) directory.Directory {
	return &session{reader: reader{db: db, scope: caller.Scope, viewer: &caller.Actor}, caller: caller}
}

// Ping says whether the directory can be reached.
func (db *DB) Ping(ctx context.Context) error {
	p, err := db.pool(ctx, false)
	if errors.Is(err, errNone) {
		return nil
	}
	if err != nil {
		return err
	}
	return db.explain(p.PingContext(ctx)) // Not repeated: whoever asks wants to know.
}

// Close closes the directory. Using it afterwards is an error.
func (db *DB) Close() error {
	db.closed.Store(true)
	db.opening <- struct{}{}
	defer func() { <-db.opening }()
	if p := db.opened.Swap(nil); p != nil {
		return db.explain(p.Close())
	}
	return nil
}

// errNone says that there is no directory yet, which reading does not create.
var errNone = errors.New("there is no directory yet")

// pool returns the open directory and opens it if it is not open yet. Only where
// it is to be written to is it created: otherwise the error may be errNone.
func (db *DB) pool(ctx context.Context, create bool) (*pool, error) {
	if p := db.opened.Load(); p != nil {
		return p, nil
	}
	select {
	case db.opening <- struct{}{}:
		defer func() { <-db.opening }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if p := db.opened.Load(); p != nil {
		return p, nil
	}
	if db.closed.Load() {
		return nil, problemf("The directory %s is closed already.", db)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var p *pool
	err := repeat(ctx, db.location.dialect.again, func() (err error) {
		p, err = db.open(ctx, create)
		return err
	})
	if err != nil {
		return nil, db.explain(err)
	}
	db.opened.Store(p)
	return p, nil
}

// open connects, checks what is there and brings the schema up to date.
func (db *DB) open(ctx context.Context, create bool) (*pool, error) {
	connect := db.openPostgres
	if db.location.dialect == sqliteDialect {
		connect = db.openSQLite
	}
	p, err := connect(ctx, create)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx, p, create); err != nil {
		_ = p.Close()
		return nil, err
	}
	return p, nil
}
