package sqldb_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// fataler is what testing and rapid have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// entries are what a directory holds, as JSON by kind and key.
type entries map[string]string

func (e entries) put(t fataler, kind, key string, entry any) {
	t.Helper()
	encoded, err := json.Marshal(entry)
	if err != nil {
		t.Fatal(err)
	}
	e[kind+" "+key] = string(encoded)
}

func (e entries) String() string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(e)) {
		fmt.Fprintf(&b, "%s: %s\n", key, e[key])
	}
	return b.String()
}

// stored reads what the directory's tables hold.
func stored(ctx context.Context, t fataler, r directory.Reader) entries {
	t.Helper()
	e := entries{}
	for p, err := range r.Partners(ctx, directory.PartnerFilter{}) {
		check(t, err)
		e.put(t, directory.KindPartner, string(p.AccountCode), p)
	}
	for tenant, err := range r.Tenants(ctx, directory.TenantFilter{}) {
		check(t, err)
		e.put(t, directory.KindTenant, string(tenant.AccountCode), tenant)
	}
	for role, err := range r.Roles(ctx, directory.RoleFilter{}) {
		check(t, err)
		e.put(t, directory.KindRole, directory.KeyOf(role).String(), role)
	}
	for a, err := range r.ExternalAdmins(ctx, directory.ExternalAdminFilter{}) {
		check(t, err)
		a.RoleName = "" // A role's new name is no event of its grants.
		e.put(t, directory.KindExternalAdmin, string(a.TenantID)+"/"+string(a.Email), a)
	}
	return e
}

// replayed reads what the directory holds according to its audit trail.
func replayed(ctx context.Context, t fataler, r directory.Reader) entries {
	t.Helper()
	e := entries{}
	for event, err := range r.AuditEvents(ctx, directory.AuditFilter{}) {
		check(t, err)
		if event.Outcome != directory.OutcomeDone {
			continue
		}
		switch event.Kind {
		case directory.KindCredential:
		case directory.KindExternalAdmins:
			for _, a := range decoded[[]rolemodel.ExternalAdmin](t, event.Before) {
				delete(e, directory.KindExternalAdmin+" "+string(a.TenantID)+"/"+string(a.Email))
			}
			for _, a := range decoded[[]rolemodel.ExternalAdmin](t, event.After) {
				e.grant(t, a)
			}
		case directory.KindExternalAdmin:
			delete(e, event.Kind+" "+event.Key)
			if event.After != "" {
				e.grant(t, decoded[rolemodel.ExternalAdmin](t, event.After))
			}
		default:
			delete(e, event.Kind+" "+event.Key)
			if event.After != "" {
				e[event.Kind+" "+event.Key] = event.After
			}
		}
	}
	return e
}

func (e entries) grant(t fataler, a rolemodel.ExternalAdmin) {
	a.RoleName = ""
	e.put(t, directory.KindExternalAdmin, string(a.TenantID)+"/"+string(a.Email), a)
}

func decoded[T any](t fataler, text string) T {
	t.Helper()
	var value T
	check(t, json.Unmarshal([]byte(text), &value))
	return value
}

func check(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

// consistent checks that the audit trail accounts for everything that is stored.
func consistent(ctx context.Context, t fataler, db *sqldb.DB) {
	t.Helper()
	d := db.Open(owner())
	found, err := directory.VerifyAudit(ctx, d, nil)
	if check(t, err); len(found) > 0 {
		t.Fatalf("the audit trail does not verify: %q", found)
	}
	if trail, tables := replayed(ctx, t, d).String(), stored(ctx, t, d).String(); trail != tables {
		t.Fatalf("the audit trail says\n%s\nand the tables\n%s", trail, tables)
	}
}

// raw opens the file as SQLite does, without what the directory does to it.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=60000")
	check(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// intact checks the file with SQLite's own means.
func intact(t testing.TB, path string) {
	t.Helper()
	var result string
	db := raw(t, path)
	check(t, db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&result))
	if result != "ok" {
		t.Fatalf("integrity_check: %s", result)
	}
	var broken int
	check(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken))
	if broken > 0 {
		t.Fatalf("%d rows violate foreign keys", broken)
	}
	check(t, db.Close())
}
