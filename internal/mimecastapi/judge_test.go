package mimecastapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/mimecastapi/contract"
)

// TestJudge: a role is proven by a profile that says everything that makes it
// one of an external administrator of that account, and by nothing less. What the
// profiles look like is recorded in others' code: MrPig91/PSMimecast and mimecast-scott/getUsersAndRoles.
func TestJudge(t *testing.T) {
	t.Parallel()
	const complete = `{"id":"anna@msp.example","emailAddress":"Anna@MSP.example","accountCode":"CUSA01A001","role":"Partner Administrator","admin":true,"external":true,"editable":false}`
	for name, test := range map[string]struct{ answer, role, why string }{
		"proven":             {answer: `[` + complete + `]`, role: "Partner Administrator"},
		"admin is not said":  {answer: `[{"emailAddress":"anna@msp.example","accountCode":"cusa01a001","role":"Directory Team Administrator","external":true}]`, role: "Directory Team Administrator"},
		"no profile":         {answer: `[]`, why: "Mimecast has 0 profiles for the address; that does not say that nobody is there."},
		"two profiles":       {answer: `[` + complete + `,` + complete + `]`, why: "Mimecast has 2 profiles for the address; that does not say that nobody is there."},
		"another address":    {answer: `[{"emailAddress":"ben@msp.example","accountCode":"CUSA01A001","role":"Partner Administrator","external":true}]`, why: `The profile that came is of another address, "ben@msp.example".`},
		"no address":         {answer: `[{"accountCode":"CUSA01A001","role":"Partner Administrator","external":true}]`, why: `The profile that came is of another address, "".`},
		"the partner's own":  {answer: `[{"emailAddress":"anna@msp.example","accountCode":"CUSA00P000","role":"Super Administrator","external":true}]`, why: `The profile that came is of account "CUSA00P000", so its role is not one in CUSA01A001.`},
		"no account":         {answer: `[{"emailAddress":"anna@msp.example","role":"Partner Administrator","external":true}]`, why: "The profile does not say which account it is of, so its role may be one in another."},
		"na":                 {answer: `[{"emailAddress":"anna@msp.example","accountCode":"CUSA01A001","role":"na","external":true}]`, why: "The profile names no role. That get-profile knows roles of external administrators is not documented, so this does not say that there is none."},
		"null":               {answer: `[{"emailAddress":"anna@msp.example","accountCode":"CUSA01A001","role":null,"external":true,"admin":false}]`, why: "The profile names no role. That get-profile knows roles of external administrators is not documented, so this does not say that there is none."},
		"internal":           {answer: `[{"emailAddress":"anna@msp.example","accountCode":"CUSA01A001","role":"Full Administrator","admin":true,"external":false}]`, why: `The profile names the role "Full Administrator", and does not say that the address is from outside, so it need not be an external administrator's.`},
		"external not said":  {answer: `[{"emailAddress":"anna@msp.example","accountCode":"CUSA01A001","role":"Full Administrator","admin":true}]`, why: `The profile names the role "Full Administrator", and does not say that the address is from outside, so it need not be an external administrator's.`},
		"no administrator":   {answer: `[{"emailAddress":"anna@msp.example","accountCode":"CUSA01A001","role":"User","admin":false,"external":true}]`, why: `The profile names the role "User", and says that it is no administrator's.`},
		"no name for a role": {answer: `[{"emailAddress":"anna@msp.example","accountCode":"CUSA01A001","role":" Admin","admin":true,"external":true}]`, why: `The profile has a role name that cannot be used: the name " Admin" begins or ends with a space: write "Admin".`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var profiles []profile
			if err := json.Unmarshal([]byte(test.answer), &profiles); err != nil {
				t.Fatal(err)
			}
			if got := judge("CUSA01A001", "anna@msp.example", profiles); got.roleName != test.role || got.why != test.why {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestOnlyReadsGoOut: whatever the program asks for, only what Reads lists leaves it, and only to Mimecast.
func TestOnlyReadsGoOut(t *testing.T) {
	t.Parallel()
	sent := 0
	guard := onlyReads{base: "https://api.example/prefix", inner: roundTripper(func(*http.Request) (*http.Response, error) {
		sent++
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})}
	for _, refused := range []string{
		"POST https://api.example/prefix/api/user/create-user",
		"POST https://api.example/prefix/api/account/get-account/../update-account",
		"POST https://api.example/prefix/identity/whoami",
		"DELETE https://api.example/prefix/role/cloud-gateway/v1/roles",
		"POST https://api.example/prefix/role/cloud-gateway/v1/roles",
		"GET https://api.example/identity/whoami",
		"GET https://other.example/prefix/identity/whoami",
		"GET http://api.example/prefix/identity/whoami",
	} {
		method, target, _ := strings.Cut(refused, " ")
		r, err := http.NewRequestWithContext(t.Context(), method, target, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if response, err := guard.RoundTrip(r); err == nil {
			_ = response.Body.Close()
			t.Errorf("%s goes out", refused)
		}
	}
	if sent > 0 {
		t.Errorf("%d went out", sent)
	}
	for _, read := range Reads() {
		r, err := http.NewRequestWithContext(t.Context(), read.Method, guard.base+read.Path+"?pageSize=100", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := guard.RoundTrip(r)
		if err != nil {
			t.Errorf("%s does not go out: %v", read.Name, err)
			continue
		}
		_ = response.Body.Close()
	}
}

// TestClientOnlyReads: the client's own connections have that guard, whatever asks it to call.
func TestClientOnlyReads(t *testing.T) {
	t.Parallel()
	s := contract.New(t, "CUSA00P000", nil) // A request that is no read fails the test.
	c, err := New(Config{URL: s.URL, ClientID: contract.ClientID, ClientSecret: contract.ClientSecret})
	if err != nil {
		t.Fatal(err)
	}
	for _, write := range []Read{
		{Method: http.MethodPost, Path: "/api/user/create-user"},
		{Method: http.MethodPost, Path: "/role/cloud-gateway/v1/roles"},
	} {
		err := c.call(t.Context(), write, nil, []byte("{}"), &struct{}{})
		if want := "POST " + write.Path + " is no read of Mimecast's, so it was not sent"; err == nil || err.Error() != want {
			t.Errorf("%v", err)
		}
	}
	if got := s.Requests(); len(got) != 1 || got[0] != "POST /oauth/token" {
		t.Errorf("%q", got)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
