package sheet_test

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// one is what most of the texts in TestRead say.
var one = sheet.Access{"CUSA01A001": {"anna@msp.example": {RoleID: "help-desk-admin"}}}

func TestRead(t *testing.T) {
	two := sheet.Access{"CUSA01A001": {"anna@msp.example": {RoleID: "help-desk-admin"}}, "CUKA02A002": {"anna@msp.example": {RoleID: "help-desk-admin"}}}
	for name, test := range map[string]struct {
		text    string
		clients []rolemodel.AccountCode
		want    sheet.Access
	}{
		"plain":                 {"email,role,client\nanna@msp.example,help-desk-admin,CUSA01A001\n", nil, one},
		"no last line end":      {"email,role,client\nanna@msp.example,help-desk-admin,CUSA01A001", nil, one},
		"byte order mark, CRLF": {"\ufeffemail;role;client\r\nanna@msp.example;help-desk-admin;CUSA01A001\r\n", nil, one},
		"CR":                    {"email;role;client\ranna@msp.example;help-desk-admin;CUSA01A001\r", nil, one},
		"tabs":                  {"name\temail\trole\tclient\n\tanna@msp.example\thelp-desk-admin\tCUSA01A001\n", nil, one},
		"upper case and blanks": {"  E-MAIL , Role ,Client(s)\n ANNA@MSP.EXAMPLE\u00a0, HELP-DESK-ADMIN ,  cusa01a001 \n", nil, one},
		"empty lines":           {"\n ; \nemail;role;client\n\n;;\n  \nanna@msp.example;help-desk-admin;CUSA01A001\n;;;;\n\n", nil, one},
		"role by name":          {"email,role,client\nanna@msp.example,help desk  ADMINISTRATOR,CUSA01A001\n", nil, one},
		"other columns":         {"Technician,E-mail address,Phone,Client,Account code,Role,Role ID\nAnna,anna@msp.example,1,Alder,CUSA01A001,first line,help-desk-admin\n", nil, one},
		"other order, synonyms": {"tenant_id;role;technician\nCUSA01A001;help-desk-admin;anna@msp.example\n", nil, one},
		"said twice":            {"email,role,client\nanna@msp.example,help-desk-admin,CUSA01A001 cusa01a001\nAnna@msp.example,Help Desk Administrator,CUSA01A001\n", nil, one},
		"clients with |":        {"email,role,clients\nanna@msp.example,help-desk-admin,CUSA01A001|CUKA02A002\n", nil, two},
		"clients with blanks":   {"email,role,clients\nanna@msp.example,help-desk-admin,CUSA01A001  CUKA02A002\n", nil, two},
		"clients in quotes":     {"email,role,clients\nanna@msp.example,help-desk-admin, \"CUSA01A001, CUKA02A002\"\n", nil, two},
		"clients with commas":   {"email;role;clients\nanna@msp.example;help-desk-admin;CUSA01A001,CUKA02A002\n", nil, two},
		"clients in lines":      {"email;role;clients\nanna@msp.example;help-desk-admin;\"CUSA01A001\nCUKA02A002\"\n", nil, two},
		"clients in rows":       {"email;role;clients\nanna@msp.example;help-desk-admin;CUSA01A001\nanna@msp.example;help-desk-admin;CUKA02A002\n", nil, two},
		"all clients":           {"email;role;clients\nanna@msp.example;help-desk-admin;All\n", []rolemodel.AccountCode{"CUSA01A001", "CUKA02A002"}, two},
		"star":                  {"email;role;clients\nanna@msp.example;help-desk-admin;*\n", []rolemodel.AccountCode{"CUSA01A001", "CUKA02A002"}, two},
		"nobody":                {"email,role,client\n", nil, sheet.Access{}},
		"nobody for a client":   {"email,role,client\n", []rolemodel.AccountCode{"CUSA01A001"}, sheet.Access{"CUSA01A001": {}}},
		"custom role":           {"email,role,client\nanna@msp.example,directory-team-administrator,CUSA01A001\n", nil, sheet.Access{"CUSA01A001": {"anna@msp.example": {RoleID: "directory-team-administrator"}}}},
		"why and until when": {"email,role,client,Reason,Expires at\nanna@msp.example,help-desk-admin,CUSA01A001,'=Migration  of mail,2027-01-31T19:00:00+01:00\nben@msp.example,reviewer,CUSA01A001\n", nil, sheet.Access{"CUSA01A001": {
			"anna@msp.example": {RoleID: "help-desk-admin", Reason: "=Migration  of mail", ExpiresAt: "2027-01-31T18:00:00Z"}, "ben@msp.example": {RoleID: "reviewer"},
		}}},
		"a role for each client": {"email,role,client\nanna@msp.example,reviewer,CUSA01A001\nanna@msp.example,basic-admin,CUKA02A002\n", nil, sheet.Access{"CUSA01A001": {"anna@msp.example": {RoleID: "reviewer"}}, "CUKA02A002": {"anna@msp.example": {RoleID: "basic-admin"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sheet.Read(test.text, test.clients)
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, %v\nwant %v", got, err, test.want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	const header = "email,role,clients\n"
	const fine = "anna@msp.example,help-desk-admin,CUSA01A001\n"
	for name, test := range map[string]struct {
		text    string
		clients []rolemodel.AccountCode
		want    string
	}{
		"nothing":                      {"", nil, `there are no columns: write a first line that names them, for example "email,role,clients"`},
		"only blanks":                  {"\ufeff\r\n ,,\r\n", nil, `there are no columns: write a first line that names them, for example "email,role,clients"`},
		"no header":                    {"\n" + fine, nil, `line 2: there is no column for the address: call one email, email address, mail, address, login, technician; there is no column for the role: call one role id, role; there is no column for the clients: call one account code, account codes, account, accounts, tenant id, tenant, tenants, client, clients, customer, customers`},
		"a column less":                {"email,role\n", nil, `line 1: there is no column for the clients: call one account code, account codes, account, accounts, tenant id, tenant, tenants, client, clients, customer, customers`},
		"a column too much":            {"Email,role,client,E-mail\n", nil, `line 1: two columns are called "Email": keep one of them`},
		"a header that cannot be read": {"\"email,role,client\n" + fine, nil, "some rows cannot be used:\nline 1: a quotation mark is not closed, or not around a whole cell: write one before and one after the cell, and two for one inside it"},
		"everything that is wrong with a row": {header + fine + "anna,Help Desk,CUSA01A001 alder all\n", nil, "some rows cannot be used:\nline 3: " +
			`"anna" is not an email address: write one like "anna@example.com", without a name or spaces; ` +
			`"Help Desk" is not a role: write "help-desk-admin" if that is meant, or the ID of a custom role, "help-desk" for one of that name; ` +
			`"alder" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000"; ` +
			`"all" stands for the clients given after the text, and there are none: write account codes, or give the clients`},
		"all rows": {header + "bob@msp.example,,CUSA01A001\n\n" + fine + ",reviewer,\ncarl@msp.example,reviewer\ndora@msp.example,reviewer,|\n", nil, "some rows cannot be used:\n" +
			"line 2: there is no role: write it, or delete the row\n" +
			"line 5: there is no address: write it, or delete the row; there is no client: write it, or delete the row\n" +
			"line 6: there is no client: write it, or delete the row\n" +
			"line 7: there is no client: write it, or delete the row"},
		"two roles": {header + fine + "\nANNA@msp.example,reviewer,CUKA02A002|CUSA01A001\n", nil, "some rows cannot be used:\n" +
			`line 4: "anna@msp.example" is "reviewer" for client "CUSA01A001" here and "help-desk-admin" in line 2: write one role for a client`},
		"two reasons": {"email,role,clients,reason,expires_at\n" + "anna@msp.example,reviewer,CUSA01A001,one,\nanna@msp.example,reviewer,CUSA01A001,two,\nanna@msp.example,reviewer,CUSA01A001,one,tomorrow\n", nil, "some rows cannot be used:\n" +
			`line 3: "anna@msp.example" has another reason or end for client "CUSA01A001" here than in line 2: write the same in both, or one row for a client` + "\n" +
			`line 4: "tomorrow" is not a time: write it as RFC 3339 has it, for example "2027-01-31T18:00:00Z"`},
		"another client": {header + "anna@msp.example,reviewer,CUSA01A001 CUKA02A003\n", []rolemodel.AccountCode{"CUSA01A001", "CUKA02A002"}, "some rows cannot be used:\n" +
			`line 2: "CUKA02A003" is not one of the clients: correct the account code, or add the client`},
		"clients without quotes": {header + "anna@msp.example,reviewer,CUSA01A001,CUKA02A002\n", nil, "some rows cannot be used:\n" +
			"line 2: there are 4 cells and 3 columns: write several clients of one cell in quotation marks, or with | between them"},
		"quotes": {header + "an\"na@msp.example,reviewer,CUSA01A001\n\"\nbob@msp.example\"x,reviewer,CUSA01A001\nanna,reviewer,CUSA01A001\n\n\"carl@msp.example,reviewer,CUSA01A001\n" + fine, nil, "some rows cannot be used:\n" +
			"line 2: a quotation mark is not closed, or not around a whole cell: write one before and one after the cell, and two for one inside it\n" +
			"line 3: a quotation mark is not closed, or not around a whole cell: write one before and one after the cell, and two for one inside it\n" +
			"line 5: \"anna\" is not an email address: write one like \"anna@example.com\", without a name or spaces\n" +
			"line 7: a quotation mark is not closed, or not around a whole cell: write one before and one after the cell, and two for one inside it"},
		"ten":           {header + strings.Repeat("x,reviewer,C1\n", 10), nil, "some rows cannot be used:\n" + refused(2, 11)},
		"more than ten": {header + strings.Repeat("x,reviewer,C1\n", 2000), nil, "some rows cannot be used:\n" + refused(2, 11) + "\nand 1990 more"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sheet.Read(test.text, test.clients)
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, %v\nwant %v", got, err, test.want)
			}
		})
	}
}

func refused(from, to int) string {
	var lines []string
	for line := from; line <= to; line++ {
		lines = append(lines, fmt.Sprintf(`line %d: "x" is not an email address: write one like "anna@example.com", without a name or spaces`, line))
	}
	return strings.Join(lines, "\n")
}

// accesses draws who reaches which client.
func accesses(t *rapid.T) sheet.Access {
	roles := []rolemodel.RoleID{"help-desk-admin", "reviewer", "partner-admin", "directory-team-administrator", "role-0badcafe"}
	grants := rapid.Custom(func(t *rapid.T) sheet.Grant {
		return sheet.Grant{
			RoleID:    rapid.SampledFrom(roles).Draw(t, "role"),
			Reason:    rapid.SampledFrom([]string{"", "On call", "-1, \"so to say\"; CHG-1042"}).Draw(t, "reason"),
			ExpiresAt: rapid.SampledFrom([]rolemodel.Time{"", "2027-01-31T18:00:00Z"}).Draw(t, "until"),
		}
	})
	emails := rapid.SampledFrom([]rolemodel.Email{"anna@msp.example", "b.o'b+x@msp.example", "jürgen@xn--bcher-kva.example"})
	return rapid.MapOfN(
		rapid.Map(rapid.StringMatching(`C[A-Z0-9]{1,9}`), func(s string) rolemodel.AccountCode { return rolemodel.AccountCode(s) }),
		rapid.MapOfN(emails, grants, 1, 3), 0, 5,
	).Draw(t, "access")
}

// TestReadAnyStyle writes who reaches which client in every style that people
// have, which reads as the same.
func TestReadAnyStyle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := accesses(t)
		text, _ := write(t, want, nil)
		if got, err := sheet.Read(text, nil); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, %v\nwant %v\nfrom %q", got, err, want, text)
		}
		if got, err := sheet.Read(text, slices.Collect(maps.Keys(want))); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("with clients given: got %v, %v\nwant %v\nfrom %q", got, err, want, text)
		}
	})
}

