// Package render writes an access review for people and for programs.
package render

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
)

// Write writes the report in a format: text, json, csv or canonical, which is what
// its digest is of. The sign is the command by which it is signed, for the text.
func Write(out io.Writer, format string, report *review.Report, sign []string) error {
	switch format {
	case "text":
		return text(out, report, sign)
	case "csv":
		return CSV(out, report)
	case "json":
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(report)
	case "canonical":
		_, err := out.Write(report.Canonical())
		return err
	}
	return fmt.Errorf("--format is %q: write text, json, csv or canonical", format)
}
