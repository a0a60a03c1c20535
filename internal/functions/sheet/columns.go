package sheet

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// The columns that count.
const (
	emailColumn = iota
	roleColumn
	clientColumn
)

// columns are what the columns have, and the names that they may have, in
// words. Where there are several, the more exact one comes first: beside an
// "email" the "technician" is a name.
var columns = [...]struct {
	what  string
	names []string
}{
	emailColumn:  {"the address", []string{"email", "email address", "mail", "address", "login", "technician"}},
	roleColumn:   {"the role", []string{"role id", "role"}},
	clientColumn: {"the clients", []string{"account code", "account codes", "account", "accounts", "tenant id", "tenant", "tenants", "client", "clients", "customer", "customers"}},
}

// Columns describes the columns in Markdown, for the documentation.
func Columns() string {
	lines := make([]string, len(columns))
	for i, column := range columns {
		lines[i] = fmt.Sprintf("- %s: `%s`", column.what, strings.Join(column.names, "`, `"))
	}
	return strings.Join(lines, ";\n") + ".\n"
}

// readHeader finds the columns by their names, of which only the letters count.
func (s *sheet) readHeader(cells []string) error {
	names := make([]string, len(cells))
	for i, cell := range cells {
		names[i] = lettersOf(cell)
	}
	var wrong []string
	for i, column := range columns {
		at := -1
		for _, name := range column.names {
			if at = slices.Index(names, lettersOf(name)); at >= 0 {
				break
			}
		}
		switch {
		case at < 0:
			wrong = append(wrong, fmt.Sprintf("there is no column for %s: call one %s", column.what, strings.Join(column.names, ", ")))
		case slices.Contains(names[at+1:], names[at]):
			wrong = append(wrong, fmt.Sprintf("two columns are called %q: keep one of them", cells[at]))
		}
		s.columns[i] = at
	}
	s.header = cells
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}

// lettersOf returns the letters of a name, lower case.
func lettersOf(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