var lineNumber = regexp.MustCompile(`(?m)^line (\d+): `)

// TestReadNamesEveryLine puts rows that cannot be used among others: just their
// lines are named.
func TestReadNamesEveryLine(t *testing.T) {
	bad := [][3]string{
		{"anna", "reviewer", "C1"},
		{"Anna <anna@msp.example>", "reviewer", "C1"},
		{"anna@msp.example", "No such role!", "C1"},
		{"anna@msp.example", "reviewer", "alder"},
		{"anna@msp.example", "reviewer", "C1\nalder"},
		{"anna@msp.example", "", "C1"},
		{"", "reviewer", "C1"},
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SampledFrom(bad), 1, 9).Draw(t, "bad")
		text, lines := write(t, accesses(t), rows)
		_, err := sheet.Read(text, nil)
		if err == nil {
			t.Fatalf("not refused: %q", text)
		}
		var got []string
		for _, found := range lineNumber.FindAllStringSubmatch(err.Error(), -1) {
			got = append(got, found[1])
		}
		if want := fmt.Sprint(lines); fmt.Sprint(got) != want {
			t.Fatalf("lines %v are named, want %s\nin %s\nfrom %q", got, want, err, text)
		}
	})
}

// row is the address, role and clients of a row, why and until when, and whether it can be used.
type row struct {
	cells              [3]string
	reason, expiration string
	bad                bool
}

