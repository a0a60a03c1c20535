package coalesce

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const (
	// ofTenant and ofAll are the number of the read of a group that fetches its
	// list, so that a small configuration does not pay for a large directory. The
	// list of all tenants is the one that may be large.
	ofTenant = 2
	ofAll    = 16
	// learnt is how many single reads of any group it takes to know that the
	// configuration is not small: from then on lists are fetched at once.
	learnt = 16
	// many is how many groups are fetched one by one before all that are left are
	// fetched at once, where one list serves them all.
	many = 16
	// loadTime bounds a load, which no caller's context ends.
	loadTime = 5 * time.Minute
)

// lists are entries of one kind in groups: those of a tenant, or all there are.
type lists[K comparable, V any] struct {
	key   func(*V) K
	clone func(V) V
	fetch func(context.Context, rolemodel.AccountCode) iter.Seq2[V, error]

	// patience is the number of the read of a group that fetches its list.
	patience int
	// together fetches all groups at once, if that can be done.
	together *together[K, V]

	flight singleflight.Group
	mu     sync.Mutex
	groups map[rolemodel.AccountCode]*group[K, V]
	// singles counts the reads that went out one by one.
	singles int
}

// together is how all groups are fetched with one list.
type together[K comparable, V any] struct {
	fetch   func(context.Context) iter.Seq2[V, error]
	groupOf func(*V) rolemodel.AccountCode
	// loads counts the groups that were fetched one by one.
	loads int
	// began are the generations of the groups when the list began, nil before
	// there is one. A group that it has nothing of is empty, in that generation.
	began map[rolemodel.AccountCode]int64
}

// group is what is known of a group now.
type group[K comparable, V any] struct {
	// generation counts the writes to the group. A load is of the generation in
	// which it began; what it brings is of no use to a later one, since it may
	// lack the write.
	generation int64
	reads      int
	loaded     *loaded[K, V]
	// written are keys that were written since the group was loaded, where a
	// write does not drop the whole group.
	written map[K]bool
}

// loaded is a list as it was fetched.
type loaded[K comparable, V any] struct {
	order []V
	index map[K]int
}

func newLists[K comparable, V any](patience int, key func(*V) K, clone func(V) V, fetch func(context.Context, rolemodel.AccountCode) iter.Seq2[V, error]) *lists[K, V] {
	return &lists[K, V]{patience: patience, key: key, clone: clone, fetch: fetch, groups: map[rolemodel.AccountCode]*group[K, V]{}}
}

// one returns an entry from its group's list, or by single while it is not
// worth a list. What is not in the list is asked for once more: it may have
// come since, and "not there" makes Terraform forget a resource.
func (l *lists[K, V]) one(ctx context.Context, of rolemodel.AccountCode, key K, single func(context.Context) (V, error)) (V, error) {
	var none V
	if err := ctx.Err(); err != nil {
		return none, err
	}
	list, err := l.worthIt(ctx, of, key)
	if err != nil && !directory.IsNotFound(err) {
		return none, err
	}
	if list != nil {
		if i, ok := list.index[key]; ok {
			return l.clone(list.order[i]), nil
		}
	}
	return single(ctx)
}

// worthIt returns the list of a group, or nil if the entry is better read by itself.
func (l *lists[K, V]) worthIt(ctx context.Context, of rolemodel.AccountCode, key K) (*loaded[K, V], error) {
	l.mu.Lock()
	g := l.group(of)
	list, written := g.loaded, g.written[key]
	if list == nil && !written {
		g.reads++
		if g.reads < l.patience && l.singles < learnt {
			l.singles++
			l.mu.Unlock()
			return nil, nil
		}
	}
	l.mu.Unlock()
	if list != nil || written {
		if written {
			list = nil
		}
		return list, nil
	}
	return l.load(ctx, of)
}

// all yields a group's list. Whoever asks for it gets it, so there is nothing to wait for.
func (l *lists[K, V]) all(ctx context.Context, of rolemodel.AccountCode) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		var none V
		l.mu.Lock()
		list := l.group(of).loaded
		l.mu.Unlock()
		if list == nil {
			var err error
			if list, err = l.load(ctx, of); err != nil {
				yield(none, err)
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(none, err)
			return
		}
		for _, entry := range list.order {
			if !yield(l.clone(entry), nil) {
				return
			}
		}
	}
}

