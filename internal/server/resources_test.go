package server_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func (a answer) has(parts ...string) answer {
	a.t.Helper()
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			a.t.Errorf("%s is not in %d %s", part, a.status, a.body)
		}
	}
	return a
}

func TestResources(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.token()
	f.world(token)

	read := f.call(token, "GET", "/v1/tenants/calpha", "").want(200)
	if read.field("initial_admin_email") != "msp_alpha@alpha.example" || read.header.Get("ETag") != `"1"` {
		t.Fatalf("%s %v", read.body, read.header)
	}
	const renamed = `{"name":"Alpha 2","primary_domain":"alpha.example","partner_id":"CMSP1"}`
	changed := f.call(token, "PUT", "/v1/tenants/CALPHA", renamed, "If-Match", `"1"`).want(200).has(`"effect":"changed"`, `"name":"Alpha 2"`)
	if changed.header.Get("ETag") != `"2"` {
		t.Error(changed.header)
	}
	f.call(token, "PUT", "/v1/tenants/CALPHA", renamed).want(200).has(`"effect":"unchanged"`)
	stale := f.call(token, "PUT", "/v1/tenants/CALPHA", `{"name":"Alpha 3","primary_domain":"alpha.example"}`, "If-Match", `"1"`).want(412)
	if stale.field("kind") != "tenant" || stale.field("key") != "CALPHA" || stale.header.Get("Content-Type") != "application/problem+json" {
		t.Fatal(stale.body, stale.header)
	}
	f.call(token, "POST", "/v1/tenants", tenantBody).want(409)
	f.call(token, "POST", "/v1/external-admins", `{"tenant_id":"CALPHA","email":"x@alpha.example","role_id":"super-admin"}`).want(422).
		has(`"rule":"external-address"`, `"pointer":"/email"`, `"rule":"super-by-support"`, `"path":[{"attribute":"role_id"}]`)
	f.call(token, "POST", "/v1/partners", `{"name":"X","program":"club","domains":["x.example"],"admin_ip_ranges":["10.0.0.1"]}`).want(422).
		has(`10.0.0.1/32`, `"pointer":"/program"`)
	f.call(token, "GET", "/v1/tenants/CALPHA/external-admins/Anna@MSP.example", "").want(200)
	if tag := f.call(token, "GET", "/v1/tenants/CALPHA/roles/basic-admin", "").want(200).header.Get("ETag"); tag != "" {
		t.Errorf("a default role has the revision %s", tag)
	}
	f.call(token, "GET", "/v1/tenants/CNONE", "").want(404)
	f.call(token, "GET", "/v1/permissions", "").want(200)
	f.call(token, "GET", "/v1/default-roles", "").want(200)
	if rules := f.call(token, "GET", "/v1/rules", "").want(200).has("Use a credential"); strings.Contains(rules.body, "acting_as") {
		t.Error("the rules speak of acting_as, which does nothing here")
	}
	caller := f.call(token, "GET", "/v1/caller", "").want(200)
	if caller.field("role_id") != "super-admin" || caller.field("directory_id") == "" {
		t.Fatal(caller.body)
	}
	f.call(token, "POST", "/v1/sign-in-decisions", `{"tenant_id":"CALPHA","email":"anna@msp.example","source_ip":"192.0.2.1","entrance":"partner_portal"}`).want(200).has(`"allowed":true`)
	f.call(token, "PUT", "/v1/tenants/CALPHA/external-admins", `{"items":[{"email":"bert@msp.example","role_id":"help-desk-admin"}]}`).want(200).has(`"email":"bert@msp.example"`)
	f.call(token, "DELETE", "/v1/tenants/CALPHA/external-admins/bert@msp.example", "").want(200).has(`"effect":"deleted"`, `"email":"bert@msp.example"`)
	f.call(token, "DELETE", "/v1/tenants/CALPHA/external-admins/bert@msp.example", "").want(404)
	f.call(token, "GET", "/v1/audit-events?tenant_id=CALPHA", "").want(200).has(`"actor":"tester (mcd_`)
	f.call(token, "GET", "/v1/audit-heads", "").want(200).has(`"digest":"`)
	for path, want := range map[string]string{
		"partners": "1", "tenants": "1", "roles": "0", "external-admins": "0", "tenants/count?partner_id=CMSP1": "1",
		"tenants/count?code=calpha&code=CNONE": "1", "tenants/count?code=CNONE": "0", "partners/count?domain=msp.example&domain=none.example": "1",
	} {
		if !strings.Contains(path, "count") {
			path += "/count"
		}
		f.call(token, "GET", "/v1/"+path, "").want(200).has(`{"count":` + want + `}`)
	}
}

