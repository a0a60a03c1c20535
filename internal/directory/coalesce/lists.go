package coalesce

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const (
	// atOnce is how many accounts one request names, so that a URL can hold them.
	atOnce = 200
	// loadTime bounds a list, which no caller's context ends.
	loadTime = 5 * time.Minute
)

// found is what accounts have of one kind: the account itself, its roles or its
// external admins. What was asked for and is not there is empty.
type found[E directory.Entry] map[rolemodel.AccountCode][]E

// lists are the lists of one kind.
type lists[E directory.Entry] struct {
	// ask lists what exactly these accounts have.
	ask func(context.Context, []rolemodel.AccountCode) iter.Seq2[E, error]
	// along returns further accounts to ask for, as far as a request has room for them.
	along func() []rolemodel.AccountCode

	// turn is held by the list that is under way.
	turn sync.Mutex

	mu sync.Mutex
	// next is the list that waits for its turn, nil for none.
	next *list[E]
	// known is what is kept.
	known found[E]
	// written are the accounts that were written since the list that is under way
	// began: what it says of them may be of before.
	written map[rolemodel.AccountCode]bool
}

// list is one list for all who wait for it.
type list[E directory.Entry] struct {
	asked map[rolemodel.AccountCode]bool
	done  chan struct{}
	// found and err are set when done is closed.
	found found[E]
	err   error
}

func newLists[E directory.Entry](along func() []rolemodel.AccountCode, ask func(context.Context, []rolemodel.AccountCode) iter.Seq2[E, error]) *lists[E] {
	return &lists[E]{ask: ask, along: along, known: found[E]{}, written: map[rolemodel.AccountCode]bool{}}
}

// of returns what the account has.
func (l *lists[E]) of(ctx context.Context, account rolemodel.AccountCode) ([]E, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	if entries, ok := l.known[account]; ok {
		l.mu.Unlock()
		return entries, nil
	}
	if l.next == nil {
		l.next = &list[E]{asked: map[rolemodel.AccountCode]bool{}, done: make(chan struct{})}
		go l.load(context.WithoutCancel(ctx), l.next)
	}
	awaited := l.next
	awaited.asked[account] = true
	l.mu.Unlock()
	select {
	case <-awaited.done:
		return awaited.found[account], awaited.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// load reads a list when it is its turn, and keeps it. An error is shared with
// those who wait and not kept.
func (l *lists[E]) load(ctx context.Context, list *list[E]) {
	defer close(list.done)
	l.turn.Lock()
	defer l.turn.Unlock()
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()

	further := l.along()
	l.mu.Lock()
	l.next = nil // Who comes now waits for the one after it.
	clear(l.written)
	accounts := slices.Sorted(maps.Keys(list.asked))
	for _, account := range further {
		if _, known := l.known[account]; !known && !list.asked[account] && len(accounts)%atOnce != 0 {
			accounts = append(accounts, account)
		}
	}
	l.mu.Unlock()

	list.found = make(found[E], len(accounts))
	for some := range slices.Chunk(accounts, atOnce) {
		for entry, err := range l.ask(ctx, some) {
			if err != nil {
				list.err = err
				return
			}
			account := directory.KeyOf(entry).Account
			list.found[account] = append(list.found[account], entry)
		}
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	for _, account := range accounts {
		if entries := list.found[account]; !l.written[account] && !slices.ContainsFunc(entries, fleeting) {
			l.known[account] = entries
		}
	}
}

// there returns the accounts that are known to be there.
func (l *lists[E]) there() []rolemodel.AccountCode {
	l.mu.Lock()
	defer l.mu.Unlock()
	var there []rolemodel.AccountCode
	for account, entries := range l.known {
		if len(entries) > 0 {
			there = append(there, account)
		}
	}
	return there
}

// forget forgets what an account has, which was written.
func (l *lists[E]) forget(account rolemodel.AccountCode) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.written[account] = true
	delete(l.known, account)
}

// one returns the entry with the key.
func (l *lists[E]) one(ctx context.Context, key directory.Key) (E, error) {
	var none E
	entries, err := l.of(ctx, key.Account)
	if err != nil {
		return none, err
	}
	i, found := slices.BinarySearchFunc(entries, key, func(entry E, key directory.Key) int { return directory.KeyOf(entry).Compare(key) })
	if !found {
		return none, &directory.NotFoundError{Kind: directory.KindOf[E](), Key: key.String()}
	}
	return own(entries[i]), nil
}

// all yields all that the account has.
func (l *lists[E]) all(ctx context.Context, account rolemodel.AccountCode) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		entries, err := l.of(ctx, account)
		if err != nil {
			var none E
			yield(none, err)
			return
		}
		for _, entry := range entries {
			if !yield(own(entry), nil) {
				return
			}
		}
	}
}
