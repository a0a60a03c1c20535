package mimecastapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/mimecastapi"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/mimecastapi/contract"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const (
	partner = "CUSA00P000"
	alder   = "CUSA01A001"
	birch   = "CUSA01A002"
	anna    = "anna@msp.example"
	ben     = "ben@msp.example"
)

// world is a partner's account and two of its clients, in one of which Anna and Ben are.
func world(t *testing.T) *contract.Server {
	t.Helper()
	return contract.New(t, partner, map[string]contract.Account{
		partner: {
			Roles:    []string{"Super Administrator", "Basic Administrator", "Partner Provisioning Role", "Directory Team Administrator", "Other"},
			Profiles: map[string]contract.Profile{anna: {"emailAddress": anna, "accountCode": partner, "role": "Super Administrator", "admin": true, "external": false}},
		},
		alder: {Profiles: map[string]contract.Profile{
			anna: contract.ProfileOf(alder, anna, "Partner Administrator"),
			ben:  contract.ProfileOf(alder, ben, "Help Desk Administrator"),
		}},
		birch: {},
	})
}

func client(t *testing.T, url string, change ...func(*mimecastapi.Config)) *mimecastapi.Client {
	t.Helper()
	config := mimecastapi.Config{URL: url, ClientID: contract.ClientID, ClientSecret: contract.ClientSecret, RetryWait: time.Millisecond}
	for _, c := range change {
		c(&config)
	}
	c, err := mimecastapi.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ask(tenant rolemodel.AccountCode, addresses ...rolemodel.Email) mimecastapi.Question {
	return mimecastapi.Question{Tenant: tenant, Addresses: addresses}
}

// why returns why an address was not observable.
func why(seen mimecastapi.Seen, email rolemodel.Email) string {
	i := slices.IndexFunc(seen.NotObservable, func(n mimecastapi.NotObservable) bool { return n.Email == email })
	if i < 0 {
		return ""
	}
	return seen.NotObservable[i].Why
}

// TestReads: these calls and no others. Whoever adds one changes this list, and
// thinks about whether it reads.
func TestReads(t *testing.T) {
	t.Parallel()
	want := []string{
		"POST /oauth/token",
		"GET /identity/whoami",
		"POST /api/account/get-account",
		"GET /role/cloud-gateway/v1/roles",
		"POST /api/user/get-profile",
	}
	var got []string
	guide, err := os.ReadFile("../../templates/guides/mimecast-api.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, read := range mimecastapi.Reads() {
		got = append(got, read.Method+" "+read.Path)
		if row := fmt.Sprintf("`%s %s`", read.Method, read.Path); !strings.Contains(string(guide), row) {
			t.Errorf("the guide has nothing of %s", row)
		}
		if read.Permission != "" && !strings.Contains(string(guide), "*"+read.Permission+"*") {
			t.Errorf("the guide does not say that %s needs %q", read.Name, read.Permission)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

// TestAsk: everybody who is declared or was seen, and the custom roles of which more than a name is not known yet.
func TestAsk(t *testing.T) {
	t.Parallel()
	basic, _ := rolemodel.DefaultRole("basic-admin")
	got := mimecastapi.Ask(alder,
		[]rolemodel.ExternalAdmin{{Email: ben}, {Email: anna}},
		[]rolemodel.Role{basic, {TenantID: alder, ID: "confirmed", Name: "Confirmed"}, {TenantID: alder, ID: "new", Name: "New"}, {TenantID: alder, ID: "gone", Name: "Gone"}, {TenantID: alder, ID: "named", Name: "Named"}},
		&rolemodel.Observation{
			Admins: []rolemodel.ObservedAdmin{{Email: anna, RoleName: "x"}, {Email: "gone@msp.example"}},
			Roles:  []rolemodel.ObservedRole{{Name: "confirmed", ID: "confirmed", Definition: "d"}, {Name: "Gone", ID: "gone", Absent: true}, {Name: "Left Over"}, {Name: "named"}, {Name: "Was", Absent: true}},
		})
	want := mimecastapi.Question{Tenant: alder, Addresses: []rolemodel.Email{anna, ben, "gone@msp.example"}, Roles: []string{"Gone", "Left Over", "New", "named"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if got := mimecastapi.Ask(birch, nil, nil, nil); len(got.Addresses) > 0 || len(got.Roles) > 0 {
		t.Errorf("%+v", got)
	}
}

// TestPartner: a partner's credential on behalf of clients. First comes the proof of who answers.
func TestPartner(t *testing.T) {
	t.Parallel()
	s := world(t)
	questions := []mimecastapi.Question{
		{Tenant: alder, Addresses: []rolemodel.Email{ben, anna, "chloe@msp.example", anna}, Roles: []string{"Directory Team Administrator"}},
		ask("CUSA01A003", anna),
		ask(birch, anna),
	}
	var asked []int
	seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), questions, func(i int) { asked = append(asked, i) })
	if len(asked) != len(questions) || !slices.IsSorted(asked) {
		t.Errorf("of %d questions it is told of %v", len(questions), asked)
	}
	if err != nil {
		t.Fatal(err)
	}
	const nobody = "Mimecast has 0 profiles for the address; that does not say that nobody is there."
	want := []mimecastapi.Seen{
		{
			Tenant:        alder,
			Admins:        []rolemodel.ObservedAdmin{{Email: anna, RoleName: "Partner Administrator"}, {Email: ben, RoleName: "Help Desk Administrator"}},
			RolesWhy:      "The list of roles is of the credential's own account, CUSA00P000: no way to ask for that of a partner's client is documented. A credential of the client's account can.",
			NotObservable: []mimecastapi.NotObservable{{Email: "chloe@msp.example", Why: nobody}},
		},
		{
			Tenant: "CUSA01A003",
			Why:    "The credential of CUSA00P000 does not reach the account: Mimecast refuses get-account (status 403, forbidden): the API application or its role does not permit it; the role needs Account | Dashboard | Read.",
		},
		{Tenant: birch, NotObservable: []mimecastapi.NotObservable{{Email: anna, Why: nobody}}},
	}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("got  %+v\nwant %+v", seen, want)
	}
	requests := s.Requests()
	first := []string{"POST /oauth/token", "GET /identity/whoami", "POST /api/account/get-account", "POST /api/account/get-account", "POST /api/user/get-profile"}
	if !reflect.DeepEqual(requests[:5], first) || len(requests) != 5+2+2+1 {
		t.Errorf("%q", requests)
	}
}

// quiet is for tests that do not ask whom Mimecast is asked about.
func quiet(int) {}

// TestOwnAccount: a credential of the client's account can read role names too,
// over pages. Only roles that were asked for are claimed to be custom roles.
func TestOwnAccount(t *testing.T) {
	t.Parallel()
	s := world(t)
	s.Home = alder
	s.Accounts[alder] = contract.Account{Roles: s.Accounts[partner].Roles, Profiles: s.Accounts[alder].Profiles}
	seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{
		{Tenant: alder, Addresses: []rolemodel.Email{anna}, Roles: []string{"Not Listed", "directory team Administrator"}},
	}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	want := []mimecastapi.Seen{{
		Tenant: alder,
		Admins: []rolemodel.ObservedAdmin{{Email: anna, RoleName: "Partner Administrator"}},
		Roles:  []rolemodel.ObservedRole{{Name: "directory team Administrator"}},
	}}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("got  %+v\nwant %+v", seen, want)
	}
}

// TestWhoAnswers: nothing is believed of an account that is not proven, above all
// where the choice of a client is ignored and the partner's own account answers.
func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	ignoring := func(w http.ResponseWriter, _ *http.Request) bool {
		contract.Answer(w, http.StatusOK, `{"meta":{"status":200},"data":[{"accountCode":"`+partner+`"}],"fail":[]}`)
		return true
	}
	whoami := func(target, home string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			contract.Answer(w, http.StatusOK, fmt.Sprintf(`{"account-codes":%s,"home-account":%s}`, target, home))
			return true
		}
	}
	t.Run("get-account ignores the choice", func(t *testing.T) {
		t.Parallel()
		s := world(t)
		s.Instead["/api/account/get-account"] = ignoring
		seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, anna)}, quiet)
		if err != nil || len(seen[0].Admins) > 0 || seen[0].Why != `Asked on behalf of CUSA01A001, account "CUSA00P000" answered: the credential of CUSA00P000 does not act for it.` {
			t.Errorf("%+v, %v", seen, err)
		}
	})
	t.Run("get-profile ignores the choice", func(t *testing.T) {
		t.Parallel()
		s := world(t)
		s.Instead["/api/user/get-profile"] = func(w http.ResponseWriter, _ *http.Request) bool {
			contract.Answer(w, http.StatusOK, `{"meta":{"status":200},"data":[{"emailAddress":"`+anna+`","accountCode":"`+partner+`","role":"Super Administrator","admin":true,"external":true}],"fail":[]}`)
			return true
		}
		seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, anna)}, quiet)
		if err != nil || len(seen[0].Admins) > 0 || why(seen[0], anna) != `The profile that came is of account "CUSA00P000", so its role is not one in CUSA01A001.` {
			t.Errorf("%+v, %v", seen, err)
		}
	})
	for name, test := range map[string]struct{ target, home, message string }{
		"Cloud Integrated": {`{"ci":"CUSA00I000","cg":""}`, `{"ci":"CUSA00I000","cg":""}`, `the credential is of the Cloud Integrated account "CUSA00I000": only Cloud Gateway accounts can be observed this way`},
		"no account":       {`{}`, `{}`, `which account the credential is of cannot be told: Mimecast's answer to whoami has "" for the account it acts on`},
		"acts elsewhere":   {`{"cg":"` + alder + `"}`, `{"cg":"` + partner + `"}`, `which account the credential is of cannot be told: whoami says that it is at home in "CUSA00P000" and acts on CUSA01A001, though no account was chosen`},
		"disagreement":     {`{"cg":"` + alder + `"}`, `{"cg":"` + alder + `"}`, `whoami says that the credential is of CUSA01A001 and get-account that it is of "CUSA00P000": nothing is believed`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := world(t)
			s.Instead["/identity/whoami"] = whoami(test.target, test.home)
			seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, anna)}, quiet)
			if seen != nil || err == nil || err.Error() != test.message {
				t.Errorf("%+v, %v", seen, err)
			}
			if slices.Contains(s.Requests(), "POST /api/user/get-profile") {
				t.Error("it went on")
			}
		})
	}
}

