package scoped_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/scoped"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// The proof of isolation is a pair of worlds. One has, beside what the
// credential may see, a lot that it may not; the other has never had it. Every
// operation must answer the same in both: then nothing that is out of the scope
// can be told apart from nothing.

func super() rolemodel.Actor {
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	return rolemodel.Actor{Name: "tester", Role: role}
}

// world is a directory with partner CP1 and its tenants CT1 and CT2 and, in the
// crowded one, partner CP2 with CT9 and tenant CT0 without a partner.
type world struct {
	*testing.T
	all directory.Directory
	// own is the custom role of CT1 and foreign that of CT9.
	own, foreign rolemodel.RoleID
}

func newWorld(t *testing.T, partners, tenants []rolemodel.AccountCode) *world {
	t.Helper()
	db, err := sqldb.New(filepath.Join(t.TempDir(), "msp.directory"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w := &world{T: t, all: db.As(super()), foreign: "0198c0de-0000-7000-8000-000000000000"}
	for _, p := range partners {
		w.must(w.all.CreatePartner(t.Context(), rolemodel.Partner{
			AccountCode: p, Name: "Partner " + string(p), Program: rolemodel.ProgramMSP, PartnerPortal: true,
			Domains: []rolemodel.Domain{rolemodel.Domain(strings.ToLower(string(p)) + ".example")},
		}))
	}
	for _, code := range tenants {
		of := map[rolemodel.AccountCode]rolemodel.AccountCode{"CT1": "CP1", "CT2": "CP1", "CT9": "CP2"}[code]
		w.must(w.all.CreateTenant(t.Context(), rolemodel.Tenant{AccountCode: code, Name: "Tenant " + string(code), PrimaryDomain: rolemodel.Domain(strings.ToLower(string(code)) + ".example"), PartnerID: of}))
		role, err := w.all.CreateRole(t.Context(), rolemodel.Role{TenantID: code, Name: "Custom Admin", SecurityPermission: rolemodel.CannotManageRoles})
		w.must(role, err)
		switch code {
		case "CT1":
			w.own = role.ID
		case "CT9":
			w.foreign = role.ID
		}
		if of != "" {
			w.must(w.all.CreateExternalAdmin(t.Context(), rolemodel.ExternalAdmin{TenantID: code, Email: rolemodel.Email("anna@" + strings.ToLower(string(of)) + ".example"), RoleID: rolemodel.BasicAdmin}))
		}
	}
	return w
}

func (w *world) must(_ any, err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// answer is what an operation answered, so that two can be compared.
func answer(value any, err error) string {
	if err == nil {
		return fmt.Sprintf("%+v", value)
	}
	var (
		notFound  *directory.NotFoundError
		conflict  *directory.ConflictError
		forbidden *scoped.ForbiddenError
	)
	vs, refused := rolemodel.AsViolations(err)
	switch {
	case refused:
		return fmt.Sprintf("refused: %+v", vs)
	case errors.As(err, &notFound):
		return fmt.Sprintf("not found: %+v", *notFound)
	case errors.As(err, &conflict):
		return fmt.Sprintf("conflict: %+v", *conflict)
	case errors.As(err, &forbidden), errors.Is(err, directory.ErrReadOnly):
		return "forbidden: " + err.Error()
	}
	return "FAILED: " + err.Error()
}

func collect[T any](list iter.Seq2[T, error]) (any, error) { return directory.Collect(list) }

type operation struct {
	name string
	run  func(context.Context, directory.Directory, *world) (any, error)
}

// operations is every operation of the port on what is out of the scope, and on what is in it.
func operations() []operation {
	var all []operation
	add := func(name string, run func(context.Context, directory.Directory, *world) (any, error)) {
		all = append(all, operation{name, run})
	}
	done := func(err error) (any, error) { return "done", err }
	for _, p := range []rolemodel.AccountCode{"CP1", "CP2", "CNONE"} {
		add("Partner "+string(p), func(ctx context.Context, d directory.Directory, _ *world) (any, error) { return d.Partner(ctx, p) })
		add("Tenants of "+string(p), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return collect(d.Tenants(ctx, directory.TenantFilter{PartnerID: p}))
		})
		add("ExternalAdmins of "+string(p), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return collect(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{PartnerID: p}))
		})
		add("UpdatePartner "+string(p), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.UpdatePartner(ctx, rolemodel.Partner{AccountCode: p, Name: "New name", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"cp1.example"}})
		})
		add("DeletePartner "+string(p), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return done(d.DeletePartner(ctx, p))
		})
		add("CreateTenant of "+string(p), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.CreateTenant(ctx, rolemodel.Tenant{AccountCode: "CNEW" + p, Name: "New", PrimaryDomain: rolemodel.Domain("new" + strings.ToLower(string(p)) + ".example"), PartnerID: p})
		})
		add("UpdateTenant CT1 to "+string(p), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.UpdateTenant(ctx, rolemodel.Tenant{AccountCode: "CT1", Name: "Renamed", PrimaryDomain: "ct1.example", PartnerID: p})
		})
	}
	for _, t := range []rolemodel.AccountCode{"CT1", "CT2", "CT9", "CT0", "CNONE"} {
		partner := rolemodel.Email("cp1.example")
		if t == "CT9" {
			partner = "cp2.example"
		}
		for _, role := range []func(*world) rolemodel.RoleID{
			func(*world) rolemodel.RoleID { return rolemodel.BasicAdmin },
			func(w *world) rolemodel.RoleID { return w.own },
			func(w *world) rolemodel.RoleID { return w.foreign },
		} {
			add("Role of "+string(t), func(ctx context.Context, d directory.Directory, w *world) (any, error) {
				return d.Role(ctx, t, role(w))
			})
			add("UpdateRole of "+string(t), func(ctx context.Context, d directory.Directory, w *world) (any, error) {
				return d.UpdateRole(ctx, rolemodel.Role{TenantID: t, ID: role(w), Name: "Renamed Admin", SecurityPermission: rolemodel.CannotManageRoles})
			})
			add("CreateExternalAdmin of "+string(t), func(ctx context.Context, d directory.Directory, w *world) (any, error) {
				return d.CreateExternalAdmin(ctx, rolemodel.ExternalAdmin{TenantID: t, Email: "new@" + partner, RoleID: role(w)})
			})
			add("UpdateExternalAdmin of "+string(t), func(ctx context.Context, d directory.Directory, w *world) (any, error) {
				return d.UpdateExternalAdmin(ctx, "anna@"+partner, rolemodel.ExternalAdmin{TenantID: t, Email: "anna@" + partner, RoleID: role(w)})
			})
		}
		add("Tenant "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) { return d.Tenant(ctx, t) })
		add("Roles of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return collect(d.Roles(ctx, t))
		})
		add("ExternalAdmin of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.ExternalAdmin(ctx, t, "anna@"+partner)
		})
		add("ExternalAdmins of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return collect(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: t}))
		})
		add("SignIn to "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return directory.SignIn(ctx, d, t, "anna@"+partner, netip.MustParseAddr("192.0.2.1"), rolemodel.PartnerPortal)
		})
		add("CreateRole of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.CreateRole(ctx, rolemodel.Role{TenantID: t, Name: "Another Admin", SecurityPermission: rolemodel.CannotManageRoles})
		})
		add("malformed CreateRole of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.CreateRole(ctx, rolemodel.Role{TenantID: t})
		})
		add("malformed CreateExternalAdmin of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.CreateExternalAdmin(ctx, rolemodel.ExternalAdmin{TenantID: t, Email: "nobody"})
		})
		add("ReplaceExternalAdmins of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.ReplaceExternalAdmins(ctx, t, []rolemodel.ExternalAdmin{{Email: "bert@" + partner, RoleID: rolemodel.Reviewer}, {Email: "carl@" + partner, RoleID: "none"}})
		})
		add("malformed ReplaceExternalAdmins of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.ReplaceExternalAdmins(ctx, t, []rolemodel.ExternalAdmin{{Email: "nobody"}})
		})
		add("malformed UpdateTenant "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.UpdateTenant(ctx, rolemodel.Tenant{AccountCode: t, Name: "", PrimaryDomain: "x"})
		})
		add("UpdateTenant "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return d.UpdateTenant(ctx, rolemodel.Tenant{AccountCode: t, Name: "Renamed", Revision: 7, PrimaryDomain: "other.example"})
		})
		add("DeleteTenant "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return done(d.DeleteTenant(ctx, t))
		})
		add("DeleteRole of "+string(t), func(ctx context.Context, d directory.Directory, w *world) (any, error) {
			return done(d.DeleteRole(ctx, t, w.foreign))
		})
		add("AuditEvents of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return withoutIDs(directory.Collect(d.AuditEvents(ctx, directory.AuditFilter{TenantID: t})))
		})
		add("DeleteExternalAdmin of "+string(t), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return done(d.DeleteExternalAdmin(ctx, t, "anna@"+partner))
		})
	}
	add("CreatePartner", func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
		return d.CreatePartner(ctx, rolemodel.Partner{AccountCode: "CP3", Name: "x", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"cp3.example"}})
	})
	add("malformed CreateTenant", func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
		return d.CreateTenant(ctx, rolemodel.Tenant{Name: ""})
	})
	add("CreateTenant without a partner", func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
		return d.CreateTenant(ctx, rolemodel.Tenant{AccountCode: "CLONE", Name: "x", PrimaryDomain: "lone.example"})
	})
	add("Partners", func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
		return collect(d.Partners(ctx, directory.PartnerFilter{}))
	})
	for _, domain := range []rolemodel.Domain{"ct1.example", "ct9.example", "cp1.example", "cp2.example"} {
		add("owner of "+string(domain), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			tenants, err := directory.Collect(d.Tenants(ctx, directory.TenantFilter{Domain: domain}))
			if err != nil {
				return nil, err
			}
			partners, err := directory.Collect(d.Partners(ctx, directory.PartnerFilter{Domain: domain}))
			return fmt.Sprintf("%+v %+v", tenants, partners), err
		})
	}
	add("Tenants", func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
		return collect(d.Tenants(ctx, directory.TenantFilter{}))
	})
	add("Tenants by name", func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
		return collect(d.Tenants(ctx, directory.TenantFilter{Name: "Tenant CT9"}))
	})
	for _, email := range []rolemodel.Email{"", "anna@cp1.example", "anna@cp2.example"} {
		add("ExternalAdmins "+string(email), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return collect(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{Email: email}))
		})
		add("AuditEvents "+string(email), func(ctx context.Context, d directory.Directory, _ *world) (any, error) {
			return withoutIDs(directory.Collect(d.AuditEvents(ctx, directory.AuditFilter{Email: email})))
		})
	}
	add("ExternalAdmins by role", func(ctx context.Context, d directory.Directory, w *world) (any, error) {
		return collect(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{RoleID: rolemodel.BasicAdmin}))
	})
	return all
}

