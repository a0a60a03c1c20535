package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// filled returns where a directory with three tenants is.
func filled(t *testing.T, location string) string {
	t.Helper()
	d := acctest.NewDirectory(t)
	if location != "" {
		d.Path = location
	}
	d.Fill()
	return d.Path
}

// expectRun runs a command and checks its exit status and what it says on either output.
func expectRun(t *testing.T, status int, says string, args ...string) string {
	t.Helper()
	got, out, errs := run(t, args...)
	if got != status || !strings.Contains(out+errs, says) {
		t.Errorf("%q: status %d, want %d and %q in\n%s%s", args, got, status, says, out, errs)
	}
	return out
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "admins.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWorklistLoop goes the whole way with the same words in a file, in
// PostgreSQL and through a service: what is to be done, done, seen, nothing to do.
func TestWorklistLoop(t *testing.T) {
	for name, at := range map[string]func(*testing.T) string{
		"file":       func(t *testing.T) string { return filled(t, "") },
		"PostgreSQL": func(t *testing.T) string { return filled(t, postgrestest.New(t)) },
		"service": func(t *testing.T) string {
			path := filled(t, "")
			id, secret := newCredential(t, path)
			t.Setenv("MIMECAST_CLIENT_ID", id)
			t.Setenv("MIMECAST_CLIENT_SECRET", secret)
			return start(t, path, "127.0.0.1:0").url
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("MIMECAST_DIRECTORY", at(t))
			expectRun(t, 3, "10 items to be done at Mimecast, in 3 passes", "worklist")
			expectRun(t, 3, "- [ ] `", "worklist", "--format", "markdown", "--tenant", "cusa01a001")
			expectRun(t, 3, "1 item to be done", "worklist", "--person", "Anna@northwind.example")
			var list worklist.Worklist
			if err := json.Unmarshal([]byte(expectRun(t, 3, "", "worklist", "--format", "json")), &list); err != nil || len(list.Items) != 10 {
				t.Fatalf("%v %+v", err, list)
			}
			item, pass := list.Items[0].ID, list.Passes[1].ID
			expectRun(t, 0, "Confirmed "+item+", Alder Legal (CUSA01A001): create the role \"Directory Administrator\"\n", "confirm", item, "--note", "INC-7")
			expectRun(t, 1, "there is no item \""+item+"\" on the worklist", "confirm", item)
			expectRun(t, 0, "Taken back "+item+", Alder Legal (CUSA01A001): create the role \"Directory Administrator\"\n", "confirm", "--undo", item)
			expectRun(t, 1, "no item \""+item+"\" was ticked off by a confirmation in the last 30 days", "confirm", "--undo", item)
			expectRun(t, 3, "10 items to be done at Mimecast, in 3 passes", "worklist")
			expectRun(t, 0, "Confirmed "+item, "confirm", item)
			expectRun(t, 0, "Birch Dental (CUSA02A002): add anna@southwind.example as Help Desk Administrator\n", "confirm", "--pass", pass)
			expectRun(t, 1, "there is no pass \""+pass+"\" on the worklist", "confirm", "--pass", pass)
			expectRun(t, 0, "look at all external admins", "confirm", "--tenant", "CUSA01A001", "--tenant", "CUSA03A003")
			expectRun(t, 0, "Nothing is to be done at Mimecast.\n", "worklist")
			expectRun(t, 0, "nothing is confirmed", "confirm", "--tenant", "CUSA01A001")

			file := write(t, "Customer;User;Role\nBirch Dental;anna@southwind.example;Reviewer\nCUSA02A002;eve@evil.example;Super Administrator\nCUSA01A001;anna@northwind.example;Partner Administrator\n")
			preview := expectRun(t, 0, "Nothing is stored yet", "observe", "--file", file, "--complete")
			for _, line := range []string{
				`3 rows, UTF-8, columns ["Customer" "User" "Role"].`, "Birch Dental (CUSA02A002), all external admins:",
				"  anna@southwind.example  Reviewer             declared: Help Desk Administrator", "  eve@evil.example        Super Administrator  NOT DECLARED",
				"  anna@northwind.example         Partner Administrator  as declared", "  bea+o'neil@northwind.example   -                      NOT THERE, declared: Directory Administrator",
			} {
				if !strings.Contains(strings.Join(strings.Fields(preview), " "), strings.Join(strings.Fields(line), " ")) {
					t.Errorf("%q is not in\n%s", line, preview)
				}
			}
			expectRun(t, 0, "Nothing is to be done", "worklist")
			expectRun(t, 0, "Stored what was seen of CUSA02A002.", "observe", "--file", file, "--complete", "--yes")
			expectRun(t, 3, "1 admin there without being declared", "worklist")
			expectRun(t, 3, "3 items to be done at Mimecast, in 2 passes", "worklist")
		})
	}
}

