package desk_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// TestWorklist goes from all that is to be done to nothing, without script.
func TestWorklist(t *testing.T) {
	t.Parallel()
	d := filled(t)
	see(t, d, "CUSA01A001", "eve@evil.example", "Super Administrator")
	v := run(t, d, desk.Options{Where: "msp.directory", Who: "ann@desk"}).enter()
	list := listOf(t, d)
	text := v.expect("/", "11 items to be done at Mimecast, in 3 passes", "msp.directory", "ann@desk", "Administration Console: Alder Legal (CUSA01A001)",
		"Undeclared", "eve@evil.example", `data-action="confirm"`, "Whole pass done", "Add External Admin: anna@northwind.example")
	for _, pass := range list.Passes {
		if !strings.Contains(text, `data-pass="`+pass.ID+`"`) {
			t.Errorf("pass %s is not there", pass.ID)
		}
	}
	for _, item := range list.Items {
		if !strings.Contains(text, `data-item="`+item.ID+`"`) {
			t.Errorf("item %s is not there", item.ID)
		}
	}
	if status, text := v.post("/confirm", list.Items[:1], "INC-7"); status != http.StatusOK || !strings.Contains(text, "10 items to be done") || !strings.Contains(text, "Ticked off at this desk") {
		t.Errorf("%d %s", status, text)
	}
	roles, err := directory.Collect(d.Observations(t.Context(), directory.ObservationFilter{TenantIDs: []rolemodel.AccountCode{"CUSA01A001"}}))
	if err != nil || roles[0].Roles[0].Note != "INC-7" {
		t.Errorf("%v %+v", err, roles)
	}
	if _, text := v.get("/?q=birch+help"); strings.Contains(text, "Alder Legal (CUSA01A001)</bdi></h2>") || !strings.Contains(text, "1 of 3 passes match") {
		t.Error(text)
	}
	v.post("/confirm", listOf(t, d).Items, "")
	v.expect("/", "Nothing is to be done at Mimecast.", "Everything that is declared was seen")
}

// TestTwoDesks: what somebody else ticked off meanwhile is said, and the list is as it is now.
func TestTwoDesks(t *testing.T) {
	t.Parallel()
	d := filled(t)
	one, two := run(t, d, desk.Options{}).enter(), run(t, d, desk.Options{}).enter()
	items := listOf(t, d).Items
	if status, done, problem := one.script("/confirm", items[:1]); status != http.StatusOK || !slices.Equal(done, []string{items[0].ID}) || problem != "" {
		t.Error(status, done, problem)
	}
	if status, done, problem := two.script("/confirm", items[:2]); status != http.StatusConflict || len(done) > 0 || !strings.Contains(problem, "it was confirmed already") {
		t.Error(status, done, problem)
	}
	status, text := two.post("/confirm", items[:2], "")
	if status != http.StatusConflict || !strings.Contains(text, "it was confirmed already") || strings.Contains(text, `data-item="`+items[0].ID+`"`) || !strings.Contains(text, `data-item="`+items[1].ID+`"`) {
		t.Errorf("%d %s", status, text)
	}
}

// TestReadOnly: who may only read sees no buttons, and a write is refused.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	d := filled(t)
	v := run(t, d, desk.Options{ReadOnly: true}).enter()
	if text := v.expect("/", "Read only", "10 items"); strings.Contains(text, `data-action="confirm"`) || strings.Contains(text, `data-action="undo"`) {
		t.Error("there are buttons")
	}
	if status, done, problem := v.script("/confirm", listOf(t, d).Items); status != http.StatusForbidden || len(done) > 0 || !strings.Contains(problem, "only reads") {
		t.Error(status, done, problem)
	}
	if left := len(listOf(t, d).Items); left != 10 {
		t.Errorf("%d are left", left)
	}
}

// TestBadPosts: what no page sends changes nothing and is answered in a sentence.
func TestBadPosts(t *testing.T) {
	t.Parallel()
	d := filled(t)
	v := run(t, d, desk.Options{}).enter()
	for body, want := range map[string]int{
		"item=":                              http.StatusBadRequest,
		"note=x":                             http.StatusBadRequest,
		"item=nonenonenone":                  http.StatusConflict,
		"item=a&tenant=CNONE":                http.StatusNotFound,
		"item=a&tenant=x+y":                  http.StatusBadRequest,
		"item=%zz":                           http.StatusBadRequest,
		"item=" + strings.Repeat("x", 2<<20): http.StatusRequestEntityTooLarge,
	} {
		if response, text := v.do(v.request(http.MethodPost, "/confirm", body)); response.StatusCode != want || !strings.Contains(text, "<h1>") {
			t.Errorf("%.20s: %d, want %d", body, response.StatusCode, want)
		}
	}
	if response, _ := v.do(v.request(http.MethodGet, "/confirm", "")); response.StatusCode == http.StatusOK {
		t.Error("a link can confirm")
	}
	if left := len(listOf(t, d).Items); left != 10 {
		t.Errorf("%d are left", left)
	}
}

