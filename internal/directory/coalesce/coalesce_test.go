package coalesce_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/coalesce"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// asked notes what a directory is asked for.
type asked struct {
	directory.Directory

	mu sync.Mutex
	// requests are the lists by kind and number of accounts, "tenants 3", and "one" for a single read.
	requests []string
	// broken fails the lists of external admins.
	broken bool
	// arrived and proceed hold lists of external admins up, if they are set.
	arrived, proceed chan struct{}
}

var errBroken = errors.New("broken")

func (a *asked) note(kind string, of int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests = append(a.requests, strings.TrimSuffix(fmt.Sprint(kind, " ", of), " 0"))
}

// since returns what was asked for since the last call.
func (a *asked) since() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	requests := a.requests
	a.requests = nil
	return requests
}

func (a *asked) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	a.note("partners", len(filter.Codes))
	return a.Directory.Partners(ctx, filter)
}

func (a *asked) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	a.note("one", 0)
	return a.Directory.Tenant(ctx, code)
}

func (a *asked) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	a.note("tenants", len(filter.Codes))
	return a.Directory.Tenants(ctx, filter)
}

func (a *asked) Roles(ctx context.Context, filter directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	a.note("roles", len(filter.TenantIDs))
	return a.Directory.Roles(ctx, filter)
}

func (a *asked) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	a.note("one", 0)
	return a.Directory.ExternalAdmin(ctx, tenant, email)
}

func (a *asked) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	a.note("admins", len(filter.TenantIDs))
	return func(yield func(rolemodel.ExternalAdmin, error) bool) {
		if a.broken {
			yield(rolemodel.ExternalAdmin{}, errBroken)
			return
		}
		all, err := directory.Collect(a.Directory.ExternalAdmins(ctx, filter))
		if a.proceed != nil {
			a.arrived <- struct{}{}
			<-a.proceed
		}
		if err != nil {
			yield(rolemodel.ExternalAdmin{}, err)
		}
		for _, admin := range all {
			if !yield(admin, nil) {
				return
			}
		}
	}
}

func (a *asked) Count(ctx context.Context, filter directory.Filter) (int, error) {
	a.note("count", 0)
	return a.Directory.Count(ctx, filter)
}

func email(i int) rolemodel.Email {
	return rolemodel.Email(fmt.Sprintf("technician%03d@msp.example", i))
}

func tenant(i int) rolemodel.AccountCode { return rolemodel.AccountCode(fmt.Sprintf("CT%03d", i)) }

// world is a directory with a partner and tenants, each with the same external admins.
func world(t *testing.T, tenants, admins int) *asked {
	t.Helper()
	db, err := sqldb.New(filepath.Join(t.TempDir(), "msp.directory"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	d := db.Open(directory.Owner(rolemodel.Actor{Name: "tester", Role: role}))
	create(t, d, rolemodel.Partner{AccountCode: "CMSP", Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}})
	grants := make([]rolemodel.ExternalAdmin, admins)
	for i := range grants {
		grants[i] = rolemodel.ExternalAdmin{Email: email(i), RoleID: rolemodel.BasicAdmin}
	}
	for i := range tenants {
		create(t, d, rolemodel.Tenant{AccountCode: tenant(i), Name: fmt.Sprint("Client ", i), PrimaryDomain: rolemodel.Domain(fmt.Sprintf("c%d.example", i)), PartnerID: "CMSP"})
		if _, err := directory.ReplaceExternalAdmins(t.Context(), d, directory.Replace{Tenant: tenant(i), Admins: grants}); err != nil {
			t.Fatal(err)
		}
	}
	return &asked{Directory: d}
}

func create[E directory.Entry](t *testing.T, d directory.Directory, entry E) E {
	t.Helper()
	created, err := directory.Create(t.Context(), d, entry, "")
	if err != nil {
		t.Fatal(err)
	}
	return created.Entry
}

func remove[E directory.Entry](t *testing.T, d directory.Directory, key directory.Key) directory.Effect {
	t.Helper()
	removed, err := directory.Delete[E](t.Context(), d, key, "")
	if err != nil {
		t.Fatal(err)
	}
	return removed.Effect
}

func grants(t *testing.T, d directory.Directory, of rolemodel.AccountCode) []rolemodel.ExternalAdmin {
	t.Helper()
	all, err := directory.Collect(d.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{of}}))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRefresh reads as Terraform does in a plan that changes nothing.
