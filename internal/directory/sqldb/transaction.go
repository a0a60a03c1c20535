package sqldb

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// patience is how long something is repeated while it loses against others, or
// while no server answers, as in a failover.
const patience = 60 * time.Second

// transaction is one write: it reads, decides, writes and appends its audit
// events. Its reader sees what the caller's scope sees, roles and grants
// whatever the actor's role is: that is for the rules of writing to decide.
type transaction struct {
	reader
	actor rolemodel.Actor
	// went is the deletion of an entry that is created again under the same key, nil if there was none.
	went *directory.AuditEvent
	// heads are the last events of the trails that were looked up or appended to.
	heads map[string]head
}

// write runs attempt in a serializable transaction, again while it loses
// against others. What attempt changed is committed if it returns no error. The
// account is the one that is written to, "" if there is none.
func (db *DB) write(ctx context.Context, caller *directory.Caller, account string, attempt func(context.Context, *transaction) error) error {
	if db.readOnly {
		return directory.ErrReadOnly
	}
	if account != "" {
		unlock, err := db.inAccount.lock(ctx, account)
		if err != nil {
			return err
		}
		defer unlock()
	}
	select {
	case db.writing <- struct{}{}:
		defer func() { <-db.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	p, err := db.pool(ctx, true)
	if err != nil {
		return err
	}
	return db.explain(repeat(ctx, p.again, func() error { return db.once(ctx, p, caller, account, attempt) }))
}

// once runs attempt in one transaction.
func (db *DB) once(ctx context.Context, p *pool, caller *directory.Caller, account string, attempt func(context.Context, *transaction) error) error {
	return p.dialect.transact(ctx, p, account, func(tx statements) error {
		return attempt(ctx, &transaction{reader: reader{db: db, tx: tx, scope: caller.Scope}, actor: caller.Actor, heads: map[string]head{}})
	})
}

// statements is how a writing transaction reads and changes the database.
type statements interface {
	// exec runs a statement now or, at the latest, before the next query or the commit, which then returns its error.
	exec(ctx context.Context, text string, args ...any) error
	// query runs a query and calls row for each of its rows.
	query(ctx context.Context, row func(scan func(...any) error) error, text string, args ...any) error
}

// commitError says that a commit failed: unless the server itself says
// otherwise, what was to be committed may be there.
type commitError struct{ cause error }

func (e *commitError) Error() string { return e.cause.Error() }
func (e *commitError) Unwrap() error { return e.cause }

// repeat runs attempt while again says so of its error, see dialect.again, for as
// long as there is patience.
func repeat(ctx context.Context, again func(err error, attempts int) time.Duration, attempt func() error) error {
	started := time.Now()
	for attempts := 1; ; attempts++ {
		err := attempt()
		if err == nil {
			return nil
		}
		longest := again(err, attempts)
		if longest == 0 || time.Since(started) > patience {
			return err
		}
		if err := pause(ctx, attempts, longest); err != nil {
			return err
		}
	}
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

// facts is what rules are decided with. What a change refers to must lie in the
// scope; who would be affected and who has a domain is looked for everywhere.
type facts struct {
	reader
	scoped reader
}

func (tx *transaction) facts() facts {
	f := facts{reader: tx.reader, scoped: tx.reader}
	f.scope = everything
	return f
}

// Partner implements directory.Reader.
func (f facts) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return f.scoped.Partner(ctx, code)
}

// Tenant implements directory.Reader.
func (f facts) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return f.scoped.Tenant(ctx, code)
}

// Role implements directory.Reader.
func (f facts) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	return f.scoped.Role(ctx, tenant, id)
}

// ExternalAdmin implements directory.Reader.
func (f facts) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	return f.scoped.ExternalAdmin(ctx, tenant, email)
}
