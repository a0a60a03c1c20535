package sqldb_test

import (
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/directorytest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, func(t *testing.T) directorytest.As {
		return open(t, filepath.Join(t.TempDir(), "test.directory")).As
	})
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, func(t *testing.T) directorytest.As {
		return open(t, postgrestest.New(t)).As
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
