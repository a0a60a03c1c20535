package desk

import (
	"bufio"
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	reviews "github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// maxNamed is how many of those whom a finding is about are named beside it.
const maxNamed = 12

// reviewBody is a review as the file has it.
type reviewBody struct {
	*review.Report
	Where    string
	About    string
	Style    template.CSS
	Findings []finding
	Changes  []review.Change
	Clients  []reviewedClient
}

// finding is what stands out, with some of whom it is about.
type finding struct {
	review.Finding
	Named []string
	More  int
}

// reviewedClient is a tenant with those who reach it.
type reviewedClient struct {
	review.Tenant
	Rows []reviewedRow
}

// reviewedRow is somebody who reaches it.
type reviewedRow struct {
	*review.Row
	// Marks are short words for the findings that it is part of.
	Marks string
}

// WriteReview writes an access review as one HTML file that needs nothing else:
// no script, and no network. Where names the directory, without secrets.
func WriteReview(out io.Writer, report *review.Report, where string) error {
	templates, err := parse()
	if err != nil {
		return fmt.Errorf("the desk's templates: %w", err)
	}
	style, err := static.ReadFile("static/desk.css")
	if err != nil {
		return err
	}
	body := reviewBody{Report: report, Where: where, About: about(report), Style: template.CSS(style)} //nolint:gosec // The desk's own style.
	if report.LastSigned != nil {
		body.Changes = report.LastSigned.Changes
	}
	body.fill()
	w := bufio.NewWriter(out)
	if err := templates.ExecuteTemplate(w, "review", &body); err != nil {
		return err
	}
	return w.Flush()
}

// about names what was looked at.
func about(report *review.Report) string {
	tenant := string(report.Subject.TenantID)
	if len(report.Tenants) == 1 && tenant != "" {
		tenant = fmt.Sprintf("%s (%s)", report.Tenants[0].Name, tenant)
	}
	switch person := report.Subject.Person; {
	case tenant != "" && person != "":
		return fmt.Sprintf("%s in %s", person, tenant)
	case person != "":
		return string(person)
	case tenant != "":
		return tenant
	}
	return "everything"
}

func (b *reviewBody) fill() {
	for _, f := range b.Report.Findings {
		named := finding{Finding: f}
		for _, i := range f.Rows[:min(len(f.Rows), maxNamed)] {
			named.Named = append(named.Named, fmt.Sprintf("%s in %s", b.Rows[i].Person, b.Rows[i].TenantName))
		}
		for _, i := range f.Tenants[:min(len(f.Tenants), maxNamed)] {
			named.Named = append(named.Named, fmt.Sprintf("%s (%s)", b.Tenants[i].Name, b.Tenants[i].ID))
		}
		named.More = len(f.Rows) + len(f.Tenants) - len(named.Named)
		b.Findings = append(b.Findings, named)
	}
	left := b.Rows
	for _, tenant := range b.Tenants {
		client := reviewedClient{Tenant: tenant}
		for ; len(left) > 0 && left[0].TenantID == tenant.ID; left = left[1:] {
			client.Rows = append(client.Rows, reviewedRow{&left[0], marksOf(left[0].Findings)})
		}
		b.Clients = append(b.Clients, client)
	}
}

func marksOf(kinds []review.Kind) string {
	short := map[review.Kind]string{
		review.Undeclared: "undeclared", review.ProtectedRole: "protected", review.SharedMailbox: "shared mailbox?", review.Expired: "expired",
		review.ExpiresSoon: "expires soon", review.NoReason: "no reason", review.NeverConfirmed: "never seen",
	}
	var marks []string
	for _, kind := range kinds {
		if short[kind] != "" { // The role's name says that it is Partner Administrator.
			marks = append(marks, short[kind])
		}
	}
	return strings.Join(marks, ", ")
}

// review gives the access review as a file to keep.
func (d *Desk) review(w http.ResponseWriter, r *http.Request) {
	subject, err := subjectOf(r)
	var report review.Report
	if err == nil {
		report, err = reviews.Report(r.Context(), d.directory, subject)
	}
	if err != nil {
		d.show(w, r, "access", "Access review", http.StatusOK, func(context.Context, directory.Directory) (any, error) { return nil, err })
		return
	}
	name := "access-review-" + report.At.Day() + ".html"
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	_ = WriteReview(w, &report, d.options.Where) // Whoever has gone needs no file.
}

func subjectOf(r *http.Request) (review.Subject, error) {
	var subject review.Subject
	var err error
	if given := r.FormValue("tenant"); given != "" {
		if subject.TenantID, err = rolemodel.ParseAccountCode(given); err != nil {
			return subject, inputError{err}
		}
	}
	if given := r.FormValue("person"); given != "" {
		if subject.Person, err = rolemodel.ParseEmail(given); err != nil {
			return subject, inputError{err}
		}
	}
	return subject, nil
}
