package gather_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

const tenant = rolemodel.AccountCode("CUSA01A001")

// said writes a worklist: "CUSA01A001 add_admin anna@northwind.example", sorted.
func said(items []worklist.Item) []string {
	all := []string{}
	for _, item := range items {
		about := string(item.Person)
		if about == "" {
			about = string(item.RoleID)
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", item.TenantID, item.Kind, about)))
	}
	return all
}

func read(t *testing.T, r directory.Reader, filter gather.Filter) worklist.Worklist {
	t.Helper()
	list, err := gather.Worklist(t.Context(), r, filter)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range list.Items {
		if item.Since == "" || item.DeclaredBy == "" && item.Kind != worklist.UndeclaredAdmin {
			t.Errorf("of %+v it is not known since when it is due, or by whom", item)
		}
	}
	return list
}

func expect(t *testing.T, items []worklist.Item, want ...string) {
	t.Helper()
	if got := said(items); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// all confirms everything that is to be done.
func all(t *testing.T, d directory.Directory) {
	t.Helper()
	if _, err := gather.Confirm(t.Context(), d, gather.Filter{}, gather.Selection{}, ""); err != nil {
		t.Fatal(err)
	}
}

// TestLoop goes from a directory of which nothing was seen to nothing to do, step by step.
func TestLoop(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	d := dir.As(rolemodel.SuperAdmin)
	list := read(t, d, gather.Filter{})
	expect(t, list.Items,
		"CUSA01A001 create_role directory-administrator", "CUSA01A001 add_admin anna@northwind.example", "CUSA01A001 add_admin bea+o'neil@northwind.example", "CUSA01A001 never_observed",
		"CUSA02A002 create_role directory-administrator", "CUSA02A002 add_admin anna@southwind.example", "CUSA02A002 never_observed",
		"CUSA03A003 create_role directory-administrator", "CUSA03A003 add_admin carl@gone.example", "CUSA03A003 never_observed")
	expect(t, read(t, d, gather.Filter{Person: "carl@gone.example"}).Items, "CUSA03A003 add_admin carl@gone.example")
	expect(t, read(t, d, gather.Filter{Tenants: []rolemodel.AccountCode{"CUSA02A002"}}).Items, said(list.Items)[4:7]...)

	confirm := func(filter gather.Filter, s gather.Selection, want ...string) {
		t.Helper()
		items, err := gather.Confirm(t.Context(), d, filter, s, "INC-7")
		if err != nil {
			t.Fatal(err)
		}
		expect(t, items, want...)
	}
	confirm(gather.Filter{}, gather.Selection{ItemIDs: []string{list.Items[1].ID, list.Items[4].ID, list.Items[1].ID}}, said([]worklist.Item{list.Items[1], list.Items[4]})...)
	confirm(gather.Filter{}, gather.Selection{PassID: list.Passes[2].ID}, said(list.Items[7:])...)
	confirm(gather.Filter{Tenants: []rolemodel.AccountCode{"CUSA02A002"}}, gather.Selection{}, said(list.Items[5:7])...)
	confirm(gather.Filter{}, gather.Selection{}, said([]worklist.Item{list.Items[0], list.Items[2], list.Items[3]})...)
	expect(t, read(t, d, gather.Filter{}).Items)
	for o, err := range d.Observations(t.Context(), directory.ObservationFilter{TenantIDs: []rolemodel.AccountCode{tenant}}) {
		if err != nil || o.CompleteAt == "" || o.Admins[0].Means != rolemodel.MeansConfirmation || o.Admins[0].Note != "INC-7" {
			t.Errorf("it was seen: %+v, %v", o, err)
		}
	}
}

func TestConfirmMistakes(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	d := dir.As(rolemodel.SuperAdmin)
	list := read(t, d, gather.Filter{})
	all(t, d)
	for want, selection := range map[string]gather.Selection{
		"there is no item \"" + list.Items[0].ID + "\" on the worklist":  {ItemIDs: []string{list.Items[0].ID}},
		"there is no pass \"" + list.Passes[0].ID + "\" on the worklist": {PassID: list.Passes[0].ID},
	} {
		if _, err := gather.Confirm(t.Context(), d, gather.Filter{}, selection, ""); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := gather.Worklist(t.Context(), d, gather.Filter{Tenants: []rolemodel.AccountCode{"CNONE"}}); !directory.IsNotFound(err) {
		t.Error(err)
	}
	if _, err := gather.Worklist(t.Context(), dir.As(rolemodel.Reviewer), gather.Filter{}); err == nil || !strings.Contains(err.Error(), "view-roles") {
		t.Error(err)
	}
	if _, err := gather.Confirm(t.Context(), dir.As(rolemodel.BasicAdmin), gather.Filter{}, gather.Selection{}, strings.Repeat("x", 10000)); err != nil {
		t.Errorf("confirming nothing is %v", err)
	}
}

// TestDates changes what is declared after all was done, each time as somebody
// else: of what is to be done since then it is known who declared it, whatever
// else happens later.
func TestDates(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	d := dir.As(rolemodel.SuperAdmin)
	all(t, d)
	db, err := sqldb.New(dir.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	by := func(name string) directory.Directory {
		return db.Open(directory.Owner(rolemodel.Actor{Name: name, Role: role}))
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	grant := func(email rolemodel.Email, role rolemodel.RoleID, expires rolemodel.Time) rolemodel.ExternalAdmin {
		return rolemodel.ExternalAdmin{TenantID: tenant, Email: email, RoleID: role, ExpiresAt: expires}
	}
	ctx, before := t.Context(), rolemodel.TimeOf(time.Now())
	// Once here and gone, seen there later: not undeclared.
	ok(acctest.Create(ctx, by("one"), grant("fay@northwind.example", rolemodel.HelpDeskAdmin, "")))
	ok(acctest.Delete[rolemodel.ExternalAdmin](ctx, by("removes fay"), directory.Key{Account: tenant, Email: "fay@northwind.example"}))
	ok(acctest.Create(ctx, by("adds dora"), grant("dora@northwind.example", rolemodel.HelpDeskAdmin, "")))
	ok(acctest.Create(ctx, by("adds hal"), grant("hal@northwind.example", rolemodel.HelpDeskAdmin, "2001-01-01T00:00:00Z")))
	ok(acctest.Update(ctx, by("changes anna"), grant("anna@northwind.example", rolemodel.HelpDeskAdmin, "")))
	ok(acctest.Update(ctx, by("says until when"), grant("anna@northwind.example", rolemodel.HelpDeskAdmin, "2999-01-01T00:00:00Z")))
	edited := rolemodel.Role{TenantID: tenant, ID: "directory-administrator", Name: "Desk Administrator", SecurityPermission: rolemodel.CannotManageRoles}
	ok(acctest.Update(ctx, by("edits the role"), edited))
	edited.AllowUnlistedPermissions = true // Nothing at Mimecast.
	ok(acctest.Update(ctx, by("allows unlisted permissions"), edited))
	_, err = directory.ReplaceExternalAdmins(ctx, by("replaces"), directory.Replace{Action: directory.ActionUpdate, Tenant: tenant, As: "someone", Admins: []rolemodel.ExternalAdmin{
		grant("anna@northwind.example", rolemodel.HelpDeskAdmin, ""), grant("dora@northwind.example", rolemodel.HelpDeskAdmin, ""), grant("gil@northwind.example", rolemodel.PartnerAdmin, ""),
		grant("hal@northwind.example", rolemodel.HelpDeskAdmin, "2001-01-01T00:00:00Z"),
	}})
	ok(err)
	_, err = directory.Create(ctx, by("adopts dora"), grant("dora@northwind.example", rolemodel.HelpDeskAdmin, ""), "another")
	ok(err)
	_, err = directory.SayObserved(ctx, by("sees"), directory.Observe{Tenant: tenant, Means: rolemodel.MeansFile, Admins: []rolemodel.ObservedAdmin{
		{Email: "fay@northwind.example", RoleName: "Help Desk Administrator"}, {Email: "eve@evil.example", RoleName: "Full Administrator"}, {Email: "hal@northwind.example", RoleName: "Help Desk Administrator"},
	}})
	ok(err)
	ok(acctest.Create(ctx, by("makes a role"), rolemodel.Role{TenantID: tenant, Name: "Short", SecurityPermission: rolemodel.CannotManageRoles}))
	_, err = gather.Confirm(ctx, by("confirms"), gather.Filter{}, gather.Selection{ItemIDs: []string{idOf(t, d, "create_role short")}}, "")
	ok(err)
	ok(acctest.Delete[rolemodel.Role](ctx, by("deletes the role"), directory.Key{Account: tenant, ID: "short"}))

	got := map[string]string{}
	for _, item := range read(t, d, gather.Filter{}).Items {
		got[said([]worklist.Item{item})[0]] = item.DeclaredBy
		if expired := item.Person == "hal@northwind.example"; expired != (item.Since == "2001-01-01T00:00:00Z") || !expired && item.Since < before {
			t.Errorf("%+v is due since %s", item, item.Since)
		}
	}
	want := map[string]string{
		"CUSA01A001 edit_role directory-administrator":         "edits the role",
		"CUSA01A001 add_admin dora@northwind.example":          "adds dora",
		"CUSA01A001 add_admin gil@northwind.example":           "replaces",
		"CUSA01A001 change_admin_role anna@northwind.example":  "changes anna",
		"CUSA01A001 remove_admin bea+o'neil@northwind.example": "replaces",
		"CUSA01A001 remove_admin fay@northwind.example":        "removes fay",
		"CUSA01A001 remove_admin hal@northwind.example":        "adds hal",
		"CUSA01A001 undeclared_admin eve@evil.example":         "",
		"CUSA01A001 delete_role short":                         "deletes the role",
	}
	if !maps.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func idOf(t *testing.T, r directory.Reader, what string) string {
	t.Helper()
	for _, item := range read(t, r, gather.Filter{}).Items {
		if strings.HasSuffix(said([]worklist.Item{item})[0], what) {
			return item.ID
		}
	}
	t.Fatalf("there is no item %s", what)
	return ""
}

// spy counts the events that are read.
type spy struct {
	directory.Reader
	searches, events int
}

func (s *spy) AuditEvents(ctx context.Context, filter directory.AuditFilter) iter.Seq2[directory.AuditEvent, error] {
	s.searches++
	return func(yield func(directory.AuditEvent, error) bool) {
		for event, err := range s.Reader.AuditEvents(ctx, filter) {
			s.events++
			if !yield(event, err) {
				return
			}
		}
	}
}

// TestTrailIsReadInPart: of a person in many tenants it is read once, of tenants
// without items not at all.
func TestTrailIsReadInPart(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	d := dir.As(rolemodel.SuperAdmin)
	const tenants = 8
	dir.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		var failed error
		for i := range tenants {
			code := rolemodel.AccountCode(fmt.Sprintf("CUSB%02dB000", i))
			failed = errors.Join(failed,
				acctest.Create(ctx, db, rolemodel.Tenant{AccountCode: code, Name: string(code), PrimaryDomain: rolemodel.Domain(strings.ToLower(string(code)) + ".example"), PartnerID: "CUSA00A000"}),
				acctest.Create(ctx, db, rolemodel.ExternalAdmin{TenantID: code, Email: "anna@northwind.example", RoleID: rolemodel.PartnerAdmin}))
		}
		return failed
	})()
	all(t, d)
	s := &spy{Reader: d}
	expect(t, read(t, s, gather.Filter{}).Items)
	if s.searches != 0 {
		t.Errorf("%d searches for no item", s.searches)
	}
	for i := range tenants {
		key := directory.Key{Account: rolemodel.AccountCode(fmt.Sprintf("CUSB%02dB000", i)), Email: "anna@northwind.example"}
		if err := acctest.Delete[rolemodel.ExternalAdmin](t.Context(), d, key); err != nil {
			t.Fatal(err)
		}
	}
	if list := read(t, s, gather.Filter{}); len(list.Items) != tenants || len(list.Passes) != 1 || s.searches != 1 {
		t.Errorf("%d items in %d passes after %d searches", len(list.Items), len(list.Passes), s.searches)
	}
}
