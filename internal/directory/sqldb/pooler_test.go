package sqldb_test

import (
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/directorytest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
)

// TestPgBouncer: the directory is the same through PgBouncer in transaction mode.
func TestPgBouncer(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, func(t *testing.T) (a, b directory.Opener) {
		pooled, direct := postgrestest.Pooled(t)
		return open(t, pooled), open(t, direct)
	})
}

// TestProcessesBehindPgBouncer has four processes share fewer connections than they open.
func TestProcessesBehindPgBouncer(t *testing.T) {
	t.Parallel()
	pooled, _ := postgrestest.Pooled(t)
	writeTogether(t, pooled)
	d := open(t, pooled, sqldb.ReadOnly()).Open(owner())
	if _, err := d.Tenant(t.Context(), "CALPHA"); err != nil {
		t.Error(err)
	}
	fails(t, open(t, with(t, pooled, "options", "-c lock_timeout=1s")), "refuses a setting of the connection", "ignore_startup_parameters")
}
