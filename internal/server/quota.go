package server

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// quota is a fixed amount of something, of which nobody has more than a share
// at once: whoever uses up theirs waits for themselves and not the others for them.
type quota struct {
	all   *semaphore.Weighted
	share int64

	mu      sync.Mutex
	portion map[string]*portion
}

// portion is what one of those has who have something or wait for it.
type portion struct {
	taken *semaphore.Weighted
	users int
}

func newQuota(all, share int64) *quota {
	return &quota{all: semaphore.NewWeighted(all), share: share, portion: map[string]*portion{}}
}

// take waits until n, at most a share, can be had by somebody, and returns what
// gives it back. The only error is that of the context.
func (q *quota) take(ctx context.Context, who string, n int64) (func(), error) {
	p := q.join(who)
	if err := p.taken.Acquire(ctx, n); err != nil {
		q.leave(who, p)
		return nil, err
	}
	if err := q.all.Acquire(ctx, n); err != nil {
		p.taken.Release(n)
		q.leave(who, p)
		return nil, err
	}
	return q.back(who, p, n), nil
}

// try is take for those who do not wait. It returns nil if n cannot be had now.
func (q *quota) try(who string, n int64) func() {
	p := q.join(who)
	if p.taken.TryAcquire(n) {
		if q.all.TryAcquire(n) {
			return q.back(who, p, n)
		}
		p.taken.Release(n)
	}
	q.leave(who, p)
	return nil
}

func (q *quota) back(who string, p *portion, n int64) func() {
	return func() {
		q.all.Release(n)
		p.taken.Release(n)
		q.leave(who, p)
	}
}

func (q *quota) join(who string) *portion {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.portion[who]
	if p == nil {
		p = &portion{taken: semaphore.NewWeighted(q.share)}
		q.portion[who] = p
	}
	p.users++
	return p
}

func (q *quota) leave(who string, p *portion) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if p.users--; p.users == 0 {
		delete(q.portion, who)
	}
}
