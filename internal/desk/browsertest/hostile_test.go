package browsertest

import (
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// hostile are names that try to be something else.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`'; alert(1); //</script><svg onload=alert(1)>`,
	`{{.Options}} javascript:alert(1)`,
	"שלום" + strings.Repeat(" עולם", 8),
	strings.Repeat("W", 200),
	strings.Repeat("long name ", 19) + "end",
}

// TestHostileNames gives clients, roles, people, reasons and notes such names:
// no script of theirs runs, each is read as it is, and no page becomes wider than the window.
func TestHostileNames(t *testing.T) {
	w := newWorld(t)
	ctx, d := t.Context(), w.as("kim@northwind-it.example")
	w.ok(directory.Create(ctx, d, rolemodel.Partner{AccountCode: northwind, Name: hostile[0], Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"northwind-it.example"}}, ""))
	people := []rolemodel.Email{`o'neil+<b>@northwind-it.example`, rolemodel.Email(strings.Repeat("a", 64) + "@northwind-it.example"), "javascript.alert@northwind-it.example"}
	for i, name := range hostile {
		code := rolemodel.AccountCode("CUSA0" + string(rune('1'+i)))
		w.ok(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: code, Name: name, PrimaryDomain: rolemodel.Domain(strings.ToLower(string(code)) + ".example"), PartnerID: northwind}, ""))
		role, err := directory.Create(ctx, d, rolemodel.Role{TenantID: code, Name: name, Description: name, SecurityPermission: rolemodel.CannotManageRoles}, "")
		w.ok(nil, err)
		for _, person := range people {
			if _, err := rolemodel.ParseEmail(string(person)); err != nil {
				continue // The rules refuse it already.
			}
			w.ok(directory.Create(ctx, d, rolemodel.ExternalAdmin{TenantID: code, Email: person, RoleID: role.Entry.ID, Reason: name}, ""))
		}
		w.ok(directory.SayObserved(ctx, d, directory.Observe{
			Tenant: code, Means: rolemodel.MeansFile, Note: name,
			Admins: []rolemodel.ObservedAdmin{{Email: "eve@elsewhere.example", RoleName: name}},
			Roles:  []rolemodel.ObservedRole{{Name: name + "."[:min(1, 200-len([]rune(name)))]}},
		}))
	}
	w.ok(gather.Confirm(ctx, d, gather.Filter{}, gather.Selection{ItemIDs: []string{w.list().Items[0].ID}}, hostile[1]))
	s := show(t, d, desk.Options{Where: hostile[0], Who: hostile[1]})
	b := s.enter()
	for _, width := range []int64{1280, 800} {
		size(b, width, 800)
		for _, path := range []string{"/", "/access", "/access?q=%3Cscript%3Ealert(1)%3C/script%3E", "/person", "/person/" + string(people[1]), "/person/eve@elsewhere.example", "/trail", "/?q=%22%3E%3Cimg+src=x+onerror=alert(1)%3E"} {
			b.open(s.url(path))
			b.wait(`document.querySelector("main[data-view] h1")`)
			if n := b.count("main script, main img, main svg, header img, header svg, [onerror], [onload], a[href^=javascript]"); n > 0 {
				t.Errorf("%s: %d elements of somebody else's", path, n)
			}
			if wide := value[int64](b, "document.documentElement.scrollWidth"); wide > width {
				t.Errorf("%s: in a window of %d it is %d wide", path, width, wide)
			}
		}
	}
	b.open(s.url("/"))
	for _, name := range hostile {
		if text := value[string](b, "document.body.textContent"); !strings.Contains(text, strings.TrimSpace(name)) {
			t.Errorf("%q is not there as it is", name)
		}
	}
}
