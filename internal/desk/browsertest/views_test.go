package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
)

// views are the four views, with something that each must say of a month after the quick start.
var views = []struct{ name, path, says string }{
	{"worklist", "/", "eve@elsewhere.example"},
	{"access", "/access", "Birch Clinic"},
	{"person", "/person/anna@northwind-it.example", "anna@northwind-it.example"},
	{"trail", "/trail", "kim@northwind-it.example"},
}

// TestViews shows each view, light, dark and on paper, in two widths: nothing goes
// wrong, nothing is asked of another host, and nothing is wider than the window.
func TestViews(t *testing.T) {
	s := show(t, month(t).as("kim@northwind-it.example"), desk.Options{Where: "msp.directory", Who: "kim@northwind-it.example"})
	b := s.enter()
	for _, view := range views {
		for _, scheme := range []string{"light", "dark"} {
			b.in(scheme)
			b.open(s.url(view.path))
			b.wait(`document.querySelector("main[data-view=` + view.name + `]").innerText.includes("` + view.says + `")`)
			if wide := value[int](b, "document.documentElement.scrollWidth"); wide > 1280 {
				t.Errorf("%s, %s: it is %d wide", view.name, scheme, wide)
			}
		}
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		if n := value[int](b, `[...document.querySelectorAll("button, nav, input")].filter((e) => e.checkVisibility()).length`); n > 0 {
			t.Errorf("%s: on paper there are %d things to click", view.name, n)
		}
		paper := run(b, chromedp.PrintToPDF())
		if len(paper) < 1000 || string(paper[:5]) != "%PDF-" {
			t.Errorf("%s: on paper it is %d bytes", view.name, len(paper))
		}
	}
}

// TestWhatGoesWrongIsSeen: the tests would notice a script of somebody else, another host and an error.
func TestWhatGoesWrongIsSeen(t *testing.T) {
	b := show(t, quickstart(t).as("kim"), desk.Options{}).enter()
	value[bool](b, `(() => { const s = document.createElement("img"); s.src = "http://evil.example:1/x"; document.body.append(s); return true })()`)
	b.expectProblem("evil.example")
	value[bool](b, `(() => { setTimeout(() => { throw new Error("planted") }); return true })()`)
	b.expectProblem("planted")
	value[bool](b, `(() => { const s = document.createElement("style"); s.textContent = "body { color: red }"; document.body.append(s); return true })()`)
	b.expectProblem("Content Security Policy")
}
