package browsertest

import (
	"os"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
)

// violation is what axe-core finds wrong.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML, FailureSummary string }
}

// accessible loads axe-core into the tab and says what it finds that is serious.
func (b *tab) accessible(what string) {
	b.t.Helper()
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Evaluate[chromedp.Void](string(axe)))
	for _, v := range value[[]violation](b, `axe.run(document, { resultTypes: ["violations"] }).then((r) => r.violations)`) {
		if v.Impact == "serious" || v.Impact == "critical" {
			b.t.Errorf("%s: %s (%s): %s\n%+v", what, v.ID, v.Impact, v.Help, v.Nodes)
		}
	}
}

// withoutPolicy lets axe-core work, which is not the desk's.
func (b *tab) withoutPolicy() {
	b.t.Helper()
	call(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
}

// TestAccessible: axe-core finds nothing serious in any view, light or dark, nor
// after something was ticked off.
func TestAccessible(t *testing.T) {
	w := month(t)
	s := show(t, w.as("kim@northwind-it.example"), desk.Options{Where: "msp.directory", Who: "kim@northwind-it.example"})
	b := s.enter()
	b.withoutPolicy()
	one := w.list().Items[0].ID
	for _, scheme := range []string{"light", "dark"} {
		b.in(scheme)
		for _, view := range views {
			b.open(s.url(view.path))
			b.wait(`document.querySelector("main[data-view=` + view.name + `]").innerText.includes("` + view.says + `")`)
			b.accessible(view.name + ", " + scheme)
		}
		b.open(s.url("/person"))
		b.accessible("people, " + scheme)
		b.open(s.url("/"))
		b.click(tickOf(one))
		b.wait(isDone(one))
		b.accessible("ticked off, " + scheme)
		b.open(s.url("/"))
		b.accessible("ticked off and loaded again, " + scheme)
		b.click(tickOf(one))
		b.wait(isDue(one))
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.body.append(document.createElement("img"))`))
	if n := value[int](b, `axe.run(document).then((r) => r.violations.filter((v) => v.id === "image-alt").length)`); n != 1 {
		t.Error("axe-core does not find an image without a text")
	}
}
