package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestProcessesOnOneFile(t *testing.T) {
	t.Parallel()
	for round := range 3 { // The race for the first use is a new one each time.
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.directory", round))
		writeTogether(t, path)
		intact(t, path)
	}
}

func TestProcessesOnOneDatabase(t *testing.T) {
	t.Parallel()
	for range 2 {
		writeTogether(t, postgrestest.New(t))
	}
}

// writeTogether lets four processes use a new directory at once.
func writeTogether(t *testing.T, dsn string) {
	t.Helper()
	const processes = 4
	var outputs [processes]<-chan string
	for i := range processes {
		outputs[i] = lines(t, child(t, "write some", dsn, fmt.Sprintf("p%d", i)))
	}
	winners, done := 0, []rolemodel.Email{}
	for _, output := range outputs {
		for line := range output {
			switch verb, rest, _ := strings.Cut(line, " "); verb {
			case "won":
				winners++
			case "done":
				done = append(done, rolemodel.Email(rest))
			default:
				t.Error(line)
			}
		}
	}
	if winners != 1 || len(done) != processes*someWrites {
		t.Fatalf("%d processes created the same tenant and %d writes were done", winners, len(done))
	}
	db := open(t, dsn)
	for _, email := range done {
		_, err := db.Open(owner()).ExternalAdmin(t.Context(), "CALPHA", email)
		check(t, err)
	}
	consistent(t.Context(), t, db)
	check(t, db.Close())
}

// TestWaitsForAnotherProcess: who waits for the file stops waiting when told to,
// reads in the meantime, and gets its turn.
func TestWaitsForAnotherProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "busy.directory")
	d := open(t, path).Open(owner())
	check(t, setUp(t.Context(), d))
	other, err := raw(t, path).Conn(t.Context())
	check(t, err)
	_, err = other.ExecContext(t.Context(), `BEGIN IMMEDIATE`)
	check(t, err)

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := deleteTenant(ctx, d, "CALPHA"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want the context's error", err)
	}
	_, err = directory.Collect(d.Tenants(t.Context(), directory.TenantFilter{}))
	check(t, err)
	waiting := make(chan error)
	go func() { waiting <- deleteTenant(t.Context(), d, "CALPHA") }()
	time.Sleep(20 * time.Millisecond)
	_, err = other.ExecContext(t.Context(), `ROLLBACK`)
	check(t, err)
	check(t, <-waiting)
	check(t, other.Close())
}
