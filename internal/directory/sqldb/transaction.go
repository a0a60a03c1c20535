package sqldb

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// patience is how long something is repeated while it loses against others.
const patience = 60 * time.Second

// transaction is one write: it reads, decides, writes and appends its audit
// event. It is itself the Reader that rules are decided with.
type transaction struct {
	reader
	actor rolemodel.Actor
}

// write runs attempt in a serializable transaction, again while it loses
// against others. What attempt changed is committed if it returns no error or
// violations: these it has recorded as refused, and changed nothing else.
func write[T any](ctx context.Context, s *session, attempt func(context.Context, *transaction) (T, error)) (T, error) {
	var none T
	if s.db.readOnly {
		return none, directory.ErrReadOnly
	}
	select {
	case s.db.writing <- struct{}{}:
		defer func() { <-s.db.writing }()
	case <-ctx.Done():
		return none, ctx.Err()
	}
	p, err := s.db.pool(ctx)
	if err != nil {
		return none, err
	}
	var result T
	err = repeat(ctx, p.dialect, func() error {
		result, err = once(ctx, s, p, attempt)
		return err
	})
	if err != nil {
		return none, s.db.explain(err)
	}
	return result, nil
}

// repeat runs attempt again while the dialect says that it only lost against
// others, for as long as there is patience.
func repeat(ctx context.Context, d *dialect, attempt func() error) error {
	started := time.Now()
	for attempts := 1; ; attempts++ {
		err := attempt()
		if err == nil || !d.again(err, attempts) || time.Since(started) > patience {
			return err
		}
		if err := pause(ctx, attempts, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// once runs attempt in one transaction.
func once[T any](ctx context.Context, s *session, p *pool, attempt func(context.Context, *transaction) (T, error)) (T, error) {
	var none T
	tx, err := p.BeginTx(ctx, p.dialect.begin)
	if err != nil {
		return none, err
	}
	defer func() { _ = tx.Rollback() }() // Does nothing after Commit.
	t := &transaction{reader: reader{db: s.db, tx: tx}, actor: s.actor}
	if err := t.done(ctx, s.key); err != nil {
		return none, err
	}
	result, err := attempt(ctx, t)
	if _, refused := rolemodel.AsViolations(err); err != nil && !refused {
		return none, err
	}
	if err == nil {
		if err := t.keep(ctx, s.key, result); err != nil {
			return none, err
		}
	}
	if err := tx.Commit(); err != nil {
		return none, err
	}
	return result, err
}

// exec runs a statement.
func (tx *transaction) exec(ctx context.Context, statement string, args ...any) error {
	_, err := tx.tx.ExecContext(ctx, statement, storable(args)...)
	return err
}

// pause waits a random time that grows with the attempts up to longest.
func pause(ctx context.Context, attempts int, longest time.Duration) error {
	limit := min(time.Millisecond<<min(attempts, 20), longest)
	timer := time.NewTimer(rand.N(limit)) //nolint:gosec // Jitter.
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
