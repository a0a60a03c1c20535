package listing

import (
	"errors"
	"fmt"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Columns are the names of the columns that count, "" for any of the usual ones.
type Columns struct{ Account, Email, Role string }

// The usual names, the more exact ones first. Of names only the letters count.
var (
	accountNames = []string{"account code", "customer account code", "customer code", "tenant id", "account", "customer account", "tenant", "customer", "client", "account name", "customer name", "tenant name", "client name", "company"}
	emailNames   = []string{"external admin email address", "email address", "email", "mail", "user email", "admin email", "login", "address", "user name", "user", "administrator", "admin"}
	roleNames    = []string{"role name", "admin role", "administrator role", "role"}
)

// UsualNames describes the names under which columns are recognised.
func UsualNames() string {
	return fmt.Sprintf("the account: %s\nthe address: %s\nthe role: %s", strings.Join(accountNames, ", "), strings.Join(emailNames, ", "), strings.Join(roleNames, ", "))
}

// places are where the columns are, account -1 for none.
type places struct{ account, email, role int }

func (c *Columns) in(header []string) (places, error) {
	var p places
	var err [3]error
	p.account, err[0] = column(header, "--account-column", "", c.Account, accountNames)
	p.email, err[1] = column(header, "--email-column", "the address", c.Email, emailNames)
	p.role, err[2] = column(header, "--role-column", "the role", c.Role, roleNames)
	return p, errors.Join(err[:]...)
}

// column returns where a column is. One that is for nothing in particular may be missing.
func column(header []string, flag, what, given string, usual []string) (int, error) {
	quoted := fmt.Sprintf("%q", header)
	if given != "" {
		for i, name := range header {
			if rolemodel.FoldName(name) == rolemodel.FoldName(strings.TrimSpace(given)) {
				return i, nil
			}
		}
		return -1, fmt.Errorf("%s is %q, and there is no such column: write one of %s", flag, given, quoted)
	}
	at, err := sheet.Column(header, usual)
	switch {
	case err != nil:
		return at, fmt.Errorf("%w, or name the one that counts with %s", err, flag)
	case at < 0 && what != "":
		return at, fmt.Errorf("no column is known to be %s: name it with %s, one of %s", what, flag, quoted)
	}
	return at, nil
}