// search yields the entries of a group that match. While it is not worth the
// list, or the list is not whole because of a write, asked answers.
func (l *lists[K, V]) search(ctx context.Context, of rolemodel.AccountCode, match func(*V) bool, asked iter.Seq2[V, error]) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		l.mu.Lock()
		whole := len(l.group(of).written) == 0
		l.mu.Unlock()
		if !whole {
			asked(yield)
			return
		}
		var none K
		list, err := l.worthIt(ctx, of, none)
		if err == nil && list == nil {
			asked(yield)
			return
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			var none V
			yield(none, err)
			return
		}
		for i := range list.order {
			if match(&list.order[i]) && !yield(l.clone(list.order[i]), nil) {
				return
			}
		}
	}
}

// load fetches a group's list, once for all who ask for it at the same time and
// in the same generation. Errors are shared with them and not kept.
func (l *lists[K, V]) load(ctx context.Context, of rolemodel.AccountCode) (*loaded[K, V], error) {
	l.mu.Lock()
	generation := l.group(of).generation
	l.mu.Unlock()
	fetched := l.flight.DoChan(fmt.Sprintf("%s %d", of, generation), func() (any, error) {
		// Not the first caller's context: the others wait for this too.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTime)
		defer cancel()
		if list, err := l.fromTogether(ctx, of); list != nil || err != nil {
			return list, err
		}
		list := &loaded[K, V]{index: map[K]int{}}
		for entry, err := range l.fetch(ctx, of) {
			if err != nil {
				return nil, err
			}
			list.add(l.key(&entry), entry)
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.together != nil {
			l.together.loads++
		}
		if g := l.group(of); g.generation == generation {
			g.loaded, g.written = list, nil // It began after the last write.
		}
		return list, nil
	})
	select {
	case result := <-fetched:
		list, _ := result.Val.(*loaded[K, V])
		return list, result.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// fromTogether returns a group's list from the list of all groups, and fetches
// that once many groups have been asked for. It returns nil if it is not worth
// it yet, or if the group was written since.
func (l *lists[K, V]) fromTogether(ctx context.Context, of rolemodel.AccountCode) (*loaded[K, V], error) {
	if l.together == nil {
		return nil, nil
	}
	l.mu.Lock()
	fetch := l.together.began == nil && l.together.loads >= many
	l.mu.Unlock()
	if fetch {
		// A group's flight waits here for another one: groups are never waited for from within it.
		if _, err, _ := l.flight.Do("together", func() (any, error) { return nil, l.fetchTogether(ctx) }); err != nil {
			return nil, err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.group(of)
	if l.together.began == nil || g.generation != l.together.began[of] {
		return nil, nil
	}
	if g.loaded == nil {
		g.loaded = &loaded[K, V]{index: map[K]int{}}
	}
	return g.loaded, nil
}

// fetchTogether fetches all groups. It keeps those that were not written meanwhile.
func (l *lists[K, V]) fetchTogether(ctx context.Context) error {
	l.mu.Lock()
	began := map[rolemodel.AccountCode]int64{}
	for of, g := range l.groups {
		began[of] = g.generation
	}
	done := l.together.began != nil // By a flight that ended just now.
	l.mu.Unlock()
	if done {
		return nil
	}
	groups := map[rolemodel.AccountCode]*loaded[K, V]{}
	for entry, err := range l.together.fetch(ctx) {
		if err != nil {
			return err
		}
		of := l.together.groupOf(&entry)
		if groups[of] == nil {
			groups[of] = &loaded[K, V]{index: map[K]int{}}
		}
		groups[of].add(l.key(&entry), entry)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for of, list := range groups {
		if g := l.group(of); g.generation == began[of] && g.loaded == nil {
			g.loaded, g.written = list, nil
		}
	}
	l.together.began = began
	return nil
}

// add appends an entry.
func (l *loaded[K, V]) add(key K, entry V) {
	l.index[key] = len(l.order)
	l.order = append(l.order, entry)
}

// drop forgets a group, whose content was written.
func (l *lists[K, V]) drop(of rolemodel.AccountCode) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.group(of)
	g.generation++
	g.loaded, g.reads, g.written = nil, 0, nil
}

// wrote notes that one entry of a large group was written. The others stay:
// fetching them all again after each write would be as many lists as writes.
func (l *lists[K, V]) wrote(of rolemodel.AccountCode, key K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.group(of)
	if g.written == nil {
		g.written = map[K]bool{}
	}
	g.written[key] = true
	g.generation++ // A load that is under way is of before the write.
}

// group returns a group; l.mu must be held.
func (l *lists[K, V]) group(of rolemodel.AccountCode) *group[K, V] {
	g, ok := l.groups[of]
	if !ok {
		g = &group[K, V]{}
		l.groups[of] = g
	}
	return g
}
