package render

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// CSV writes a row for each person in each tenant, and one without a person for
// each tenant that itself stands out. No cell is a formula to a spreadsheet program.
func CSV(out io.Writer, report *review.Report) error {
	w := csv.NewWriter(out)
	header := []string{
		"account", "name", "partner", "person", "state", "role", "role_id", "role_definition", "protected", "manages_roles",
		"since", "reason", "expires_at", "confirmed_at", "confirmed_by", "stands_out",
	}
	if err := w.Write(header); err != nil {
		return err
	}
	write := func(cells ...string) error {
		for i := range cells {
			cells[i] = sheet.Cell(cells[i])
		}
		return w.Write(cells)
	}
	for i := range report.Rows {
		row := &report.Rows[i]
		var confirmed rolemodel.Sighting
		if row.Confirmed != nil {
			confirmed = *row.Confirmed
		}
		if err := write(string(row.TenantID), row.TenantName, row.PartnerName, string(row.Person), state(row), row.RoleName, string(row.RoleID), row.Definition,
			strconv.FormatBool(row.Protected), strconv.FormatBool(row.ManagesRoles), string(row.Since), row.Reason, string(row.ExpiresAt),
			string(confirmed.At), confirmed.By, kinds(row.Findings)); err != nil {
			return err
		}
	}
	for i := range report.Tenants {
		if tenant := &report.Tenants[i]; len(tenant.Findings) > 0 {
			if err := write(string(tenant.ID), tenant.Name, "", "", "", "", "", "", "", "", "", "", "", "", "", kinds(tenant.Findings)); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}

func state(row *review.Row) string {
	switch {
	case row.Undeclared:
		return "undeclared"
	case row.Expired:
		return "expired"
	}
	return "declared"
}

func kinds(all []review.Kind) string {
	texts := make([]string, len(all))
	for i, kind := range all {
		texts[i] = string(kind)
	}
	return strings.Join(texts, " ")
}
