package server_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/server"
)

// fixture is a service over a SQLite file, with a clock that tests can move.
type fixture struct {
	*testing.T
	path   string
	db     *sqldb.DB
	keeper *credential.Keeper
	server *server.Server
	http   *httptest.Server
	log    *lockedBuffer

	mu  sync.Mutex
	now time.Time
}

func newFixture(t *testing.T, change ...func(*server.Config)) *fixture {
	t.Helper()
	path := filepath.Join(t.TempDir(), "msp.directory")
	db, err := sqldb.New(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	f := &fixture{T: t, path: path, db: db, now: time.Now(), log: &lockedBuffer{}}
	f.keeper = credential.NewKeeper(db.Credentials(), 30*time.Minute, f.clock)
	config := server.Config{
		Backend: db, Keeper: f.keeper, Rate: 1e6, Burst: 1e6,
		Log: slog.New(slog.NewJSONHandler(f.log, nil)),
	}
	for _, c := range change {
		c(&config)
	}
	f.server = server.New(config)
	f.http = httptest.NewServer(f.server)
	t.Cleanup(f.http.Close)
	return f
}

// lock keeps everybody else from writing until it is released.
func (f *fixture) lock() (release func()) {
	f.Helper()
	other, err := sql.Open("sqlite", f.path)
	f.ok(err)
	f.Cleanup(func() { _ = other.Close() })
	conn, err := other.Conn(f.Context())
	f.ok(err)
	_, err = conn.ExecContext(f.Context(), "BEGIN IMMEDIATE")
	f.ok(err)
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(f.Context()), "ROLLBACK")
		_ = conn.Close()
	}
}

func (f *fixture) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fixture) advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

func (f *fixture) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatalf("unexpected error: %v", err)
	}
}

// credential stores a credential and returns it with its secret.
func (f *fixture) credential(change ...func(*credential.Credential)) (credential.Credential, string) {
	f.Helper()
	c := credential.Credential{Name: "tester", RoleID: rolemodel.SuperAdmin, MaySignReviews: true}
	for _, ch := range change {
		ch(&c)
	}
	c, secret, err := f.keeper.Create(f.Context(), operator(), c)
	f.ok(err)
	return c, secret
}

// operator is who makes credentials.
func operator() rolemodel.Actor { return rolemodel.Actor{Name: "operator"} }

// token exchanges a new credential's secret for a token.
func (f *fixture) token() string {
	f.Helper()
	c, secret := f.credential()
	return f.tokenOf(c.ID, secret)
}

func (f *fixture) tokenOf(id, secret string) string {
	f.Helper()
	a := f.tokenForm(url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}})
	if a.status != http.StatusOK {
		f.Fatalf("no token: %d %s", a.status, a.body)
	}
	return a.field("access_token")
}

