package desk

import (
	"bufio"
	"context"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

//go:embed templates
var templateFiles embed.FS

type templates = *template.Template

func parse() (templates, error) {
	return template.New("desk").Funcs(template.FuncMap{
		"day": rolemodel.Time.Day, "minute": minute, "mark": clip,
	}).ParseFS(templateFiles, "templates/*.html")
}

// minute writes a moment for people: 2026-11-30 21:14 UTC.
func minute(t rolemodel.Time) string {
	if len(t) < len("2006-01-02T15:04") {
		return string(t)
	}
	return strings.Replace(string(t[:len("2006-01-02T15:04")]), "T", " ", 1) + " UTC"
}

// clip shortens a text to so many characters.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// head is what the beginning of each page says.
type head struct {
	Options
	// View is worklist, access, person or trail.
	View, Title string
}

// problem is a page that could not be made.
type problem struct{ Title, Said string }

// page is a page on its way to the browser.
type page struct {
	desk    *Desk
	head    head
	w       http.ResponseWriter
	out     *bufio.Writer
	begun   bool
	started time.Time
	said    time.Time
}

// show makes a page of the view, or the list of people, which is of the view
// person too: read gathers its body, and the template of that name writes it. What takes longer than a moment says how far it is.
func (d *Desk) show(w http.ResponseWriter, r *http.Request, view, title string, status int, read func(context.Context, directory.Directory) (any, error)) {
	head := head{Options: d.options, View: view, Title: title}
	if view == "people" {
		head.View = "person"
	}
	p := &page{desk: d, head: head, w: w, out: bufio.NewWriter(w), started: time.Now()}
	body, err := read(r.Context(), &watched{Directory: d.directory, say: p.progress})
	name := view
	if err != nil {
		if status == http.StatusOK {
			status = statusOf(err, http.StatusInternalServerError)
		}
		name, body = "problem", problem{Title: title, Said: sentence(err.Error())}
	}
	p.begin(status)
	p.write(name, body)
	p.write("foot", p.head)
	_ = p.out.Flush() // Whoever has gone needs no page.
}

// begin sends the beginning of the page, once.
func (p *page) begin(status int) {
	if p.begun {
		return
	}
	p.begun = true
	p.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	p.w.WriteHeader(status)
	p.write("head", p.head)
}

func (p *page) write(name string, data any) {
	_ = p.desk.templates.ExecuteTemplate(p.out, name, data)
}

// progress says how far the page is, if it takes long, not too often. Each says
// it in the place of the one before.
func (p *page) progress(said string) {
	if now := time.Now(); now.Sub(p.started) >= p.desk.patience && now.Sub(p.said) >= p.desk.patience {
		p.said = now
		p.begin(http.StatusOK)
		p.write("progress", said)
		_ = p.out.Flush()
		_ = http.NewResponseController(p.w).Flush()
	}
}

// nothing answers where there is no page.
func (d *Desk) nothing(w http.ResponseWriter, r *http.Request) {
	d.show(w, r, "worklist", "No such page", http.StatusNotFound, func(context.Context, directory.Directory) (any, error) {
		return nil, errors.New("there is no page here: take one of the links above")
	})
}

// inputError is a mistake in what was asked for.
type inputError struct{ error }

// statusOf returns the status that goes with an error, of which nothing else is known otherwise.
func statusOf(err error, otherwise int) int {
	var forbidden *directory.ForbiddenError
	var input inputError
	_, refused := rolemodel.AsViolations(err)
	switch {
	case directory.IsNotFound(err):
		return http.StatusNotFound
	case errors.As(err, &input):
		return http.StatusBadRequest
	case refused, errors.As(err, &forbidden), errors.Is(err, directory.ErrReadOnly), errors.Is(err, directory.ErrRevoked):
		return http.StatusForbidden
	}
	return otherwise
}

// sentence makes a sentence of an error.
func sentence(said string) string {
	first, size := utf8.DecodeRuneInString(said)
	said = string(unicode.ToUpper(first)) + said[size:]
	if !strings.HasSuffix(said, ".") && !strings.HasSuffix(said, "]") { // A violation ends with its rule.
		said += "."
	}
	return said
}
