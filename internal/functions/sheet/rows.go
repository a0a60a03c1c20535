package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode"
)

// Row is a row that has any text, its cells without spaces around them, and the
// line where it begins.
type Row struct {
	Line  int
	Cells []string
}

// Rows yields the rows of a CSV text, whose columns are separated by commas,
// semicolons or tabs. A row that cannot be read has an error instead of cells.
func Rows(text string) iter.Seq2[Row, error] {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\ufeff"))
	rows := csv.NewReader(strings.NewReader(text))
	rows.Comma = separator(text)
	rows.FieldsPerRecord = -1
	rows.TrimLeadingSpace = rows.Comma != '\t' // Which is a space too, and would join empty cells.
	return func(yield func(Row, error) bool) {
		for {
			cells, err := rows.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if malformed, ok := errors.AsType[*csv.ParseError](err); ok {
				err = errors.New("a quotation mark is not closed, or not around a whole cell: write one before and one after the cell, and two for one inside it")
				if !yield(Row{Line: malformed.StartLine}, err) {
					return
				}
				continue
			}
			for i, cell := range cells {
				cells[i] = fromCell(strings.TrimSpace(cell))
			}
			if line, _ := rows.FieldPos(0); slices.ContainsFunc(cells, func(cell string) bool { return cell != "" }) && !yield(Row{line, cells}, nil) {
				return
			}
		}
	}
}

// Cell returns what a column has in the row, "" where the row ends before it or
// the column is none (-1).
func (r *Row) Cell(column int) string {
	if column >= 0 && column < len(r.Cells) {
		return r.Cells[column]
	}
	return ""
}

// separator returns what separates the columns in the first line that has any text.
func separator(text string) rune {
	const separators = ",;\t"
	first := text
	for line := range strings.Lines(text) {
		if first = line; strings.Trim(line, separators+" \n") != "" {
			break
		}
	}
	return slices.MaxFunc([]rune(separators), func(a, b rune) int {
		return strings.Count(first, string(a)) - strings.Count(first, string(b))
	})
}

// Column returns where the first of the names is among the columns, -1 if none
// is. Of names only the letters count. An error says that it is there twice.
func Column(header, names []string) (int, error) {
	letters := make([]string, len(header))
	for i, cell := range header {
		letters[i] = lettersOf(cell)
	}
	for _, name := range names {
		at := slices.Index(letters, lettersOf(name))
		if at >= 0 && slices.Contains(letters[at+1:], letters[at]) {
			return at, fmt.Errorf("two columns are called %q: keep one of them", header[at])
		}
		if at >= 0 {
			return at, nil
		}
	}
	return -1, nil
}

// lettersOf returns the letters of a name, lower case.
func lettersOf(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
