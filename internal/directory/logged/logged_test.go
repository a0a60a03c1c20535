package logged_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/calltrace"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/logged"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// private is what is in no line up to DEBUG: addresses, names, and what is made of names.
var private = []string{"anna", "msp.example", "Northwind", "Alder", "alder.example", "Tier 2", "tier-2"}

// newDirectory returns a directory with a partner, a tenant, a role and an
// external admin, whose further calls are logged.
func newDirectory(t *testing.T) directory.Directory {
	t.Helper()
	db, err := sqldb.New(filepath.Join(t.TempDir(), "test.directory"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	role, err := rolemodel.ParseDefaultRole("basic-admin")
	if err != nil {
		t.Fatal(err)
	}
	d := db.Open(directory.Owner(rolemodel.Actor{Name: "anna@msp.example", Role: role}))
	for _, change := range []directory.Change{
		create(rolemodel.Partner{AccountCode: "CMSP1", Name: "Northwind IT", Program: "msp", PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}}),
		create(rolemodel.Tenant{AccountCode: "CALD1", Name: "Alder Legal", PrimaryDomain: "alder.example", PartnerID: "CMSP1"}),
		create(rolemodel.Role{TenantID: "CALD1", Name: "Tier 2 Admin", SecurityPermission: rolemodel.CannotManageRoles}),
		create(rolemodel.ExternalAdmin{TenantID: "CALD1", Email: "anna@msp.example", RoleID: "help-desk-admin"}),
		directory.SignReview{Tenant: "CALD1", Person: "anna@msp.example", Digest: strings.Repeat("0", 64)},
	} {
		if _, err := d.Apply(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	return logged.New(d)
}

func create[E directory.Entry](entry E) directory.Change {
	return directory.Write[E]{Action: directory.ActionCreate, Entry: entry}
}

// drain reads a list to its end and returns its error.
func drain[T any](list iter.Seq2[T, error]) error {
	_, err := directory.Collect(list)
	return err
}

// lines makes a call and returns what it logs, by level.
func lines(t *testing.T, do func(context.Context) error) (map[string][]map[string]any, error) {
	t.Helper()
	var log bytes.Buffer
	failed := do(tflogtest.RootLogger(t.Context(), &log))
	entries, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil {
		t.Fatal(err)
	}
	byLevel := map[string][]map[string]any{}
	for _, entry := range entries {
		level := fmt.Sprint(entry["@level"])
		if level != "trace" {
			text, err := json.Marshal(entry)
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range private {
				if strings.Contains(strings.ToLower(string(text)), strings.ToLower(word)) {
					t.Errorf("%q is logged at level %s: %s", word, level, text)
				}
			}
		}
		byLevel[level] = append(byLevel[level], entry)
	}
	return byLevel, failed
}

// TestEveryCall makes every call that a directory has. Each is one line at
// DEBUG without what is private, which only TRACE has.
func TestEveryCall(t *testing.T) {
	d := newDirectory(t)
	const tenant, email = "CALD1", "anna@msp.example"
	calls := map[string]func(context.Context) error{
		"Identity": func(ctx context.Context) error { _, err := d.Identity(ctx); return err },
		"Partner":  func(ctx context.Context) error { _, err := d.Partner(ctx, "CMSP1"); return err },
		"Partners": func(ctx context.Context) error {
			return drain(d.Partners(ctx, directory.PartnerFilter{Name: "Northwind IT"}))
		},
		"Tenant": func(ctx context.Context) error { _, err := d.Tenant(ctx, tenant); return err },
		"Tenants": func(ctx context.Context) error {
			return drain(d.Tenants(ctx, directory.TenantFilter{Domains: []rolemodel.Domain{"alder.example"}}))
		},
		"Role": func(ctx context.Context) error { _, err := d.Role(ctx, tenant, "tier-2-admin"); return err },
		"Roles": func(ctx context.Context) error {
			return drain(d.Roles(ctx, directory.RoleFilter{Name: "Tier 2 Admin"}))
		},
		"ExternalAdmin": func(ctx context.Context) error { _, err := d.ExternalAdmin(ctx, tenant, email); return err },
		"ExternalAdmins": func(ctx context.Context) error {
			return drain(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{tenant}, Email: email}))
		},
		"Observations": func(ctx context.Context) error {
			return drain(d.Observations(ctx, directory.ObservationFilter{TenantIDs: []rolemodel.AccountCode{tenant}}))
		},
		"Review": func(ctx context.Context) error { _, err := d.Review(ctx, tenant, email); return err },
		"Count": func(ctx context.Context) error {
			_, err := d.Count(ctx, directory.ExternalAdminFilter{Email: email})
			return err
		},
		"AuditEvents": func(ctx context.Context) error { return drain(d.AuditEvents(ctx, directory.AuditFilter{Email: email})) },
		"AuditHeads":  func(ctx context.Context) error { return drain(d.AuditHeads(ctx, directory.AuditHeadFilter{})) },
		"Apply": func(ctx context.Context) error {
			_, err := directory.ReplaceExternalAdmins(ctx, d, directory.Replace{Action: directory.ActionUpdate, Tenant: tenant, Admins: []rolemodel.ExternalAdmin{{Email: email, RoleID: "gateway-admin"}}})
			return err
		},
	}
	port := reflect.TypeFor[directory.Directory]()
	for method := range port.Methods() {
		do, ok := calls[method.Name]
		if !ok {
			t.Errorf("%s is not tried", method.Name)
			continue
		}
		t.Run(method.Name, func(t *testing.T) {
			got, err := lines(t, do)
			if err != nil {
				t.Fatal(err)
			}
			if len(got["debug"]) != 1 || len(got["trace"]) != 1 || len(got) != 2 {
				t.Fatalf("got %v, want one line at each of DEBUG and TRACE", got)
			}
			for _, field := range []string{"operation", "kind", "duration"} {
				if got["debug"][0][field] == nil {
					t.Errorf("%s is missing in %v", field, got["debug"][0])
				}
			}
			if got["debug"][0]["outcome"] != "done" {
				t.Errorf("the outcome is another in %v", got["debug"][0])
			}
		})
	}
	if len(calls) != port.NumMethod() {
		t.Errorf("calls that a directory has not are tried: %q", slices.Sorted(maps.Keys(calls)))
	}
}

func TestFields(t *testing.T) {
	d := newDirectory(t)
	ben := rolemodel.ExternalAdmin{TenantID: "CALD1", Email: "ben@msp.example", RoleID: "reviewer"}
	for name, test := range map[string]struct {
		do    func(context.Context) error
		want  map[string]any
		trace string
	}{
		"list": {
			func(ctx context.Context) error {
				return drain(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{"CALD1"}}))
			},
			map[string]any{"operation": "list", "kind": "external admin", "account": "CALD1", "entries": 1.0, "outcome": "done"},
			"CALD1",
		},
		"list of several": {
			func(ctx context.Context) error {
				return drain(d.Tenants(ctx, directory.TenantFilter{Codes: []rolemodel.AccountCode{"CALD1", "CBIR1"}}))
			},
			map[string]any{"operation": "list", "kind": "tenant", "accounts": 2.0, "entries": 1.0, "outcome": "done"},
			"CBIR1",
		},
		"list ended early": {
			func(ctx context.Context) error {
				for _, err := range d.Partners(ctx, directory.PartnerFilter{}) {
					return err
				}
				return nil
			},
			map[string]any{"operation": "list", "kind": "partner", "entries": 1.0, "outcome": "done"},
			"Codes",
		},
		"not found": {
			func(ctx context.Context) error {
				_, err := d.ExternalAdmin(ctx, "CALD1", "ben@msp.example")
				return err
			},
			map[string]any{"operation": "read", "kind": "external admin", "account": "CALD1", "outcome": "not found"},
			"ben@msp.example",
		},
		"malformed": {
			func(ctx context.Context) error { _, err := d.Tenant(ctx, "anna@msp.example"); return err },
			map[string]any{"operation": "read", "kind": "tenant", "outcome": "not found"},
			"anna@msp.example",
		},
		"refused": {
			func(ctx context.Context) error { _, err := directory.Create(ctx, d, ben, ""); return err },
			map[string]any{"operation": "create", "kind": "external admin", "account": "CALD1", "outcome": "refused"},
			"ben@msp.example",
		},
		"conflict": {
			func(ctx context.Context) error {
				_, err := directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CALD1", Name: "Another", PrimaryDomain: "another.example"}, "")
				return err
			},
			map[string]any{"operation": "create", "kind": "tenant", "account": "CALD1", "outcome": "conflict"},
			"another.example",
		},
		"changed": {
			func(ctx context.Context) error {
				_, err := directory.Delete[rolemodel.Role](ctx, d, directory.Key{Account: "CALD1", ID: "tier-2-admin"}, "")
				return err
			},
			map[string]any{"operation": "delete", "kind": "role", "account": "CALD1", "outcome": "done", "effect": "deleted"},
			"tier-2-admin",
		},
		"cancelled": {
			func(ctx context.Context) error {
				ctx, cancel := context.WithCancel(ctx)
				cancel()
				_, err := d.Tenant(ctx, "CALD1")
				return err
			},
			map[string]any{"operation": "read", "kind": "tenant", "account": "CALD1", "outcome": "cancelled"},
			"CALD1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lines(t, test.do)
			if (err != nil) != (test.want["outcome"] != "done") {
				t.Errorf("the error is %v", err)
			}
			if len(got["debug"]) != 1 || len(got["trace"]) != 1 {
				t.Fatalf("got %v", got)
			}
			fields := maps.Clone(got["debug"][0])
			maps.DeleteFunc(fields, func(name string, _ any) bool { return strings.HasPrefix(name, "@") || name == "duration" })
			if !reflect.DeepEqual(fields, test.want) {
				t.Errorf("got %v, want %v", fields, test.want)
			}
			if text := fmt.Sprint(got["trace"][0]); !strings.Contains(text, test.trace) {
				t.Errorf("%q is not in %s", test.trace, text)
			}
		})
	}
}

