package postgrestest

import (
	"context"
	"testing"
	"time"
)

// Pair is a primary server and its standby, which has every transaction that
// the primary reports as committed.
type Pair struct{ primary, standby *server }

// NewPair starts a pair, which ends with the test. Its directory is the database "postgres".
func NewPair(t testing.TB) *Pair {
	t.Helper()
	p, err := startPair()
	if err != nil {
		t.Fatal(err)
	}
	if p == nil {
		Skip(t, missingServer)
	}
	t.Cleanup(func() {
		_ = p.primary.alive.Close()
		_ = p.standby.alive.Close()
	})
	return p
}

// Both returns the URL that names both servers and finds the one that takes writes.
func (p *Pair) Both() string {
	return "postgres://postgres@127.0.0.1:" + p.primary.port + ",127.0.0.1:" + p.standby.port + "/postgres?target_session_attrs=read-write"
}

// Primary returns the URL of the primary.
func (p *Pair) Primary() string { return p.primary.url("postgres", "postgres") }

// Standby returns the URL of the standby.
func (p *Pair) Standby() string { return p.standby.url("postgres", "postgres") }

// Promote makes the standby a primary and waits until it takes writes.
func (p *Pair) Promote(t testing.TB) {
	t.Helper()
	p.standby.exec(t, "postgres", `SELECT pg_promote()`)
}

// attach makes the primary wait for the standby with every commit.
func (p *Pair) attach() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return first(
		func() error { return p.standby.ready(ctx) },
		func() error { return p.primary.try(ctx, `ALTER SYSTEM SET synchronous_standby_names = '*'`) },
		func() error { return p.primary.try(ctx, `SELECT pg_reload_conf()`) },
		func() error { return p.primary.until(ctx, `SELECT sync_state = 'sync' FROM pg_stat_replication`) })
}
