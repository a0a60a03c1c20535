package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/server"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := server.Listen(t.Context(), "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// serve serves what the fixture has with Serve, and returns where.
func (f *fixture) serve() string {
	f.Helper()
	listener := listen(f.T)
	ctx, stop := context.WithCancel(f.Context())
	served := make(chan error, 1)
	go func() { served <- f.server.Serve(ctx, listener, nil) }()
	f.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			f.Error(err)
		}
	})
	return listener.Addr().String()
}

// eventually waits until something is so.
func (f *fixture) eventually(what string, so func() bool) {
	f.Helper()
	for end := time.Now().Add(30 * time.Second); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			f.Fatalf("it never happened that %s: %s", what, f.log)
		}
	}
}

// TestPurge: expired tokens are forgotten in the background, batch by batch, and others stay.
func TestPurge(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *server.Config) { c.PurgeEvery = 10 * time.Millisecond })
	c, secret := f.credential()
	for range 450 {
		_, _, err := f.keeper.Issue(f.Context(), &c)
		f.ok(err)
	}
	f.advance(31 * time.Minute)
	token := f.tokenOf(c.ID, secret)
	tokens := func() (n int) {
		raw, err := sql.Open("sqlite", f.path)
		f.ok(err)
		defer raw.Close()
		f.ok(raw.QueryRowContext(f.Context(), `SELECT count(*) FROM tokens`).Scan(&n))
		return n
	}
	if n := tokens(); n != 451 {
		t.Fatalf("%d tokens: a login has forgotten some", n)
	}
	f.serve()
	f.eventually("the expired tokens are gone", func() bool { return tokens() == 1 })
	f.call(token, "GET", "/v1/caller", "").want(200)
}

// unpurged is a store that cannot forget.
type unpurged struct{ credential.Store }

func (unpurged) Purge(context.Context, time.Time, int) (int, error) {
	return 0, errors.New("the disk is full")
}

// TestPurgeFails: nobody's login fails with it, and the log says it.
func TestPurgeFails(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *server.Config) { c.PurgeEvery = 10 * time.Millisecond })
	f.keeper = credential.NewKeeper(unpurged{f.db.Credentials()}, time.Minute, f.clock)
	f.server = server.New(server.Config{Backend: f.db, Keeper: f.keeper, PurgeEvery: 10 * time.Millisecond, Log: slog.New(slog.NewJSONHandler(f.log, nil))})
	f.serve()
	f.eventually("the log says it", func() bool { return strings.Contains(f.log.String(), "the disk is full") })
	f.token()
}

// TestMetricsApart: with a listener of their own they are there and nowhere else.
func TestMetricsApart(t *testing.T) {
	t.Parallel()
	own := listen(t)
	f := newFixture(t, func(c *server.Config) { c.MetricsListener = own })
	at := "http://" + f.serve()
	get := func(url string) (int, string) {
		request, err := http.NewRequestWithContext(f.Context(), http.MethodGet, url, nil)
		f.ok(err)
		response, err := http.DefaultClient.Do(request)
		f.ok(err)
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		f.ok(err)
		return response.StatusCode, string(text)
	}
	if status, _ := get(at + "/metrics"); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
	if status, text := get("http://" + own.Addr().String() + "/metrics"); status != http.StatusOK || !strings.Contains(text, `route="none",status="404"`) {
		t.Errorf("%d %s", status, text)
	}
	if status, _ := get("http://" + own.Addr().String() + "/v1/tenants"); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
}

// pinged counts pings, which fail while err is set and wait for go-ahead.
type pinged struct {
	server.Backend
	pings   atomic.Int64
	goAhead chan struct{}
	err     error
}

func (p *pinged) Ping(ctx context.Context) error {
	p.pings.Add(1)
	<-p.goAhead
	return errors.Join(p.err, p.Backend.Ping(ctx))
}

