package planned_test

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/directorytest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/planned"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestConformance writes to a real directory and reads a plan: a former copy of
// the directory, and everything that was written since as planned. The two must
// not be told apart. The copy is taken anew now and then, so that plans add,
// change and remove, on bases of any age.
func TestConformance(t *testing.T) {
	t.Parallel()
	directorytest.Run(t, func(t *testing.T) (a, b directory.Opener) {
		path := filepath.Join(t.TempDir(), "test.directory")
		w := &world{t: t, path: path, base: open(t, path+"-none")}
		return handle{w, open(t, path)}, handle{w, open(t, path)}
	})
}

// world is a directory and the copy of it that plans begin with.
type world struct {
	t    *testing.T
	path string

	mu     sync.Mutex
	base   *sqldb.DB
	writes int
	copied int // How many writes the copy has.
}

// written counts a write, and takes the copy anew if it is time.
func (w *world) written() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.writes++; w.writes < w.copied+max(3, w.copied/4) {
		return
	}
	path := fmt.Sprintf("%s-%d", w.path, w.writes)
	db, err := sql.Open("sqlite", w.path)
	if err != nil {
		w.t.Error(err)
		return
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), `VACUUM INTO ?`, path); err == nil { // Until something is stored there is none.
		w.base, w.copied = open(w.t, path), w.writes
	}
}

// now returns the number of writes and the copy to plan on.
func (w *world) now() (writes int, base *sqldb.DB) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.writes, w.base
}

// handle opens the world.
type handle struct {
	world *world
	db    *sqldb.DB
}

// Open implements directory.Opener.
func (h handle) Open(caller directory.Caller) directory.Directory {
	return &plan{world: h.world, caller: caller, Directory: h.db.Open(caller)}
}

// plan reads the entries that a plan leads to. Everything else, and what is
// written, is the directory's own.
type plan struct {
	directory.Directory
	world  *world
	caller directory.Caller

	mu   sync.Mutex
	at   int
	view *planned.Directory
}

// Apply implements directory.Directory.
func (p *plan) Apply(ctx context.Context, change directory.Change) (directory.Outcome, error) {
	outcome, err := p.Directory.Apply(ctx, change)
	p.world.written()
	return outcome, err
}

// now returns the base with everything planned that differs in the directory.
func (p *plan) now() *planned.Directory {
	p.mu.Lock()
	defer p.mu.Unlock()
	writes, copied := p.world.now()
	if p.view != nil && p.at == writes {
		return p.view
	}
	base := copied.Open(p.caller)
	view := planned.New(base)
	ctx := context.Background()
	planDifferences(view, base.Partners(ctx, directory.PartnerFilter{}), p.Directory.Partners(ctx, directory.PartnerFilter{}))
	planDifferences(view, base.Tenants(ctx, directory.TenantFilter{}), p.Directory.Tenants(ctx, directory.TenantFilter{}))
	planDifferences(view, base.Roles(ctx, directory.RoleFilter{}), p.Directory.Roles(ctx, directory.RoleFilter{}))
	planDifferences(view, base.ExternalAdmins(ctx, directory.ExternalAdminFilter{}), p.Directory.ExternalAdmins(ctx, directory.ExternalAdminFilter{}))
	p.at, p.view = writes, view
	return view
}

// planDifferences plans what leads from one list to another. What the caller may not see cannot be planned.
func planDifferences[E directory.Entry](view *planned.Directory, from, to iter.Seq2[E, error]) {
	before := map[directory.Key]E{}
	for entry, err := range from {
		if err == nil {
			before[directory.KeyOf(entry)] = entry
		}
	}
	for entry, err := range to {
		if err != nil {
			return
		}
		key := directory.KeyOf(entry)
		was, there := before[key]
		if is, ok := any(entry).(rolemodel.ExternalAdmin); ok { // Its role is renamed, not the grant changed.
			if grant, ok := any(&was).(*rolemodel.ExternalAdmin); ok {
				grant.RoleName = is.RoleName
			}
		}
		if !there || !reflect.DeepEqual(was, entry) {
			planned.Put(view, entry, true)
		}
		delete(before, key)
	}
	for key := range before {
		planned.Remove[E](view, key)
	}
}

// The plan's reads.

func (p *plan) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return p.now().Partner(ctx, code)
}

func (p *plan) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	return p.now().Partners(ctx, filter)
}

func (p *plan) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return p.now().Tenant(ctx, code)
}

func (p *plan) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	return p.now().Tenants(ctx, filter)
}

func (p *plan) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	return p.now().Role(ctx, tenant, id)
}

func (p *plan) Roles(ctx context.Context, filter directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	return p.now().Roles(ctx, filter)
}

func (p *plan) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	return p.now().ExternalAdmin(ctx, tenant, email)
}

func (p *plan) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return p.now().ExternalAdmins(ctx, filter)
}

func (p *plan) Count(ctx context.Context, filter directory.Filter) (int, error) {
	return p.now().Count(ctx, filter)
}

// open returns the directory at a path, closed at the end of the test.
func open(t *testing.T, path string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.New(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