// TestErrorForms: the three forms of errors, and statuses, each in words.
func TestErrorForms(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		why    string
	}{
		"failed in a 200":      {200, contract.Failed("err_developer_key"), "Mimecast refuses get-profile (status 200, err_developer_key)."},
		"with data":            {200, `{"meta":{"status":200},"data":[{"emailAddress":"` + anna + `"}],"fail":[{"errors":[{"code":"err_x","field":"emailAddress"},{"code":"err_y"}]}]}`, "Mimecast refuses get-profile (status 200, err_x for emailAddress, err_y)."},
		"status in the body":   {200, `{"meta":{"status":403},"data":[],"fail":[]}`, "Mimecast refuses get-profile (status 403): the API application or its role does not permit it."},
		"the gateway's":        {401, `{"fail":[{"code":"token_verification_failed","message":"m"}]}`, "Mimecast refuses get-profile (status 401, token_verification_failed), though it gave a token."},
		"errors at the top":    {400, `{"errors":[{"code":"bad_request","message":"m","field":"data"}]}`, "Mimecast refuses get-profile (status 400, bad_request for data)."},
		"OAuth's":              {403, `{"error":"insufficient_scope","error_description":"d"}`, "Mimecast refuses get-profile (status 403, insufficient_scope): the API application or its role does not permit it."},
		"not there":            {404, `<html>`, "Mimecast refuses get-profile (status 404): it is not there for this credential."},
		"an error after all":   {500, ``, "Mimecast refuses get-profile (status 500)."},
		"a fail of other form": {200, `{"meta":{"status":200},"data":[],"fail":{"oh":1}}`, "Mimecast refuses get-profile (status 200, an error without a code that can be shown)."},
		"not a code":           {400, `{"errors":[{"code":"` + "\\u001b[31m" + `"}]}`, "Mimecast refuses get-profile (status 400, an error without a code that can be shown)."},
		"not JSON":             {200, `<html>Welcome</html>`, "Mimecast's answer to get-profile is not of the form that this program knows."},
		"another form":         {200, `{"meta":{"status":200},"data":{"role":"x"},"fail":[]}`, "Mimecast's answer to get-profile is not of the form that this program knows."},
		"no data":              {200, `{}`, "Mimecast has 0 profiles for the address; that does not say that nobody is there."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := world(t)
			s.Instead["/api/user/get-profile"] = func(w http.ResponseWriter, _ *http.Request) bool {
				contract.Answer(w, test.status, test.body)
				return true
			}
			seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, anna)}, quiet)
			if err != nil {
				t.Fatal(err)
			}
			if got := why(seen[0], anna); got != test.why || len(seen[0].Admins) > 0 {
				t.Errorf("%s\n%+v", got, seen)
			}
		})
	}
}

