package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// reader reads what lies in a scope, from the pool or within a transaction.
type reader struct {
	db    *DB
	tx    statements // nil outside a transaction
	scope directory.Scope
	// viewer is who looks, for the rule view-roles; nil sees roles and grants.
	viewer *rolemodel.Actor
}

var _ directory.Reader = reader{}

// pageSize is how many entries of a list are read at once.
const pageSize = 500

// query runs a query and reads all its rows, so that no connection is held
// while a caller looks at them.
func query[T any](ctx context.Context, r reader, scan func(scan func(...any) error) (T, error), text string, args ...any) ([]T, error) {
	var entries []T
	row := func(into func(...any) error) error {
		entry, err := scan(into)
		entries = append(entries, entry)
		return err
	}
	args = storable(args)
	if r.tx != nil { // It needs the driver's error, to see whether to try all of it again.
		return entries, r.tx.query(ctx, row, text, args...)
	}
	p, err := r.db.pool(ctx, false)
	if errors.Is(err, errNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = repeat(ctx, p.again, func() error {
		entries = nil
		return queryRows(ctx, p, row, text, args)
	})
	return entries, r.db.explain(err)
}

// queryPage is query for a page of a list. Whose entries are many and whose are
// few decides how to find the first ones, so each is planned for its arguments.
func queryPage[T any](ctx context.Context, r reader, scan func(scan func(...any) error) (T, error), text string, args ...any) ([]T, error) {
	return query(ctx, r, scan, text, slices.Concat(r.db.location.dialect.planned, args)...)
}

// querier is what a pool and a transaction share.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// queryRows runs a query and calls row for each of its rows.
func queryRows(ctx context.Context, from querier, row func(scan func(...any) error) error, text string, args []any) error {
	rows, err := from.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// one returns the only entry that there can be.
func one[T any](entries []T, err error, kind directory.Kind, key directory.Key) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if len(entries) == 0 {
		return none, &directory.NotFoundError{Kind: kind, Key: key.String()}
	}
	return entries[0], nil
}

// view returns the violation of somebody who may not see roles and grants.
func (r reader) view() error { return rolemodel.DecideView(r.viewer).Err() }

// list streams a list from the entry after a key. fetch returns the first n
// entries after a key, next is the key of an entry, and no more than pageSize are read at once.
func list[E, K any](after K, limit int, next func(E) K, fetch func(after K, n int) ([]E, error), pageSize int) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		after, left := after, limit
		for {
			n := pageSize
			if limit > 0 {
				n = min(n, left)
			}
			page, err := fetch(after, n)
			if err != nil {
				var none E
				yield(none, err)
				return
			}
			for _, entry := range page {
				if !yield(entry, nil) {
					return
				}
			}
			if left -= len(page); len(page) < n || limit > 0 && left <= 0 {
				return
			}
			after = next(page[len(page)-1])
		}
	}
}

// behind adds the condition that entries of tenants t lie behind a key, of which
// value is the part beside the tenant. The columns are the entries' own. In the
// last tenant that is asked for, only the rest of its entries does: said so, it is
// where an index begins.
func (w *where) behind(key directory.Key, value string, tenants []rolemodel.AccountCode, tenantColumn, column string) {
	switch n := len(tenants); {
	case key.Account == "":
	case n > 0 && tenants[n-1] == key.Account:
		w.and(`t.account_code = ?`, string(key.Account))
		w.and(column+` > ?`, value)
	default:
		w.and(`t.account_code >= ?`, string(key.Account))
		w.and(`(`+tenantColumn+`, `+column+`) > (?, ?)`, string(key.Account), value)
	}
}

// ended is a list that has nothing but an error, if there is one.
func ended[E any](err error) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		if err != nil {
			var none E
			yield(none, err)
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

// in adds the condition that a column is one of the values, or is in a query
// whose text ends where the values are to stand.
func in[T ~string](w *where, begin string, values []T, end string) {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = string(v)
	}
	w.and(begin+` IN (?`+strings.Repeat(`, ?`, len(values)-1)+`)`+end, args...)
}

// String returns the WHERE clause.
func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

func limited(n int) string { return " LIMIT " + strconv.Itoa(n) }

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

func scanText(scan func(...any) error) (s string, err error) {
	err = scan(&s)
	return s, err
}

func scanCount(scan func(...any) error) (n int, err error) {
	err = scan(&n)
	return n, err
}

// Identity implements directory.Reader.
func (r reader) Identity(ctx context.Context) (string, error) {
	found, err := query(ctx, r, scanText, `SELECT identity FROM directory_identity`)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
