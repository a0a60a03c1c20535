package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// How many connections a process has at once, and how many of them a source has.
const (
	allConnections    = 1024
	sourceConnections = allConnections / 2
)

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

// limitedListener closes connections beyond the quota at once: those who wait
// in a queue would keep others from getting in.
type limitedListener struct {
	net.Listener
	quota *quota
}

func limitConnections(listener net.Listener) net.Listener {
	return &limitedListener{listener, newQuota(allConnections, sourceConnections)}
}

// Accept implements net.Listener.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		source := ""
		if address, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil {
			source = sourceKey(address.Addr().Unmap())
		}
		if done := l.quota.try(source, 1); done != nil {
			return &limitedConn{Conn: conn, done: sync.OnceFunc(done)}, nil
		}
		_ = conn.Close()
	}
}

// limitedConn gives back what it has of the quota when it is closed.
type limitedConn struct {
	net.Conn
	done func()
}

// Close implements net.Conn.
func (c *limitedConn) Close() error {
	defer c.done()
	return c.Conn.Close()
}