// TestRequestsThatDoNotFit are answered with a problem that says why, and nothing is done.
func TestRequestsThatDoNotFit(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.token()
	f.world(token)
	events := f.call(token, "GET", "/v1/audit-events", "").body
	const all, alpha, anna = "/v1/tenants/CALPHA/external-admins", "/v1/tenants/CALPHA", "/v1/tenants/CALPHA/external-admins/anna@msp.example"
	for _, test := range []struct {
		method, path, body string
		header             []string
		status             int
		says               string
	}{
		{"POST", "/v1/partners", `{"name":"a\u0000b","program":"msp","domains":["a.example"]}`, nil, 400, "NUL"},
		{"POST", "/v1/partners", `{"name":"a"`, nil, 400, "no JSON"},
		{"POST", "/v1/partners", `{} {}`, nil, 400, "behind"},
		{"POST", "/v1/partners", ``, nil, 400, "body is required"},
		{"POST", "/v1/partners", ` `, nil, 400, "no body"},
		{"POST", "/v1/partners", `[]`, nil, 422, "JSON type array"},
		{"POST", "/v1/partners", `{"name":12345678}`, nil, 422, "name is of the JSON type number. Write a string."},
		{"POST", "/v1/partners", `{"partner_portal":"yes"}`, nil, 422, "true or false"},
		{"POST", "/v1/partners", `{"domains":"a.example"}`, nil, 422, "Write a list"},
		{"POST", "/v1/partners", `{"nam":"x"}`, nil, 422, `unknown member`},
		{"POST", "/v1/partners", `{"` + strings.Repeat("long", 1000) + `":"x"}`, nil, 422, `shortened`},
		{"POST", "/v1/partners", partnerBody, []string{"Content-Type", "text/xml"}, 415, "Content-Type: application/json"},
		{"POST", "/v1/partners", partnerBody, []string{"If-Match", `"1"`}, 400, "Leave it out"},
		{"PUT", all, `{"items":[]}`, []string{"If-Match", `"1"`}, 400, "Leave it out"},
		{"PUT", all, `{}`, nil, 422, "items are missing"},
		{"PUT", all, `{"items":null}`, nil, 422, "items are missing"},
		{"PUT", all, `{"items":[{"email":1}]}`, nil, 422, "items.email"},
		{"PUT", all, `{"items":[],"action":"replace"}`, nil, 422, "Write create, update or delete"},
		{"PUT", all, `{"items":[{"email":"a@msp.example","role_id":"x"}],"action":"delete"}`, nil, 422, "no items"},
		{"PUT", all, `{"items":[` + strings.Repeat("1,", 4e5) + `1]}`, nil, 422, "more than 2000 elements"},
		{"PUT", all, `{"items":[` + strings.Repeat("1,", 15e5) + `1]}`, nil, 413, "2788000 bytes are allowed"},
		{"PUT", all, strings.Repeat(`{"items":[`, 1e5), nil, 400, "no JSON"},
		{"PUT", alpha, tenantBody, []string{"If-Match", `W/"x"`}, 400, "none of this service's ETags"},
		{"DELETE", alpha, "", []string{"If-Match", `"7"`}, 412, "has changed"},
		{"DELETE", anna, "", []string{"If-Match", `7`}, 400, "none of this service's ETags"},
		{"GET", "/v1/tenants?tenant=CALPHA", "", nil, 422, "unknown query parameter"},
		{"GET", "/v1/tenants?partner_id=", "", nil, 422, "leave it out, or give it a value"},
		{"GET", "/v1/tenants?code=CALPHA&code=", "", nil, 422, "leave it out, or give it a value"},
		{"GET", "/v1/tenants?partner_id=C1&partner_id=C2", "", nil, 422, "more than once"},
		{"GET", "/v1/tenants?" + strings.Repeat("code=C1&", 200) + "code=C2", "", nil, 422, "200"},
		{"GET", "/v1/tenants?limit=0", "", nil, 422, "limit"},
		{"GET", "/v1/tenants/%00", "", nil, 400, "NUL"},
		{"GET", "/v1/tenants/%ff", "", nil, 400, "UTF-8"},
		{"GET", "/v1/tenants?name=%00", "", nil, 400, "NUL"},
		{"GET", "/", "", nil, 404, "no such resource"},
		{"GET", "/v1", "", nil, 404, "no such resource"},
		{"GET", "/v1/", "", nil, 404, "no such resource"},
		{"GET", "/v1/nothing", "", nil, 404, "no such resource"},
		{"PATCH", "/v1/tenants", "", nil, 405, "not allowed"},
	} {
		a := f.call(token, test.method, test.path, test.body, test.header...)
		if a.status != test.status || a.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(a.field("detail"), test.says) {
			t.Errorf("%s %.60s %.60s: %d %.500s, want %d ...%s", test.method, test.path, test.body, a.status, a.body, test.status, test.says)
		}
		if len(a.body) > 2000 {
			t.Errorf("%s %.60s %.60s: the answer has %d bytes", test.method, test.path, test.body, len(a.body))
		}
		if strings.Contains(a.body, "12345678") {
			t.Errorf("a value is in %s", a.body)
		}
	}
	many := url.Values{}
	for i := range 1000 {
		many.Set("p"+strconv.Itoa(i), "x")
	}
	if a := f.call(token, "GET", "/v1/tenants?"+many.Encode(), "").want(422).has("and 980 more"); len(a.body) > 3000 {
		t.Errorf("the answer has %d bytes", len(a.body))
	}
	done := f.call(token, "GET", "/v1/audit-events", "").body
	if conflict := `"outcome":"conflict"`; strings.Count(done, `"outcome":"done"`) != strings.Count(events, `"outcome":"done"`) || strings.Count(done, conflict) != 1 {
		t.Errorf("something was done: %s", done)
	}
}

