package desk_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// filled returns a directory file with three tenants.
func filled(t *testing.T) directory.Directory {
	t.Helper()
	d := acctest.NewDirectory(t)
	d.Fill()
	return d.As(rolemodel.SuperAdmin)
}

// running is a desk that serves on a socket.
type running struct {
	*desk.Desk
	t   testing.TB
	url string
}

func run(t *testing.T, d directory.Directory, options desk.Options) *running {
	t.Helper()
	shown, err := desk.New(d, options)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, shown)
}

func serve(t testing.TB, shown *desk.Desk) *running {
	t.Helper()
	listener, err := desk.Listen(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- shown.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return &running{shown, t, "http://" + listener.Addr().String()}
}

// visitor is a browser without a screen.
type visitor struct {
	*running
	client *http.Client
}

// stranger is a browser that has not entered.
func (r *running) stranger() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &visitor{r, &http.Client{Jar: jar}}
}

// enter is a browser that has entered.
func (r *running) enter() *visitor {
	r.t.Helper()
	v := r.stranger()
	if status, text := v.get(r.Entry()); status != http.StatusOK || !strings.Contains(text, `data-view="worklist"`) {
		r.t.Fatalf("%d %s", status, text)
	}
	return v
}

func (v *visitor) do(request *http.Request) (*http.Response, string) {
	v.t.Helper()
	response, err := v.client.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return response, string(text)
}

func (v *visitor) request(method, path, body string) *http.Request {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return request
}

func (v *visitor) get(path string) (int, string) {
	v.t.Helper()
	response, text := v.do(v.request(http.MethodGet, path, ""))
	return response.StatusCode, text
}

// expect gets a page and checks that it says all of this.
func (v *visitor) expect(path string, says ...string) string {
	v.t.Helper()
	status, text := v.get(path)
	if status != http.StatusOK {
		v.t.Errorf("%s: %d", path, status)
	}
	for _, want := range says {
		if !strings.Contains(text, want) {
			v.t.Errorf("%s: %q is not in\n%s", path, want, text)
		}
	}
	return text
}

// post sends what the page's form does.
func (v *visitor) post(path string, items []worklist.Item, note string) (int, string) {
	v.t.Helper()
	response, text := v.do(v.request(http.MethodPost, path, formOf(items, note)))
	return response.StatusCode, text
}

// script sends what the page's script does.
func (v *visitor) script(path string, items []worklist.Item) (status int, done []string, problem string) {
	v.t.Helper()
	request := v.request(http.MethodPost, path, formOf(items, ""))
	request.Header.Set("Accept", "application/json")
	response, text := v.do(request)
	var answer struct {
		Items   []string
		Problem string
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		v.t.Fatalf("%v in %s", err, text)
	}
	return response.StatusCode, answer.Items, answer.Problem
}

func formOf(items []worklist.Item, note string) string {
	form := url.Values{"note": {note}}
	for _, item := range items {
		form.Add("item", item.ID)
		form.Add("tenant", string(item.TenantID))
	}
	return form.Encode()
}

func listOf(t *testing.T, d directory.Directory) worklist.Worklist {
	t.Helper()
	list, err := gather.Worklist(t.Context(), d, gather.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// see says what somebody saw in a tenant.
func see(t *testing.T, d directory.Directory, tenant rolemodel.AccountCode, email rolemodel.Email, role string) {
	t.Helper()
	if _, err := directory.SayObserved(t.Context(), d, directory.Observe{
		Tenant: tenant, Admins: []rolemodel.ObservedAdmin{{Email: email, RoleName: role}}, Means: rolemodel.MeansFile,
	}); err != nil {
		t.Fatal(err)
	}
}

// TestDoors: a key opens once, for one browser; without one nothing is told.
func TestDoors(t *testing.T) {
	t.Parallel()
	r := run(t, filled(t), desk.Options{Where: "secret place"})
	path := r.Entry()
	newer := r.Entry()
	closed := func(path string, want int) {
		t.Helper()
		status, text := r.stranger().get(path)
		if status != want || !strings.Contains(text, "press Enter in the terminal") || strings.Contains(text, "secret place") || strings.Contains(text, "Alder") {
			t.Errorf("%s: %d, want %d: %s", path, status, want, text)
		}
	}
	closed(path, http.StatusForbidden) // A newer one was asked for.
	closed("/enter", http.StatusForbidden)
	closed("/enter?key=x", http.StatusForbidden)
	for _, before := range []func(*http.Request){func(r *http.Request) { r.Method = http.MethodHead }, func(r *http.Request) { r.Header.Set("Sec-Purpose", "prefetch;prerender") }} {
		preview := r.stranger()
		request := preview.request(http.MethodGet, newer, "")
		before(request)
		if response, _ := preview.do(request); response.StatusCode != http.StatusServiceUnavailable || len(response.Cookies()) > 0 {
			t.Errorf("a preview opens the desk: %d", response.StatusCode)
		}
	}
	inside := r.stranger()
	response, _ := inside.do(inside.request(http.MethodGet, newer, ""))
	if response.Request.URL.Path != "/" || response.Request.URL.RawQuery != "" {
		t.Errorf("the key stays in the address: %s", response.Request.URL)
	}
	closed(newer, http.StatusForbidden)
	if status, _ := inside.get(newer); status != http.StatusOK {
		t.Error("who is inside is sent away by a spent link")
	}
	for _, path := range []string{"/", "/access", "/person", "/trail", "/static/desk.css", "/static/desk.js", "/none"} {
		closed(path, http.StatusUnauthorized)
		foreign := r.stranger()
		request := foreign.request(http.MethodGet, path, "")
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(r.url, "http://"))
		request.AddCookie(&http.Cookie{Name: "mimecast_desk_" + port, Value: "guess"}) //nolint:gosec // A guess.
		if response, _ := foreign.do(request); response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s with a foreign cookie: %d", path, response.StatusCode)
		}
	}
	if status, _ := inside.get("/none"); status != http.StatusNotFound {
		t.Error(status)
	}
}

