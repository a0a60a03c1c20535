package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/mitchellh/go-wordwrap"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// columns is how wide a text is at most, but for words that are longer.
const columns = 80

// text is for a terminal.
func text(out io.Writer, list *worklist.Worklist) error {
	w := bufio.NewWriter(out)
	items := ByID(list)
	paragraph(w, "", Summary(list))
	for i := range list.Passes {
		pass := &list.Passes[i]
		_, _ = fmt.Fprintln(w)
		paragraph(w, fmt.Sprintf("%3d. ", i+1), Place(pass)+" - pass "+pass.ID)
		all := AllDue(pass, items)
		if all != "" {
			paragraph(w, "     ", all)
		}
		for j := range pass.Steps {
			lead := "     "
			if id := pass.Steps[j].ItemID; id != "" {
				lead += "[ ] " + id + "  "
			}
			paragraph(w, lead, said(&pass.Steps[j], items, all))
		}
	}
	if anyModelled(list) {
		_, _ = fmt.Fprintln(w)
		paragraph(w, "* ", Footnote)
	}
	return w.Flush()
}

// paragraph writes what is said after the lead, and its further lines below the first one.
func paragraph(w io.Writer, lead, said string) {
	lines := strings.Split(wordwrap.WrapString(visible(said), uint(columns-len(lead))), "\n")
	_, _ = fmt.Fprintln(w, lead+strings.Join(lines, "\n"+strings.Repeat(" ", len(lead))))
}

// visible replaces what could make a terminal do something.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