var moment = regexp.MustCompile(`[0-9]{4}-[0-9-]+ [0-9:.]+ \+0000 UTC`)

// withoutIDs leaves out what says how much else happened meanwhile: an event's
// ID is a number of the whole directory, and its time is a clock's.
func withoutIDs(events []directory.AuditEvent, err error) (any, error) {
	var lines []string
	for _, e := range events {
		e.ID = 0
		lines = append(lines, moment.ReplaceAllString(fmt.Sprintf("%+v", e), ""))
	}
	return strings.Join(lines, "\n"), err
}

var uuid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func TestIsolation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scope             scoped.Scope
		partners, tenants []rolemodel.AccountCode // What the scope sees.
	}{
		"partner":          {scoped.Scope{PartnerID: "CP1"}, []rolemodel.AccountCode{"CP1"}, []rolemodel.AccountCode{"CT1", "CT2"}},
		"partner, named":   {scoped.Scope{PartnerID: "CP1", TenantIDs: []rolemodel.AccountCode{"CT1"}}, []rolemodel.AccountCode{"CP1"}, []rolemodel.AccountCode{"CT1"}},
		"operator, named":  {scoped.Scope{TenantIDs: []rolemodel.AccountCode{"CT1"}}, []rolemodel.AccountCode{"CP1"}, []rolemodel.AccountCode{"CT1"}},
		"foreign name":     {scoped.Scope{PartnerID: "CP1", TenantIDs: []rolemodel.AccountCode{"CT9"}}, []rolemodel.AccountCode{"CP1"}, nil},
		"partner, reading": {scoped.Scope{PartnerID: "CP1", ReadOnly: true}, []rolemodel.AccountCode{"CP1"}, []rolemodel.AccountCode{"CT1", "CT2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			crowded := newWorld(t, []rolemodel.AccountCode{"CP1", "CP2"}, []rolemodel.AccountCode{"CT0", "CT1", "CT2", "CT9"})
			empty := newWorld(t, c.partners, c.tenants)
			// Names of roles that are in one world only; the other has never heard of them either way.
			empty.foreign = crowded.foreign
			if empty.own == "" {
				empty.own = crowded.own
			}
			hides := false
			for _, op := range operations() {
				var answers [2]string
				for i, w := range []*world{crowded, empty} {
					// IDs of custom roles are random, so they are compared by what they are in each world.
					answers[i] = uuid.ReplaceAllString(answer(op.run(t.Context(), scoped.New(w.all, super(), c.scope), w)), "ID")
				}
				if answers[0] != answers[1] {
					t.Errorf("%s tells\n%s\nwhere without it is\n%s", op.name, answers[0], answers[1])
				}
				if strings.Contains(answers[0], "FAILED") {
					t.Errorf("%s: %s", op.name, answers[0])
				}
				hides = hides || strings.HasPrefix(answers[0], "not found")
			}
			if !hides {
				t.Error("the operations did not touch what is hidden")
			}
		})
	}
}

