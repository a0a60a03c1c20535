// Package listing reads a list of who holds which role at Mimecast, which
// somebody exported or wrote down, as what was seen there. Mimecast's own export
// formats are not public: any CSV with an address and a role in each row is read.
package listing

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// Options say how a list is to be read.
type Options struct {
	Columns Columns
	// Tenant is whose list it is, "" if a column says so of each row.
	Tenant rolemodel.AccountCode
	// Complete says that the list has all external admins of each tenant that it names.
	Complete bool
}

// Listing is what a list says.
type Listing struct {
	// Encoding and Header say how the file was understood.
	Encoding string
	Header   []string
	Rows     int
	// Sights are what was seen, by account code. One is complete only if nothing
	// that may be about its tenant was not understood.
	Sights []worklist.Sight
	// Own is in how many rows the address is the tenant's own, and so no external admin's.
	Own int
	// Problems are the rows that were not understood, and are in no sight.
	Problems []Problem
}

// Problem says what is wrong with a row.
type Problem struct {
	Line int
	Text string
}

// Error writes the problem for people.
func (p Problem) Error() string { return fmt.Sprintf("line %d: %s", p.Line, p.Text) }

// Read reads a list against what is declared and was seen of the tenants. An
// error says why nothing of it can be read.
func Read(data []byte, states []worklist.State, o Options) (*Listing, error) {
	text, encoding, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("it is not text: %w", err)
	}
	r := newReader(states, o)
	r.Encoding = encoding
	var at places
	for row, err := range sheet.Rows(text) {
		switch {
		case err != nil && r.Header == nil:
			return nil, Problem{row.Line, err.Error()}
		case err != nil:
			r.refuse(row.Line, "", err)
		case r.Header == nil:
			if at, err = o.Columns.in(row.Cells); err != nil {
				return nil, Problem{row.Line, err.Error()}
			}
			if r.Header = row.Cells; at.account < 0 && o.Tenant == "" {
				return nil, Problem{row.Line, fmt.Sprintf("no column is known to be the account: name it with --account-column, one of %q, or say with --tenant whose list it is", row.Cells)}
			}
		default:
			r.read(&row, at)
		}
	}
	if r.Header == nil {
		return nil, errors.New("there are no columns: the first line is to name them, for example \"account,email,role\"")
	}
	r.finish()
	return &r.Listing, nil
}

// reader reads the rows of a list.
type reader struct {
	Listing
	Options
	tenants map[rolemodel.AccountCode]*tenant
	byName  map[string][]*tenant
	// blind says that a row was not understood which may be about any tenant.
	blind bool
}

func newReader(states []worklist.State, o Options) *reader {
	r := &reader{Options: o, tenants: map[rolemodel.AccountCode]*tenant{}, byName: map[string][]*tenant{}}
	for i := range states {
		t := newTenant(&states[i])
		r.tenants[states[i].Tenant.AccountCode] = t
		name := rolemodel.FoldName(states[i].Tenant.Name)
		r.byName[name] = append(r.byName[name], t)
	}
	return r
}

func (r *reader) refuse(line int, of rolemodel.AccountCode, err error) {
	if t := r.tenants[of]; t != nil {
		t.blind = true
	} else {
		r.blind = true
	}
	r.Problems = append(r.Problems, Problem{line, strings.ReplaceAll(err.Error(), "\n", "; ")})
}

func (r *reader) read(row *sheet.Row, at places) {
	r.Rows++
	account := ""
	if at.account >= 0 {
		account = row.Cell(at.account)
	}
	t, badAccount := r.account(account)
	email, badEmail := rolemodel.ParseEmail(row.Cell(at.email))
	if badAccount != nil {
		r.refuse(row.Line, "", errors.Join(badAccount, badEmail))
		return
	}
	code := t.Tenant.AccountCode
	t.named = true
	if badEmail == nil && t.Own(email) {
		r.Own++
		return
	}
	role, badRole := t.role(row.Cell(at.role))
	if err := errors.Join(badEmail, badRole); err != nil {
		r.refuse(row.Line, code, err)
		return
	}
	if earlier, twice := t.seen[email]; twice && earlier.role != role {
		r.refuse(row.Line, code, fmt.Errorf("%s is %q here and %q in line %d: an address holds one role", email, role, earlier.role, earlier.line))
		return
	}
	t.seen[email] = seen{role, row.Line}
}

// account returns the tenant that a cell names, by its account code or its name.
func (r *reader) account(cell string) (*tenant, error) {
	if cell == "" {
		if t := r.tenants[r.Tenant]; t != nil {
			return t, nil
		}
		return nil, errors.New("there is no account: write its code")
	}
	code, malformed := rolemodel.ParseAccountCode(cell)
	t := r.tenants[code]
	if named := r.byName[rolemodel.FoldName(cell)]; t == nil && len(named) == 1 {
		t = named[0]
	} else if t == nil && len(named) > 1 {
		return nil, fmt.Errorf("%d tenants are called %q: write the account code", len(named), cell)
	}
	switch {
	case t == nil && malformed != nil:
		return nil, fmt.Errorf("%.100q is neither the code nor the name of a tenant in the directory", cell)
	case t == nil:
		return nil, fmt.Errorf("there is no tenant %q in the directory", code)
	case r.Tenant != "" && t.Tenant.AccountCode != r.Tenant:
		return nil, fmt.Errorf("this is of %s, and --tenant is %s", t.Tenant.AccountCode, r.Tenant)
	}
	return t, nil
}

// finish makes the sights.
func (r *reader) finish() {
	for code, t := range r.tenants {
		if !t.named && code != r.Tenant {
			continue
		}
		sight := worklist.Sight{Tenant: code, Complete: r.Complete && !r.blind && !t.blind}
		for email, seen := range t.seen {
			sight.Admins = append(sight.Admins, rolemodel.ObservedAdmin{Email: email, RoleName: seen.role})
		}
		slices.SortFunc(sight.Admins, func(a, b rolemodel.ObservedAdmin) int { return cmp.Compare(a.Email, b.Email) })
		sight.Roles = t.rolesIn(sight.Admins)
		if sight.Complete || len(sight.Admins) > 0 {
			r.Sights = append(r.Sights, sight)
		}
	}
	slices.SortFunc(r.Sights, func(a, b worklist.Sight) int { return cmp.Compare(a.Tenant, b.Tenant) })
}
