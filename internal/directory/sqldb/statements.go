package sqldb

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// rowsPerStatement bounds the parameters of one statement: SQLite's driver looks
// each one up among all, so that more rows at once are slower again.
const rowsPerStatement = 25

// exec runs a statement.
func (tx *transaction) exec(ctx context.Context, statement string, args ...any) error {
	return tx.tx.exec(ctx, statement, storable(args)...)
}

// insert inserts rows, many to a statement. begin is the statement up to VALUES and end what follows.
func (tx *transaction) insert(ctx context.Context, begin string, rows [][]any, end string) error {
	for chunk := range slices.Chunk(rows, rowsPerStatement) {
		var (
			values strings.Builder
			args   []any
		)
		for i, row := range chunk {
			if i > 0 {
				values.WriteString(", ")
			}
			values.WriteString("(")
			for j, arg := range row {
				if j > 0 {
					values.WriteString(", ")
				}
				args = append(args, arg)
				values.WriteString("$" + strconv.Itoa(len(args)))
			}
			values.WriteString(")")
		}
		if err := tx.exec(ctx, begin+values.String()+end, args...); err != nil {
			return err
		}
	}
	return nil
}

// rewrite makes values all that an owner has in one of the lists beside the entries.
func (tx *transaction) rewrite(ctx context.Context, table, ownerColumn, valueColumn, owner string, values []string) error {
	if err := tx.exec(ctx, `DELETE FROM `+table+` WHERE `+ownerColumn+` = $1`, owner); err != nil {
		return err
	}
	rows := make([][]any, len(values))
	for i, value := range values {
		rows[i] = []any{owner, value}
	}
	return tx.insert(ctx, `INSERT INTO `+table+` (`+ownerColumn+`, `+valueColumn+`) VALUES `, rows, "")
}

// writeLists makes these all domains and IP ranges of an account. Domains that a
// retired account has it gives up, which is recorded.
func (tx *transaction) writeLists(ctx context.Context, code rolemodel.AccountCode, domains []rolemodel.Domain, ranges []netip.Prefix) error {
	var former []string
	if len(domains) > 0 {
		var w where
		in(&w, `domain`, domains, "")
		w.and(`account_code <> ?`, string(code))
		var err error
		if former, err = query(ctx, tx.reader, scanText, `SELECT DISTINCT account_code FROM domains`+w.String()+` ORDER BY account_code`, w.args...); err != nil {
			return err
		}
	}
	for _, owner := range former {
		if err := tx.giveUp(ctx, rolemodel.AccountCode(owner), domains); err != nil {
			return err
		}
	}
	return first(tx.rewrite(ctx, "domains", "account_code", "domain", string(code), texts(domains)),
		func() error {
			return tx.rewrite(ctx, "ip_ranges", "account_code", "prefix", string(code), prefixTexts(ranges))
		})
}

// giveUp takes domains from a retired account.
func (tx *transaction) giveUp(ctx context.Context, code rolemodel.AccountCode, domains []rolemodel.Domain) error {
	all := tx.facts().reader
	entry := func() (any, directory.Kind, error) {
		tenant, err := all.Tenant(ctx, code)
		if !directory.IsNotFound(err) {
			return tenant, directory.KindTenant, err
		}
		partner, err := all.Partner(ctx, code)
		return partner, directory.KindPartner, err
	}
	before, kind, err := entry()
	if err != nil {
		return err
	}
	var w where
	in(&w, `domain`, domains, "")
	w.and(`account_code = ?`, string(code))
	if err := tx.exec(ctx, `DELETE FROM domains`+w.String(), w.args...); err != nil {
		return err
	}
	after, _, err := entry()
	e := &event{action: directory.ActionUpdate, kind: kind, key: directory.Key{Account: code}, before: before, after: after}
	return first(err, func() error { return tx.record(ctx, e) })
}

// claimCode makes the code an account's.
func (tx *transaction) claimCode(ctx context.Context, kind directory.Kind, code rolemodel.AccountCode) error {
	return tx.exec(ctx, `INSERT INTO accounts (account_code, kind) VALUES ($1, $2)`, string(code), kind)
}

func (tx *transaction) releaseCode(ctx context.Context, code rolemodel.AccountCode) error {
	return tx.exec(ctx, `DELETE FROM accounts WHERE account_code = $1`, string(code))
}

// assigned returns the code, or one that no account has ever had if it is "".
func (tx *transaction) assigned(ctx context.Context, code rolemodel.AccountCode) (rolemodel.AccountCode, error) {
	for code == "" {
		candidate, err := newCode()
		if err != nil {
			return "", err
		}
		had, err := query(ctx, tx.reader, scanText, `SELECT account_code FROM trails WHERE account_code = $1`, string(candidate))
		if err != nil {
			return "", err
		}
		if len(had) == 0 {
			code = candidate
		}
	}
	return code, nil
}

// newCode returns a random account code of the form CUSA00A000.
func newCode() (rolemodel.AccountCode, error) {
	const letters, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
	code := []byte("C")
	for _, set := range []string{letters, letters, letters, digits, digits, letters, digits, digits, digits} {
		i, err := rand.Int(rand.Reader, big.NewInt(int64(len(set))))
		if err != nil {
			return "", fmt.Errorf("no random account code: %w", err)
		}
		code = append(code, set[i.Int64()])
	}
	return rolemodel.AccountCode(code), nil
}

// first returns err, or the first error of the steps that follow.
func first(err error, steps ...func() error) error {
	for _, step := range steps {
		if err != nil {
			return err
		}
		err = step()
	}
	return err
}

// nullable stores "" as NULL, so that a foreign key does not refer to it.
func nullable(code rolemodel.AccountCode) any {
	if code == "" {
		return nil
	}
	return string(code)
}

func texts[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

func prefixTexts(prefixes []netip.Prefix) []string {
	list := make([]string, len(prefixes))
	for i, p := range prefixes {
		list[i] = p.String()
	}
	return list
}
