package browsertest

import (
	"context"
	"net"
	"strconv"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// shown is a desk that serves on loopback.
type shown struct {
	*desk.Desk
	t testing.TB
	// host is its address and port.
	host string
	stop func()
}

func show(t testing.TB, d directory.Directory, options desk.Options) *shown {
	t.Helper()
	of, err := desk.New(d, options)
	if err != nil {
		t.Fatal(err)
	}
	s := &shown{Desk: of, t: t}
	s.start(0)
	t.Cleanup(func() { s.stop() })
	return s
}

// start lets it serve at a port, until stop.
func (s *shown) start(port int) {
	s.t.Helper()
	listener, err := desk.Listen(context.Background(), port)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()
	s.host = listener.Addr().String()
	s.stop = func() {
		cancel()
		if err := <-served; err != nil {
			s.t.Error(err)
		}
		s.stop = func() {}
	}
}

// again lets it serve where it did before it was stopped.
func (s *shown) again() {
	s.t.Helper()
	_, port, err := net.SplitHostPort(s.host)
	if err != nil {
		s.t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		s.t.Fatal(err)
	}
	s.start(number)
}

func (s *shown) url(path string) string { return "http://" + s.host + path }

// enter opens a tab with a new link of the desk. It may ask the other hosts as well.
func (s *shown) enter(others ...string) *tab {
	s.t.Helper()
	b := newTab(s.t, append(others, s.host)...)
	b.open(s.url(s.Entry()))
	b.wait(`document.querySelector("main[data-view=worklist]")`)
	return b
}
