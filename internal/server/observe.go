package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
)

// requestIDHeader has a request's ID, the caller's own if it sends one.
const requestIDHeader = "X-Request-Id"

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// observed gives each request an ID, logs and counts it. The log has no path,
// query, header or body: they may hold people's addresses and secrets.
func (s *Server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		about := &request{id: r.Header.Get(requestIDHeader), route: "none"}
		if !requestID.MatchString(about.id) {
			about.id = uuid.NewString()
		}
		if address, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			about.source = address.Addr().Unmap().WithZone("")
		}
		header := w.Header()
		header.Set(requestIDHeader, about.id)
		header.Set(wire.VersionHeader, strconv.Itoa(wire.APIVersion))
		header.Set("Cache-Control", "no-store")
		header.Set("X-Content-Type-Options", "nosniff")
		if r.TLS != nil {
			header.Set("Strict-Transport-Security", "max-age=31536000")
		}

		started := time.Now()
		s.metrics.inFlight.Inc()
		counted := &countingWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			took := time.Since(started)
			s.metrics.inFlight.Dec()
			s.metrics.observe(about.route, r.Method, counted.status, took)
			level := slog.LevelInfo
			if counted.status >= http.StatusInternalServerError {
				level = slog.LevelError
			}
			s.log.LogAttrs(r.Context(), level, "request",
				slog.String("request_id", about.id), slog.String("method", method(r.Method)), slog.String("route", about.route),
				slog.Int("status", counted.status), slog.Int64("bytes", counted.bytes), slog.Duration("took", took),
				slog.String("client_id", about.client.id), slog.String("source", about.source.String()))
		}()
		next.ServeHTTP(counted, r.WithContext(context.WithValue(r.Context(), requestKey{}, about)))
	})
}

// recovered answers a panic with a 500. A panic is a bug; the log has where.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler { //nolint:errorlint // net/http panics with this very value.
				panic(cause)
			}
			s.log.ErrorContext(r.Context(), "panic", slog.String("request_id", requestOf(r.Context()).id),
				slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
			s.refuse(w, r, problem.New(http.StatusInternalServerError, problem.TypeInternal, "Something went wrong in the service."))
		}()
		next.ServeHTTP(w, r)
	})
}

// countingWriter notes what was answered.
type countingWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status.
func (w *countingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write notes the size.
func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// method returns a method as it may appear in a metric: anybody can send any word.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete:
		return m
	}
	return "other"
}