// TestCookie: the cookie is the browser's alone.
func TestCookie(t *testing.T) {
	t.Parallel()
	r := run(t, filled(t), desk.Options{})
	v := r.stranger()
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, _ := v.do(v.request(http.MethodGet, r.Entry(), ""))
	cookies := response.Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode || len(cookies[0].Value) < 43 || cookies[0].Domain != "" || cookies[0].MaxAge != 0 {
		t.Errorf("%+v", cookies)
	}
	if !strings.HasSuffix(cookies[0].Name, r.url[strings.LastIndex(r.url, ":")+1:]) {
		t.Errorf("%s is sent to desks at other ports", cookies[0].Name)
	}
}

// TestOtherNames: whatever name another site gives this machine, nothing is answered (DNS rebinding).
func TestOtherNames(t *testing.T) {
	t.Parallel()
	r := run(t, filled(t), desk.Options{})
	v := r.enter()
	port := r.url[strings.LastIndex(r.url, ":"):]
	for host, want := range map[string]int{
		"127.0.0.1" + port: http.StatusOK, "localhost" + port: http.StatusOK,
		"evil.example" + port: http.StatusMisdirectedRequest, "127.0.0.1": http.StatusMisdirectedRequest, "localhost": http.StatusMisdirectedRequest,
		"127.0.0.1.evil.example" + port: http.StatusMisdirectedRequest, "[::1]" + port: http.StatusMisdirectedRequest, "127.0.0.1:1": http.StatusMisdirectedRequest,
	} {
		request := v.request(http.MethodGet, "/", "")
		for _, cookie := range v.client.Jar.Cookies(request.URL) {
			request.AddCookie(cookie)
		}
		request.Host = host
		response, err := (&http.Client{}).Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %d, want %d", host, response.StatusCode, want)
		}
	}
}

// TestOtherSites: what another site sends is refused though the browser sends the cookie.
func TestOtherSites(t *testing.T) {
	t.Parallel()
	d := filled(t)
	r := run(t, d, desk.Options{})
	v, items := r.enter(), listOf(t, d).Items
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		request := v.request(http.MethodPost, "/confirm", formOf(items[:1], ""))
		request.Header.Set(header, value)
		if response, text := v.do(request); response.StatusCode != http.StatusForbidden || !strings.Contains(text, "another site") {
			t.Errorf("%s: %d %s", header, response.StatusCode, text)
		}
	}
	if status, _ := r.stranger().post("/confirm", items[:1], ""); status != http.StatusUnauthorized {
		t.Error(status)
	}
	if left := len(listOf(t, d).Items); left != len(items) {
		t.Errorf("%d of %d are left", left, len(items))
	}
	own := v.request(http.MethodPost, "/confirm", formOf(items[:1], ""))
	own.Header.Set("Origin", r.url)
	own.Header.Set("Sec-Fetch-Site", "same-origin")
	if response, _ := v.do(own); response.StatusCode != http.StatusOK || len(listOf(t, d).Items) != len(items)-1 {
		t.Error(response.StatusCode)
	}
}

// TestHeaders: no page may be framed, kept, or made to load anything from elsewhere.
func TestHeaders(t *testing.T) {
	t.Parallel()
	r := run(t, filled(t), desk.Options{})
	for _, v := range []*visitor{r.enter(), r.stranger()} {
		for _, path := range []string{"/", "/access", "/person", "/trail", "/static/desk.js", "/none"} {
			response, text := v.do(v.request(http.MethodGet, path, ""))
			policy := response.Header.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
				if !strings.Contains(policy, part) {
					t.Errorf("%s: %q is not in %q", path, part, policy)
				}
			}
			for header, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
			} {
				if got := response.Header.Get(header); got != want {
					t.Errorf("%s: %s is %q", path, header, got)
				}
			}
			if strings.Contains(text, "<style") || strings.Contains(text, " style=") || strings.Contains(text, " onclick=") || strings.Contains(text, "<script>") {
				t.Errorf("%s has style or script inside", path)
			}
		}
	}
}

// TestListen: nothing but loopback.
func TestListen(t *testing.T) {
	t.Parallel()
	shown, err := desk.New(filled(t), desk.Options{})
	if err != nil {
		t.Fatal(err)
	}
	everywhere, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "0.0.0.0:0") //nolint:gosec // It is refused.
	if err != nil {
		t.Fatal(err)
	}
	defer everywhere.Close()
	if err := shown.Serve(t.Context(), everywhere); err == nil || !strings.Contains(err.Error(), "127.0.0.1 only") {
		t.Error(err)
	}
	for _, port := range []int{-1, 65536} {
		if _, err := desk.Listen(t.Context(), port); err == nil {
			t.Errorf("it listens on port %d", port)
		}
	}
}