// rowsOf returns rows that say who reaches which client, some of it twice.
func rowsOf(t *rapid.T, access sheet.Access) []row {
	type holder struct {
		rolemodel.Email
		sheet.Grant
	}
	clients := map[holder][]string{}
	for client, admins := range access {
		for email, grant := range admins {
			h := holder{email, grant}
			clients[h] = append(clients[h], string(client))
		}
	}
	var rows []row
	for h, codes := range clients {
		some := rapid.IntRange(0, len(codes)).Draw(t, "clients in a first row")
		for _, part := range [][]string{codes[:some], codes[some:], codes[:rapid.IntRange(0, len(codes)).Draw(t, "clients said twice")]} {
			if len(part) > 0 {
				between := rapid.SampledFrom([]string{" ", "|", " | ", ", ", ";", "\n"}).Draw(t, "between clients")
				rows = append(rows, row{
					cells: [3]string{string(h.Email), string(h.RoleID), strings.Join(part, between)}, reason: sheet.Cell(h.Reason), expiration: string(h.ExpiresAt),
				})
			}
		}
	}
	return rows
}

// write writes rows that say who reaches which client, and bad ones, in one of
// the styles that people have. It returns the lines of the bad ones too.
func write(t *rapid.T, access sheet.Access, bad [][3]string) (string, []int) {
	one := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	separator, end := one("separator", ",", ";", "\t"), one("end", "\n", "\r\n", "\r")
	columns := rapid.Permutation([]int{0, 1, 2, 3, 4, 5}).Draw(t, "columns")

	var b strings.Builder
	b.WriteString(one("mark", "", "\ufeff"))
	line := 1
	put := func(cells ...string) int {
		for rapid.Bool().Draw(t, "empty line") {
			b.WriteString(one("empty", "", "  ", separator+separator) + end)
			line++
		}
		at := line
		for i, column := range columns {
			cell := one("before", "", " ") + cells[column] + one("after", "", "\u00a0 ")
			if strings.ContainsAny(cell, separator+"\"\n") || rapid.Bool().Draw(t, "quoted") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			if i > 0 {
				b.WriteString(separator)
			}
			b.WriteString(cell)
			line += strings.Count(cell, "\n")
		}
		b.WriteString(end)
		line++
		return at
	}

	rows := rowsOf(t, access)
	for _, cells := range bad {
		rows = append(rows, row{cells: cells, bad: true})
	}
	if len(rows) > 0 {
		rows = rapid.Permutation(rows).Draw(t, "rows")
	}
	put(one("address", "email", "E-Mail", "Email address", "TECHNICIAN", "login"), one("role", "role", "Role ID"),
		one("client", "client", "Clients", "client(s)", "tenant_id", "Account code"), "phone", "Reason", one("expiry", "expires_at", "Expires", "expiry"))
	var lines []int
	for _, r := range rows {
		email, role, clients := r.cells[0], r.cells[1], r.cells[2]
		spellings := []string{role, strings.ToUpper(role)}
		if known, ok := rolemodel.DefaultRole(rolemodel.RoleID(role)); ok {
			spellings = append(spellings, known.Name)
		}
		at := put(one("case", email, strings.ToUpper(email)), one("spelling", spellings...), one("case", clients, strings.ToLower(clients)), "+1 555", r.reason, r.expiration)
		if r.bad {
			lines = append(lines, at)
		}
	}
	return b.String(), lines
}