func TestObserveAllOrNothing(t *testing.T) {
	t.Setenv("MIMECAST_DIRECTORY", filled(t, ""))
	file := write(t, "account,email,role\nCUSA01A001,anna@northwind.example,King\nCNONE,anna@northwind.example,Reviewer\nCUSA02A002,anna@southwind.example,Help Desk Administrator\n")
	for _, line := range []string{`line 2: "King" is neither`, `line 3: there is no tenant "CNONE"`, "nothing is stored"} {
		expectRun(t, 1, line, "observe", "--file", file, "--yes")
	}
	expectRun(t, 1, "line 4: this is of CUSA02A002, and --tenant is CUSA01A001", "observe", "--file", file, "--tenant", "CUSA01A001")
	expectRun(t, 3, "10 items", "worklist")
	expectRun(t, 0, "not complete, since rows were left out", "observe", "--file", file, "--complete", "--skip-unknown")
	expectRun(t, 0, "Stored what was seen of CUSA02A002.", "observe", "--file", file, "--skip-unknown", "--yes")
	expectRun(t, 3, "9 items", "worklist")
}

func TestWorklistMistakes(t *testing.T) {
	t.Setenv("MIMECAST_DIRECTORY", filled(t, ""))
	file := write(t, "email,role\n")
	for want, args := range map[string][]string{
		`--format is "xml": write text, markdown, csv or json`:                    {"worklist", "--format", "xml"},
		`There is no tenant "CNONE" in the directory.`:                            {"worklist", "--tenant", "CNONE"},
		`--tenant: "x" is not an account code`:                                    {"worklist", "--tenant", "x"},
		`--person: "anna" is not an email address`:                                {"worklist", "--person", "anna"},
		"nothing is given to confirm: write IDs of items":                         {"confirm", "--person", "anna@northwind.example"},
		"IDs of items are given, and --pass, --tenant or --person too":            {"confirm", "abcdefghijkl", "--tenant", "CUSA01A001"},
		"--undo takes back items by their IDs":                                    {"confirm", "--undo", "--pass", "abcdefghijkl"},
		"no item \"abcdefghijkl\" was ticked off":                                 {"confirm", "--undo", "abcdefghijkl"},
		"no file is given: write --file PATH":                                     {"observe"},
		"--file: open none":                                                       {"observe", "--file", "none"},
		"name it with --account-column, one of [\"email\" \"role\"], or say with": {"observe", "--file", file},
		`There is no tenant "CNOBODY" in the directory.`:                          {"observe", "--file", file, "--tenant", "CNOBODY"},
		"the file says nothing of any tenant":                                     {"observe", "--file", file, "--tenant", "CUSA01A001"},
		`The note "two\nlines" contains U+000A`:                                   {"confirm", "--tenant", "CUSA01A001", "--note", "two\nlines"},
	} {
		expectRun(t, 1, want, args...)
	}
	expectRun(t, 0, "nobody", "observe", "--file", file, "--tenant", "CUSA01A001", "--complete")
	expectRun(t, 0, "Mimecast's export formats are not public", "observe", "--help")
	expectRun(t, 0, "The exit status is 0 when nothing is to be done, and 3 when something is.", "worklist", "--help")
	t.Setenv("MIMECAST_DIRECTORY", filepath.Join(t.TempDir(), "none"))
	for _, args := range [][]string{{"worklist"}, {"confirm", "--tenant", "CUSA01A001"}, {"observe", "--file", file, "--tenant", "CUSA01A001"}} {
		expectRun(t, 1, "There is no directory", args...)
	}
}
