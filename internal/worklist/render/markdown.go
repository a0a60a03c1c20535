package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// escaped keeps what people wrote from being Markdown or HTML.
var escaped = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "&", `\&`, "|", `\|`, "~", `\~`, "\n", " ")

// markdown is for a ticket: a heading for each pass and a box for each item.
func markdown(out io.Writer, list *worklist.Worklist) error {
	w := bufio.NewWriter(out)
	items := ByID(list)
	_, _ = fmt.Fprintf(w, "# Worklist\n\n%s\n", Summary(list))
	for i := range list.Passes {
		pass := &list.Passes[i]
		all := AllDue(pass, items)
		_, _ = fmt.Fprintf(w, "\n## %d. %s\n\nPass `%s`%s\n\n", i+1, escaped.Replace(Place(pass)), pass.ID, escaped.Replace(after(". ", all)))
		for j := range pass.Steps {
			box := ""
			if id := pass.Steps[j].ItemID; id != "" {
				box = "[ ] `" + id + "` "
			}
			_, _ = fmt.Fprintf(w, "- %s%s\n", box, escaped.Replace(said(&pass.Steps[j], items, all)))
		}
	}
	if anyModelled(list) {
		_, _ = fmt.Fprintf(w, "\n\\* %s\n", Footnote)
	}
	return w.Flush()
}

// after returns what is said after a lead, "" without anything.
func after(lead, said string) string {
	if said == "" {
		return ""
	}
	return lead + said
}
