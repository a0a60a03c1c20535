package sheet

import (
	"strings"
	"unicode/utf8"
)

// Cell returns a text as a cell that no spreadsheet program takes for a formula:
// whoever chooses a client's name or an address must not run anything on the
// machine of whoever opens the file. Read takes the apostrophe away again.
func Cell(text string) string {
	if formula(text) {
		return "'" + text
	}
	return text
}

// fromCell returns the text that Cell was given, and what people write as it is.
func fromCell(cell string) string {
	if text, quoted := strings.CutPrefix(cell, "'"); quoted && formula(text) {
		return text
	}
	return cell
}

// formula says whether the text begins, behind any apostrophes, as a formula does
// (https://owasp.org/www-community/attacks/CSV_Injection).
func formula(text string) bool {
	first, size := utf8.DecodeRuneInString(strings.TrimLeft(text, "'"))
	return size > 0 && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}