// TestRolesThatCannotBeRead leave the rest of the tenant observable.
func TestRolesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, why string }{
		"no list":            {`{"meta":{}}`, "Mimecast's answer to roles is not of the form that this program knows."},
		"the same page ever": {`{"roles":[],"meta":{"pagination":{"nextPageToken":"again"}}}`, "Mimecast's answer to roles is not of the form that this program knows."},
		"failed":             {`{"errors":[{"code":"oh"}]}`, "Mimecast refuses roles (status 200, oh)."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := world(t)
			s.Home = alder
			s.Instead["/role/cloud-gateway/v1/roles"] = func(w http.ResponseWriter, _ *http.Request) bool {
				contract.Answer(w, http.StatusOK, test.body)
				return true
			}
			seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{{Tenant: alder, Addresses: []rolemodel.Email{anna}, Roles: []string{"X"}}}, quiet)
			if err != nil || seen[0].RolesWhy != test.why || len(seen[0].Roles) > 0 || len(seen[0].Admins) != 1 {
				t.Errorf("%+v, %v", seen, err)
			}
		})
	}
}

// TestRefusedReadIsNotAskedOn: what is refused for one address because of the
// read itself is not asked for thousands.
func TestRefusedReadIsNotAskedOn(t *testing.T) {
	t.Parallel()
	s := world(t)
	s.Instead["/api/user/get-profile"] = func(w http.ResponseWriter, _ *http.Request) bool {
		contract.Answer(w, http.StatusNotFound, "")
		return true
	}
	var addresses []rolemodel.Email
	for i := range 200 {
		addresses = append(addresses, rolemodel.Email(fmt.Sprintf("p%03d@msp.example", i)))
	}
	seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, addresses...)}, quiet)
	if err != nil || len(seen[0].NotObservable) != len(addresses) || len(s.Requests()) > 20 {
		t.Errorf("%d of %d, %d requests, %v", len(seen[0].NotObservable), len(addresses), len(s.Requests()), err)
	}
}

