package gather_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	worklistgather "github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

const (
	tenant = rolemodel.AccountCode("CUSA01A001")
	msp    = rolemodel.AccountCode("CUSA00A000")
)

func must[T any](value T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func filled(t *testing.T) directory.Directory {
	dir := acctest.NewDirectory(t)
	dir.Fill()
	return dir.As(rolemodel.SuperAdmin)
}

func sign(t *testing.T, d directory.Directory, of review.Subject) {
	t.Helper()
	must(gather.Sign(t.Context(), d, of, must(gather.Report(t.Context(), d, of))(t).Digest, "Q4"))(t)
}

func said(changes []review.Change) []string {
	all := []string{}
	for _, change := range changes {
		all = append(all, fmt.Sprintf("%s: %s", change.TenantID, change.String()))
	}
	return all
}

func grant(email, role string) rolemodel.ExternalAdmin {
	return rolemodel.ExternalAdmin{TenantID: tenant, Email: rolemodel.Email(email), RoleID: rolemodel.RoleID(role)}
}

// A review is looked at, signed, and the next one begins with what changed since.
func TestReview(t *testing.T) {
	t.Parallel()
	d, ctx := filled(t), t.Context()
	report := must(gather.Report(ctx, d, review.Subject{}))(t)
	if report.LastSigned != nil || report.Counts != (review.Counts{Tenants: 3, People: 4, Grants: 4}) {
		t.Errorf("%+v, last signed %+v", report.Counts, report.LastSigned)
	}
	before := rolemodel.TimeOf(time.Now().Add(-time.Minute))
	for _, row := range report.Rows {
		if row.Since < before || row.RoleName == "" || row.PartnerName == "" {
			t.Errorf("since when, as what and by whom? %+v", row)
		}
	}
	signed := must(gather.Sign(ctx, d, review.Subject{}, strings.ToUpper(report.Digest), "Q4"))(t)
	report = must(gather.Report(ctx, d, review.Subject{}))(t)
	if got, want := *report.LastSigned, (review.Signed{At: signed.At, By: signed.By, Note: "Q4", Digest: report.Digest, Changes: []review.Change{}, Traced: true}); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	must(directory.Create(ctx, d, grant("dora@northwind.example", "basic-admin"), ""))(t)
	must(directory.Delete[rolemodel.ExternalAdmin](ctx, d, directory.Key{Account: tenant, Email: "anna@northwind.example"}, ""))(t)
	must(directory.SayObserved(ctx, d, directory.Observe{Tenant: tenant, Means: rolemodel.MeansFile, Admins: []rolemodel.ObservedAdmin{{Email: "eve@elsewhere.example", RoleName: "Reviewer"}}}))(t)
	// What came and went is no change.
	must(directory.Create(ctx, d, grant("carl@northwind.example", "basic-admin"), ""))(t)
	must(directory.Delete[rolemodel.ExternalAdmin](ctx, d, directory.Key{Account: tenant, Email: "carl@northwind.example"}, ""))(t)

	_, err := gather.Sign(ctx, d, review.Subject{}, report.Digest, "")
	if changed, ok := errors.AsType[*gather.ChangedError](err); !ok || changed.Looked != report.Digest || !strings.Contains(err.Error(), "Look at the review again") {
		t.Errorf("signing what has changed: %v", err)
	}
	report = must(gather.Report(ctx, d, review.Subject{}))(t)
	if got, want := said(report.LastSigned.Changes), []string{
		"CUSA01A001: eve@elsewhere.example is there as Reviewer without being declared",
		"CUSA01A001: dora@northwind.example got Basic Administrator",
		"CUSA01A001: anna@northwind.example lost Partner Administrator",
	}; !slices.Equal(got, want) || !report.LastSigned.Traced {
		t.Errorf("traced: %t\ngot  %q\nwant %q", report.LastSigned.Traced, got, want)
	}
	for _, change := range report.LastSigned.Changes {
		if change.At == "" || change.By == "" {
			t.Errorf("when and by whom? %+v", change)
		}
	}
	if status := must(gather.StatusOf(ctx, d, review.Subject{}))(t); status.Digest != report.Digest || !reflect.DeepEqual(status.LastSigned, report.LastSigned) {
		t.Errorf("the status is %+v", status)
	}
	if found := must(directory.VerifyAudit(ctx, d, nil))(t); len(found) > 0 {
		t.Error(found)
	}
}

// What somebody changes between the look and the signature is what changed since.
func TestBetween(t *testing.T) {
	t.Parallel()
	d := filled(t)
	report := must(gather.Report(t.Context(), d, review.Subject{}))(t)
	must(directory.Create(t.Context(), d, grant("dora@northwind.example", "basic-admin"), ""))(t)
	must(directory.Sign(t.Context(), d, directory.SignReview{Digest: report.Digest, Seen: report.Seen}))(t)
	last := must(gather.Report(t.Context(), d, review.Subject{}))(t).LastSigned
	if got := said(last.Changes); !slices.Equal(got, []string{"CUSA01A001: dora@northwind.example got Basic Administrator"}) || !last.Traced {
		t.Errorf("traced: %t, got %q", last.Traced, got)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	d := dir.As(rolemodel.SuperAdmin)
	if _, err := gather.Report(t.Context(), d, review.Subject{TenantID: "CNONE"}); !directory.IsNotFound(err) {
		t.Error(err)
	}
	if _, err := gather.Report(t.Context(), dir.As(rolemodel.Reviewer), review.Subject{}); err == nil || !strings.Contains(err.Error(), "view-roles") {
		t.Error(err)
	}
	if _, err := gather.Sign(t.Context(), d, review.Subject{}, "abc", ""); err == nil || !strings.Contains(err.Error(), "64 hexadecimal digits") {
		t.Error(err)
	}
}

// Where the trail does not lead back to what was signed, that is said: of a tenant
// that has left, its former partner does not see what its custom roles were.
func TestUntraced(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	owner, ctx := dir.As(rolemodel.SuperAdmin), t.Context()
	db := must(sqldb.New(dir.Path))(t)
	defer db.Close()
	role, _ := rolemodel.DefaultRole(rolemodel.BasicAdmin)
	partner := db.Open(directory.Caller{
		Actor: rolemodel.Actor{Name: "auditor", Role: role, PartnerID: msp, Credential: true},
		Scope: directory.Scope{PartnerID: msp, ReadOnly: true, MaySignReviews: true},
	})
	sign(t, partner, review.Subject{})
	if last := must(gather.Report(ctx, partner, review.Subject{}))(t).LastSigned; !last.Traced || len(last.Changes) > 0 {
		t.Errorf("before: %+v", last)
	}
	moved := must(owner.Tenant(ctx, tenant))(t)
	for _, email := range []rolemodel.Email{"anna@northwind.example", "bea+o'neil@northwind.example"} {
		must(directory.Delete[rolemodel.ExternalAdmin](ctx, owner, directory.Key{Account: tenant, Email: email}, ""))(t)
	}
	moved.PartnerID = "CUSA90A090"
	must(directory.Update(ctx, owner, directory.Key{Account: tenant}, moved, 0, ""))(t)
	last := must(gather.Report(ctx, partner, review.Subject{}))(t).LastSigned
	if got := said(last.Changes); last.Traced || !slices.Contains(got, "CUSA01A001: the client is no longer here") || len(got) != 3 {
		t.Errorf("traced: %t, %q", last.Traced, got)
	}
	must(directory.Sign(ctx, partner, directory.SignReview{Digest: strings.Repeat("0", 64)}))(t)
	if last := must(gather.Report(ctx, partner, review.Subject{}))(t).LastSigned; last.Traced {
		t.Errorf("a digest that never was is traced: %+v", last)
	}
}

// TestUndo does something at random after each signature, again and again: what
// changed since is exactly the difference of what there was and is, and the trail
// leads back to the digest that was signed.
func TestUndo(t *testing.T) {
	t.Parallel()
	d := filled(t)
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // Any seed will do.
	random := rand.New(rand.NewPCG(seed, 0))
	states := func() []worklist.State { return must(worklistgather.States(t.Context(), d, nil))(t) }
	kinds := map[review.ChangeKind]int{}
	for range 60 {
		of := []review.Subject{{}, {Person: "anna@northwind.example"}, {Person: "dora@northwind.example"}, {TenantID: tenant}, {TenantID: tenant, Person: "dora@northwind.example"}}[random.IntN(5)]
		if _, err := d.Tenant(t.Context(), of.TenantID); of.TenantID != "" && err != nil {
			continue
		}
		sign(t, d, of)
		then := states()
		for range random.IntN(7) {
			something(t, d, random)
		}
		if _, err := d.Tenant(t.Context(), of.TenantID); of.TenantID != "" && err != nil {
			continue
		}
		now := states()
		if of.TenantID != "" {
			other := func(s worklist.State) bool { return s.Tenant.AccountCode != of.TenantID }
			then, now = slices.DeleteFunc(then, other), slices.DeleteFunc(now, other)
		}
		last := must(gather.Report(t.Context(), d, of))(t).LastSigned
		want := review.Changes(of, then, now)
		if got := said(last.Changes); !last.Traced || !slices.Equal(got, said(want)) {
			t.Fatalf("seed %d, of %+v, traced: %t\ngot  %q\nwant %q", seed, of, last.Traced, got, said(want))
		}
		for _, change := range want {
			kinds[change.Kind]++
		}
	}
	t.Log(kinds)
}

// something changes something, or is refused.
func something(t *testing.T, d directory.Directory, random *rand.Rand) {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	code := rolemodel.AccountCode(pick("CUSA01A001", "CUSA02A002", "CNEW"))
	email := pick("anna@northwind.example", "dora@northwind.example", "noc@northwind.example")
	g := grant(email, pick("basic-admin", "partner-admin", "reviewer", "directory-administrator"))
	g.TenantID, g.Reason, g.ExpiresAt = code, pick("", "On call"), rolemodel.Time(pick("", "2099-01-01T00:00:00Z"))
	key, ctx := directory.KeyOf(g), t.Context()
	var err error
	switch random.IntN(10) {
	case 0, 1:
		_, err = directory.Create(ctx, d, g, "")
	case 2:
		_, err = directory.Update(ctx, d, key, g, 0, "")
	case 3:
		_, err = directory.Delete[rolemodel.ExternalAdmin](ctx, d, key, "")
	case 4:
		_, err = directory.ReplaceExternalAdmins(ctx, d, directory.Replace{Action: directory.ActionUpdate, Tenant: code, Admins: []rolemodel.ExternalAdmin{g}})
	case 5:
		_, err = directory.Update(ctx, d, directory.Key{Account: code, ID: "directory-administrator"}, rolemodel.Role{
			Name: pick("Directory Administrator", "Directory Admin"), Description: pick("a", "b"), SecurityPermission: rolemodel.CannotManageRoles,
		}, 0, "")
	case 6:
		_, err = directory.SayObserved(ctx, d, directory.Observe{Tenant: code, Complete: random.IntN(2) == 0, Means: rolemodel.MeansFile, Admins: []rolemodel.ObservedAdmin{
			{Email: rolemodel.Email(email), RoleName: pick("", "Reviewer", "Directory Administrator")}, {Email: "eve@elsewhere.example", RoleName: pick("", "Reviewer")},
		}})
	case 7:
		_, err = directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CNEW", Name: "New", PrimaryDomain: "new.example", PartnerID: msp}, "")
	case 8:
		_, err = directory.Delete[rolemodel.Tenant](ctx, d, directory.Key{Account: "CNEW"}, "")
	case 9: // A confirmation, which may be taken back.
		if _, err = directory.SayObserved(ctx, d, directory.Observe{Tenant: code, Means: rolemodel.MeansConfirmation, Admins: []rolemodel.ObservedAdmin{{Email: rolemodel.Email(email), RoleName: pick("", "Reviewer")}}}); err != nil {
			break
		}
		last := ""
		for event, err := range d.AuditEvents(ctx, directory.AuditFilter{TenantID: code}) {
			if must(event, err)(t); event.Kind == directory.KindObservation && event.Outcome == directory.OutcomeDone {
				last = event.ID
			}
		}
		if random.IntN(2) == 0 {
			_, err = directory.SayObserved(ctx, d, directory.Observe{Tenant: code, Means: rolemodel.MeansConfirmation, TakesBack: last})
		}
	}
	_, refused := rolemodel.AsViolations(err)
	var conflict *directory.ConflictError
	if err != nil && !refused && !directory.IsNotFound(err) && !errors.As(err, &conflict) {
		t.Fatal(err)
	}
}
