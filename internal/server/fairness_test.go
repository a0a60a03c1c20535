package server_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/server"
)

// half sends a request that announces a body of a size and sends none of it,
// and returns the connection.
func (f *fixture) half(method, path string, size int, headers ...string) net.Conn {
	f.Helper()
	conn, err := net.Dial("tcp", f.http.Listener.Addr().String()) //nolint:noctx // A test.
	f.ok(err)
	f.Cleanup(func() { _ = conn.Close() })
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n", method, path, size)
	for i := 0; i < len(headers); i += 2 {
		fmt.Fprintf(&text, "%s: %s\r\n", headers[i], headers[i+1])
	}
	_, err = conn.Write([]byte(text.String() + "\r\n"))
	f.ok(err)
	return conn
}

func (f *fixture) statusOf(conn net.Conn) int {
	f.Helper()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	f.ok(err)
	_ = response.Body.Close()
	return response.StatusCode
}

// TestBodiesAreReadLast: nobody waits for a body that is too large, that nobody
// reads, or whose sender is not known.
func TestBodiesAreReadLast(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := "Bearer " + f.token()
	// What is smaller net/http takes off the connection and drops, to go on using it.
	const large = 300_000
	const form = "application/x-www-form-urlencoded"
	for _, test := range []struct {
		method, path string
		size, status int
		headers      []string
	}{
		{"POST", "/v1/partners", large, 401, nil},
		{"POST", "/v1/partners", large, 401, []string{"Authorization", "Bearer mcdt_unknown"}},
		{"POST", "/v1/nothing", large, 404, []string{"Authorization", token}},
		{"PATCH", "/v1/partners", large, 405, []string{"Authorization", token}},
		{"POST", "/v1/partners", 3 << 20, 413, []string{"Authorization", token}},
		{"POST", "/oauth/token", large, 413, []string{"Content-Type", form}},
		{"POST", "/nothing", large, 404, nil},
		{"GET", "/livez", large, 200, nil},
		{"GET", "/readyz", large, 200, nil},
		{"GET", "/metrics", large, 200, nil},
		{"GET", "/openapi.json", large, 200, nil},
		{"GET", "/v1/caller", large, 200, []string{"Authorization", token}},
		{"HEAD", "/v1/caller", large, 200, []string{"Authorization", token}},
		{"DELETE", "/v1/partners/CNONE", large, 404, []string{"Authorization", token}},
	} {
		if got := f.statusOf(f.half(test.method, test.path, test.size, test.headers...)); got != test.status {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, got, test.status)
		}
	}
}

// TestLargestReplacement: the largest change that the rules allow goes through.
func TestLargestReplacement(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.token()
	label := strings.Repeat("d", 60) + "."
	domain := strings.Repeat(label, 2) + strings.Repeat("e", 67-len(".example")) + ".example"
	f.call(token, "POST", "/v1/partners", `{"account_code":"CMSP1","name":"N","program":"msp","partner_portal":true,"domains":["`+domain+`"]}`).want(201)
	f.call(token, "POST", "/v1/tenants", tenantBody).want(201)
	var items, seen []string
	for i := range rolemodel.MaxExternalAdmins {
		address := fmt.Sprintf("%0*d@%s", rolemodel.MaxLocal, i, domain)
		if len(address) != rolemodel.MaxEmail {
			t.Fatalf("the address has %d bytes", len(address))
		}
		given := fmt.Sprintf(`{"email":%q,"role_id":"help-desk-admin","reason":%q,"expires_at":"2199-01-31T18:00:00Z"`, address, strings.Repeat("🙂", rolemodel.MaxReason))
		items = append(items, given+"}")
		seen = append(seen, given+`,"declaration":"00000000-0000-0000-0000-000000000000"}`)
	}
	const path, declared = "/v1/tenants/CALPHA/external-admins", "Mimecast-Directory-Declaration"
	f.call(token, "PUT", path, `{"items":[`+strings.Join(items, ",")+`]}`, declared, "00000000-0000-0000-0000-000000000000").want(200)
	f.call(token, "PUT", path, `{"items":[`+strings.Join(items, ",")+`],"seen":[`+strings.Join(seen, ",")+`]}`).want(200)
}

