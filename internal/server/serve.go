package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// The time limits of a connection. RequestTimeout bounds how long a request may
// take to arrive, and the work.
const (
	readHeaderTimeout = 10 * time.Second
	writeTimeout      = 90 * time.Second
	idleTimeout       = 2 * time.Minute
	// drainTime is how long requests that were accepted may take to finish when the service stops.
	drainTime = 60 * time.Second
)

// The limits of an HTTP/2 connection: how many requests it has at once, and
// how many bytes of bodies it may send before somebody reads them.
const (
	maxStreams = 100
	maxUnread  = 64 << 10
)

// Serve serves on the listener until ctx ends, and then finishes what was
// accepted. A nil TLS configuration means plain HTTP, see Listen. Meanwhile it
// has forgotten what has expired.
func (s *Server) Serve(ctx context.Context, listener net.Listener, config *tls.Config) error {
	ctx, stop := context.WithCancel(ctx)
	var apart sync.WaitGroup
	defer apart.Wait()
	defer stop()
	apart.Go(func() { s.purge(ctx) })
	if s.metricsListener != nil {
		mux := http.NewServeMux()
		mux.Handle("GET "+metricsPath, s.metricsHandler)
		metrics := s.httpServer(mux)
		defer metrics.Close()
		apart.Go(func() {
			if err := metrics.Serve(limitConnections(s.metricsListener)); !errors.Is(err, http.ErrServerClosed) {
				s.log.ErrorContext(ctx, "the metrics are not served any more", slog.String("error", err.Error()))
			}
		})
	}
	listener = limitConnections(listener)
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	server := s.httpServer(s)
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

func (s *Server) httpServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: s.timeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: maxStreams, MaxReceiveBufferPerConnection: maxUnread, MaxReceiveBufferPerStream: maxUnread},
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // Handshakes that failed and the like.
	}
}