// TestPages reads every list page by page.
func TestPages(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.token()
	f.world(token)
	for i := range 5 {
		f.call(token, "POST", "/v1/external-admins", strings.Replace(adminBody, "anna", string(rune('b'+i)), 1)).want(201)
		f.call(token, "POST", "/v1/roles", fmt.Sprintf(`{"tenant_id":"CALPHA","name":"Admin %d","security_permission":"cannot_manage_roles"}`, i)).want(201)
		f.call(token, "POST", "/v1/partners", fmt.Sprintf(`{"account_code":"CX%d","name":"X","program":"msp","domains":["x%d.example"]}`, i, i)).want(201)
		f.call(token, "POST", "/v1/tenants", fmt.Sprintf(`{"account_code":"CY%d","name":"Y","primary_domain":"y%d.example"}`, i, i)).want(201)
	}
	for _, test := range []struct {
		path string
		want int
	}{
		{"/v1/partners?", 6},
		{"/v1/partners?name=x&", 5},
		{"/v1/tenants?", 6},
		{"/v1/tenants?code=CY1&code=CALPHA&code=CY4&", 3},
		{"/v1/tenants?partner_id=CMSP1&", 1},
		{"/v1/roles?", 5},
		{"/v1/roles?tenant_id=CALPHA&tenant_id=CY1&", 5},
		{"/v1/roles?tenant_id=CY1&", 0},
		{"/v1/external-admins?", 6},
		{"/v1/external-admins?tenant_id=CALPHA&domain=msp.example&", 6},
		{"/v1/external-admins?outside_domain=msp.example&", 0},
		{"/v1/external-admins?role_id=basic-admin&email=b@msp.example&", 1},
		{"/v1/audit-events?", 24}, // One of them is of the credential.
		{"/v1/audit-events?tenant_id=CALPHA&", 12},
	} {
		for _, limit := range []int{1, 2, 5, 1000} {
			var seen []string
			for next := ""; ; {
				var page struct {
					Items []json.RawMessage `json:"items"`
					Next  string            `json:"next_cursor"`
				}
				f.ok(json.Unmarshal([]byte(f.call(token, "GET", test.path+"limit="+strconv.Itoa(limit)+next, "").want(200).body), &page))
				if len(page.Items) > limit {
					t.Fatalf("%s: a page of %d has %d entries", test.path, limit, len(page.Items))
				}
				for _, item := range page.Items {
					seen = append(seen, string(item))
				}
				if page.Next == "" {
					break
				}
				if len(page.Items) == 0 {
					t.Fatalf("%s: an empty page has a next one", test.path)
				}
				next = "&cursor=" + url.QueryEscape(page.Next)
			}
			slices.Sort(seen)
			if len(seen) != test.want || len(slices.Compact(seen)) != test.want {
				t.Errorf("%s in pages of %d: %d entries, want %d: %q", test.path, limit, len(seen), test.want, seen)
			}
		}
	}
}

