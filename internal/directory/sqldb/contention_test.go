package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// contendFor is how long processes write beside each other in one measurement, and
// warmUp how long before it: a server's process prepares its statements once.
const (
	contendFor = 5 * time.Second
	warmUp     = time.Second
)

// bare, for how far tenants are apart, writes without the directory.
const bare = -1

// BenchmarkProcesses has 16 clients write without a pause, all in one process and
// in four, each client to a tenant of its own and all to the same one, beside
// others: ten technicians and five hundred tenants. A retry is a transaction that
// the server rolled back. Beside them 16 clients write bare serializable
// transactions: what the machine and the server take by themselves.
func BenchmarkProcesses(b *testing.B) {
	for name, apart := range map[string]int{"tenant each": 31, "one tenant": 0, "bare": bare} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				alone := contend(b, 1, 16, apart)
				beside := contend(b, 4, 4, apart)
				b.ReportMetric(alone.perSecond, "1x16-writes/s")
				b.ReportMetric(beside.perSecond, "4x4-writes/s")
				b.ReportMetric(beside.perSecond/alone.perSecond, "4x4/1x16")
				b.ReportMetric(beside.retries, "4x4-retries-%")
				b.ReportMetric(beside.p99.Seconds()*1000, "4x4-p99-ms")
				b.ReportMetric(float64(beside.deadlocks), "4x4-deadlocks")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

type contention struct {
	perSecond, retries float64
	deadlocks          int
	p99                time.Duration
}

// contend measures processes that write to one new database together. The tenants
// of two clients are so far apart.
func contend(b *testing.B, processes, clients, apart int) contention {
	b.Helper()
	dsn := postgrestest.New(b)
	d := open(b, dsn).Open(owner())
	check(b, setUp(b.Context(), d))
	for i := range 500 {
		_, err := directory.Create(b.Context(), d, rolemodel.Tenant{
			AccountCode: tenantCode(i), Name: "Client", PrimaryDomain: rolemodel.Domain(fmt.Sprintf("client%d.example", i)), PartnerID: "CMSP1",
		}, "")
		check(b, err)
		_, err = directory.ReplaceExternalAdmins(b.Context(), d, directory.Replace{Action: directory.ActionUpdate, Tenant: tenantCode(i), Admins: numbered(10, rolemodel.BasicAdmin)})
		check(b, err)
	}
	if apart == bare {
		createBare(b, dsn, processes*clients)
	}
	var (
		outputs []<-chan string
		starts  []io.Closer
	)
	for i := range processes {
		cmd := child(b, "contend", dsn, fmt.Sprintf("%d %d %d %s", i*clients, clients, apart, dsn))
		start, err := cmd.StdinPipe()
		check(b, err)
		starts, outputs = append(starts, start), append(outputs, lines(b, cmd))
	}
	for _, output := range outputs {
		if line := <-output; line != "ready" {
			b.Fatal(line)
		}
	}
	_, before := transactions(b, dsn)
	for _, start := range starts {
		check(b, start.Close())
	}
	var took []time.Duration
	for _, output := range outputs {
		for line := range output {
			d, err := time.ParseDuration(line)
			if err != nil {
				b.Fatal(line)
			}
			took = append(took, d)
		}
	}
	deadlocks, after := transactions(b, dsn)
	slices.Sort(took)
	return contention{
		perSecond: float64(len(took)) / contendFor.Seconds(), retries: 100 * float64(after-before) / float64(len(took)),
		deadlocks: deadlocks, p99: took[len(took)*99/100],
	}
}

// transactions returns how many deadlocks there were in the database and how many transactions were rolled back.
func transactions(t testing.TB, dsn string) (deadlocks, rolledBack int) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	check(t, err)
	defer db.Close()
	check(t, db.QueryRowContext(t.Context(), `SELECT deadlocks, xact_rollback FROM pg_stat_database WHERE datname = current_database()`).Scan(&deadlocks, &rolledBack))
	return deadlocks, rolledBack
}