// TestRateLimit: the reset is in milliseconds, and one 429 makes all workers wait.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	s := world(t)
	var limited atomic.Bool
	var until atomic.Int64
	s.Instead["/api/user/get-profile"] = func(w http.ResponseWriter, _ *http.Request) bool {
		if limited.CompareAndSwap(false, true) {
			until.Store(time.Now().Add(300 * time.Millisecond).UnixNano())
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset", "300")
			contract.Answer(w, http.StatusTooManyRequests, "")
			return true
		}
		return false
	}
	began := time.Now()
	seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, anna)}, quiet)
	took := time.Since(began)
	if err != nil || len(seen[0].Admins) != 1 {
		t.Fatalf("%+v, %v", seen, err)
	}
	if took < 300*time.Millisecond || took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestTokenEnds: a token that is not taken any more is replaced once, and the read repeated.
func TestTokenEnds(t *testing.T) {
	t.Parallel()
	s := world(t)
	var ended atomic.Bool
	s.Instead["/api/user/get-profile"] = func(http.ResponseWriter, *http.Request) bool {
		if ended.CompareAndSwap(false, true) {
			s.EndTokens()
		}
		return false
	}
	seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, anna)}, quiet)
	if err != nil || len(seen[0].Admins) != 1 {
		t.Fatalf("%+v, %v", seen, err)
	}
	tokens := 0
	for _, request := range s.Requests() {
		if request == "POST /oauth/token" {
			tokens++
		}
	}
	if tokens != 2 {
		t.Errorf("%d tokens", tokens)
	}
}

