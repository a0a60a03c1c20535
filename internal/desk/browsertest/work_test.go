package browsertest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// list is the worklist as the directory has it.
func (w *world) list() worklist.Worklist {
	w.t.Helper()
	list, err := gather.Worklist(w.t.Context(), w.as("test"), gather.Filter{})
	w.ok(nil, err)
	return list
}

// due says whether an item is on the worklist.
func (w *world) due(id string) bool {
	w.t.Helper()
	for _, item := range w.list().Items {
		if item.ID == id {
			return true
		}
	}
	return false
}

func rowOf(id string) string  { return fmt.Sprintf("[data-item=%q]", id) }
func tickOf(id string) string { return rowOf(id) + ` button.tick` }
func isDone(id string) string { return fmt.Sprintf(`document.querySelector('%s.done')`, rowOf(id)) }
func isDue(id string) string {
	return fmt.Sprintf(`document.querySelector('%s:not(.done)')`, rowOf(id))
}

func failed(id string) string {
	return fmt.Sprintf(`document.querySelector('%s.failed:not(.done)')`, rowOf(id))
}
func passOf(id string) string  { return fmt.Sprintf("[data-pass=%q]", id) }
func wholeOf(id string) string { return passOf(id) + ` button[data-whole]` }

// TestTicking ticks off one item and a whole pass, with a note, and takes both back.
func TestTicking(t *testing.T) {
	w := month(t)
	b := show(t, w.as("kim@northwind-it.example"), desk.Options{}).enter()
	list := w.list()
	one, pass := list.Items[0].ID, list.Passes[0]
	b.click(tickOf(one))
	b.wait(isDone(one))
	if w.due(one) {
		t.Error("the page says it is done, and the directory does not")
	}
	if says := b.text(rowOf(one)); !strings.Contains(says, "Undo") || !strings.Contains(says, "Confirmed") {
		t.Errorf("it says %q", says)
	}
	b.click(tickOf(one))
	b.wait(isDue(one))
	if !w.due(one) {
		t.Error("the page says it is to be done again, and the directory does not")
	}
	b.do(chromedp.SendKeys(chromedp.CSS(passOf(pass.ID)+" input[name=note]"), "INC-7"))
	b.click(wholeOf(pass.ID))
	for _, id := range pass.ItemIDs {
		b.wait(isDone(id))
		if w.due(id) {
			t.Errorf("%s is still due", id)
		}
	}
	events, err := directory.Collect(w.as("test").AuditEvents(t.Context(), directory.AuditFilter{}))
	if w.ok(nil, err); !strings.Contains(events[len(events)-1].After, "INC-7") {
		t.Errorf("the note is not in %s", events[len(events)-1].After)
	}
	b.do(chromedp.Reload())
	b.wait(`document.querySelector(".done [data-action=undo]")`)
	b.click(tickOf(pass.ItemIDs[0]))
	b.wait(fmt.Sprintf("!(%s)", isDone(pass.ItemIDs[0])))
	for _, id := range pass.ItemIDs {
		if !w.due(id) {
			t.Errorf("%s was confirmed with the others, and not taken back with them", id)
		}
	}
	if got := w.list(); !reflect.DeepEqual(got.Items, list.Items) {
		t.Errorf("got  %v\nwant %v", got.Items, list.Items)
	}
}

// TestLostConnection: what is ticked off while the desk is gone is not shown as
// done, and is said not to be. When the desk is back, the same page goes on.
func TestLostConnection(t *testing.T) {
	w := month(t)
	s := show(t, w.as("kim@northwind-it.example"), desk.Options{})
	b := s.enter()
	one := w.list().Items[0].ID
	s.stop()
	b.click(tickOf(one))
	b.wait(failed(one))
	b.expectProblem("ERR_CONNECTION_REFUSED")
	if says := b.text(rowOf(one)); !strings.Contains(says, "Not confirmed: the desk did not answer") || !strings.Contains(says, "Done") {
		t.Errorf("it says %q", says)
	}
	if !w.due(one) {
		t.Error("it was confirmed")
	}
	s.again()
	b.click(tickOf(one))
	b.wait(isDone(one))
	if w.due(one) {
		t.Error("it was not confirmed")
	}
	s.stop()
	b.click(tickOf(one))
	b.wait(fmt.Sprintf(`document.querySelector('%s.done.failed')`, rowOf(one)))
	b.expectProblem("ERR_CONNECTION_REFUSED")
	if says := b.text(rowOf(one)); !strings.Contains(says, "Not taken back: the desk did not answer") {
		t.Errorf("it says %q", says)
	}
}

