package server_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestIsolation: what a credential may not see answers as what was never there,
// word for word, in every operation. Lists, counts, the trail and its heads are
// as if there were nothing else.
func TestIsolation(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	operator := f.token()
	f.call(operator, "POST", "/v1/partners", `{"account_code":"CMSP2","name":"Other","program":"msp","partner_portal":true,"domains":["other.example"]}`).want(201)
	f.call(operator, "POST", "/v1/tenants", `{"account_code":"CBETA","name":"Beta","primary_domain":"beta.example","partner_id":"CMSP2"}`).want(201)
	f.call(operator, "POST", "/v1/external-admins", `{"tenant_id":"CBETA","email":"bert@other.example","role_id":"basic-admin"}`).want(201)
	partners, secret := f.credential(func(c *credential.Credential) { c.PartnerID = "CMSP2" })
	other := f.tokenOf(partners.ID, secret)
	narrow, secret := f.credential(func(c *credential.Credential) { c.PartnerID, c.TenantIDs = "CMSP2", []rolemodel.AccountCode{"CBETA"} })
	narrowed := f.tokenOf(narrow.ID, secret)

	// What they see does not change by what is done elsewhere.
	const observationBody = `{"complete":true,"means":"file","admins":[{"email":"anna@msp.example","role_name":"Basic Administrator"}]}`
	reviewBody := `"digest":"` + strings.Repeat("0", 64) + `"}`
	watched := []string{
		"/v1/partners", "/v1/tenants", "/v1/roles", "/v1/external-admins", "/v1/audit-events", "/v1/audit-heads",
		"/v1/partners/count", "/v1/tenants/count", "/v1/roles/count", "/v1/external-admins/count",
		"/v1/external-admins?cursor=CA", "/v1/external-admins/count?email=anna@msp.example", "/v1/external-admins/count?domain=msp.example",
		"/v1/observations", "/v1/observations?tenant_id=CALPHA", "/v1/audit-events?email=anna@msp.example", "/v1/partners?code=CMSP1", "/v1/tenants?partner_id=CMSP1", "/v1/tenants?domain=alpha.example",
		"/v1/roles?tenant_id=CALPHA", "/v1/external-admins?role_id=basic-admin&outside_domain=none.example",
	}
	before := map[string]string{}
	for _, path := range watched {
		before[path] = f.call(other, "GET", path, "").want(200).body
	}
	f.world(operator)
	f.call(operator, "POST", "/v1/roles", `{"tenant_id":"CALPHA","name":"Custom Admin","security_permission":"cannot_manage_roles"}`).want(201)
	f.call(operator, "DELETE", "/v1/tenants/CALPHA/external-admins/anna@msp.example", "").want(200)
	f.call(operator, "POST", "/v1/external-admins", adminBody).want(201)
	f.call(operator, "POST", "/v1/tenants/CALPHA/observations", observationBody).want(200)
	f.call(operator, "POST", "/v1/reviews", `{"tenant_id":"CALPHA",`+reviewBody).want(201)
	f.call(operator, "POST", "/v1/reviews", "{"+reviewBody).want(201)
	f.call(other, "GET", "/v1/reviews/last", "").want(404)
	for _, path := range watched {
		if after := f.call(other, "GET", path, "").want(200).body; after != before[path] {
			t.Errorf("GET %s: %s\nand before: %s", path, after, before[path])
		}
	}

	const roleBody = `{"tenant_id":"CALPHA","name":"X Admin","security_permission":"cannot_manage_roles"}`
	requests := map[string]struct{ path, body string }{
		"get-partner": {"/v1/partners/CMSP1", ""}, "update-partner": {"/v1/partners/CMSP1", partnerBody}, "delete-partner": {"/v1/partners/CMSP1", ""},
		"get-tenant": {"/v1/tenants/CALPHA", ""}, "update-tenant": {"/v1/tenants/CALPHA", tenantBody}, "delete-tenant": {"/v1/tenants/CALPHA", ""},
		"create-tenant": {"/v1/tenants", `{"name":"New","primary_domain":"new.example","partner_id":"CMSP1"}`},
		"get-role":      {"/v1/tenants/CALPHA/roles/custom-admin", ""}, "create-role": {"/v1/roles", roleBody},
		"update-role": {"/v1/tenants/CALPHA/roles/custom-admin", roleBody}, "delete-role": {"/v1/tenants/CALPHA/roles/custom-admin", ""},
		"create-external-admin":   {"/v1/external-admins", adminBody},
		"get-external-admin":      {"/v1/tenants/CALPHA/external-admins/anna@msp.example", ""},
		"update-external-admin":   {"/v1/tenants/CALPHA/external-admins/anna@msp.example", adminBody},
		"delete-external-admin":   {"/v1/tenants/CALPHA/external-admins/anna@msp.example", ""},
		"replace-external-admins": {"/v1/tenants/CALPHA/external-admins", `{"items":[{"email":"anna@msp.example","role_id":"basic-admin"}],"seen":[]}`},
		"decide-sign-in":          {"/v1/sign-in-decisions", `{"tenant_id":"CALPHA","email":"anna@msp.example","source_ip":"192.0.2.1","entrance":"partner_portal"}`},
		"list-partners":           {"/v1/partners?code=CMSP1", ""}, "count-partners": {"/v1/partners/count?code=CMSP1", ""},
		"list-tenants": {"/v1/tenants?code=CALPHA", ""}, "count-tenants": {"/v1/tenants/count?code=CALPHA", ""},
		"list-roles": {"/v1/roles?tenant_id=CALPHA", ""}, "count-roles": {"/v1/roles/count?tenant_id=CALPHA", ""},
		"list-external-admins": {"/v1/external-admins?tenant_id=CALPHA", ""}, "count-external-admins": {"/v1/external-admins/count?tenant_id=CALPHA", ""},
		"get-worklist":      {"/v1/tenants/CALPHA/worklist", ""},
		"confirm-items":     {"/v1/tenants/CALPHA/worklist/confirmations", `{"item_ids":["aaaaaaaaaaaa"]}`},
		"get-tenant-review": {"/v1/tenants/CALPHA/review", ""}, "get-last-review": {"/v1/reviews/last?tenant_id=CALPHA", ""},
		"sign-review":       {"/v1/reviews", `{"tenant_id":"CALPHA",` + reviewBody},
		"list-observations": {"/v1/observations?tenant_id=CALPHA", ""}, "observe": {"/v1/tenants/CALPHA/observations", observationBody},
		// Looked at above: what these requests leave in the trail is the credentials' own.
		"list-audit-events": {}, "list-audit-heads": {},
		// That a code or domain is taken cannot be hidden from those who ask for it.
		"create-partner": {},
		"get-caller":     {}, "list-permissions": {}, "list-default-roles": {}, "list-rules": {}, "create-token": {},
	}
	never := strings.NewReplacer("CALPHA", "CNONE9", "CMSP1", "CNONE8")
	private := regexp.MustCompile(`"(request_id|instance)":"[^"]*"`)
	for _, op := range operations(t) {
		r, ok := requests[op.ID]
		if !ok {
			t.Errorf("no request is known for %s", op.ID)
		}
		if r.path == "" {
			continue
		}
		for who, token := range map[string]string{"partner": other, "tenant": narrowed} {
			hidden := f.call(token, op.method, r.path, r.body)
			absent := f.call(token, op.method, never.Replace(r.path), never.Replace(r.body))
			if hidden.status != absent.status || private.ReplaceAllString(never.Replace(hidden.body), "") != private.ReplaceAllString(absent.body, "") {
				t.Errorf("%s as %s: %d %s\nand what was never there: %d %s", op.ID, who, hidden.status, hidden.body, absent.status, absent.body)
			}
			if op.method != "GET" && (hidden.status < 400 || hidden.status > 499) {
				t.Errorf("%s as %s: %d %s", op.ID, who, hidden.status, hidden.body)
			}
		}
	}
	f.call(operator, "GET", "/v1/tenants/CALPHA/external-admins/anna@msp.example", "").want(200)
	for _, path := range []string{"/v1/tenants", "/v1/partners", "/v1/external-admins", "/v1/roles"} {
		if a := f.call(other, "GET", path, "").want(200); strings.Contains(a.body, "ALPHA") || strings.Contains(a.body, "CMSP1") {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}