// TestNoAnswer: an address that does not answer is not observable and keeps
// nobody from the others; an account that does not answer ends everything.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, r *http.Request) bool {
		text, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/api/user/get-profile" && !strings.Contains(string(text), ben) {
			r.Body = io.NopCloser(strings.NewReader(string(text)))
			return false
		}
		<-r.Context().Done()
		return true
	}
	impatient := func(c *mimecastapi.Config) { c.AttemptTimeout, c.CallTimeout = 50*time.Millisecond, 2*time.Second }
	t.Run("an address", func(t *testing.T) {
		t.Parallel()
		s := world(t)
		s.Instead["/api/user/get-profile"] = hang
		seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL, impatient), []mimecastapi.Question{ask(alder, anna, ben)}, quiet)
		if err != nil {
			t.Fatal(err)
		}
		if len(seen[0].Admins) != 1 || why(seen[0], ben) != "Mimecast at "+s.URL+" did not answer get-profile (it did not answer in time)." {
			t.Errorf("%+v", seen)
		}
	})
	t.Run("an account", func(t *testing.T) {
		t.Parallel()
		s := world(t)
		s.Instead["/api/account/get-account"] = hang
		_, err := mimecastapi.Observe(t.Context(), client(t, s.URL, impatient), []mimecastapi.Question{ask(alder, anna)}, quiet)
		if want := "whoami says that the credential is of CUSA00P000, and get-account does not confirm it: Mimecast at " + s.URL + " did not answer get-account (it did not answer in time)."; err == nil || err.Error() != want {
			t.Errorf("%v", err)
		}
	})
	t.Run("the user gives up", func(t *testing.T) {
		t.Parallel()
		s := world(t)
		s.Instead["/api/user/get-profile"] = hang
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		_, err := mimecastapi.Observe(ctx, client(t, s.URL), []mimecastapi.Question{ask(alder, ben)}, quiet)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
	t.Run("nobody", func(t *testing.T) {
		t.Parallel()
		s := world(t)
		s.Close()
		_, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, ben)}, quiet)
		if want := "which account the credential is of cannot be told: Mimecast at " + s.URL + " did not answer whoami (nothing listens there)."; err == nil || err.Error() != want {
			t.Errorf("%v", err)
		}
	})
}

// TestNothingFollowsARedirect: neither secret nor token goes where an answer points.
func TestNothingFollowsARedirect(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/oauth/token", "/identity/whoami", "/api/account/get-account", "/api/user/get-profile"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(fmt.Sprint(path, status), func(t *testing.T) {
				t.Parallel()
				var got atomic.Int64
				thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Add(1) }))
				t.Cleanup(thief.Close)
				s := world(t)
				s.Instead[path] = func(w http.ResponseWriter, _ *http.Request) bool {
					w.Header().Set("Location", thief.URL+path)
					w.WriteHeader(status)
					return true
				}
				_, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, anna)}, quiet)
				if err == nil || !strings.Contains(err.Error(), "it redirects to "+thief.URL) || got.Load() > 0 {
					t.Errorf("%d requests followed: %v", got.Load(), err)
				}
			})
		}
	}
}

// TestAnswerWithoutEnd is read to its bound only.
func TestAnswerWithoutEnd(t *testing.T) {
	t.Parallel()
	s := world(t)
	var sent atomic.Int64
	s.Instead["/identity/whoami"] = func(w http.ResponseWriter, _ *http.Request) bool {
		block := []byte(strings.Repeat(" ", 64<<10))
		for {
			n, err := w.Write(block)
			if err != nil {
				return true
			}
			sent.Add(int64(n))
		}
	}
	_, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, anna)}, quiet)
	if err == nil || !strings.Contains(err.Error(), "an answer of more than 4 MiB") || sent.Load() > 64<<20 {
		t.Errorf("%d bytes were sent: %v", sent.Load(), err)
	}
}

