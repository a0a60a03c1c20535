package render

import (
	"bufio"
	"fmt"
	"io"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/terminal"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// text is for a terminal.
func text(out io.Writer, list *worklist.Worklist) error {
	w := bufio.NewWriter(out)
	items := ByID(list)
	terminal.Paragraph(w, "", Summary(list))
	for i := range list.Passes {
		pass := &list.Passes[i]
		_, _ = fmt.Fprintln(w)
		terminal.Paragraph(w, fmt.Sprintf("%3d. ", i+1), Place(pass)+" - pass "+pass.ID)
		all := AllDue(pass, items)
		if all != "" {
			terminal.Paragraph(w, "     ", all)
		}
		for j := range pass.Steps {
			lead := "     "
			if id := pass.Steps[j].ItemID; id != "" {
				lead += "[ ] " + id + "  "
			}
			terminal.Paragraph(w, lead, said(&pass.Steps[j], items, all))
		}
	}
	if anyModelled(list) {
		_, _ = fmt.Fprintln(w)
		terminal.Paragraph(w, "* ", Footnote)
	}
	return w.Flush()
}