// TestHeldBodies: a credential that announces bodies and sends none of them
// keeps itself from writing, and nobody else.
func TestHeldBodies(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	holder := "Bearer " + f.token()
	for range 3 {
		f.half("POST", "/v1/partners", 1_000_000, "Authorization", holder)
	}
	f.call(f.token(), "POST", "/v1/partners", partnerBody).want(201)
	// Forms are held by whoever has the address. What a real one takes is left.
	for range 15 {
		f.half("POST", "/oauth/token", 16<<10, "Content-Type", "application/x-www-form-urlencoded")
	}
	f.token()
}

// TestFailedLogins: they count against the source, and the right secret works nevertheless.
func TestFailedLogins(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, secret := f.credential()
	login := func(id, secret string) answer {
		return f.tokenForm(url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}})
	}
	login("who\n"+strings.Repeat("x", 1000), secret).want(401)
	login(secret, "in the wrong place").want(401)
	last := answer{}
	for range 40 {
		last = login(c.ID, "wrong")
	}
	last.want(429)
	if last.field("error") != "invalid_client" || last.header.Get("Retry-After") == "" || last.header.Get("X-RateLimit-Reset") == "" {
		t.Errorf("%s %v", last.body, last.header)
	}
	f.call(login(c.ID, secret).want(200).field("access_token"), "GET", "/v1/caller", "").want(200)
	f.call("mcdt_unknown", "GET", "/v1/caller", "").want(401)

	log := f.log.String()
	if n := strings.Count(log, "a login failed"); n < 20 || n > 30 {
		t.Errorf("%d failed logins are in the log", n)
	}
	if strings.Contains(log, secret) || !strings.Contains(log, c.ID) || !strings.Contains(log, `who\\n`) || strings.Contains(log, strings.Repeat("x", 100)) {
		t.Error(log)
	}
}

// TestLoginLimit: a credential does not fill the table of tokens.
func TestLoginLimit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *server.Config) { c.Rate, c.Burst = 0.001, 3 })
	c, secret := f.credential()
	for range 3 {
		f.tokenOf(c.ID, secret)
	}
	a := f.tokenForm(url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ID}, "client_secret": {secret}}).want(429)
	if a.field("error") != "temporarily_unavailable" {
		t.Error(a.body)
	}
	f.token()
}

// TestMisuse: a right secret or token from a wrong source is in the log each
// time, and in the trail, which repeats do not fill.
func TestMisuse(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, secret := f.credential(func(c *credential.Credential) { c.Sources = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	stolen, _, err := f.keeper.Issue(f.Context(), &c)
	f.ok(err)
	for range 15 {
		f.tokenForm(url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ID}, "client_secret": {secret}}).want(403)
	}
	f.call(stolen, "GET", "/v1/tenants", "").want(403)
	if n := strings.Count(f.log.String(), "a credential was used from where it may not be"); n != 16 {
		t.Errorf("%d uses are in the log", n)
	}
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	var used []directory.AuditEvent
	for e, err := range f.db.Open(directory.Owner(rolemodel.Actor{Role: role})).AuditEvents(f.Context(), directory.AuditFilter{}) {
		f.ok(err)
		if e.Action == directory.ActionUse {
			used = append(used, e)
		}
	}
	if len(used) != 1 || used[0].Outcome != directory.OutcomeDenied || !strings.Contains(used[0].After, "its secret from 127.0.0.1") || !strings.Contains(used[0].Actor, c.ID) {
		t.Errorf("%+v", used)
	}
}

// TestSlowDatabase: a write that waits for the database for longer than a body may take is not cut off.
func TestSlowDatabase(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.token()
	f.world(token)
	release := f.lock()
	time.AfterFunc(6*time.Second, release)
	f.call(token, "PUT", "/v1/tenants/CALPHA/external-admins/anna@msp.example", strings.Replace(adminBody, "basic-admin", "reviewer", 1)).want(200)
}

// TestHTTPOnTLS: browsers and clients are told to stay on HTTPS where there is HTTPS.
func TestHTTPOnTLS(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	secure := httptest.NewTLSServer(f.server)
	t.Cleanup(secure.Close)
	response, err := secure.Client().Get(secure.URL + "/livez")
	f.ok(err)
	_ = response.Body.Close()
	if response.Header.Get("Strict-Transport-Security") == "" {
		t.Error("it is not said over HTTPS")
	}
	if f.do("GET", "/livez", "").header.Get("Strict-Transport-Security") != "" {
		t.Error("it is said over HTTP")
	}
}