// TestSecretsStayInside: an error may repeat what was sent, and still neither
// secret nor token is in a message or a result.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	secrets := func(text string) bool {
		return strings.Contains(text, contract.ClientSecret) || strings.Contains(text, "contract-token")
	}
	echo := func(status int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			body, _ := io.ReadAll(r.Body)
			text, _ := json.Marshal(string(body) + r.Header.Get("Authorization"))
			contract.Answer(w, status, fmt.Sprintf(`{"errors":[{"code":%s,"message":%s,"field":%s}],"error":%s,"error_description":%s,"fail":[{"code":%s}],"data":[{"emailAddress":%s,"accountCode":%s,"role":%s}]}`, text, text, text, text, text, text, text, text, text))
			return true
		}
	}
	for _, path := range []string{"/oauth/token", "/identity/whoami", "/api/account/get-account", "/api/user/get-profile"} {
		for _, status := range []int{200, 400, 401, 403, 500} {
			t.Run(fmt.Sprint(path, status), func(t *testing.T) {
				t.Parallel()
				s := world(t)
				s.Instead[path] = echo(status)
				seen, err := mimecastapi.Observe(t.Context(), client(t, s.URL), []mimecastapi.Question{ask(alder, anna)}, quiet)
				if text := fmt.Sprintf("%v %+v", err, seen); secrets(text) {
					t.Error(text)
				}
				if err == nil && len(seen[0].NotObservable) != 1 {
					t.Errorf("%+v", seen)
				}
			})
		}
	}
	t.Run("a wrong secret", func(t *testing.T) {
		t.Parallel()
		s := world(t)
		_, err := mimecastapi.Observe(t.Context(), client(t, s.URL, func(c *mimecastapi.Config) { c.ClientSecret += "-wrong" }), nil, quiet)
		want := "which account the credential is of cannot be told: there is no token at " + s.URL + " for this credential (status 401, invalid_client): check MIMECAST_API_CLIENT_ID and MIMECAST_API_CLIENT_SECRET, " +
			"that the credential was not deleted, and that the URL is a gateway of API 2.0 such as https://api.services.mimecast.com (hosts like eu-api.mimecast.com are of API 1.0 and, as others' code has it, refuse such credentials)"
		if err == nil || err.Error() != want {
			t.Errorf("%v", err)
		}
	})
}

// TestCertificate: a server that this machine does not trust gets nothing.
func TestCertificate(t *testing.T) {
	t.Parallel()
	var got atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Add(1) }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // Of the handshake that fails.
	s.StartTLS()
	t.Cleanup(s.Close)
	_, err := mimecastapi.Observe(t.Context(), client(t, s.URL), nil, quiet)
	if err == nil || !strings.Contains(err.Error(), "the certificate of "+s.URL+" is not one that this machine trusts") || got.Load() > 0 {
		t.Errorf("%d requests, %v", got.Load(), err)
	}
}

func TestFromEnvironment(t *testing.T) {
	const missing = "there is no credential to read at Mimecast with: set MIMECAST_API_CLIENT_ID and MIMECAST_API_CLIENT_SECRET to an API 2.0 credential, which are not the MIMECAST_CLIENT_ID and MIMECAST_CLIENT_SECRET of a directory service"
	for name, test := range map[string]struct{ id, secret, url, message string }{
		"default URL": {"id", "secret", "unset", ""},
		"loopback":    {"id", "secret", "http://127.0.0.1:1", ""},
		"no ID":       {"", "secret", "unset", missing},
		"no secret":   {"id", "", "unset", missing},
		"empty URL":   {"id", "secret", "", "MIMECAST_API_URL is set and empty: give it a value or unset it"},
		"plain HTTP":  {"id", "secret", "http://api.services.mimecast.com", `The URL of Mimecast's API would send the secret in the clear to api.services.mimecast.com: plain HTTP is for this machine's loopback address only. Unset MIMECAST_API_URL, or write it like "https://api.services.mimecast.com"`},
		"a password":  {"id", "secret", "https://u:pass@api.services.mimecast.com", `The URL of Mimecast's API has a user or password in it; the credential is given apart from it. Unset MIMECAST_API_URL, or write it like "https://api.services.mimecast.com"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(mimecastapi.EnvClientID, test.id)
			t.Setenv(mimecastapi.EnvClientSecret, test.secret)
			t.Setenv(mimecastapi.EnvURL, test.url)
			if test.url == "unset" {
				_ = os.Unsetenv(mimecastapi.EnvURL)
			}
			c, err := mimecastapi.FromEnvironment("test")
			if (c == nil) == (test.message == "") || err != nil && err.Error() != test.message || err == nil && test.message != "" {
				t.Errorf("%v", err)
			}
		})
	}
}
