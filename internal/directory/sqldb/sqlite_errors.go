package sqldb

import (
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// primaryCode returns SQLite's primary result code of err, or 0.
func primaryCode(err error) int {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return 0
	}
	return failed.Code() & 0xff
}

// againSQLite repeats what waited for another process for as long as a
// connection waits at a time.
func againSQLite(err error, _ int) time.Duration {
	if primaryCode(err) == sqlite3.SQLITE_BUSY {
		return 100 * time.Millisecond
	}
	return 0
}

// racedSQLite: that a table exists already has no code of its own.
func racedSQLite(err error) bool {
	code := primaryCode(err)
	return code == sqlite3.SQLITE_ERROR || code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_CONSTRAINT
}

func explainSQLite(name string, err error) string {
	switch primaryCode(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Sprintf("The directory %s has been in use by another process for more than a minute. Let it finish or end it, and try again.", name)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Sprintf("The directory %s cannot be written: this user may not write the file, or its folder, or the disk is mounted read-only. Give write permission to both, or set read_only.", name)
	case sqlite3.SQLITE_FULL:
		return fmt.Sprintf("There is no space left for the directory %s. Nothing was changed; free some space and try again.", name)
	case sqlite3.SQLITE_IOERR:
		return fmt.Sprintf("The disk of the directory %s did not do what was asked (%v). Nothing was changed; check its free space and health, and try again.", name, err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Sprintf("The directory %s cannot be opened: this user may not create the file, or the files that SQLite keeps beside it (-wal and -shm). Give it write permission to the folder, or use another path.", name)
	case sqlite3.SQLITE_NOTADB:
		return fmt.Sprintf("The file %s is not a directory: it is not a SQLite file. Correct the path; nothing was changed.", name)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Sprintf("The directory %s is damaged (%v). Restore it from a backup.", name, err)
	}
	return ""
}
