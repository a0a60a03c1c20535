package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
)

// typed puts a text into the filter and waits for the frame that shows what it leaves.
const typed = `(async () => {
	const filter = document.getElementById("filter");
	filter.value = %q;
	filter.dispatchEvent(new InputEvent("input", { bubbles: true }));
	await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
	return true;
})()`

// busy is for how many milliseconds the page has used the processor, whatever else the machine does.
func (b *tab) busy() float64 {
	b.t.Helper()
	for _, metric := range call(b, performance.GetMetrics, cdp.Empty{}).Metrics {
		if metric.Name == "TaskDuration" {
			return metric.Value * 1000
		}
	}
	b.t.Fatal("the browser does not say how busy it was")
	return 0
}

// TestLarge shows 300 clients and 40 people, filters while somebody types, and
// says how long it took: figures, not limits.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while to fill the directory")
	}
	w := large(t, 300, 40)
	s := show(t, w.as("kim@northwind-it.example"), desk.Options{})
	b := s.enter()
	call(b, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	for _, view := range []string{"/", "/person", "/person/technician07@northwind-it.example", "/trail", "/access"} {
		b.open(s.url(view))
		b.wait(`document.readyState === "complete" && performance.getEntriesByType("paint").length > 0`)
		took := value[map[string]float64](b, `(() => { const n = performance.getEntriesByType("navigation")[0], p = performance.getEntriesByType("paint")[0];
			return { answer: n.responseStart, first: p.startTime, ready: n.domContentLoadedEventEnd, bytes: n.decodedBodySize } })()`)
		t.Logf("%s, 300 × 40: %.0f kB, answered after %.0f ms, shown after %.0f, all usable after %.0f", view, took["bytes"]/1000, took["answer"], took["first"], took["ready"])
	}
	cells := b.count("td[data-person]")
	if rows := b.count("#grid tbody tr"); rows == 0 || cells == 0 {
		t.Fatalf("%d rows and %d cells", rows, cells)
	}
	for _, text := range []string{"t", "te", "tech", "technician07", "technician07 c", "technician07 client 12", "", "client 12", "partner", "", "technician07 client 12"} {
		before := b.busy()
		value[bool](b, fmt.Sprintf(typed, text))
		t.Logf("filtering %d cells by %q: %.0f ms of the processor", cells, text, b.busy()-before)
	}
	b.wait(`[...document.querySelectorAll("#grid tbody tr")].filter((r) => !r.hidden).length === 13`)

	b = w.reviewFile()
	if n := b.count("tbody tr"); n != 12000 {
		t.Errorf("the review has %d rows", n)
	}
	t.Logf("the review, 300 × 40: open after %.0f ms", value[float64](b, `performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd`))
}
