package render_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review/render"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// report is of names that mean something to a spreadsheet or to a terminal, with
// a change of each of 25 people since it was signed.
func report() review.Report {
	state := worklist.State{
		Tenant:  rolemodel.Tenant{AccountCode: "CUSA00A000", Name: "=HYPERLINK(\"http://x\")\x1b[2J"},
		Partner: &rolemodel.Partner{AccountCode: "CMSP", Name: "+1"},
		Seen: &rolemodel.Observation{Admins: []rolemodel.ObservedAdmin{
			{Email: "eve@elsewhere.example", RoleName: "@SUM(A1)", Sighting: rolemodel.Sighting{At: "2026-11-29T00:00:00Z", By: "-carla"}},
		}},
	}
	signed := &review.Signed{At: "2026-08-01T00:00:00Z", By: "dora", Note: "Q3"}
	for i := range 25 {
		email := rolemodel.Email(fmt.Sprintf("technician%d@msp.example", i))
		state.Admins = append(state.Admins, rolemodel.ExternalAdmin{TenantID: "CUSA00A000", Email: email, RoleID: rolemodel.BasicAdmin, Reason: "-1", ExpiresAt: "2026-11-30T00:00:00Z"})
		signed.Changes = append(signed.Changes, review.Change{Kind: review.GrantAdded, TenantName: state.Tenant.Name, Person: email, To: "Basic Administrator", At: "2026-09-01T00:00:00Z", By: "anna"})
	}
	r := review.New("2026-11-30T12:00:00Z", review.Subject{TenantID: "CUSA00A000"}, []worklist.State{state})
	r.LastSigned = signed
	return r
}

func written(t *testing.T, format string, r review.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.Write(&b, format, &r, []string{"sign it", "--digest " + r.Digest}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	text := written(t, "text", report())
	joined := strings.Join(strings.Fields(text), " ")
	for _, want := range []string{
		"Access review in CUSA00A000, 2026-11-30: in 1 client, 26 people have 25 grants. 1 is there without being declared.",
		"- 1 person is there without being declared. eve@elsewhere.example in =HYPER",
		"- In 1 client nobody from outside can manage roles.", "- 25 grants have expired and are still there.", "and 20 more",
		`Last signed 2026-08-01 by dora, who wrote "Q3". Since then 25 things changed:`, "technician3@msp.example got Basic Administrator (2026-09-01, by anna)",
		"and 5 more, which --format json has.", "does not lead back to what was signed", "sign it \\ --digest ",
	} {
		if !strings.Contains(joined, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if utf8.RuneCountInString(line) > 81 || strings.ContainsRune(line, '\x1b') {
			t.Errorf("%q", line)
		}
	}
}

func TestCSV(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(written(t, "csv", report()))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+25+1+1 { // The tenant stands out itself.
		t.Errorf("%d rows", len(rows))
	}
	states := map[string]int{}
	for _, row := range rows[1:] {
		states[row[4]]++
		for _, cell := range row {
			if strings.IndexAny(cell, "=+-@") == 0 {
				t.Errorf("a spreadsheet obeys %q", cell)
			}
		}
	}
	if states["expired"] != 25 || states["undeclared"] != 1 || states[""] != 1 {
		t.Errorf("%v", states)
	}
}

func TestFormats(t *testing.T) {
	r := report()
	if got := written(t, "canonical", r); got != string(r.Canonical()) || !strings.HasPrefix(got, "mimecast access review 1\n") {
		t.Error(got)
	}
	if got := written(t, "json", r); !strings.Contains(got, `"digest": "`+r.Digest+`"`) {
		t.Error(got)
	}
	if err := render.Write(&bytes.Buffer{}, "xml", &r, nil); err == nil || err.Error() != `--format is "xml": write text, json, csv or canonical` {
		t.Error(err)
	}
	r = review.New("2026-11-30T12:00:00Z", review.Subject{Person: "anna@msp.example"}, nil)
	if got := written(t, "text", r); !strings.HasPrefix(got, "Access review of anna@msp.example, 2026-11-30: in 0 clients") || strings.Contains(got, "stands out") {
		t.Error(got)
	}
}