// TestAccess: roles by letter, and what stands out by more than colour.
func TestAccess(t *testing.T) {
	t.Parallel()
	d := filled(t)
	if _, err := gather.Confirm(t.Context(), d, gather.Filter{}, gather.Selection{}, ""); err != nil {
		t.Fatal(err)
	}
	see(t, d, "CUSA01A001", "eve@evil.example", "Super Administrator")
	if _, err := directory.Create(t.Context(), d, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "new@northwind.example", RoleID: rolemodel.Reviewer}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := directory.Create(t.Context(), d, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "old@northwind.example", RoleID: rolemodel.GatewayAdmin, ExpiresAt: "2020-01-01T00:00:00Z"}, ""); err != nil {
		t.Fatal(err)
	}
	v := run(t, d, desk.Options{}).enter()
	text := v.expect("/access", "Who can get in where", "1 undeclared", "1 expired", "CUSA03A003 retired", "Partner Administrator",
		`<td class="rP" data-tenant="CUSA01A001" data-person="anna@northwind.example" data-role="Partner Administrator">P</td>`,
		`<td class="rC" data-tenant="CUSA01A001" data-person="bea&#43;o&#39;neil@northwind.example" data-role="Directory Administrator">C1</td>`,
		`<td class="rS u" data-tenant="CUSA01A001" data-person="eve@evil.example" data-role="Super Administrator">!S</td>`,
		`<td class="rR n" data-tenant="CUSA01A001" data-person="new@northwind.example" data-role="Reviewer">R·</td>`,
		`<td class="rG x" data-tenant="CUSA01A001" data-person="old@northwind.example" data-role="Gateway Administrator">G×</td>`,
		`id="filter"`, `<th scope="row"`, `<th scope="col"`)
	if strings.Contains(text, "filtered") {
		t.Error("it is filtered without a query")
	}
	for query, shows := range map[string][]string{
		"undeclared": {"eve@evil.example", "1 of 3 clients"}, "BIRCH": {"anna@southwind.example", "1 of 3 clients"}, "help desk": {"anna@southwind.example"},
		"super evil alder": {"eve@evil.example"}, "nobody": {"Nothing has all of these words.", "0 of 3 clients"},
	} {
		text := v.expect("/access?q="+strings.ReplaceAll(query, " ", "+"), shows...)
		if strings.Contains(text, "new@northwind.example") {
			t.Errorf("%s shows everybody", query)
		}
	}
}

// TestHostileNames: what people wrote is text, whatever it looks like.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	d := filled(t)
	names := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "شركة الأمن", strings.Repeat("W", rolemodel.MaxName), `{{.Options}} ' & "`}
	for i, name := range names {
		code := rolemodel.AccountCode([]string{"CH0", "CH1", "CH2", "CH3", "CH4"}[i])
		domain := rolemodel.Domain(strings.ToLower(string(code)) + ".example")
		if _, err := directory.Create(t.Context(), d, rolemodel.Tenant{AccountCode: code, Name: name, PrimaryDomain: domain, PartnerID: "CUSA00A000"}, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := directory.Create(t.Context(), d, rolemodel.Role{TenantID: code, Name: name, SecurityPermission: rolemodel.CannotManageRoles}, ""); err != nil {
			t.Fatal(err)
		}
		see(t, d, code, "eve@evil.example", name)
	}
	v := run(t, d, desk.Options{Where: names[0], Who: names[1]}).enter()
	for _, path := range []string{"/", "/access", "/person", "/trail", "/person/eve@evil.example", "/?q=" + strings.Repeat("%3Cscript%3E", 3), "/access?q=%22%3E%3Cscript%3E", "/access?q=alert"} {
		text := v.expect(path)
		if strings.Contains(text, "<script>") || strings.Contains(text, "<img src=x") || strings.Contains(text, `""><`) {
			t.Errorf("%s: %s", path, text)
		}
	}
	if status, text := v.get("/trail?person=%3Cscript%3E&tenant=%22%3E%3Cscript%3E"); status != http.StatusBadRequest || strings.Contains(text, "<script>") {
		t.Errorf("%d %s", status, text)
	}
	v.expect("/", "&lt;script&gt;alert(1)&lt;/script&gt;", names[2], names[3])
	v.expect("/access", "&lt;script&gt;alert(1)&lt;/script&gt;", names[2], names[3])
}

// TestNoRight: who may not read what the pages show is told so, and sees nothing of it.
func TestNoRight(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	v := run(t, dir.As(rolemodel.Reviewer), desk.Options{}).stranger()
	v.get(v.Entry())
	for _, path := range []string{"/", "/access", "/person", "/person/anna@northwind.example", "/trail", "/review"} {
		status, text := v.get(path)
		if status != http.StatusForbidden || !strings.Contains(text, "Reviewer cannot manage roles") || strings.Contains(text, "Alder") {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
}
