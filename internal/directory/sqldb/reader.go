package sqldb

import (
	"context"
	"database/sql"
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// reader reads the directory, from the pool or within a transaction.
type reader struct {
	db *DB
	tx *sql.Tx // nil outside a transaction
}

var _ directory.Reader = reader{}

// pageSize is how many entries of a list are read at once.
const pageSize = 500

// querier is what a pool and a transaction share.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// query runs a query and reads all its rows, so that no connection is held
// while a caller looks at them.
func query[T any](ctx context.Context, r reader, scan func(scan func(...any) error) (T, error), text string, args ...any) ([]T, error) {
	args = storable(args)
	if r.tx != nil { // It needs the driver's error, to see whether to try all of it again.
		return all(ctx, r.tx, scan, text, args)
	}
	p, err := r.db.pool(ctx)
	if err != nil {
		return nil, err
	}
	var entries []T
	err = repeat(ctx, p.dialect, func() error {
		entries, err = all(ctx, p, scan, text, args)
		return err
	})
	return entries, r.db.explain(err)
}

func all[T any](ctx context.Context, from querier, scan func(scan func(...any) error) (T, error), text string, args []any) ([]T, error) {
	rows, err := from.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var entries []T
	for rows.Next() {
		entry, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, rows.Err()
}

// one returns the only entry that there can be.
func one[T any](entries []T, err error, kind, key string) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if len(entries) == 0 {
		return none, &directory.NotFoundError{Kind: kind, Key: key}
	}
	return entries[0], nil
}

// pages streams a list. fetch returns up to pageSize entries after the given
// one, or the first ones after nil.
func pages[T any](fetch func(after *T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last *T
		for {
			page, err := fetch(last)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, entry := range page {
				if !yield(entry, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			last = &page[len(page)-1]
		}
	}
}

// where gathers conditions and their arguments.
type where struct {
	conditions []string
	args       []any
}

// and adds a condition with a ? for each argument.
func (w *where) and(condition string, args ...any) {
	for _, arg := range args {
		w.args = append(w.args, arg)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(w.args)), 1)
	}
	w.conditions = append(w.conditions, condition)
}

// in adds the condition that a column is one of the values.
func (w *where) in(column string, values []string) {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	w.and(column+` IN (?`+strings.Repeat(`, ?`, len(values)-1)+`)`, args...)
}

// String returns the WHERE clause.
func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// storable makes text storable anywhere: PostgreSQL takes neither NUL nor what
// is not UTF-8. Canonical values have neither; this is for what was refused and
// for keys that nobody has.
func storable(args []any) []any {
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			args[i] = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
		}
	}
	return args
}

// split takes apart what string_agg put together and sorts it.
func split[T ~string](joined sql.NullString, separator string) []T {
	values := []T{}
	if joined.String == "" {
		return values
	}
	for value := range strings.SplitSeq(joined.String, separator) {
		values = append(values, T(value))
	}
	slices.Sort(values)
	return values
}

// splitPrefixes is split for IP ranges.
func splitPrefixes(joined sql.NullString) ([]netip.Prefix, error) {
	prefixes := []netip.Prefix{}
	for _, text := range split[string](joined, " ") {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		prefixes = append(prefixes, prefix)
	}
	slices.SortFunc(prefixes, netip.Prefix.Compare)
	return prefixes, nil
}
