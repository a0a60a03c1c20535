package coalesce_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/coalesce"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/directorytest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func open(t *testing.T) *sqldb.DB {
	t.Helper()
	db, err := sqldb.New(filepath.Join(t.TempDir(), "msp.directory"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestConformance has one cache for all actors, as one process has: whoever
// writes, everybody reads it.
func TestConformance(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, func(t *testing.T) directorytest.As {
		t.Helper()
		db := open(t)
		base := coalesce.New(db.As(rolemodel.Actor{}))
		return func(actor rolemodel.Actor) directory.Directory { return base.For(db.As(actor)) }
	})
}

// counted counts the calls, and fails the lists while broken says so.
type counted struct {
	directory.Directory
	singles, adminLists, tenantLists atomic.Int64
	broken                           atomic.Bool
	// arrived and proceed hold lists of external admins up, if they are set.
	arrived, proceed chan struct{}
}

var errBroken = errors.New("broken")

func (c *counted) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	c.singles.Add(1)
	return c.Directory.ExternalAdmin(ctx, tenant, email)
}

func (c *counted) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	c.singles.Add(1)
	return c.Directory.Tenant(ctx, code)
}

func (c *counted) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return func(yield func(rolemodel.ExternalAdmin, error) bool) {
		c.adminLists.Add(1)
		if c.broken.Load() {
			yield(rolemodel.ExternalAdmin{}, errBroken)
			return
		}
		all, err := directory.Collect(c.Directory.ExternalAdmins(ctx, filter))
		if c.proceed != nil {
			c.arrived <- struct{}{}
			<-c.proceed
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

func (c *counted) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	c.tenantLists.Add(1)
	return c.Directory.Tenants(ctx, filter)
}

func email(i int) rolemodel.Email {
	return rolemodel.Email(fmt.Sprintf("technician%d@msp.example", i))
}

func tenant(i int) rolemodel.AccountCode { return rolemodel.AccountCode(fmt.Sprintf("CT%d", i)) }

// world makes a directory with tenants, each with the same external admins.
func world(t *testing.T, tenants, admins int) *counted {
	t.Helper()
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	d := open(t).As(rolemodel.Actor{Name: "tester", Role: role})
	_, err := d.CreatePartner(t.Context(), rolemodel.Partner{AccountCode: "CMSP", Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range tenants {
		_, err := d.CreateTenant(t.Context(), rolemodel.Tenant{AccountCode: tenant(i), Name: fmt.Sprint("Client ", i), PrimaryDomain: rolemodel.Domain(fmt.Sprintf("c%d.example", i)), PartnerID: "CMSP"})
		if err != nil {
			t.Fatal(err)
		}
		all := make([]rolemodel.ExternalAdmin, admins)
		for j := range admins {
			all[j] = rolemodel.ExternalAdmin{Email: email(j), RoleID: rolemodel.BasicAdmin}
		}
		if _, err := d.ReplaceExternalAdmins(t.Context(), tenant(i), all); err != nil {
			t.Fatal(err)
		}
	}
	return &counted{Directory: d}
}

func TestRefreshCostsFewLists(t *testing.T) {
	t.Parallel()
	const tenants, admins, workers = 100, 10, 10
	inner := world(t, tenants, admins)
	d := coalesce.New(inner)
	work := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range work {
				of, who := tenant(i%tenants), email(i/tenants)
				if got, err := d.ExternalAdmin(t.Context(), of, who); err != nil || got.Email != who || got.TenantID != of {
					t.Errorf("%v %v", got, err)
				}
				if got, err := d.Tenant(t.Context(), of); err != nil || got.AccountCode != of {
					t.Errorf("%v %v", got, err)
				}
			}
		})
	}
	for i := range tenants * admins {
		work <- i
	}
	close(work)
	group.Wait()
	t.Logf("%d reads of grants and as many of tenants: %d lists of grants, %d of tenants, %d single reads",
		tenants*admins, inner.adminLists.Load(), inner.tenantLists.Load(), inner.singles.Load())
	// 16 tenants one by one, as many as are on their way meanwhile, and then one list for all.
	if inner.adminLists.Load() > 16+workers+1 || inner.tenantLists.Load() > 1 || inner.singles.Load() > 50 {
		t.Errorf("that is too many")
	}
}