// answer is what the service answered.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// field returns a text at the top of the answer.
func (a answer) field(name string) string {
	a.t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(a.body), &fields); err != nil {
		a.t.Fatalf("%v in %q", err, a.body)
	}
	text, _ := fields[name].(string)
	return text
}

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("got %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

func (f *fixture) tokenForm(form url.Values) answer {
	f.Helper()
	return f.do(http.MethodPost, "/oauth/token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// call makes a request with a token; the headers are names and values in turn.
func (f *fixture) call(token, method, path, body string, headers ...string) answer {
	f.Helper()
	return f.do(method, path, body, append(headers, "Authorization", "Bearer "+token)...)
}

func (f *fixture) do(method, path, body string, headers ...string) answer {
	f.Helper()
	request, err := http.NewRequestWithContext(f.Context(), method, f.http.URL+path, strings.NewReader(body))
	f.ok(err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := f.http.Client().Do(request)
	f.ok(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	f.ok(err)
	return answer{f.T, response.StatusCode, response.Header, string(text)}
}

const (
	partnerBody = `{"account_code":"CMSP1","name":"Northwind","program":"msp","partner_portal":true,"domains":["msp.example"]}`
	tenantBody  = `{"account_code":"CALPHA","name":"Alpha","primary_domain":"alpha.example","partner_id":"CMSP1"}`
	adminBody   = `{"tenant_id":"CALPHA","email":"anna@msp.example","role_id":"basic-admin"}`
)

func (f *fixture) world(token string) {
	f.Helper()
	f.call(token, "POST", "/v1/partners", partnerBody).want(201)
	f.call(token, "POST", "/v1/tenants", tenantBody).want(201)
	f.call(token, "POST", "/v1/external-admins", adminBody).want(201)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestTokens(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, secret := f.credential()
	token := f.tokenOf(c.ID, secret)
	f.call(token, "GET", "/v1/tenants", "").want(200)

	f.do("GET", "/v1/tenants", "").want(401)
	f.call("nonsense", "GET", "/v1/tenants", "").want(401)
	for name, form := range map[string]url.Values{
		"invalid_client":         {"grant_type": {"client_credentials"}, "client_id": {c.ID}, "client_secret": {"wrong"}},
		"invalid_request":        {"client_id": {c.ID}, "client_secret": {secret}},
		"unsupported_grant_type": {"grant_type": {"password"}},
	} {
		if a := f.tokenForm(form); a.field("error") != name {
			t.Errorf("got %s, want %s", a.body, name)
		}
	}
	basic := func(secret string) answer {
		request, err := http.NewRequestWithContext(f.Context(), "POST", f.http.URL+"/oauth/token", strings.NewReader("grant_type=client_credentials"))
		f.ok(err)
		request.SetBasicAuth(c.ID, url.QueryEscape(secret))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := http.DefaultClient.Do(request)
		f.ok(err)
		defer response.Body.Close()
		return answer{t: t, status: response.StatusCode, header: response.Header}
	}
	basic(secret).want(200)
	if basic("wrong").want(401).header.Get("WWW-Authenticate") != "Basic" {
		t.Error("no challenge")
	}

	f.advance(31 * time.Minute)
	f.call(token, "GET", "/v1/tenants", "").want(401)

	token = f.tokenOf(c.ID, secret)
	rotated, err := f.keeper.Rotate(f.Context(), operator(), c.ID)
	f.ok(err)
	f.call(token, "GET", "/v1/tenants", "").want(401)
	if a := f.tokenForm(url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ID}, "client_secret": {secret}}); a.status != 401 {
		t.Error("the old secret still works")
	}

	token = f.tokenOf(c.ID, rotated)
	f.ok(f.keeper.Revoke(f.Context(), operator(), c.ID))
	f.call(token, "GET", "/v1/tenants", "").want(401)

	expiring, secret := f.credential(func(c *credential.Credential) { c.ExpiresAt = f.clock().Add(time.Minute) })
	token = f.tokenOf(expiring.ID, secret)
	f.call(token, "GET", "/v1/tenants", "").want(200)
	f.advance(2 * time.Minute)
	f.call(token, "GET", "/v1/tenants", "").want(401)

	elsewhere, secret := f.credential(func(c *credential.Credential) { c.Sources = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	a := f.tokenForm(url.Values{"grant_type": {"client_credentials"}, "client_id": {elsewhere.ID}, "client_secret": {secret}})
	if a.status != 403 || a.field("error") != "unauthorized_client" {
		t.Error(a.body)
	}
	stolen, _, err := f.keeper.Issue(f.Context(), &elsewhere)
	f.ok(err)
	f.call(stolen, "GET", "/v1/tenants", "").want(403)

	for _, private := range []string{secret, rotated, token, "Bearer"} {
		if strings.Contains(f.log.String(), private) {
			t.Errorf("the log has %q", private)
		}
	}
}

func TestSecretsAreStoredHashed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "msp.directory")
	db, err := sqldb.New(path)
	if err != nil {
		t.Fatal(err)
	}
	keeper := credential.NewKeeper(db.Credentials(), time.Minute, time.Now)
	c, secret, err := keeper.Create(context.Background(), operator(), credential.Credential{Name: "x", RoleID: rolemodel.BasicAdmin})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := keeper.Issue(context.Background(), &c)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		stored, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(stored, []byte(secret)) || bytes.Contains(stored, []byte(token)) {
			t.Errorf("%s has a secret in the clear", file)
		}
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *server.Config) { c.Rate, c.Burst = 0.001, 3 })
	token, other := f.token(), f.token()
	for range 3 {
		f.call(token, "GET", "/v1/caller", "").want(200)
	}
	refused := f.call(token, "POST", "/v1/partners", partnerBody).want(429)
	if refused.header.Get("X-RateLimit-Limit") != "3" || refused.header.Get("X-RateLimit-Remaining") != "0" ||
		len(refused.header.Get("X-RateLimit-Reset")) < 6 || refused.header.Get("Retry-After") == "" {
		t.Error(refused.header)
	}
	list := f.call(other, "GET", "/v1/partners", "").want(200)
	if strings.Contains(list.body, "CMSP1") {
		t.Error("a refused request did something")
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.do("GET", "/livez", "").want(200)
	f.do("GET", "/readyz", "").want(200)
	f.call(f.token(), "GET", "/v1/tenants/CALPHA", "").want(404)
	metrics := f.do("GET", "/metrics", "").want(200)
	for _, part := range []string{`mimecast_directory_requests_total{method="GET",route="GET /v1/tenants/{tenant}",status="404"} 1`, "go_goroutines"} {
		if !strings.Contains(metrics.body, part) {
			t.Errorf("the metrics lack %s:\n%s", part, metrics.body)
		}
	}
	if a := f.do("GET", "/livez", "", "X-Request-Id", "abc"); a.header.Get("X-Request-Id") != "abc" || a.header.Get(wire.VersionHeader) != "2" {
		t.Error(a.header)
	}
	if !strings.Contains(f.log.String(), `"request_id":"abc"`) {
		t.Error(f.log)
	}
}