// TestTakenNamesTellNoOwner: a domain and an account code are one account's
// only, so that they are taken cannot be hidden. Who has them can.
func TestTakenNamesTellNoOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t, []rolemodel.AccountCode{"CP1", "CP2"}, []rolemodel.AccountCode{"CT1", "CT2", "CT9"})
	d := scoped.New(w.all, super(), scoped.Scope{PartnerID: "CP1"})
	update := func(domain rolemodel.Domain) string {
		_, err := d.UpdateTenant(t.Context(), rolemodel.Tenant{AccountCode: "CT1", Name: "x", PrimaryDomain: "ct1.example", InternalDomains: []rolemodel.Domain{"ct1.example", domain}, PartnerID: "CP1"})
		return answer(nil, err)
	}
	for domain, want := range map[rolemodel.Domain]string{
		"ct9.example": `"ct9.example" belongs to another account.`,
		"cp2.example": `"cp2.example" belongs to another account.`,
		"ct2.example": `"ct2.example" belongs to tenant "CT2".`,
		"cp1.example": `"cp1.example" belongs to partner "CP1".`,
	} {
		if got := update(domain); !strings.Contains(got, want) {
			t.Errorf("%s: %s", domain, got)
		}
	}
	_, err := d.UpdatePartner(t.Context(), rolemodel.Partner{AccountCode: "CP1", Name: "x", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"cp1.example", "ct9.example"}})
	if got := answer(nil, err); !strings.Contains(got, `"ct9.example" belongs to another account.`) || strings.Contains(got, "CT9") {
		t.Error(got)
	}
	events, err := withoutIDs(directory.Collect(d.AuditEvents(t.Context(), directory.AuditFilter{})))
	if got := fmt.Sprint(events, err); strings.Contains(got, "CT9") || strings.Contains(got, "CP2") || !strings.Contains(got, "another account") {
		t.Error(got)
	}
}

func TestReadOnlyRefusesEveryWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, []rolemodel.AccountCode{"CP1"}, []rolemodel.AccountCode{"CT1"})
	d := scoped.New(w.all, super(), scoped.Scope{ReadOnly: true})
	before, err := withoutIDs(directory.Collect(d.AuditEvents(t.Context(), directory.AuditFilter{})))
	w.must(before, err)
	for _, op := range operations() {
		_, err := op.run(t.Context(), d, w)
		writes := regexp.MustCompile(`Create|Update|Delete|Replace`).MatchString(op.name)
		if writes != errors.Is(err, directory.ErrReadOnly) {
			t.Errorf("%s: %v", op.name, err)
		}
	}
	after, err := withoutIDs(directory.Collect(d.AuditEvents(t.Context(), directory.AuditFilter{})))
	if err != nil || before != after {
		t.Errorf("%v: %s\n%s", err, before, after)
	}
}
