package desk_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestBounds: a page has so much at most, says so, and the rest is on the next ones or found by a search.
func TestBounds(t *testing.T) {
	t.Parallel()
	d := filled(t)
	const tenants, people = 28, 40
	for i := range tenants {
		code := rolemodel.AccountCode(fmt.Sprintf("CMANY%02d", i))
		if _, err := directory.Create(t.Context(), d, rolemodel.Tenant{AccountCode: code, Name: fmt.Sprint("Many ", i), PrimaryDomain: rolemodel.Domain(fmt.Sprintf("many%d.example", i)), PartnerID: "CUSA00A000"}, ""); err != nil {
			t.Fatal(err)
		}
		r := directory.Replace{Action: directory.ActionUpdate, Tenant: code}
		for j := range people {
			r.Admins = append(r.Admins, rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("p%d@northwind.example", i*people+j)), RoleID: rolemodel.HelpDeskAdmin})
		}
		if _, err := directory.ReplaceExternalAdmins(t.Context(), d, r); err != nil {
			t.Fatal(err)
		}
	}
	seen := directory.Observe{Tenant: "CUSA01A001", Means: rolemodel.MeansFile}
	for i := range 50 {
		seen.Admins = append(seen.Admins, rolemodel.ObservedAdmin{Email: rolemodel.Email(fmt.Sprintf("eve%d@evil.example", i)), RoleName: fmt.Sprint("Odd role ", i)})
	}
	if _, err := directory.SayObserved(t.Context(), d, seen); err != nil {
		t.Fatal(err)
	}
	all := listOf(t, d).Items
	v := run(t, d, desk.Options{}).enter()
	item := regexp.MustCompile(`data-item="([a-z2-7]+)"`)
	shown := map[string]int{}
	for page := 1; page <= 2; page++ {
		text := v.expect(fmt.Sprintf("/?page=%d", page), fmt.Sprintf("Page %d of 2", page), "of them on this page: write a client or a person to see fewer.", "All 50 of them")
		found := item.FindAllStringSubmatch(text, -1)
		if len(found) > 1000 {
			t.Errorf("%d items are on page %d", len(found), page)
		}
		for _, match := range found {
			shown[match[1]]++
		}
		if n := strings.Count(text, "and nobody declared it."); n != 20 {
			t.Errorf("%d are named above the passes", n)
		}
	}
	for _, item := range all {
		if shown[item.ID] != 1 {
			t.Errorf("item %s is there %d times", item.ID, shown[item.ID])
		}
	}
	v.expect("/?page=99", "Page 2 of 2")
	v.expect("/?q=cmany27", "1 of 31 passes match", "Many 27")
	text := v.expect("/access", "and 53 roles in all", "Shown are 31 clients and 150 of 1174 people: write what you look for and press Enter.", "data-partial")
	if n := strings.Count(text, `<th scope="col" data-person=`); n != 150 {
		t.Errorf("%d people are across", n)
	}
	v.expect("/access?q=p1119@northwind.example", `data-person="p1119@northwind.example"`, "1 of 31 clients.")
	v.expect("/person", "500 of them are on this page", "Page 1 of 3")
}
