package browsertest

import (
	"fmt"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
)

// typing types a text into the filter, letter by letter, and returns the longest
// time from a letter to the frame that shows what it leaves, in milliseconds.
const typing = `(async () => {
	const filter = document.getElementById("filter"), frame = () => new Promise((f) => requestAnimationFrame(() => setTimeout(f)));
	let longest = 0;
	for (const text of %s) {
		await frame();
		const begun = performance.now();
		filter.value = text;
		filter.dispatchEvent(new InputEvent("input", { bubbles: true }));
		await frame();
		longest = Math.max(longest, performance.now() - begun);
	}
	return longest;
})()`

// TestLarge shows 300 clients and 40 people, filters while somebody types, and
// says how long it took: figures, not limits.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while to fill the directory")
	}
	w := large(t, 300, 40)
	s := show(t, w.as("kim@northwind-it.example"), desk.Options{})
	b := s.enter()
	for _, view := range []string{"/access", "/", "/person", "/person/technician07@northwind-it.example", "/trail"} {
		b.open(s.url(view))
		b.wait(`document.readyState === "complete" && performance.getEntriesByType("paint").length > 0`)
		took := value[map[string]float64](b, `(() => { const n = performance.getEntriesByType("navigation")[0], p = performance.getEntriesByType("paint")[0];
			return { answer: n.responseStart, whole: n.responseEnd, first: p.startTime, ready: n.domContentLoadedEventEnd, bytes: n.decodedBodySize } })()`)
		t.Logf("%s, 300 × 40: %.0f kB, first byte after %.0f ms, last after %.0f, something shown after %.0f, all usable after %.0f", view, took["bytes"]/1000, took["answer"], took["whole"], took["first"], took["ready"])
	}
	b.open(s.url("/access"))
	b.wait(`document.getElementById("grid") && document.readyState === "complete"`)
	if rows, cells := b.count("#grid tbody tr"), b.count("td[data-person]"); rows == 0 || cells == 0 {
		t.Fatalf("%d rows and %d cells", rows, cells)
	}
	words := `["t","te","tec","tech","techn","technician07","technician07 c","technician07 client 1","technician07 client 12","technician07 client 120",""]`
	t.Logf("filtering while typing, %d cells: at most %.0f ms from a letter to the frame", b.count("td[data-person]"), value[float64](b, fmt.Sprintf(typing, words)))
	value[float64](b, fmt.Sprintf(typing, `["technician07 client 12"]`))
	b.wait(`[...document.querySelectorAll("#grid tbody tr")].filter((r) => !r.hidden).length === 13`)

	b = w.reviewFile()
	if n := b.count("tbody tr"); n != 12000 {
		t.Errorf("the review has %d rows", n)
	}
	t.Logf("the review, 300 × 40: open after %.0f ms", value[float64](b, `performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd`))
}
