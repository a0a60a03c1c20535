package sheet

import (
	"errors"
	"fmt"
	"strings"
)

// The columns that count.
const (
	emailColumn = iota
	roleColumn
	clientColumn
	reasonColumn
	expiryColumn
)

// columns are what the columns have, and the names that they may have, in
// words. Where there are several, the more exact one comes first: beside an
// "email" the "technician" is a name.
var columns = [...]struct {
	what     string
	names    []string
	optional bool
}{
	emailColumn:  {"the address", []string{"email", "email address", "mail", "address", "login", "technician"}, false},
	roleColumn:   {"the role", []string{"role id", "role"}, false},
	clientColumn: {"the clients", []string{"account code", "account codes", "account", "accounts", "tenant id", "tenant", "tenants", "client", "clients", "customer", "customers"}, false},
	reasonColumn: {"why, which may be left out", []string{"reason"}, true},
	expiryColumn: {"until when, as `2027-01-31T18:00:00Z`, which may be left out", []string{"expires at", "expires", "expiry"}, true},
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
	var wrong []string
	for i, column := range columns {
		at, err := Column(cells, column.names)
		switch {
		case err != nil:
			wrong = append(wrong, err.Error())
		case at < 0 && !column.optional:
			wrong = append(wrong, fmt.Sprintf("there is no column for %s: call one %s", column.what, strings.Join(column.names, ", ")))
		}
		s.columns[i] = at
	}
	s.header = cells
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}