func TestRefresh(t *testing.T) {
	t.Parallel()
	const tenants, admins, workers = 250, 4, 10
	inner := world(t, tenants, admins)
	d := coalesce.New(inner)
	each := func(n int, read func(int) error) {
		work := make(chan int)
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for i := range work {
					if err := read(i); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for i := range n {
			work <- i
		}
		close(work)
		group.Wait()
	}
	each(tenants, func(i int) error {
		got, err := d.Tenant(t.Context(), tenant(i))
		if err == nil && got.AccountCode != tenant(i) {
			err = fmt.Errorf("%s is %v", tenant(i), got)
		}
		return err
	})
	reads := inner.since()
	if slices.Contains(reads, "one") || len(reads) > tenants {
		t.Errorf("the tenants took %q", reads)
	}
	each(tenants*admins, func(i int) error {
		of, who := tenant(i/admins), email(i%admins)
		got, err := d.ExternalAdmin(t.Context(), of, who)
		if err == nil && (got.Email != who || got.TenantID != of) {
			err = fmt.Errorf("%s in %s is %v", who, of, got)
		}
		return err
	})
	t.Logf("%d tenants took %d lists", tenants, len(reads))
	// Who asked before a list went out may be in the next one again, so their number depends on timing.
	if reads := inner.since(); reads[0] != "admins 200" || len(reads) > workers {
		t.Errorf("the grants took %q, want 200 and few more", reads)
	}
}

// TestBatches: while one list is under way, what is asked for meanwhile waits and
// goes out together in the next one.
func TestBatches(t *testing.T) {
	t.Parallel()
	inner := world(t, 300, 1)
	inner.arrived, inner.proceed = make(chan struct{}), make(chan struct{})
	d := coalesce.New(inner)
	var group sync.WaitGroup
	read := func(i int) {
		group.Go(func() {
			if _, err := d.ExternalAdmin(t.Context(), tenant(i), email(0)); err != nil {
				t.Error(err)
			}
		})
	}
	read(0)
	<-inner.arrived
	for i := range 299 {
		read(i)
	}
	time.Sleep(200 * time.Millisecond) // Who comes later than this is in one of the further lists that are allowed for.
	go func() {
		for range inner.arrived {
		}
	}()
	close(inner.proceed)
	group.Wait()
	if reads := inner.since(); len(reads) > 10 || !slices.Equal(reads[:2], []string{"admins 1", "admins 200"}) {
		t.Errorf("asked for %q", reads)
	}
	close(inner.arrived)
}

// TestKept: what was read holds until this process writes to the account.
func TestKept(t *testing.T) {
	t.Parallel()
	inner := world(t, 2, 3)
	d := coalesce.New(inner)
	expect := func(want ...string) {
		t.Helper()
		if reads := inner.since(); !slices.Equal(reads, want) {
			t.Errorf("asked for %q, want %q", reads, want)
		}
	}
	absent := func(err error) {
		t.Helper()
		if !directory.IsNotFound(err) {
			t.Error(err)
		}
	}
	read := func() {
		_, err := d.Tenant(t.Context(), "CT009")
		absent(err)
		_, err = d.ExternalAdmin(t.Context(), tenant(0), "nobody@msp.example")
		absent(err)
		_, err = d.Role(t.Context(), tenant(1), "no-such-role")
		absent(err)
		if n := len(grants(t, d, tenant(1))); n != 3 {
			t.Errorf("%d grants", n)
		}
		if n, err := d.Count(t.Context(), directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{tenant(1)}}); err != nil || n != 3 {
			t.Errorf("counts %d grants: %v", n, err)
		}
	}
	read()
	expect("tenants 1", "admins 1", "roles 1", "admins 1")
	read()
	expect()
	remove[rolemodel.ExternalAdmin](t, d, directory.Key{Account: tenant(0), Email: email(0)})
	read()
	expect("admins 1")
	assigned := create(t, d, rolemodel.Tenant{Name: "New", PrimaryDomain: "new.example", PartnerID: "CMSP"})
	if _, err := d.Tenant(t.Context(), assigned.AccountCode); err != nil {
		t.Error(err)
	}
	expect("tenants 1")
	create(t, d, rolemodel.Role{TenantID: tenant(1), Name: "No such role", SecurityPermission: rolemodel.CannotManageRoles})
	if _, err := d.Role(t.Context(), tenant(1), "no-such-role"); err != nil {
		t.Error(err)
	}
	expect("roles 2") // It takes the new tenant along.
	for _, err := range d.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{Email: email(1)}) {
		if err != nil {
			t.Error(err)
		}
	}
	for _, err := range d.Roles(t.Context(), directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{tenant(1)}, Limit: 1}) {
		if err != nil {
			t.Error(err)
		}
	}
	if n, err := d.Count(t.Context(), directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{tenant(1)}, Email: email(1)}); err != nil || n != 1 {
		t.Errorf("counts %d grants: %v", n, err)
	}
	expect("admins", "roles 1", "count")
}