func tenantCode(i int) rolemodel.AccountCode {
	return rolemodel.AccountCode(fmt.Sprintf("CUSB%05d", i))
}

// contendWrites grants, regrants and revokes with some clients and prints how long
// each write took. Its name is the number of the first client, how many there are
// and how far apart their tenants are. It begins when its standard input ends.
func contendWrites(ctx context.Context, db *sqldb.DB, name string) error {
	var (
		from, clients, apart int
		dsn                  string
	)
	if _, err := fmt.Sscan(name, &from, &clients, &apart, &dsn); err != nil {
		return err
	}
	d := db.Open(owner())
	plain, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	plain.SetMaxIdleConns(clients)
	defer plain.Close()
	if _, err := d.Tenant(ctx, tenantCode(0)); err != nil {
		return err
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	var (
		wait  sync.WaitGroup
		took  = make([][]time.Duration, clients)
		warm  = time.Now().Add(warmUp)
		until = warm.Add(contendFor)
	)
	for c := range clients {
		wait.Go(func() {
			grant := rolemodel.ExternalAdmin{TenantID: tenantCode((from + c) * apart), Email: rolemodel.Email(fmt.Sprintf("client%d@msp.example", from+c))}
			for i := 0; ; i++ {
				started := time.Now()
				if started.After(until) {
					return
				}
				write := func() error { return inTurn(ctx, d, grant, i) }
				if apart == bare {
					write = func() error { return writeBare(ctx, plain, from+c) }
				}
				if err := write(); err != nil {
					fmt.Println("failed", err)
					return
				}
				if started.After(warm) {
					took[c] = append(took[c], time.Since(started))
				}
			}
		})
	}
	wait.Wait()
	for _, d := range slices.Concat(took...) {
		fmt.Println(d)
	}
	return db.Close()
}

// createBare makes a table with a row for each client, and one that all append to by time.
func createBare(b *testing.B, dsn string, clients int) {
	b.Helper()
	db, err := sql.Open("pgx", dsn)
	check(b, err)
	defer db.Close()
	for _, text := range []string{
		`CREATE TABLE bare (id integer PRIMARY KEY, n integer NOT NULL)`,
		`CREATE TABLE bare_events (id text COLLATE "C" PRIMARY KEY, body text NOT NULL)`,
		fmt.Sprintf(`INSERT INTO bare SELECT i, 0 FROM generate_series(0, %d) i`, clients*1000),
		`ANALYZE bare`,
	} {
		_, err := db.ExecContext(b.Context(), text)
		check(b, err)
	}
}

// writeBare reads and changes a client's row and appends an event, in a serializable transaction, again until it is committed.
func writeBare(ctx context.Context, db *sql.DB, client int) error {
	attempt := func() error {
		tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT n FROM bare WHERE id = $1`, client*1000).Scan(&n); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE bare SET n = $1 WHERE id = $2`, n+1, client*1000); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO bare_events VALUES ($1, repeat('x', 500))`, fmt.Sprintf("%d.%d", time.Now().UnixNano(), client)); err != nil {
			return err
		}
		return tx.Commit()
	}
	for {
		var refused *pgconn.PgError
		if err := attempt(); !errors.As(err, &refused) || refused.Code != "40001" {
			return err
		}
	}
}

// inTurn creates, changes and deletes a grant, one of it each time.
func inTurn(ctx context.Context, d directory.Directory, grant rolemodel.ExternalAdmin, turn int) (err error) {
	switch turn % 3 {
	case 0:
		grant.RoleID = rolemodel.BasicAdmin
		_, err = directory.Create(ctx, d, grant, "")
	case 1:
		grant.RoleID = rolemodel.HelpDeskAdmin
		_, err = directory.Update(ctx, d, directory.KeyOf(grant), grant, 0, "")
	case 2:
		_, err = directory.Delete[rolemodel.ExternalAdmin](ctx, d, directory.KeyOf(grant), "")
	}
	return err
}
