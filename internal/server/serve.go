package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"time"
)

// The time limits of a connection. A request has time to arrive and to be
// answered; RequestTimeout bounds the work in between.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 90 * time.Second
	idleTimeout       = 2 * time.Minute
	// drainTime is how long requests that were accepted may take to finish when the service stops.
	drainTime = 60 * time.Second
)

// Serve serves on the listener until ctx ends, and then finishes what was
// accepted. A nil TLS configuration means plain HTTP, see Listen.
func (s *Server) Serve(ctx context.Context, listener net.Listener, config *tls.Config) error {
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	server := &http.Server{
		Handler: s, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // Handshakes that failed and the like.
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.ready.stopping.Store(true)
	s.log.InfoContext(ctx, "stopping")
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return fmt.Errorf("requests were still being answered when the time to stop was over: %w", err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Listen listens on an address. Without TLS it must be a loopback address:
// secrets and tokens must not cross a network in the clear.
func Listen(ctx context.Context, address string, secure bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%q is no address to listen on: write host:port, for example 127.0.0.1:8443", address)
	}
	if !secure && !Loopback(host) {
		return nil, fmt.Errorf("%q can be reached from other machines, so it needs TLS: give --tls-cert and --tls-key, or listen on 127.0.0.1", address)
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", address)
}

// Loopback says whether a host is this machine and nothing else.
func Loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// TLS returns a configuration with the certificate and key of two files. They
// are read again when they change, so that a renewal needs no restart.
func TLS(certFile, keyFile string) (*tls.Config, error) {
	files := &keyPair{certFile: certFile, keyFile: keyFile}
	if _, err := files.get(); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return files.get() },
	}, nil
}

type keyPair struct {
	certFile, keyFile string

	mu     sync.Mutex
	loaded *tls.Certificate
	age    time.Time
}

// get returns the pair as the files have it. If a change leaves files that do
// not fit, the pair before stays: they may be half-way through being replaced.
func (k *keyPair) get() (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	info, err := os.Stat(k.certFile)
	if err == nil && k.loaded != nil && info.ModTime().Equal(k.age) {
		return k.loaded, nil
	}
	pair, failed := tls.LoadX509KeyPair(k.certFile, k.keyFile)
	switch {
	case failed == nil && err == nil:
		k.loaded, k.age = &pair, info.ModTime()
	case k.loaded == nil:
		return nil, fmt.Errorf("the TLS certificate cannot be used: %w", errors.Join(failed, err))
	}
	return k.loaded, nil
}
