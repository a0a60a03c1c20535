package desk_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
)

// TestProgress: a page without patience says how far it is before it is there, each time in the place of the one before.
func TestProgress(t *testing.T) {
	t.Parallel()
	shown, err := desk.New(filled(t), desk.Options{})
	if err != nil {
		t.Fatal(err)
	}
	shown.HavePatience(0)
	v := serve(t, shown).stranger()
	status, text := v.get(v.Entry())
	var said []string
	for _, match := range regexp.MustCompile(`<p class="progress" role="status">([^<]*)</p>`).FindAllStringSubmatch(text, -1) {
		said = append(said, match[1])
	}
	for _, want := range []string{"Reading the clients: 3 so far.", "Reading who reaches what: 2 of 3 clients.", "Reading the trail: 1 events so far."} {
		if !slices.Contains(said, want) {
			t.Errorf("%q is not in %q", want, said)
		}
	}
	if last := strings.LastIndex(text, `class="progress"`); status != http.StatusOK || last > strings.Index(text, "<h1>") || strings.Count(text, "<h1>") != 1 || strings.Count(text, "</html>") != 1 {
		t.Errorf("%d %s", status, text)
	}
}
