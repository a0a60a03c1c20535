package sqldb_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestFailover crashes the primary server under several writers and promotes the
// standby. Writers go on with the same handle: what was reported as done is
// there, and nothing was done twice.
func TestFailover(t *testing.T) {
	t.Parallel()
	pair := postgrestest.NewPair(t)
	db := open(t, pair.Both())
	d := db.Open(owner())
	check(t, setUp(t.Context(), d))
	const writers, before, after = 8, 200, 200
	for i := range writers / 2 { // Two to a tenant.
		_, err := directory.Create(t.Context(), d, rolemodel.Tenant{
			AccountCode: tenantCode(i), Name: "Client", PrimaryDomain: rolemodel.Domain(fmt.Sprintf("client%d.example", i)), PartnerID: "CMSP1",
		}, "")
		check(t, err)
	}
	var (
		wait          sync.WaitGroup
		done, unknown atomic.Int64
		enough        atomic.Bool
		all           [writers]map[directory.Key]bool
	)
	for w := range writers {
		all[w] = map[directory.Key]bool{}
		wait.Go(func() {
			for i := 0; !enough.Load(); i++ {
				a := rolemodel.ExternalAdmin{TenantID: tenantCode(w / 2), Email: rolemodel.Email(fmt.Sprintf("w%d-%d@msp.example", w, i)), RoleID: rolemodel.BasicAdmin}
				key := directory.KeyOf(a)
				unknown.Add(until(t, d, key, true, func() error { return grant(t.Context(), d, a.TenantID, a.Email) }))
				if all[w][key] = i%3 != 2; !all[w][key] {
					unknown.Add(until(t, d, key, false, func() error {
						_, err := directory.Delete[rolemodel.ExternalAdmin](t.Context(), d, key, "")
						return err
					}))
				}
				done.Add(1)
			}
		})
	}
	reach := func(n int64) {
		for done.Load() < n && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
	}
	reach(before)
	pair.Crash(t)
	crashed := time.Now()
	time.Sleep(500 * time.Millisecond) // As long as it takes to notice, at the least.
	pair.Promote(t)
	reach(done.Load() + writers)
	t.Logf("writing again %s after the crash, %d writes with an unknown end", time.Since(crashed).Round(time.Millisecond), unknown.Load())
	reach(done.Load() + after)
	enough.Store(true)
	wait.Wait()
	if unknown.Load() > writers {
		t.Errorf("%d writes failed, more than there were commits under way", unknown.Load())
	}
	accountedFor(t, db, all[:])
}

// until writes until it is known that a grant is there, or is not, and returns how
// often a write ended so that nobody knew.
func until(t *testing.T, d directory.Directory, key directory.Key, there bool, write func() error) (unknown int64) {
	for err := write(); err != nil; err = write() {
		unknown++
		if !strings.Contains(err.Error(), "Read what was written before you try again") {
			t.Error(err)
			return unknown
		}
		_, err = d.ExternalAdmin(t.Context(), key.Account, key.Email)
		if there == (err == nil) {
			return unknown
		}
		if err != nil && !directory.IsNotFound(err) {
			t.Error(err)
			return unknown
		}
	}
	return unknown
}

// accountedFor checks that there are those grants and no others, and that the
// trail says of each once that it came, and once that it went if it did.
func accountedFor(t *testing.T, db *sqldb.DB, all []map[directory.Key]bool) {
	t.Helper()
	d := db.Open(owner())
	there, events := map[directory.Key]bool{}, map[string]int{}
	for admin, err := range d.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{}) {
		check(t, err)
		there[directory.KeyOf(admin)] = true
	}
	for event, err := range d.AuditEvents(t.Context(), directory.AuditFilter{}) {
		check(t, err)
		events[event.Action+" "+event.Key]++
	}
	total := 0
	for _, some := range all {
		for key, stays := range some {
			gone := 1
			if stays {
				total++
				gone = 0
			}
			if there[key] != stays {
				t.Errorf("%s: that it is there was reported as %v and is %v", key, stays, there[key])
			}
			if created, deleted := events["create "+key.String()], events["delete "+key.String()]; created != 1 || deleted != gone {
				t.Errorf("%s was created %d times and deleted %d times", key, created, deleted)
			}
		}
	}
	if total != len(there) {
		t.Errorf("%d grants are there, want %d", len(there), total)
	}
	consistent(context.Background(), t, db)
}

// TestReplica reads from a standby, and says what to do about writing to it.
func TestReplica(t *testing.T) {
	t.Parallel()
	pair := postgrestest.NewPair(t)
	check(t, setUp(t.Context(), open(t, pair.Primary()).Open(owner())))
	execute(t, pair.Primary(), `ALTER DATABASE postgres SET default_transaction_isolation = 'serializable'`)
	replica := open(t, pair.Standby(), sqldb.ReadOnly())
	d := replica.Open(owner())
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		_, err := d.Tenant(t.Context(), "CALPHA")
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err) // What was committed is there, though it may not be applied yet.
		}
	}
	consistent(t.Context(), t, replica)
	if err := grant(t.Context(), d, "CALPHA", "a@msp.example"); err == nil || err.Error() != directory.ErrReadOnly.Error() {
		t.Errorf("writing to a replica: %v", err)
	}
	fails(t, open(t, pair.Standby()), "it is a replica", "set read_only")
}