// TestReadinessIsCheap: a crowd that asks costs the database one ping, and one
// who hangs up takes nothing from the others.
func TestReadinessIsCheap(t *testing.T) {
	t.Parallel()
	for status, broken := range map[int]error{200: nil, 503: errors.New("no database")} {
		var p *pinged
		f := newFixture(t, func(c *server.Config) {
			p = &pinged{Backend: c.Backend, goAhead: make(chan struct{}), err: broken}
			c.Backend = p
		})
		ctx, hangUp := context.WithCancel(f.Context())
		first, err := http.NewRequestWithContext(ctx, http.MethodGet, f.http.URL+"/readyz", nil)
		f.ok(err)
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			if response, err := http.DefaultClient.Do(first); err == nil {
				_ = response.Body.Close()
			}
		}()
		f.eventually("the first one asks", func() bool { return p.pings.Load() == 1 })
		var crowd sync.WaitGroup
		for range 20 {
			crowd.Go(func() { f.do("GET", "/readyz", "").want(status) })
		}
		hangUp()
		<-gone
		close(p.goAhead)
		crowd.Wait()
		f.do("GET", "/readyz", "").want(status)
		f.do("GET", "/livez", "").want(200)
		if n := p.pings.Load(); n != 1 {
			t.Errorf("%d pings", n)
		}
		if n := strings.Count(f.log.String(), "no database"); n != 0 && broken == nil || n != 1 && broken != nil {
			t.Errorf("it is in the log %d times", n)
		}
	}
}

// TestConnections: one source does not take all connections.
func TestConnections(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	address := f.serve()
	opened := 0
	for ; opened < 1024; opened++ {
		conn, err := net.Dial("tcp", address) //nolint:noctx // A test.
		f.ok(err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = conn.Write([]byte("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"))
		if err == nil {
			_, err = conn.Read(make([]byte, 1))
		}
		if err != nil {
			break
		}
	}
	if opened != 512 {
		t.Errorf("%d connections were opened", opened)
	}
	elsewhere := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	other := http.Client{Transport: &http.Transport{DialContext: elsewhere.DialContext}}
	request, err := http.NewRequestWithContext(f.Context(), http.MethodGet, "http://"+address+"/livez", nil)
	f.ok(err)
	response, err := other.Do(request)
	f.ok(err)
	_ = response.Body.Close()
	other.CloseIdleConnections()
}

// TestListen: without TLS nobody listens where others can hear.
func TestListen(t *testing.T) {
	t.Parallel()
	for address, secure := range map[string]bool{"0.0.0.0:0": false, "example.com:0": false, "127.0.0.1": false, "nowhere": true} {
		if listener, err := server.Listen(t.Context(), address, secure); err == nil {
			_ = listener.Close()
			t.Errorf("%s is listened on", address)
		}
	}
	for address, secure := range map[string]bool{"127.0.0.1:0": false, "localhost:0": false, "0.0.0.0:0": true} {
		listener, err := server.Listen(t.Context(), address, secure)
		if err != nil {
			t.Error(err)
			continue
		}
		_ = listener.Close()
	}
}

// writeCertificate writes a new certificate for 127.0.0.1 and its key, and returns their files.
func writeCertificate(t *testing.T, folder string, serial int64) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "directory"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: encoded}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// TestCertificates: a renewal needs no restart, and what cannot be used is in the log once for each change.
func TestCertificates(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	cert, key := writeCertificate(t, folder, 1)
	log := &lockedBuffer{}
	if _, err := server.TLS(cert, filepath.Join(folder, "none"), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a pair without a key is used")
	}
	config, err := server.TLS(cert, key, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	age := time.Now()
	// Files that are written within the clock's grain of a file system would look unchanged.
	touch := func(file string) {
		t.Helper()
		age = age.Add(time.Second)
		if err := os.Chtimes(file, age, age); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(serial int64, complaints int) {
		t.Helper()
		for range 3 {
			served, err := config.GetCertificate(nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := served.Leaf.SerialNumber.Int64(); got != serial {
				t.Errorf("certificate %d is served, want %d", got, serial)
			}
		}
		if n := strings.Count(log.String(), "cannot be used"); n != complaints {
			t.Errorf("the log has %d complaints, want %d: %s", n, complaints, log)
		}
	}
	expect(1, 0)
	writeCertificate(t, folder, 2)
	touch(cert)
	expect(2, 0)
	good, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	touch(key)
	expect(2, 1)
	touch(key)
	expect(2, 2)
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	expect(2, 3)
	if err := os.WriteFile(key, good, 0o600); err != nil {
		t.Fatal(err)
	}
	touch(key)
	expect(2, 3)
	writeCertificate(t, folder, 3)
	touch(cert)
	expect(3, 3)
}
