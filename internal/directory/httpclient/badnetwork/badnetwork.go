// Package badnetwork is a proxy that does to requests what a bad network and
// what stands in it do. Only tests import it.
package badnetwork

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
)

// Fault does something bad to a request instead of only passing it on.
type Fault func(w http.ResponseWriter, r *http.Request, pass http.Handler)

// answerWith answers a status instead of the service, before it has seen the
// request or after it has done what was asked.
func answerWith(status int, after bool) Fault {
	return func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if after {
			pass.ServeHTTP(httptest.NewRecorder(), r)
		}
		if status == http.StatusTooManyRequests {
			w.Header().Set(wire.VersionHeader, strconv.Itoa(wire.APIVersion))
			w.Header().Set("X-Ratelimit-Reset", "5")
		}
		http.Error(w, "<html>trouble</html>", status)
	}
}

// reset ends the connection.
func reset(after bool) Fault {
	return func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if after {
			pass.ServeHTTP(httptest.NewRecorder(), r)
		}
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		if tcp, ok := connection.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = connection.Close()
	}
}

// truncate passes the first half of the answer on.
func truncate(w http.ResponseWriter, r *http.Request, pass http.Handler) {
	answer := httptest.NewRecorder()
	pass.ServeHTTP(answer, r)
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()+1))
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
	panic(http.ErrAbortHandler)
}

func delay(w http.ResponseWriter, r *http.Request, pass http.Handler) {
	time.Sleep(5 * time.Millisecond)
	pass.ServeHTTP(w, r)
}

// Proxy stands before a service on a socket of its own and does bad things to
// every third request, once it is told to.
type Proxy struct {
	*httptest.Server
	// Bad tells it to.
	Bad atomic.Bool
	// Done counts the bad things.
	Done atomic.Int64
}

// New returns a proxy before the service at target. It ends with the test.
func New(t *testing.T, target string, faults ...Fault) *Proxy {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(to)
	p := &Proxy{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if p.Bad.Load() && rand.IntN(3) == 0 { //nolint:gosec // For tests.
			p.Done.Add(1)
			faults[rand.IntN(len(faults))](w, r, pass) //nolint:gosec // For tests.
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

// Faults returns every bad thing by name.
func Faults() map[string]Fault {
	return map[string]Fault{
		"500 before": answerWith(500, false), "500 after": answerWith(500, true),
		"502 before": answerWith(502, false), "502 after": answerWith(502, true),
		"503 before": answerWith(503, false), "503 after": answerWith(503, true),
		"429": answerWith(429, false), "reset before": reset(false), "reset after": reset(true),
		"truncate": truncate, "delay": delay,
	}
}
