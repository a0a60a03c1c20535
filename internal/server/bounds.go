package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// The sizes of what a request may hold. The largest body replaces the external
// admins of a tenant: all that it has and all that it is to have, each with the
// longest address, a role ID as long as a name, the longest reason, and what JSON adds.
const (
	maxBody   = 2 * rolemodel.MaxExternalAdmins * (rolemodel.MaxEmail + rolemodel.MaxName + utf8.UTFMax*rolemodel.MaxReason + 140)
	maxForm   = 16 << 10
	maxHeader = 32 << 10
)

// What all requests of a process have at once, and each of those who ask: a
// source address before it is known whose request it is, then the credential.
// What is done for one is done by a database that takes a few at a time anyway.
const (
	allRequests, sourceRequests = 2048, 512
	// Looking up whose token or secret it is.
	allLookups, sourceLookups = 64, 4
	// Bytes of bodies, from before they are read until the answer.
	allForms, sourceForms       = 1 << 20, 1 << 18
	allBodies, credentialBodies = 8 << 20, 4 << 20
	// Requests that are worked on.
	allWork, credentialWork = 64, 4
)

// formTime is how long a form may take to arrive. It has a line of text.
const formTime = 10 * time.Second

// bodyArrived says to huma that no deadline is to be set for reading a body,
// which has been read by then, and the connection's to be lifted: it would end
// the request in the middle of waiting for the database.
const bodyArrived = -1

// quotas are what a process shares out among those who ask.
type quotas struct {
	requests, recognising, issuing, forms, bodies, work *quota
}

func newQuotas() quotas {
	return quotas{
		requests:    newQuota(allRequests, sourceRequests),
		recognising: newQuota(allLookups, sourceLookups),
		issuing:     newQuota(allLookups, sourceLookups),
		forms:       newQuota(allForms, sourceForms),
		bodies:      newQuota(allBodies, credentialBodies),
		work:        newQuota(allWork, credentialWork),
	}
}

// bounded bounds how many requests there are and a request's time, and refuses
// what no database takes as text: NUL, and bytes that are not UTF-8. It leaves the body alone.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		done := s.quotas.requests.try(sourceKey(requestOf(r.Context()).source), 1)
		if done == nil {
			s.busy(w, r)
			return
		}
		defer done()
		query, err := url.QueryUnescape(r.URL.RawQuery)
		if err != nil || !storable(query) || !storable(r.URL.Path) {
			s.refuseText(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), s.timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// received reads a body of at most so many bytes, none for an operation without
// one, and lets the request be worked on. Whose it is is known by now, but for a form.
func (s *Server) received(w http.ResponseWriter, r *http.Request, most int64, next http.Handler) {
	about := requestOf(r.Context())
	share, who := s.quotas.bodies, about.client.id
	if who == "" {
		share, who = s.quotas.forms, sourceKey(about.source)
	}
	var body []byte
	if most > 0 {
		size := r.ContentLength
		if size > most {
			s.refuseSize(w, r, most)
			return
		}
		if size < 0 {
			size = most
		}
		done, err := share.take(r.Context(), who, size)
		if err != nil {
			s.busy(w, r)
			return
		}
		defer done()
		if about.client.id == "" {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(formTime)) // Only a recorder cannot do it.
		}
		buffer := bytes.NewBuffer(make([]byte, 0, max(r.ContentLength, 0)+bytes.MinRead))
		_, err = buffer.ReadFrom(http.MaxBytesReader(w, r.Body, most))
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			s.refuseSize(w, r, most)
			return
		}
		if err != nil {
			s.refuse(w, r, problem.New(http.StatusBadRequest, problem.TypeRequest, "The body did not arrive in full."))
			return
		}
		if body = buffer.Bytes(); hasNUL(body) {
			s.refuseText(w, r)
			return
		}
	}
	if about.client.id != "" {
		done, err := s.quotas.work.take(r.Context(), about.client.id, 1)
		if err != nil {
			s.busy(w, r)
			return
		}
		defer done()
	}
	r = r.WithContext(r.Context()) // A copy: the server needs the body that it gave to the original.
	r.Body = io.NopCloser(bytes.NewReader(body))
	next.ServeHTTP(w, r)
}

// busy refuses what cannot be begun now.
func (s *Server) busy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "1")
	s.refuse(w, r, problem.New(http.StatusServiceUnavailable, problem.TypeUnavailable, "The service has too much to do at once. Nothing was done; try again."))
}

func (s *Server) refuseSize(w http.ResponseWriter, r *http.Request, most int64) {
	s.refuse(w, r, problem.New(http.StatusRequestEntityTooLarge, problem.TypeRequest, fmt.Sprintf("The body is too large: %d bytes are allowed.", most)))
}

func (s *Server) refuseText(w http.ResponseWriter, r *http.Request) {
	s.refuse(w, r, problem.New(http.StatusBadRequest, problem.TypeRequest, "The path, query or body has a NUL character or bytes that are not UTF-8."))
}

// storable says whether a database takes s as text.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// hasNUL says whether JSON has an escaped NUL character.
func hasNUL(text []byte) bool {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if bytes.HasPrefix(text[i:], []byte(`\u0000`)) {
			return true
		}
		i++ // What is escaped is not the start of an escape.
	}
	return false
}
