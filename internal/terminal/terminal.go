// Package terminal writes text that people read in a terminal.
package terminal

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/mitchellh/go-wordwrap"
)

// columns is how wide a text is at most, but for words that are longer.
const columns = 80

// Paragraph writes what is said after the lead, and its further lines below the
// first one. What could make a terminal do something is replaced.
func Paragraph(w io.Writer, lead, said string) {
	lines := strings.Split(wordwrap.WrapString(visible(said), uint(columns-len(lead))), "\n")
	_, _ = fmt.Fprintln(w, lead+strings.Join(lines, "\n"+strings.Repeat(" ", len(lead))))
}

func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// Count is a number of things, as one says it.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
