package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// The limits of what serves the pages. A write may take as long as a long list
// from a slow service does.
const (
	readTimeout    = 10 * time.Second
	writeTimeout   = 5 * time.Minute
	idleTimeout    = 2 * time.Minute
	drainTime      = 5 * time.Second
	maxHeader      = 16 << 10
	maxConnections = 64
)

// Listen listens on loopback, at a port that is free if it is 0.
func Listen(ctx context.Context, port int) (net.Listener, error) {
	const highest = 65535
	if port < 0 || port > highest {
		return nil, fmt.Errorf("the port is %d: write one from 1 to %d, or none for any that is free", port, highest)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, fmt.Errorf("the desk cannot listen on port %d of 127.0.0.1 (%w): write another --port, or none for any that is free", port, err)
	}
	return listener, nil
}

// Serve serves the pages on the listener, which must be on loopback, until ctx ends.
func (d *Desk) Serve(ctx context.Context, listener net.Listener) error {
	if address, ok := listener.Addr().(*net.TCPAddr); !ok || !address.IP.IsLoopback() {
		return fmt.Errorf("the desk listens on %s, which other machines may reach: it is for 127.0.0.1 only", listener.Addr())
	}
	server := &http.Server{
		Handler: d, ReadHeaderTimeout: readTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: log.New(io.Discard, "", 0), // Requests are not logged: an address may have a key.
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(netutil.LimitListener(listener, maxConnections)) }()
	select {
	case err := <-served:
		return fmt.Errorf("the desk: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		_ = server.Close()
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