// TestSecondDesk: what another desk ticked off meanwhile is said, and the list is shown as it is now.
func TestSecondDesk(t *testing.T) {
	w := month(t)
	one := show(t, w.as("kim@northwind-it.example"), desk.Options{}).enter()
	two := show(t, w.as("lee@northwind-it.example"), desk.Options{}).enter()
	list := w.list()
	first, second := list.Items[0].ID, list.Items[1].ID
	one.click(tickOf(first))
	one.wait(isDone(first))
	two.click(tickOf(first))
	two.wait(`document.querySelector("[role=alert]")?.innerText.includes("confirmed already")`)
	two.expectProblem("409")
	if two.count(rowOf(first)) != 0 || two.count(rowOf(second)) != 1 {
		t.Error("the list is not as it is now")
	}
	two.click(tickOf(second))
	two.wait(isDone(second))
	// What somebody saw since cannot be taken back under them.
	see(w, list.Items[0].TenantID, list.Items[0].Person, "Reviewer")
	one.click(tickOf(first))
	one.wait(`document.body.innerText.includes("Since then " + ` + fmt.Sprintf("%q", list.Items[0].Person) + `)`)
	if problems := one.taken(); len(problems) != 1 || !strings.Contains(problems[0], "/undo") {
		t.Error(problems)
	}
}

// TestWithoutMouse ticks an item off with Tab and Space, and filters with / and Enter.
func TestWithoutMouse(t *testing.T) {
	w := month(t)
	s := show(t, w.as("kim@northwind-it.example"), desk.Options{})
	b := s.enter()
	one := w.list().Items[0].ID
	at := fmt.Sprintf(`document.activeElement.matches('%s')`, tickOf(one))
	for range 100 {
		if value[bool](b, at) {
			break
		}
		b.do(chromedp.KeyEvent("\t"))
		if !value[bool](b, `(() => { const a = document.activeElement, s = getComputedStyle(a); return a === document.body || s.outlineStyle !== "none" || s.boxShadow !== "none" })()`) {
			t.Errorf("who goes on with Tab does not see to where: %s", value[string](b, "document.activeElement.outerHTML"))
		}
	}
	b.do(chromedp.KeyEvent(" "))
	b.wait(isDone(one))
	if w.due(one) {
		t.Error("it was not confirmed")
	}
	b.do(chromedp.KeyEvent("\r")) // It is the button for taking it back now.
	b.wait(isDue(one))
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "/", Text: "/"})
	b.wait(`document.activeElement.id === "filter"`)
	b.do(chromedp.KeyEvent("birch\r"))
	b.wait(`location.search === "?q=birch" && document.querySelectorAll("[data-pass]").length === 1`)
	b.open(s.url("/access"))
	b.wait(`document.getElementById("grid")`)
	b.do(chromedp.Focus(chromedp.CSS(`#grid td[tabindex="0"]`)), chromedp.KeyEvent(kb.ArrowRight+kb.ArrowDown))
	b.wait(`document.activeElement.matches('td[data-tenant=CUKA02A002][data-person="ben@northwind-it.example"]')`)
	b.do(chromedp.KeyEvent("\r"))
	b.wait(`document.querySelector("main[data-view=person]").innerText.includes("ben@northwind-it.example")`)
}

// TestWithoutScript confirms with a form alone, and takes it back.
func TestWithoutScript(t *testing.T) {
	w := month(t)
	b := show(t, w.as("kim@northwind-it.example"), desk.Options{}).enter()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(chromedp.Reload())
	one, pass := w.list().Items[0].ID, w.list().Passes[1]
	visible := func(selector string) { b.do(chromedp.WaitVisible(chromedp.CSS(selector))) }
	b.click(tickOf(one))
	visible(rowOf(one) + `.done`)
	if w.due(one) {
		t.Error("it was not confirmed")
	}
	b.click(wholeOf(pass.ID))
	visible(rowOf(pass.ItemIDs[0]) + `.done`)
	b.click(tickOf(one))
	visible(rowOf(one) + `:not(.done)`)
	if !w.due(one) || w.due(pass.ItemIDs[0]) {
		t.Error("something else was taken back")
	}
}

// TestReadOnly: who may only read sees no buttons that change anything.
func TestReadOnly(t *testing.T) {
	w := month(t)
	s := show(t, w.as("kim@northwind-it.example"), desk.Options{ReadOnly: true})
	b := s.enter()
	for _, view := range views {
		b.open(s.url(view.path))
		b.wait(`document.querySelector("main[data-view=` + view.name + `]")`)
		if n := b.count("button[data-action=confirm], button[data-action=undo]"); n > 0 {
			t.Errorf("%s: %d buttons", view.name, n)
		}
		if !strings.Contains(b.text("body"), "Read only") {
			t.Errorf("%s: it does not say so", view.name)
		}
	}
	if status := value[int](b, `fetch("/confirm", { method: "POST", body: new URLSearchParams({ item: "`+w.list().Items[0].ID+`" }) }).then((r) => r.status)`); status != 403 {
		t.Errorf("a write is answered with %d", status)
	}
	b.expectProblem("403")
}

// TestCopying copies an address with one click, as its owner wrote it.
func TestCopying(t *testing.T) {
	s := show(t, month(t).as("kim@northwind-it.example"), desk.Options{})
	b := s.enter()
	b.click(`[data-action=copy][data-copy="hana@northwind-it.example"]`)
	b.wait(`document.getElementById("status").textContent === "Copied hana@northwind-it.example."`)
	b.do(chromedp.Focus(chromedp.ID("filter")))
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Commands: []string{"Paste"}})
	b.wait(`document.getElementById("filter").value === "hana@northwind-it.example"`)
}
