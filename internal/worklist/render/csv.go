package render

import (
	"encoding/csv"
	"io"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// table writes a row for each item. No cell is a formula to a spreadsheet program.
func table(out io.Writer, list *worklist.Worklist) error {
	of := map[string]*worklist.Pass{}
	for i := range list.Passes {
		for _, id := range list.Passes[i].ItemIDs {
			of[id] = &list.Passes[i]
		}
	}
	w := csv.NewWriter(out)
	rows := [][]string{{"id", "kind", "account", "name", "person", "role_id", "from", "to", "since", "declared_by", "pass", "place"}}
	for i := range list.Items {
		item, pass := &list.Items[i], of[list.Items[i].ID]
		rows = append(rows, []string{
			item.ID, string(item.Kind), string(item.TenantID), item.TenantName, string(item.Person), string(item.RoleID),
			item.From, item.To, string(item.Since), item.DeclaredBy, pass.ID, string(pass.Place),
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = sheet.Cell(row[i])
		}
	}
	return w.WriteAll(rows)
}
