// Package contract is a server that answers Mimecast's reads on a socket of this
// machine, as public documents and, where these are silent, public code of others
// have them. It is not Mimecast, and nobody of this project could compare the two.
// Only tests import it.
package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// The credential that the server takes.
const (
	ClientID     = "contract-client"
	ClientSecret = "contract-secret-do-not-print"
)

// Account is an account that the server knows.
type Account struct {
	// Roles are the names that the list of roles has.
	Roles []string
	// Profiles are the items of get-profile, by address.
	Profiles map[string]Profile
}

// Profile is an item of get-profile, as recorded in MrPig91/PSMimecast.
type Profile map[string]any

// Server answers the reads. Its fields are set before the first request.
type Server struct {
	*httptest.Server
	// Home is the account of the credential. It and the other accounts answer
	// to it, as those of a partner's clients do.
	Home     string
	Accounts map[string]Account
	// Instead answers requests of a path in place of the server, if it returns true.
	Instead map[string]func(w http.ResponseWriter, r *http.Request) bool

	t        testing.TB
	mu       sync.Mutex
	requests []string
	tokens   []string
}

// paths are what may be asked of the server. A request for anything else fails the test.
func paths() map[string]string {
	return map[string]string{
		"/oauth/token":                 http.MethodPost,
		"/identity/whoami":             http.MethodGet,
		"/api/account/get-account":     http.MethodPost,
		"/role/cloud-gateway/v1/roles": http.MethodGet,
		"/api/user/get-profile":        http.MethodPost,
	}
}

// New returns a server whose credential is of an account.
func New(t testing.TB, home string, accounts map[string]Account) *Server {
	t.Helper()
	s := &Server{Home: home, Accounts: accounts, Instead: map[string]func(http.ResponseWriter, *http.Request) bool{}, t: t}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// Requests returns the method and path of each request so far.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests = append(s.requests, r.Method+" "+r.URL.Path)
	s.mu.Unlock()
	method, known := paths()[r.URL.Path]
	if !known || r.Method != method {
		s.t.Errorf("a request that is no known read: %s %s", r.Method, r.URL.Path)
	}
	// Documented: every response has these, the reset in milliseconds.
	w.Header().Set("X-RateLimit-Limit", "800")
	w.Header().Set("X-RateLimit-Remaining", "799")
	w.Header().Set("X-RateLimit-Reset", "5000")
	if instead := s.Instead[r.URL.Path]; instead != nil && instead(w, r) {
		return
	}
	switch {
	case !known:
		w.WriteHeader(http.StatusNotFound)
	case r.Method != method:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case r.URL.Path == "/oauth/token":
		s.token(w, r)
	case !s.authorised(r):
		// The gateway's form, seen in rapid7/insightconnect-plugins.
		Answer(w, http.StatusUnauthorized, `{"fail":[{"code":"token_expired","message":"The token has expired"}]}`)
	case r.URL.Path == "/identity/whoami":
		Answer(w, http.StatusOK, fmt.Sprintf(`{"version":"1","type":"client","account-codes":{"ci":"","cg":%q,"x1":"","lead":"cg"},"home-account":{"ci":"","cg":%q,"x1":"","lead":"cg"}}`, s.Home, s.Home))
	case r.URL.Path == "/role/cloud-gateway/v1/roles":
		s.roles(w, r)
	default:
		s.envelope(w, r)
	}
}

// token gives a token for the form that API 2.0 documents.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("grant_type") != "client_credentials" || r.PostFormValue("client_id") != ClientID || r.PostFormValue("client_secret") != ClientSecret {
		Answer(w, http.StatusUnauthorized, `{"error":"invalid_client","error_description":"of `+r.PostFormValue("client_secret")+`"}`)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	token := "contract-token-" + strconv.Itoa(len(s.tokens))
	s.tokens = append(s.tokens, token)
	Answer(w, http.StatusOK, fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","expires_in":1799}`, token))
}

// EndTokens makes the server take none of the tokens that it gave so far.
func (s *Server) EndTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.tokens {
		s.tokens[i] = ""
	}
}

func (s *Server) authorised(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.tokens, func(token string) bool { return token != "" && r.Header.Get("Authorization") == "Bearer "+token })
}

// roles lists the roles of the credential's own account, two on a page: no way to
// choose another account for a request without a body is documented.
func (s *Server) roles(w http.ResponseWriter, r *http.Request) {
	const perPage = 2
	all := s.Accounts[s.Home].Roles
	from, _ := strconv.Atoi(r.URL.Query().Get("pageToken"))
	to := min(from+perPage, len(all))
	type role struct {
		ID       string `json:"id"`
		RoleName string `json:"roleName"`
	}
	page := []role{}
	for i, name := range all[from:to] {
		page = append(page, role{ID: strconv.Itoa(from + i), RoleName: name})
	}
	pagination := map[string]any{"pageSize": perPage}
	if to < len(all) {
		pagination["next"] = strconv.Itoa(to)
	}
	answerJSON(w, map[string]any{"roles": page, "meta": map[string]any{"pagination": pagination}})
}

// envelope answers the reads of the /api/ paths, for the account that meta.accountCode chooses.
func (s *Server) envelope(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Meta struct {
			AccountCode string `json:"accountCode"`
		} `json:"meta"`
		Data []struct {
			EmailAddress string `json:"emailAddress"`
		} `json:"data"`
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		Answer(w, http.StatusBadRequest, Failed("err_validation_null"))
		return
	}
	code := request.Meta.AccountCode
	if code == "" {
		code = s.Home
	}
	account, known := s.Accounts[code]
	if !known { // Which answer comes is not documented; 403 is "valid credentials, not permitted".
		Answer(w, http.StatusForbidden, `{"errors":[{"code":"forbidden","message":"not permitted"}]}`)
		return
	}
	data := []any{}
	for _, item := range request.Data {
		if r.URL.Path == "/api/account/get-account" {
			data = append(data, map[string]any{"accountCode": code, "accountName": "Example", "region": "us", "type": "full", "packages": []string{"Mimecast Platform [1033]"}, "passphrase": ""})
		} else if profile, ok := account.Profiles[item.EmailAddress]; ok {
			data = append(data, profile)
		}
	}
	answerJSON(w, map[string]any{"meta": map[string]any{"status": http.StatusOK}, "data": data, "fail": []any{}})
}

// Failed is the body of a call that was executed and failed (documented).
func Failed(code string) string {
	return `{"meta":{"status":200},"data":[],"fail":[{"key":{"emailAddress":"x"},"errors":[{"code":"` + code + `","message":"in words","retryable":false}]}]}`
}

// Answer writes an answer.
func Answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func answerJSON(w http.ResponseWriter, body any) {
	text, _ := json.Marshal(body) // Of strings and numbers.
	Answer(w, http.StatusOK, string(text))
}

// ProfileOf returns the profile of an external administrator as it would have to
// look for something to be proven. That Mimecast has such a one is unknown.
func ProfileOf(account, address, role string) Profile {
	return Profile{
		"id": address, "emailAddress": address, "name": "N", "accountCode": account, "companyName": "Example", "serverTimeZone": "Etc/UTC",
		"role": role, "admin": true, "external": true, "editable": false, "localPassword": true, "changePassword": true,
		"attributes": map[string]string{"phoneNumber": ""}, "links": []any{},
	}
}
