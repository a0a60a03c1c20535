package sqldb_test

import (
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/directorytest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, func(t *testing.T) (a, b directory.Opener) {
		path := filepath.Join(t.TempDir(), "test.directory")
		return open(t, path), open(t, path)
	})
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, func(t *testing.T) (a, b directory.Opener) {
		dsn := postgrestest.New(t)
		return open(t, dsn), open(t, dsn)
	})
}

// open returns the directory at dsn, closed at the end of the test.
func open(t testing.TB, dsn string, options ...sqldb.Option) *sqldb.DB {
	t.Helper()
	db, err := sqldb.New(dsn, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
