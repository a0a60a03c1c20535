package sqldb

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// applicationID marks a SQLite file as a directory ("MmDr"), so that another
// program's file is left alone.
const applicationID = 0x4d6d4472

// connections is how many connections a process keeps open. SQLite has one
// writer at a time and PostgreSQL's are dear; readers share the rest.
const connections = 8

// openSQLite opens the file after it has made sure that it is a directory or
// nothing yet, so that a foreign file is not even touched.
func (db *DB) openSQLite(ctx context.Context, create bool) (*pool, error) {
	path := db.location.dsn
	if err := db.checkFile(path, create); err != nil {
		return nil, err
	}
	mode := "rwc"
	if db.readOnly {
		mode = readingMode(path)
	}
	opened, err := db.connect(ctx, mode)
	if code := primaryCode(err); db.readOnly && (code == sqlite3.SQLITE_READONLY || code == sqlite3.SQLITE_CANTOPEN) {
		// SQLite cannot keep anything beside the file. One at rest can be read as it is.
		if _, missing := os.Stat(path + "-wal"); errors.Is(missing, fs.ErrNotExist) {
			return db.connect(ctx, "ro&immutable=1")
		}
	}
	return opened, err
}

// connect opens the file in a mode of SQLite's URIs.
func (db *DB) connect(ctx context.Context, mode string) (*pool, error) {
	// synchronous=FULL: what is reported as done is on the disk. busy_timeout is
	// short because the driver does not end a wait for another process with the
	// context; repeat does, and waits on. Each connection has a cache of its own, of
	// 2 MB unless told: the operating system has the file's pages in memory anyway.
	connector, err := sqlite.NewConnector(fileURI(db.location.dsn) + "?mode=" + mode +
		"&_busy_timeout=250&_foreign_keys=on&_synchronous=FULL&_txlock=immediate&_dqs=0&_defensive=1&_pragma=cache_size(-256)")
	if err != nil {
		return nil, err
	}
	opened := sql.OpenDB(connector)
	opened.SetMaxOpenConns(connections)
	opened.SetMaxIdleConns(connections)
	if err := db.claim(ctx, opened); err != nil {
		_ = opened.Close()
		return nil, err
	}
	return &pool{DB: opened, dialect: sqliteDialect}, nil
}

// readingMode is how SQLite opens a file that is only read. The last to close a
// file removes what SQLite keeps beside it, for which it must be allowed to write.
func readingMode(path string) string {
	file, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // The user's own file.
	if err != nil {
		return "ro"
	}
	_ = file.Close()
	return "rw&_query_only=1"
}

// fileURI returns the path as SQLite reads URIs.
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if path[0] != '/' { // C:/...
		path = "/" + path
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

// checkFile looks at the path without SQLite.
func (db *DB) checkFile(path string, create bool) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && db.mustExist:
		return problemf("There is no directory %s. Correct the path.", path)
	case errors.Is(err, fs.ErrNotExist) && db.readOnly:
		return problemf("There is no directory %s, and it is not created because it is open for reading only. Correct the path, or use it once without read_only.", path)
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
			return problemf("The directory %s cannot be created: there is no folder %s. Create the folder or correct the path.", path, filepath.Dir(path))
		}
		return db.orNone(create) // SQLite says the rest.
	case errors.Is(err, fs.ErrPermission):
		return problemf("The directory %s cannot be opened: this user may not look into its folder. Give it permission, or use another path.", path)
	case err != nil:
		return problemf("The directory %s cannot be opened: %v.", path, err)
	case info.IsDir():
		return problemf("The path %s is a folder. Write the path of a file in it, for example %q.", path, filepath.Join(path, "mimecast.directory"))
	case info.Size() == 0:
		return db.orNone(create)
	}
	return checkHeader(path)
}

// orNone is errNone unless the directory is to be created, or is none that may be missing.
func (db *DB) orNone(create bool) error {
	if create || db.readOnly || db.mustExist {
		return nil
	}
	return errNone
}

// checkHeader says whether the file begins as a directory does
// (https://www.sqlite.org/fileformat.html#the_database_header).
func checkHeader(path string) error {
	file, err := os.Open(path) //nolint:gosec // The user's own file.
	if errors.Is(err, fs.ErrPermission) {
		return problemf("The directory %s cannot be read by this user. Give it permission, or use another path.", path)
	}
	if err != nil {
		return problemf("The directory %s cannot be opened: %v.", path, err)
	}
	defer file.Close()
	header := make([]byte, 100)
	if _, err := io.ReadFull(file, header); err != nil || string(header[:16]) != "SQLite format 3\x00" {
		return problemf("The file %s is not a directory: it is not a SQLite file. Correct the path; nothing was changed.", path)
	}
	if binary.BigEndian.Uint32(header[68:]) != applicationID {
		return foreignFile(path)
	}
	return nil
}

func foreignFile(path string) error {
	return problemf("The file %s is another program's SQLite database, not a directory. Correct the path; nothing was changed.", path)
}

// claim marks a new file as a directory and turns on write-ahead logging, with
// which readers and the writer do not wait for each other.
func (db *DB) claim(ctx context.Context, opened *sql.DB) error {
	var id int64
	if err := opened.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if id == 0 && !db.readOnly {
		if err := db.mark(ctx, opened); err != nil {
			return err
		}
	}
	if db.readOnly {
		return nil
	}
	var mode string
	if err := opened.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil || mode == "wal" {
		return err
	}
	// The change needs the file alone and does not wait for it: repeat does.
	if err := opened.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return problemf("The directory %s lies on a file system that SQLite's write-ahead log does not work on. Move it to a local disk, or use PostgreSQL.", db)
	}
	return nil
}

// mark gives an empty database the application ID.
func (db *DB) mark(ctx context.Context, opened *sql.DB) error {
	tx, err := opened.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var id, objects int64
	if err := tx.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if id == applicationID {
		return nil // Another process was faster.
	}
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&objects); err != nil {
		return err
	}
	if id != 0 || objects > 0 {
		return foreignFile(db.location.dsn)
	}
	// A PRAGMA takes no parameters.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
		return err
	}
	return tx.Commit()
}

// transactSQLite is dialect.transact. SQLite has one writer at a time anyway: its
// connections' settings make BEGIN an IMMEDIATE one.
func transactSQLite(ctx context.Context, p *pool, _ string, attempt func(statements) error) error {
	tx, err := p.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // Does nothing after Commit.
	if err := attempt(sqliteStatements{tx}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return &commitError{err}
	}
	return nil
}

// sqliteStatements runs each statement at once.
type sqliteStatements struct{ tx *sql.Tx }

func (s sqliteStatements) exec(ctx context.Context, text string, args ...any) error {
	_, err := s.tx.ExecContext(ctx, text, args...)
	return err
}

func (s sqliteStatements) query(ctx context.Context, row func(scan func(...any) error) error, text string, args ...any) error {
	return queryRows(ctx, s.tx, row, text, args)
}
