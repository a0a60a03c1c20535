package sqldb

import (
	"context"
	"sync"
)

// keyedMutex is a mutex for each key. Waiting ends with a context.
type keyedMutex struct {
	mu   sync.Mutex
	held map[string]*holding
}

// holding is a key that somebody holds or waits for.
type holding struct {
	slot    chan struct{}
	waiting int
}

// lock waits for the key and returns what unlocks it.
func (m *keyedMutex) lock(ctx context.Context, key string) (func(), error) {
	m.mu.Lock()
	if m.held == nil {
		m.held = map[string]*holding{}
	}
	h := m.held[key]
	if h == nil {
		h = &holding{slot: make(chan struct{}, 1)}
		m.held[key] = h
	}
	h.waiting++
	m.mu.Unlock()
	leave := func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if h.waiting--; h.waiting == 0 {
			delete(m.held, key)
		}
	}
	select {
	case h.slot <- struct{}{}:
		return func() { <-h.slot; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
