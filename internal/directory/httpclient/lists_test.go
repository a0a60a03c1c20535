package httpclient_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// recorder notes the queries that are sent.
type recorder struct {
	http.RoundTripper
	mu      sync.Mutex
	queries []url.Values
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.mu.Lock()
	if request.Method == http.MethodGet {
		r.queries = append(r.queries, request.URL.Query())
	}
	r.mu.Unlock()
	return r.RoundTripper.RoundTrip(request)
}

func (r *recorder) taken() []url.Values {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.queries
	r.queries = nil
	return taken
}

// TestListsArePushedDown: filter, beginning and end of a list go to the service,
// in as few requests as there are pages, and what no URL can hold in several.
func TestListsArePushedDown(t *testing.T) {
	t.Parallel()
	s := newService(t, "")
	c, secret, err := s.keeper.Create(t.Context(), operator(), credential.Credential{Name: "x", RoleID: rolemodel.SuperAdmin})
	if err != nil {
		t.Fatal(err)
	}
	sent := &recorder{RoundTripper: http.DefaultTransport}
	client, err := httpclient.New(httpclient.Config{URL: s.http.URL, ClientID: c.ID, ClientSecret: secret, RetryWait: time.Millisecond, Transport: sent})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	const tenants = 450
	var codes []rolemodel.AccountCode
	var domains []rolemodel.Domain
	owner := s.DB.Open(directory.Owner(rolemodel.Actor{Name: "owner", Role: superAdmin()}))
	for i := range tenants {
		code := rolemodel.AccountCode(fmt.Sprintf("CT%03d", i))
		primary := rolemodel.Domain(fmt.Sprintf("%s%03d.example", strings.Repeat("long-label.", 8), i))
		other := rolemodel.Domain(fmt.Sprintf("%sother%03d.example", strings.Repeat("long-label.", 8), i))
		if _, err := directory.Create(ctx, owner, rolemodel.Tenant{AccountCode: code, Name: "T", PrimaryDomain: primary, InternalDomains: []rolemodel.Domain{primary, other}}, ""); err != nil {
			t.Fatal(err)
		}
		codes, domains = append(codes, code), append(domains, primary, other)
	}
	check := func(filter directory.TenantFilter, from, to, requests int) {
		t.Helper()
		sent.taken()
		got, err := directory.Collect(client.Tenants(ctx, filter))
		if err != nil {
			t.Fatal(err)
		}
		var keys []rolemodel.AccountCode
		for _, tenant := range got {
			keys = append(keys, tenant.AccountCode)
		}
		if !slices.Equal(keys, codes[from:to]) {
			t.Errorf("got %d tenants %q, want those from %d to %d", len(keys), keys, from, to)
		}
		if n := len(sent.taken()); n != requests {
			t.Errorf("%d requests, want %d", n, requests)
		}
		filter.After, filter.Limit = "", 0
		want, err := owner.Count(ctx, filter)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := client.Count(ctx, filter); err != nil || n != want {
			t.Errorf("%d are counted, want %d: %v", n, want, err)
		}
	}
	check(directory.TenantFilter{}, 0, tenants, 1)
	check(directory.TenantFilter{After: "CT399"}, 400, tenants, 1)
	check(directory.TenantFilter{After: "CT009", Limit: 7}, 10, 17, 1)
	check(directory.TenantFilter{Codes: codes[3:9]}, 3, 9, 1)
	reversed := slices.Clone(codes)
	slices.Reverse(reversed)
	check(directory.TenantFilter{Codes: append(reversed, "", "CNONE", codes[0])}, 0, tenants, 3)
	check(directory.TenantFilter{Codes: reversed, After: "CT199", Limit: 100}, 200, 300, 3)
	check(directory.TenantFilter{Codes: []rolemodel.AccountCode{""}}, 0, 0, 0)
	check(directory.TenantFilter{Domains: domains[:4]}, 0, 2, 1)
	check(directory.TenantFilter{Domains: domains}, 0, tenants, 7)
	check(directory.TenantFilter{Domains: domains, Codes: codes[100:350], Limit: 10}, 100, 110, 14)

	for range 3 { // An early end asks for no more.
		for _, err := range client.Tenants(ctx, directory.TenantFilter{Limit: 1}) {
			if err != nil {
				t.Error(err)
			}
			break
		}
	}
	for _, q := range sent.taken() {
		if q.Has("limit") && q.Get("limit") != "1" && len(q["code"]) == 0 && len(q["domain"]) == 0 && q.Get("cursor") == "" {
			t.Errorf("the limit is not pushed down: %v", q)
		}
	}
}

func superAdmin() rolemodel.Role {
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	return role
}
