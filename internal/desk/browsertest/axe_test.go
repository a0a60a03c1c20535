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

// TestAccessible: axe-core finds nothing serious in any view, light or dark,
// after something was ticked off, nor on the page for strangers.
func TestAccessible(t *testing.T) {
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	w := month(t)
	s := show(t, w.as("kim@northwind-it.example"), desk.Options{Where: "msp.directory", Who: "kim@northwind-it.example"})
	b := s.enter()
	call(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}) // axe-core is not the desk's.
	check := func(what string) {
		t.Helper()
		b.do(chromedp.Evaluate[chromedp.Void](string(axe)))
		found := value[[]violation](b, `axe.run(document, { resultTypes: ["violations"] }).then((r) => r.violations)`)
		for _, v := range found {
			if v.Impact == "serious" || v.Impact == "critical" {
				t.Errorf("%s: %s (%s): %s\n%+v", what, v.ID, v.Impact, v.Help, v.Nodes)
			} else {
				t.Logf("%s: %s (%s): %s\n%+v", what, v.ID, v.Impact, v.Help, v.Nodes)
			}
		}
	}
	one := w.list().Items[0].ID
	for _, scheme := range []string{"light", "dark"} {
		b.in(scheme)
		for _, view := range views {
			b.open(s.url(view.path))
			b.wait(`document.querySelector("main[data-view=` + view.name + `]").innerText.includes("` + view.says + `")`)
			check(view.name + ", " + scheme)
		}
		b.open(s.url("/person"))
		check("people, " + scheme)
		b.open(s.url("/"))
		b.click(tickOf(one))
		b.wait(isDone(one))
		check("ticked off, " + scheme)
		b.open(s.url("/"))
		check("taken off, " + scheme)
		b.click(tickOf(one))
		b.wait(isDue(one))
	}
	call(b, page.SetBypassCSP, page.SetBypassCSPParams{})
	b.do(chromedp.Evaluate[chromedp.Void](`document.body.append(document.createElement("img"))`))
	b.do(chromedp.Evaluate[chromedp.Void](string(axe)))
	if n := value[int](b, `axe.run(document).then((r) => r.violations.filter((v) => v.id === "image-alt").length)`); n != 1 {
		t.Error("axe-core does not find an image without a text")
	}
}