// TestRetiredPartner: it goes with its last tenant, which is another account.
func TestRetiredPartner(t *testing.T) {
	t.Parallel()
	d := coalesce.New(world(t, 1, 0))
	key := directory.Key{Account: "CMSP"}
	if effect := remove[rolemodel.Partner](t, d, key); effect != directory.EffectRetired {
		t.Fatal(effect)
	}
	if partner, err := d.Partner(t.Context(), "CMSP"); err != nil || !partner.Retired {
		t.Error(partner, err)
	}
	remove[rolemodel.Tenant](t, d, directory.Key{Account: tenant(0)})
	if _, err := d.Partner(t.Context(), "CMSP"); !directory.IsNotFound(err) {
		t.Error(err)
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	inner := world(t, 1, 3)
	d := coalesce.New(inner)
	inner.broken = true
	if _, err := d.ExternalAdmin(t.Context(), tenant(0), email(1)); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	inner.broken = false
	if _, err := d.ExternalAdmin(t.Context(), tenant(0), email(1)); err != nil {
		t.Error(err)
	}
}

// TestWriteDuringLoad: a list that was read before a write and arrives after it
// is not what is read from then on.
func TestWriteDuringLoad(t *testing.T) {
	t.Parallel()
	inner := world(t, 1, 3)
	inner.arrived, inner.proceed = make(chan struct{}), make(chan struct{})
	d := coalesce.New(inner)
	list := make(chan error)
	go func() {
		_, err := directory.Collect(d.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{tenant(0)}}))
		list <- err
	}()
	<-inner.arrived
	remove[rolemodel.ExternalAdmin](t, d, directory.Key{Account: tenant(0), Email: email(0)})
	go func() {
		for range inner.arrived {
		}
	}()
	close(inner.proceed)
	if err := <-list; err != nil {
		t.Fatal(err)
	}
	if _, err := d.ExternalAdmin(t.Context(), tenant(0), email(0)); !directory.IsNotFound(err) {
		t.Errorf("the removed grant is still read: %v", err)
	}
	close(inner.arrived)
}

// TestReaderGivesUp: a list goes on for the others when the one who began it has gone.
func TestReaderGivesUp(t *testing.T) {
	t.Parallel()
	inner := world(t, 1, 3)
	inner.arrived, inner.proceed = make(chan struct{}), make(chan struct{})
	d := coalesce.New(inner)
	ctx, cancel := context.WithCancel(t.Context())
	first, second := make(chan error), make(chan error)
	read := func(ctx context.Context, result chan error) {
		_, err := d.ExternalAdmin(ctx, tenant(0), email(0))
		result <- err
	}
	go read(ctx, first)
	<-inner.arrived
	go read(t.Context(), second)
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	go func() { // The second waits for a list of its own.
		for range inner.arrived {
		}
	}()
	close(inner.proceed)
	if err := <-second; err != nil {
		t.Error(err)
	}
	close(inner.arrived)
}

func TestCallersOwnWhatTheyGet(t *testing.T) {
	t.Parallel()
	d := coalesce.New(world(t, 1, 0))
	before, _ := d.Tenant(t.Context(), tenant(0))
	changed, _ := d.Tenant(t.Context(), tenant(0))
	changed.InternalDomains[0] = "changed.example"
	if after, _ := d.Tenant(t.Context(), tenant(0)); !reflect.DeepEqual(before, after) {
		t.Errorf("%v became %v", before, after)
	}
}

// TestOwnWrites: whoever is the only one to write to a tenant reads after each
// write what the tenant has, whatever the others read and write meanwhile.
func TestOwnWrites(t *testing.T) {
	t.Parallel()
	const tenants = 4
	d := coalesce.New(world(t, tenants, 0))
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 5), 1, 8)
		var group sync.WaitGroup
		for i := range tenants {
			mine := steps.Draw(t, fmt.Sprint("steps of ", i))
			group.Go(func() {
				of := tenant(i)
				for _, step := range mine {
					key := directory.Key{Account: of, Email: email(step)}
					_, err := d.ExternalAdmin(context.Background(), of, key.Email)
					held := err == nil
					if held {
						_, err = directory.Delete[rolemodel.ExternalAdmin](context.Background(), d, key, "")
					} else if directory.IsNotFound(err) {
						_, err = directory.Create(context.Background(), d, rolemodel.ExternalAdmin{TenantID: of, Email: key.Email, RoleID: rolemodel.BasicAdmin}, "")
					}
					if err != nil {
						t.Errorf("%v, held %t: %v", key, held, err)
					}
					if _, err := d.ExternalAdmin(context.Background(), of, key.Email); (err == nil) == held {
						t.Errorf("%v is read as before the write: %v", key, err)
					}
					if _, err := d.ExternalAdmin(context.Background(), tenant((i+1)%tenants), key.Email); err != nil && !directory.IsNotFound(err) {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
	})
}