// TestOneListForAllTenants: what the list of all tenants' grants says holds
// until this process writes to a tenant, and for that tenant no longer.
func TestOneListForAllTenants(t *testing.T) {
	t.Parallel()
	const tenants, admins = 40, 2
	inner := world(t, tenants, admins)
	d := coalesce.New(inner)
	grants := func(of rolemodel.AccountCode) int {
		list, err := directory.Collect(d.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{TenantID: of}))
		if err != nil {
			t.Fatal(err)
		}
		for _, admin := range list {
			if admin.TenantID != of {
				t.Errorf("%s has a grant of %s", of, admin.TenantID)
			}
		}
		return len(list)
	}
	for i := range tenants {
		if n := grants(tenant(i)); n != admins {
			t.Errorf("%s has %d grants", tenant(i), n)
		}
	}
	if lists := inner.adminLists.Load(); lists != 17 {
		t.Errorf("%d lists, want 16 of single tenants and one of all", lists)
	}
	if _, err := d.ReplaceExternalAdmins(t.Context(), tenant(30), nil); err != nil {
		t.Fatal(err)
	}
	added := rolemodel.Tenant{AccountCode: "CNEW", Name: "New", PrimaryDomain: "new.example", PartnerID: "CMSP"}
	if _, err := d.CreateTenant(t.Context(), added); err != nil {
		t.Fatal(err)
	}
	if was, is := grants(tenant(30)), grants("CNEW"); was != 0 || is != 0 {
		t.Errorf("%d grants are left and %d are new, want none", was, is)
	}
	if _, err := d.CreateExternalAdmin(t.Context(), rolemodel.ExternalAdmin{TenantID: "CNEW", Email: email(0), RoleID: rolemodel.BasicAdmin}); err != nil {
		t.Fatal(err)
	}
	if n := grants("CNEW"); n != 1 {
		t.Errorf("the new tenant has %d grants, want one", n)
	}
	if n := grants(tenant(31)); n != admins {
		t.Errorf("another tenant has %d grants", n)
	}
}

func TestSmallConfigurationsDoNotPay(t *testing.T) {
	t.Parallel()
	inner := world(t, 3, 3)
	d := coalesce.New(inner)
	for i := range 3 {
		if _, err := d.ExternalAdmin(t.Context(), tenant(i), email(0)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Tenant(t.Context(), tenant(i)); err != nil {
			t.Fatal(err)
		}
	}
	if inner.adminLists.Load() != 0 || inner.tenantLists.Load() != 0 {
		t.Errorf("%d lists of grants, %d of tenants", inner.adminLists.Load(), inner.tenantLists.Load())
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	inner := world(t, 1, 3)
	d := coalesce.New(inner)
	inner.broken.Store(true)
	for i := range 3 {
		_, err := d.ExternalAdmin(t.Context(), tenant(0), email(i))
		if want := i > 0; errors.Is(err, errBroken) != want {
			t.Errorf("read %d: %v", i, err)
		}
	}
	inner.broken.Store(false)
	if _, err := d.ExternalAdmin(t.Context(), tenant(0), email(1)); err != nil {
		t.Error(err)
	}
}

// TestWriteDuringLoad: a list that was fetched before a write and arrives after
// it must not be what is read from then on.
func TestWriteDuringLoad(t *testing.T) {
	t.Parallel()
	inner := world(t, 1, 3)
	inner.arrived, inner.proceed = make(chan struct{}), make(chan struct{})
	d := coalesce.New(inner)
	list := make(chan error)
	go func() {
		_, err := directory.Collect(d.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{TenantID: tenant(0)}))
		list <- err
	}()
	<-inner.arrived
	if err := d.DeleteExternalAdmin(t.Context(), tenant(0), email(0)); err != nil {
		t.Fatal(err)
	}
	close(inner.proceed)
	if err := <-list; err != nil {
		t.Fatal(err)
	}
	if _, err := d.ExternalAdmin(t.Context(), tenant(0), email(0)); !directory.IsNotFound(err) {
		t.Errorf("the removed grant is still read: %v", err)
	}
}

// TestReaderGivesUp: a load goes on for the others when the one who began it has gone.
func TestReaderGivesUp(t *testing.T) {
	t.Parallel()
	inner := world(t, 1, 3)
	inner.arrived, inner.proceed = make(chan struct{}), make(chan struct{})
	d := coalesce.New(inner)
	ctx, cancel := context.WithCancel(t.Context())
	first, second := make(chan error), make(chan error)
	read := func(ctx context.Context, result chan error) {
		_, err := directory.Collect(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: tenant(0)}))
		result <- err
	}
	go read(ctx, first)
	<-inner.arrived
	go read(t.Context(), second)
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	go func() { // The second may have come after the first load, and load itself.
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
	inner := world(t, 20, 0)
	d := coalesce.New(inner)
	var before rolemodel.Tenant
	for i := range 20 { // Enough for the list.
		before, _ = d.Tenant(t.Context(), tenant(i))
	}
	changed, _ := d.Tenant(t.Context(), tenant(19))
	changed.InternalDomains[0] = "changed.example"
	if after, _ := d.Tenant(t.Context(), tenant(19)); !reflect.DeepEqual(before, after) {
		t.Errorf("%v became %v", before, after)
	}
}
