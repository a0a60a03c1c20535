// Package render writes a worklist for people and for programs.
package render

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/terminal"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// Write writes the worklist in a format: text, markdown, csv or json.
func Write(out io.Writer, format string, list *worklist.Worklist) error {
	switch format {
	case "text":
		return text(out, list)
	case "markdown":
		return markdown(out, list)
	case "csv":
		return table(out, list)
	case "json":
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(list)
	}
	return fmt.Errorf("--format is %q: write text, markdown, csv or json", format)
}

// Summary says in sentences how much there is to do.
func Summary(list *worklist.Worklist) string {
	if len(list.Items) == 0 {
		return "Nothing is to be done at Mimecast."
	}
	phrases := map[worklist.Kind][2]string{
		worklist.CreateRole:      {"role to create", "roles to create"},
		worklist.EditRole:        {"role to edit", "roles to edit"},
		worklist.AddAdmin:        {"admin to add", "admins to add"},
		worklist.ChangeAdminRole: {"admin to give another role", "admins to give another role"},
		worklist.RemoveAdmin:     {"admin to remove", "admins to remove"},
		worklist.UndeclaredAdmin: {"admin there without being declared", "admins there without being declared"},
		worklist.NeverObserved:   {"account never looked at", "accounts never looked at"},
		worklist.DeleteRole:      {"role to delete", "roles to delete"},
	}
	counts := list.Counts()
	var parts []string
	for _, kind := range worklist.Kinds() {
		if n := counts[kind]; n > 0 {
			parts = append(parts, terminal.Count(n, phrases[kind][0], phrases[kind][1]))
		}
	}
	said := fmt.Sprintf("%s to be done at Mimecast, in %s: %s.", terminal.Count(len(list.Items), "item", "items"), terminal.Count(len(list.Passes), "pass", "passes"), strings.Join(parts, ", "))
	if oldest := list.Oldest(); oldest != "" {
		said += fmt.Sprintf(" The oldest is due since %s.", oldest.Day())
	}
	return said
}

// Due says since when an item is due and by whom, as far as that is known.
func Due(item *worklist.Item) string {
	switch {
	case item == nil || item.Since == "":
		return ""
	case item.Kind == worklist.UndeclaredAdmin && item.Seen != nil:
		return fmt.Sprintf("Never declared; seen %s by %s.", item.Since.Day(), item.Seen.By)
	case item.DeclaredBy != "":
		return fmt.Sprintf("Since %s, by %s.", item.Since.Day(), item.DeclaredBy)
	}
	return fmt.Sprintf("Since %s.", item.Since.Day())
}

// AllDue is what Due says of each item of the pass, "" unless it is the same of all.
func AllDue(pass *worklist.Pass, items map[string]*worklist.Item) string {
	first := Due(items[pass.ItemIDs[0]])
	for _, id := range pass.ItemIDs {
		if Due(items[id]) != first {
			return ""
		}
	}
	return first
}

// Place names where a pass takes place.
func Place(pass *worklist.Pass) string {
	if pass.Place == worklist.Portal {
		return fmt.Sprintf("Partner Portal: %s in %s", pass.Person, terminal.Count(len(pass.Accounts), "account", "accounts"))
	}
	return fmt.Sprintf("Administration Console: %s (%s)", pass.Accounts[0].Name, pass.Accounts[0].Code)
}

// Footnote explains the asterisk.
const Footnote = "No public article of Mimecast's describes a step with an asterisk: it is modelled."

// ByID looks items up.
func ByID(list *worklist.Worklist) map[string]*worklist.Item {
	items := make(map[string]*worklist.Item, len(list.Items))
	for i := range list.Items {
		items[list.Items[i].ID] = &list.Items[i]
	}
	return items
}

// said is what a step says, marked if it is modelled, with what is to be known of
// its item that is not said of all items of the pass.
func said(step *worklist.Step, items map[string]*worklist.Item, all string) string {
	text := step.Text
	if step.Modelled {
		text += " *"
	}
	if of := Due(items[step.ItemID]); of != "" && of != all {
		text += " (" + of + ")"
	}
	return text
}

func anyModelled(list *worklist.Worklist) bool {
	for i := range list.Passes {
		for j := range list.Passes[i].Steps {
			if list.Passes[i].Steps[j].Modelled {
				return true
			}
		}
	}
	return false
}
