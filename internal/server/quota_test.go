package server //nolint:testpackage // Nobody else has quotas.

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// TestQuota: nobody has more than a share, whoever waits waits for themselves
// only, and nothing is left of those who have gone.
func TestQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQuota(10, 4)
		done, err := q.take(t.Context(), "a", 3)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		waiting := make(chan error)
		go func() {
			_, err := q.take(ctx, "a", 2)
			waiting <- err
		}()
		synctest.Wait()
		other, err := q.take(t.Context(), "b", 4)
		if err != nil {
			t.Fatal(err)
		}
		if q.try("a", 2) != nil || q.try("c", 4) != nil {
			t.Error("there is more than there is")
		}
		cancel()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		done()
		third := q.try("c", 4)
		if third == nil {
			t.Error("what was given back cannot be had")
		}
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		if _, err := q.take(ctx, "d", 4); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		other()
		third()
		if len(q.portion) != 0 {
			t.Errorf("%v", q.portion)
		}
		if all := q.try("e", 4); all == nil {
			t.Error("something was lost")
		}
	})
}

// TestQuotaUnderLoad: at no time is there more than the whole, or a share.
func TestQuotaUnderLoad(t *testing.T) {
	t.Parallel()
	q := newQuota(8, 3)
	var all atomic.Int64
	var of [4]atomic.Int64
	var group sync.WaitGroup
	for i := range 64 {
		group.Go(func() {
			for range 200 {
				who := i % len(of)
				done, err := q.take(t.Context(), fmt.Sprint(who), 1)
				if err != nil {
					t.Error(err)
					return
				}
				if all.Add(1) > 8 || of[who].Add(1) > 3 {
					t.Error("more was had than there is")
				}
				of[who].Add(-1)
				all.Add(-1)
				done()
			}
		})
	}
	group.Wait()
	if len(q.portion) != 0 {
		t.Errorf("%v", q.portion)
	}
}

func TestSourceKey(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::": "2001:db8:1:2::/64",
	} {
		if got := sourceKey(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	if sourceKey(netip.Addr{}) == "" {
		t.Error("what has no address has no key")
	}
}

// TestBucketsDoNotEvictEachOther: addresses without end take nothing from credentials.
func TestBucketsDoNotEvictEachOther(t *testing.T) {
	t.Parallel()
	l := newLimits(0.001, 2)
	for range 2 {
		if !take(l.requests.of("one")).allowed {
			t.Fatal("the burst is less than was asked for")
		}
	}
	for i := range 50_000 {
		take(l.failures.of(fmt.Sprint(i)))
	}
	if take(l.requests.of("one")).allowed {
		t.Error("the credential's limit was forgotten")
	}
	if n := l.failures.limiters.Len(); n > 10_000 {
		t.Errorf("%d sources are remembered", n)
	}
	one := l.requests.of("one")
	for i := range 9_999 {
		l.requests.of(fmt.Sprint(i))
		l.requests.of("one")
	}
	if l.requests.of("one") != one {
		t.Error("what is in use was forgotten")
	}
}
