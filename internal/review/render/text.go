package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/terminal"
)

// How many of what stands out, and of what changed, a text names.
const (
	namedFound   = 5
	namedChanges = 20
)

// text is for a terminal.
func text(out io.Writer, report *review.Report, sign []string) error {
	w := bufio.NewWriter(out)
	terminal.Paragraph(w, "", summary(report))
	if len(report.Findings) > 0 {
		_, _ = fmt.Fprintln(w, "\nWhat stands out:")
	}
	for i := range report.Findings {
		finding := &report.Findings[i]
		terminal.Paragraph(w, "- ", finding.Sentence)
		terminal.Paragraph(w, "  ", some(about(report, finding), namedFound, ", "))
	}
	_, _ = fmt.Fprintln(w)
	lastSigned(w, report.LastSigned)
	_, _ = fmt.Fprintf(w, "\nDigest: %s\nTo sign that you looked at this:\n  %s\n", report.Digest, strings.Join(sign, " \\\n    "))
	return w.Flush()
}

// summary says what was looked at, and how much it is.
func summary(report *review.Report) string {
	c := &report.Counts
	of := "Access review"
	if report.Subject.Person != "" {
		of += " of " + string(report.Subject.Person)
	}
	if report.Subject.TenantID != "" {
		of += " in " + string(report.Subject.TenantID)
	}
	said := fmt.Sprintf("%s, %s: in %s, %s %s.", of, report.At.Day(), terminal.Count(c.Tenants, "client", "clients"),
		terminal.Count(c.People, "person has", "people have"), terminal.Count(c.Grants, "grant", "grants"))
	if c.Undeclared > 0 {
		said += fmt.Sprintf(" %s there without being declared.", terminal.Count(c.Undeclared, "is", "are"))
	}
	return said
}

// about names whom, each once, or which tenants a finding is about.
func about(report *review.Report, finding *review.Finding) []string {
	var named []string
	in := map[rolemodel.Email]int{}
	for _, i := range finding.Rows {
		in[report.Rows[i].Person]++
	}
	for _, i := range finding.Rows {
		switch row := &report.Rows[i]; in[row.Person] {
		case 0: // Named already.
		case 1:
			named = append(named, fmt.Sprintf("%s in %s", row.Person, row.TenantName))
		default:
			named = append(named, fmt.Sprintf("%s in %d clients", row.Person, in[row.Person]))
			in[row.Person] = 0
		}
	}
	for _, i := range finding.Tenants {
		named = append(named, fmt.Sprintf("%s (%s)", report.Tenants[i].Name, report.Tenants[i].ID))
	}
	return named
}

// some joins the first of many, and says how many more there are.
func some(all []string, most int, separator string) string {
	if more := len(all) - most; more > 0 {
		all = append(slices.Clone(all[:most]), fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, separator)
}

func lastSigned(w io.Writer, last *review.Signed) {
	if last == nil {
		terminal.Paragraph(w, "", "Nobody has signed a review of this yet.")
		return
	}
	said := fmt.Sprintf("Last signed %s by %s", last.At.Day(), last.By)
	if last.Note != "" {
		said += fmt.Sprintf(", who wrote %q", last.Note)
	}
	if len(last.Changes) == 0 {
		said += ". Nothing changed since."
	} else {
		said += fmt.Sprintf(". Since then %s:", terminal.Count(len(last.Changes), "thing changed", "things changed"))
	}
	terminal.Paragraph(w, "", said)
	for i := range last.Changes[:min(len(last.Changes), namedChanges)] {
		change := &last.Changes[i]
		said := fmt.Sprintf("%s: %s", change.TenantName, change.String())
		if change.At != "" {
			said += fmt.Sprintf(" (%s, by %s)", change.At.Day(), change.By)
		}
		terminal.Paragraph(w, "- ", said)
	}
	if more := len(last.Changes) - namedChanges; more > 0 {
		terminal.Paragraph(w, "  ", fmt.Sprintf("and %d more, which --format json has.", more))
	}
	if !last.Traced {
		terminal.Paragraph(w, "", "The audit trail does not lead back to what was signed, so something may have changed that is not named here: a client has left what you see, or the trail was altered, which \"audit verify\" shows.")
	}
}