// far is a directory that is asked twice and waits in between.
type far struct{ directory.Directory }

func (far) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	calltrace.Attempted(ctx, "first")
	calltrace.Waits(ctx, "rate limit", 1500*time.Millisecond)
	calltrace.Attempted(ctx, "second")
	return rolemodel.Tenant{AccountCode: code}, nil
}

func TestAttemptsAndWaits(t *testing.T) {
	got, err := lines(t, func(ctx context.Context) error { _, err := logged.New(far{}).Tenant(ctx, "CALD1"); return err })
	if err != nil || len(got["info"]) != 1 || len(got["debug"]) != 1 {
		t.Fatalf("got %v, %v", got, err)
	}
	if wait := got["info"][0]; wait["for"] != "rate limit" || wait["wait"] != "1.5s" || wait["operation"] != "read" || wait["kind"] != "tenant" {
		t.Errorf("the wait is logged as %v", wait)
	}
	if call := got["debug"][0]; call["attempts"] != 2.0 || call["request_id"] != "second" {
		t.Errorf("the call is logged as %v", call)
	}
}

// Nothing is traced for who does not ask.
func TestUntraced(t *testing.T) {
	calltrace.Attempted(t.Context(), "x")
	calltrace.Waits(calltrace.With(t.Context(), calltrace.Trace{}), "x", 0)
	if _, err := (far{}).Tenant(t.Context(), "CALD1"); err != nil {
		t.Error(err)
	}
}