// FuzzRead reads anything: what is read is canonical, and reads again as it is.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"email,role,clients\nanna@msp.example,help-desk-admin,CUSA01A001 CUKA02A002\n", "\ufeffE-Mail;Role;Client\r\nx;\"y\";z\r\n",
		"login\trole\taccount\n\t\t\"", "email,role,client\na@b.example,\"re\nviewer\",*", "\r,\n\"", "email,role,client\n\xff@b.example,\x00,C1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		access, err := sheet.Read(text, nil)
		if err != nil {
			if strings.Count(err.Error(), "\n") > 11 || strings.HasSuffix(err.Error(), ".") {
				t.Errorf("the error is not bounded: %s", err)
			}
			return
		}
		again := "email;role;clients;reason;expires_at\n"
		for client, admins := range access {
			if canonical, err := rolemodel.ParseAccountCode(string(client)); err != nil || canonical != client {
				t.Errorf("account code %q is not canonical", client)
			}
			for email, grant := range admins {
				if canonical, err := rolemodel.ParseEmail(string(email)); err != nil || canonical != email {
					t.Errorf("address %q is not canonical", email)
				}
				again += fmt.Sprintf("\"%s\";%s;%s;\"%s\";%s\n", email, grant.RoleID, client, strings.ReplaceAll(sheet.Cell(grant.Reason), `"`, `""`), grant.ExpiresAt)
			}
		}
		if got, err := sheet.Read(again, nil); err != nil || !reflect.DeepEqual(got, access) {
			t.Errorf("read again it is %v, %v\nnot %v", got, err, access)
		}
	})
}
