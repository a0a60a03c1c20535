package sheet_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestCell(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Alder Legal": "Alder Legal", "'t Hoen": "'t Hoen", "a=b": "a=b", "'": "'",
		`=HYPERLINK("http://x","y")`: `'=HYPERLINK("http://x","y")`, "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)",
		"\t=1": "'\t=1", "\r=1": "'\r=1", "＝1": "'＝1", "'=1": "''=1",
	} {
		if got := sheet.Cell(text); got != want {
			t.Errorf("Cell(%q) is %q, want %q", text, got, want)
		}
	}
}

// TestCellsAreRead writes addresses as cells, none of which begins as a formula
// does, and reads them as they were.
func TestCellsAreRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		email, err := rolemodel.ParseEmail(rapid.StringMatching(`['=+\-a-z]{1,4}`).Draw(t, "local") + "@msp.example")
		if err != nil {
			t.Skip(err)
		}
		cell := sheet.Cell(string(email))
		if strings.ContainsAny(cell[:1], "=+-@") {
			t.Fatalf("%q begins as a formula does", cell)
		}
		var text strings.Builder
		w := csv.NewWriter(&text)
		_ = w.WriteAll([][]string{{"email", "role", "client"}, {cell, "basic-admin", "CUSA01A001"}})
		got, err := sheet.Read(text.String(), nil)
		if err != nil || got["CUSA01A001"][email].RoleID != rolemodel.BasicAdmin {
			t.Fatalf("%q is read as %v, %v", text.String(), got, err)
		}
	})
}
