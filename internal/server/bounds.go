package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// The limits of what a request may hold. The largest sensible body replaces
// the external admins of a tenant, some thousands.
const (
	maxBody   = 4 << 20
	maxForm   = 16 << 10
	maxHeader = 32 << 10
)

// bounded bounds a request's body and time, and refuses what no database takes
// as text: NUL, and bytes that are not UTF-8.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			s.refuse(w, r, problem.New(http.StatusRequestEntityTooLarge, problem.TypeRequest, "The body is too large: 4 MiB are allowed."))
			return
		case err != nil:
			s.refuse(w, r, problem.New(http.StatusBadRequest, problem.TypeRequest, "The body did not arrive in full."))
			return
		}
		query, err := url.QueryUnescape(r.URL.RawQuery)
		if err != nil || !storable(query) || !storable(r.URL.Path) || hasNUL(body) {
			s.refuse(w, r, problem.New(http.StatusBadRequest, problem.TypeRequest, "The path, query or body has a NUL character or bytes that are not UTF-8."))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		ctx, cancel := context.WithTimeout(r.Context(), s.timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
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

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }
