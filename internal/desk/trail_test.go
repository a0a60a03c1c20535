package desk_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

var (
	moments = regexp.MustCompile(`<time datetime="[^"]*">([^<]*)</time>`)
	events  = regexp.MustCompile(`<p class="event">`)
	earlier = regexp.MustCompile(`<a href="([^"]*)" rel="next">Earlier</a>`)
)

// TestTrail: each event is on one page, the latest first, in sentences.
func TestTrail(t *testing.T) {
	t.Parallel()
	d := filled(t)
	for i := range 100 {
		if _, err := directory.Create(t.Context(), d, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: rolemodel.Email(fmt.Sprintf("p%d@northwind.example", i)), RoleID: rolemodel.Reviewer, Reason: "INC-7"}, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := gather.Confirm(t.Context(), d, gather.Filter{Tenants: []rolemodel.AccountCode{"CUSA02A002"}}, gather.Selection{}, "INC-8"); err != nil {
		t.Fatal(err)
	}
	// Refused: the address is the client's own.
	if _, err := directory.Create(t.Context(), d, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "x@alder.example", RoleID: rolemodel.Reviewer}, ""); err == nil {
		t.Fatal("it is not refused")
	}
	role, err := d.Role(t.Context(), "CUSA01A001", "directory-administrator")
	if err != nil {
		t.Fatal(err)
	}
	role.Name, role.Description, role.ApplicationPermissions = "Directory & <Team> Administrator", "", []rolemodel.Permission{"Directories | Groups | Edit", "Directories | Attributes | Read"}
	if _, err := directory.Update(t.Context(), d, directory.KeyOf(role), role, 0, ""); err != nil {
		t.Fatal(err)
	}
	all, err := directory.Collect(d.AuditEvents(t.Context(), directory.AuditFilter{}))
	if err != nil {
		t.Fatal(err)
	}
	v := run(t, d, desk.Options{}).enter()
	text := v.expect("/trail", ">refused<", "Wanted to create the external admin CUSA01A001/x@alder.example", "internal domain", "Confirmed as done at Mimecast in CUSA02A002, all external admins (INC-8)", "anna@southwind.example holds Help Desk Administrator",
		"Created the external admin CUSA01A001/p99@northwind.example", "p99@northwind.example got Reviewer (INC-7)",
		"Changed the role CUSA01A001/directory-administrator", "name: &#34;Directory &amp; &lt;Team&gt; Administrator&#34; instead of &#34;Directory Administrator&#34;", "description: no longer",
		"application permissions: added Directories | Attributes | Read; removed Directories | Internal | Read")
	var got []string
	for pages := 0; ; pages++ {
		if n := len(events.FindAllString(text, -1)); n > 40 || n == 0 {
			t.Fatalf("%d events are on the page", n)
		}
		for _, match := range moments.FindAllStringSubmatch(text, -1) {
			got = append(got, match[1])
		}
		next := earlier.FindStringSubmatch(text)
		if next == nil {
			break
		}
		text = v.expect(html.UnescapeString(next[1]), "Latest")
	}
	if len(got) != len(all) || !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("%d of %d events, %q", len(got), len(all), got)
	}
	if text := v.expect("/trail?person=anna@southwind.example", "anna@southwind.example got Help Desk Administrator"); strings.Contains(text, "northwind.example") {
		t.Error(text)
	}
	if text := v.expect("/trail?tenant=cusa02a002", "CUSA02A002"); strings.Contains(text, "CUSA01A001") {
		t.Error(text)
	}
	v.expect("/trail?since=2999-01-01", "Nothing was changed as far as this asks for.")
	status, text := v.get("/trail?tenant=x&person=anna&since=yesterday&until=now")
	for _, part := range []string{"is not an account code", "is not an email address", "write it like 2027-01-31", "not one of the desk"} {
		if status != http.StatusBadRequest || !strings.Contains(text, part) {
			t.Errorf("%d, %q is not in %s", status, part, text)
		}
	}
}

// TestTrailOfPerson: of what was said of many at once, that person's part is shown.
func TestTrailOfPerson(t *testing.T) {
	t.Parallel()
	d := filled(t)
	seen := directory.Observe{Tenant: "CUSA01A001", Means: rolemodel.MeansFile}
	for i := range 50 {
		seen.Admins = append(seen.Admins, rolemodel.ObservedAdmin{Email: rolemodel.Email(fmt.Sprintf("p%02d@northwind.example", i)), RoleName: "Reviewer"})
	}
	if _, err := directory.SayObserved(t.Context(), d, seen); err != nil {
		t.Fatal(err)
	}
	run(t, d, desk.Options{}).enter().expect("/trail?person=p49@northwind.example", "p49@northwind.example holds Reviewer", "and 30 more")
}
