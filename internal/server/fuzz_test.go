package server_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/server"
)

// FuzzRequest sends any request, with a token that is right, and finds that
// the caller is always told what is wrong with it: no input is the service's failure.
func FuzzRequest(f *testing.F) {
	db, err := sqldb.New(filepath.Join(f.TempDir(), "msp.directory"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	keeper := credential.NewKeeper(db.Credentials(), 24*time.Hour, time.Now)
	c, _, err := keeper.Create(f.Context(), operator(), credential.Credential{Name: "fuzzer", RoleID: rolemodel.SuperAdmin})
	if err != nil {
		f.Fatal(err)
	}
	token, _, err := keeper.Issue(f.Context(), &c)
	if err != nil {
		f.Fatal(err)
	}
	s := server.New(server.Config{Backend: db, Keeper: keeper, Rate: 1e9, Burst: 1e9})
	for _, seed := range []struct{ method, target, body, header string }{
		{"POST", "/v1/partners", partnerBody, "k1"},
		{"POST", "/v1/tenants", tenantBody, ""},
		{"POST", "/v1/external-admins", adminBody, ""},
		{"PUT", "/v1/tenants/CALPHA", tenantBody, `"1"`},
		{"PUT", "/v1/tenants/CALPHA/external-admins", `{"items":[{"email":"a@msp.example","role_id":"reviewer"}]}`, ""},
		{"PUT", "/v1/tenants/CALPHA/external-admins/anna@msp.example", adminBody, `W/"x"`},
		{"POST", "/v1/roles", `{"tenant_id":"CALPHA","name":"A","security_permission":"cannot_manage_roles","application_permissions":["Archive | Read"]}`, ""},
		{"PUT", "/v1/tenants/CALPHA/external-admins", `{"action":"delete","seen":[{"email":"a@msp.example","role_id":"reviewer","declaration":"d"}]}`, "d"},
		{"PUT", "/v1/tenants/CALPHA/external-admins", `{"items":[1,[],{},{"email":{}},null]}`, ""},
		{"DELETE", "/v1/tenants/CALPHA/roles/basic-admin", "", ""},
		{"GET", "/v1/tenants?cursor=CQ&limit=1&name=%00&code=C1&code=&code=c2", "", ""},
		{"GET", "/v1/audit-events?since=2026-01-01T00:00:00Z&until=9999999-01-01&cursor=000.", "", ""},
		{"GET", "/v1/external-admins?email=%ff%fe&cursor=C1/a@b/c&outside_domain=x.example&domain=.", "", ""},
		{"GET", "/v1/external-admins/count?role_id=x&tenant_id=CALPHA", "", ""},
		{"GET", "/v1/roles?cursor=CALPHA/x&name=y", "", ""},
		{"GET", "/v1/audit-heads", "", ""},
		{"POST", "/v1/sign-in-decisions", `{"tenant_id":"CALPHA","email":"a@b.example","source_ip":"::ffff:1.2.3.4","entrance":"partner_portal"}`, ""},
		{"POST", "/oauth/token", "grant_type=client_credentials&client_id=%00&client_secret=x", ""},
		{"POST", "/v1/partners", `{"name":null,"domains":[null],"admin_ip_ranges":["1.2.3.4/99","::/0"],"program":1e999}`, ""},
		{"POST", "/v1/partners", "{\"name\":\"\xff\",\"domains\":[\"\xff.example\"],\"program\":\"msp\"}", ""},
		{"TRACE", "//v1/../v1/tenants/%2e%2e/%2F", "{", "*"},
	} {
		f.Add(seed.method, seed.target, seed.body, seed.header)
	}
	f.Fuzz(func(t *testing.T, method, target, body, header string) {
		request, err := http.NewRequestWithContext(t.Context(), method, "http://directory.example/"+strings.TrimPrefix(target, "/"), strings.NewReader(body))
		if err != nil {
			t.Skip() // No client sends it.
		}
		request.RequestURI, request.RemoteAddr = request.URL.RequestURI(), "192.0.2.1:1"
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		if strings.Contains(target, "oauth") {
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.Header.Set("Authorization", header)
		}
		request.Header.Set("If-Match", header)
		request.Header.Set("Idempotency-Key", header)
		request.Header.Set("Accept", header)
		request.Header.Set("Mimecast-Directory-Declaration", header)
		request.Header.Set("Mimecast-Directory-Seen", header)
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, request)
		if answer.Code >= http.StatusInternalServerError {
			t.Errorf("%s %s: %d %s", method, target, answer.Code, answer.Body)
		}
		if answer.Code >= http.StatusBadRequest && !strings.Contains(answer.Header().Get("Content-Type"), "json") {
			t.Errorf("%s %s: %d is no problem: %s", method, target, answer.Code, answer.Body)
		}
	})
}