// TestLargePageEndsEarly: large entries do not make an answer that takes all memory.
func TestLargePageEndsEarly(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.token()
	f.world(token)
	description := strings.Repeat("wide ", rolemodel.MaxDescription/5)
	permissions := make([]string, rolemodel.MaxPermissions)
	for i := range permissions {
		permissions[i] = fmt.Sprintf(`"Area %03d | %s | Read"`, i, strings.Repeat("x", 150))
	}
	const roles = 40
	for i := range roles {
		f.call(token, "POST", "/v1/roles", fmt.Sprintf(`{"tenant_id":"CALPHA","name":"Admin %d","description":%q,"security_permission":"cannot_manage_roles","allow_unlisted_permissions":true,"application_permissions":[%s]}`,
			i, description, strings.Join(permissions, ","))).want(201)
	}
	pages, seen := 0, 0
	for next := ""; ; pages++ {
		a := f.call(token, "GET", "/v1/roles?limit=1000"+next, "").want(200)
		if len(a.body) > 4<<20 {
			t.Errorf("a page has %d bytes", len(a.body))
		}
		seen += strings.Count(a.body, `"description"`)
		if a.field("next_cursor") == "" {
			break
		}
		next = "&cursor=" + url.QueryEscape(a.field("next_cursor"))
	}
	if pages == 0 || seen != roles {
		t.Errorf("%d roles in %d more pages", seen, pages)
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.token()
	const nameless = `{"name":"Northwind","program":"msp","partner_portal":true,"domains":["msp.example"]}`
	first := f.call(token, "POST", "/v1/partners", nameless, "Idempotency-Key", "k1").want(201)
	again := f.call(token, "POST", "/v1/partners", nameless, "Idempotency-Key", "k1").want(201)
	if first.body != again.body {
		t.Errorf("%s\n%s", first.body, again.body)
	}
	f.call(token, "POST", "/v1/partners", partnerBody, "Idempotency-Key", "k1").want(422).has("idempotency-key-reused")
	f.call(f.token(), "POST", "/v1/partners", nameless, "Idempotency-Key", "k1").want(422).has("domain-taken") // It is another credential's key.
	var created struct {
		Entry struct {
			Code string `json:"account_code"`
		} `json:"entry"`
	}
	f.ok(json.Unmarshal([]byte(first.body), &created))
	path := "/v1/partners/" + created.Entry.Code
	f.call(token, "DELETE", path, "", "Idempotency-Key", "k2").want(200)
	f.call(token, "DELETE", path, "", "Idempotency-Key", "k2").want(200).has(`"effect":"deleted"`)
	f.call(token, "DELETE", path, "", "Idempotency-Key", "k3").want(404)
}

// TestDeclarations are headers of every write.
func TestDeclarations(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.token()
	f.world(token)
	const header, seen = "Mimecast-Directory-Declaration", "Mimecast-Directory-Seen"
	f.call(token, "POST", "/v1/external-admins", adminBody, header, "d1").want(200).has(`"effect":"adopted"`, `"declaration":"d1"`)
	f.call(token, "POST", "/v1/external-admins", adminBody).want(422).has("one-role")
	anna := "/v1/tenants/CALPHA/external-admins/anna@msp.example"
	f.call(token, "DELETE", anna, "", header, "d2").want(200).has(`"effect":"left"`)
	f.call(token, "PUT", anna, adminBody, header, "d2").want(200).has(`"declaration":"d2"`)
	f.call(token, "DELETE", anna, "", header, "d2").want(200).has(`"effect":"deleted"`)
	f.call(token, "PUT", anna, adminBody, header, "d3").want(404)
	f.call(token, "PUT", anna, adminBody, header, "d3", seen, "d2").want(201).has(`"effect":"created"`, `"declaration":"d3"`)
	all := "/v1/tenants/CALPHA/external-admins"
	f.call(token, "PUT", all, `{"action":"create","items":[{"email":"bert@msp.example","role_id":"basic-admin"}]}`, header, "d4").want(201).has("anna@msp.example", "bert@msp.example")
	f.call(token, "PUT", all, `{"items":[{"email":"bert@msp.example","role_id":"help-desk-admin"}],"seen":[]}`, header, "d4").want(412).has(`"differences":[`)
	f.call(token, "PUT", all, `{"action":"delete"}`, header, "d4").want(200)
	f.call(token, "GET", "/v1/external-admins/count", "").want(200).has(`{"count":1}`)
}
