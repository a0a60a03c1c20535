// Package mimecastapi reads at Mimecast what Mimecast publishes of it, and turns
// the answers into observations. It cannot write: Reads lists all that it can
// call, and its connections let nothing else through.
//
// Nobody of this project could run it against Mimecast. It is built from public
// documents and, where these are silent, from what public code of others sends
// and expects; each read says which. Its tests run against a server that was
// built from the same sources, in the package contract.
package mimecastapi

import (
	"net/http"
	"strings"
)

// Read is a call that this package can make.
type Read struct {
	// Name is what messages and documents call it.
	Name         string
	Method, Path string
	// Permission is what Mimecast's documents ask of the role of the credential, "" for what they do not say.
	Permission string
	// Certainty says where the read and the form of its answer are known from.
	Certainty string
}

// The names of the reads.
const (
	readToken      = "token"
	readWhoami     = "whoami"
	readGetAccount = "get-account"
	readRoles      = "roles"
	readGetProfile = "get-profile"
)

// Reads returns all calls that this package can make, the one for a token included.
func Reads() []Read {
	return []Read{
		{
			Name: readToken, Method: http.MethodPost, Path: "/oauth/token",
			Certainty: "documented: API 2.0 client credentials",
		},
		{
			Name: readWhoami, Method: http.MethodGet, Path: "/identity/whoami",
			Certainty: "documented in API 2.0's catalogue; the form of the answer is seen in others' code only",
		},
		{
			Name: readGetAccount, Method: http.MethodPost, Path: "/api/account/get-account", Permission: "Account | Dashboard | Read",
			Certainty: "documented in API 2.0's catalogue, with its answer; that meta.accountCode chooses a partner's client is documented in general",
		},
		{
			Name: readRoles, Method: http.MethodGet, Path: "/role/cloud-gateway/v1/roles", Permission: "Directories | Roles | Read",
			Certainty: "documented in API 2.0's catalogue; the form of the answer is seen in others' code only",
		},
		{
			Name: readGetProfile, Method: http.MethodPost, Path: "/api/user/get-profile",
			Certainty: "seen in others' code only: an API 1.0 call that is not in API 2.0's catalogue, and whether it knows external administrators is unknown",
		},
	}
}

// lookUp returns a read by its name, the zero Read for one that is not among Reads.
func lookUp(name string) Read {
	for _, read := range Reads() {
		if read.Name == name {
			return read
		}
	}
	return Read{}
}

// onlyReads lets requests of Reads at one base URL through and nothing else.
type onlyReads struct {
	base  string
	inner http.RoundTripper
}

// notAReadError is of requests that are refused before they are made.
type notAReadError struct{}

// Error implements error.
func (*notAReadError) Error() string { return "not a read of Mimecast's" }

// Final says that asking again would end the same.
func (*notAReadError) Final() {}

// RoundTrip implements http.RoundTripper.
func (o onlyReads) RoundTrip(request *http.Request) (*http.Response, error) {
	target, _, _ := strings.Cut(request.URL.String(), "?")
	for _, read := range Reads() {
		if request.Method == read.Method && target == o.base+read.Path {
			return o.inner.RoundTrip(request)
		}
	}
	return nil, &notAReadError{}
}
