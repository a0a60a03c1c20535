package sqldb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// transactPostgres is dialect.transact. Writers of one account queue at its
// trail's row: they would lose against each other later otherwise.
func transactPostgres(ctx context.Context, p *pool, account string, attempt func(statements) error) error {
	conn, err := p.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		raw, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the connection is a %T", driver)
		}
		tx := &pipeline{conn: raw.Conn()}
		defer tx.rollback(ctx)
		tx.queued.Queue(`begin isolation level serializable`)
		if p.settings != "" {
			tx.queued.Queue(p.settings)
		}
		if account != "" {
			tx.queued.Queue(`SELECT trail FROM trails WHERE account_code = $1 FOR NO KEY UPDATE`, account)
		}
		if err := attempt(tx); err != nil {
			return err
		}
		tx.queued.Queue(`commit`)
		if err := tx.send(ctx); err != nil {
			return &commitError{err}
		}
		return nil
	})
}

// pipeline sends what returns nothing together with what follows: a write is
// many short statements, and the way to the server and back takes longer than most of them.
type pipeline struct {
	conn   *pgx.Conn
	queued pgx.Batch
}

func (p *pipeline) exec(_ context.Context, text string, args ...any) error {
	p.queued.Queue(text, args...)
	return nil
}

func (p *pipeline) query(ctx context.Context, row func(scan func(...any) error) error, text string, args ...any) error {
	read := func(rows pgx.Rows) error {
		for rows.Next() {
			if err := row(rows.Scan); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	if len(args) == 0 || args[0] != pgx.QueryExecModeExec {
		p.queued.Queue(text, args...).Query(read)
		return p.send(ctx)
	}
	// A batch has one mode for all.
	if err := p.send(ctx); err != nil {
		return err
	}
	rows, err := p.conn.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	return read(rows)
}

// send sends what is queued and waits for the answers.
func (p *pipeline) send(ctx context.Context) error {
	queued := p.queued
	p.queued = pgx.Batch{}
	return p.conn.SendBatch(ctx, &queued).Close()
}

// rollback ends a transaction that was begun and not committed, if need be with the connection.
func (p *pipeline) rollback(ctx context.Context) {
	if p.conn.PgConn().TxStatus() == 'I' {
		return
	}
	if _, err := p.conn.Exec(ctx, `rollback`); err != nil {
		_ = p.conn.Close(ctx)
	}
}
