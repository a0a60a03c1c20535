// Package sheet reads who reaches which client with which role from a
// spreadsheet's CSV, as people keep them.
package sheet

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Access is what somebody may do, by client and address.
type Access map[rolemodel.AccountCode]map[rolemodel.Email]Grant

// Grant is the role of somebody with a client, why they have it ("" if the sheet
// does not say) and until when ("" for no end), all of them canonical.
type Grant struct {
	RoleID    rolemodel.RoleID
	Reason    string
	ExpiresAt rolemodel.Time
}

// Read reads a CSV text whose first line names the columns; see Columns. If
// clients are given, which are canonical, only they are clients, and each is in
// the result. The error says of every row that cannot be used what is wrong,
// without its full stop: a line for each of at most ten, and how many more.
func Read(text string, clients []rolemodel.AccountCode) (Access, error) {
	s := sheet{access: Access{}, clients: clients, lines: map[place]int{}}
	for _, client := range clients {
		s.access[client] = map[rolemodel.Email]Grant{}
	}
	for row, err := range Rows(text) {
		switch {
		case err != nil && s.header == nil:
			s.refuse(row.Line, err)
			return nil, s.err()
		case err != nil:
			s.refuse(row.Line, err)
		case s.header == nil:
			if err := s.readHeader(row.Cells); err != nil {
				return nil, fmt.Errorf("line %d: %w", row.Line, err)
			}
		default:
			s.readRow(&row)
		}
	}
	if s.header == nil && len(s.wrong) == 0 {
		return nil, fmt.Errorf("there are no columns: write a first line that names them, for example %q", "email,role,clients")
	}
	return s.access, s.err()
}

// sheet is what has been read.
type sheet struct {
	clients []rolemodel.AccountCode
	// header is the names of the columns, nil before they are read, and columns
	// where those are that count, -1 for one that is not there.
	header  []string
	columns [len(columns)]int
	access  Access
	// lines are the lines of the grants that access has.
	lines map[place]int
	wrong []string
}

type place struct {
	client rolemodel.AccountCode
	email  rolemodel.Email
}

// readRow reads a row, unless it cannot be used.
func (s *sheet) readRow(row *Row) {
	line, cells := row.Line, row.Cells
	if extra := len(cells) - len(s.header); extra > 0 && slices.ContainsFunc(cells[len(s.header):], func(cell string) bool { return cell != "" }) {
		s.refuse(line, fmt.Errorf("there are %d cells and %d columns: write several clients of one cell in quotation marks, or with | between them", len(cells), len(s.header)))
		return
	}
	cell := func(column int) string { return row.Cell(s.columns[column]) }
	email, badEmail := required("address", cell(emailColumn), rolemodel.ParseEmail)
	role, badRole := required("role", cell(roleColumn), parseRole)
	clients, badClients := required("client", cell(clientColumn), s.parseClients)
	reason, badReason := optional(cell(reasonColumn), rolemodel.ParseReason)
	expires, badExpiry := optional(cell(expiryColumn), rolemodel.ParseTime)
	if err := errors.Join(badEmail, badRole, badClients, badReason, badExpiry); err != nil {
		s.refuse(line, err)
		return
	}
	granted := Grant{role, reason, expires}
	var twice []error
	for _, client := range clients {
		key := place{client, email}
		switch earlier, ok := s.access[client][email]; {
		case ok && earlier.RoleID != role:
			twice = append(twice, fmt.Errorf("%q is %q for client %q here and %q in line %d: write one role for a client", email, role, client, earlier.RoleID, s.lines[key]))
			continue
		case ok && earlier != granted:
			twice = append(twice, fmt.Errorf("%q has another reason or end for client %q here than in line %d: write the same in both, or one row for a client", email, client, s.lines[key]))
			continue
		case ok:
			continue
		}
		if s.access[client] == nil {
			s.access[client] = map[rolemodel.Email]Grant{}
		}
		s.access[client][email], s.lines[key] = granted, line
	}
	s.refuse(line, errors.Join(twice...))
}

func required[T any](what, cell string, parse func(string) (T, error)) (T, error) {
	if cell == "" {
		var none T
		return none, fmt.Errorf("there is no %s: write it, or delete the row", what)
	}
	return parse(cell)
}

func optional[T any](cell string, parse func(string) (T, error)) (T, error) {
	if cell == "" {
		var none T
		return none, nil
	}
	return parse(cell)
}

// customID is how the directory makes the IDs of custom roles.
var customID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// parseRole returns the ID of the default role with the ID or name, or what
// looks like the ID of a custom role. Letter case does not matter in either.
func parseRole(s string) (rolemodel.RoleID, error) {
	id := rolemodel.RoleID(strings.ToLower(s))
	if role, ok := rolemodel.DefaultRoleByName(strings.Join(strings.Fields(s), " ")); ok {
		return role.ID, nil
	}
	if customID.MatchString(string(id)) && len(id) <= rolemodel.MaxName {
		return id, nil
	}
	return "", fmt.Errorf("%.100q is not a role: write %q if that is meant, or the ID of a custom role, %q for one of that name", s, rolemodel.NearestDefaultRole(s).ID, rolemodel.RoleIDFor(s))
}

// parseClients returns the clients that a cell names.
func (s *sheet) parseClients(cell string) ([]rolemodel.AccountCode, error) {
	var clients []rolemodel.AccountCode
	var wrong []error
	for _, name := range strings.FieldsFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("|,;", r) }) {
		if all := name == "*" || strings.EqualFold(name, "all"); all && len(s.clients) > 0 {
			clients = append(clients, s.clients...)
			continue
		} else if all {
			wrong = append(wrong, fmt.Errorf("%q stands for the clients given after the text, and there are none: write account codes, or give the clients", name))
			continue
		}
		client, err := rolemodel.ParseAccountCode(name)
		if _, known := s.access[client]; err == nil && len(s.clients) > 0 && !known {
			err = fmt.Errorf("%q is not one of the clients: correct the account code, or add the client", client)
		}
		clients, wrong = append(clients, client), append(wrong, err)
	}
	if len(clients)+len(wrong) == 0 {
		wrong = append(wrong, errors.New("there is no client: write it, or delete the row"))
	}
	return clients, errors.Join(wrong...)
}

// refuse records what is wrong with a row, if anything is.
func (s *sheet) refuse(line int, err error) {
	if err != nil {
		s.wrong = append(s.wrong, fmt.Sprintf("line %d: %s", line, strings.ReplaceAll(err.Error(), "\n", "; ")))
	}
}

// err returns what is wrong with the rows.
func (s *sheet) err() error {
	const shown = 10
	if len(s.wrong) == 0 {
		return nil
	}
	lines := append([]string{"some rows cannot be used:"}, s.wrong[:min(shown, len(s.wrong))]...)
	if more := len(s.wrong) - shown; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return errors.New(strings.Join(lines, "\n"))
}
