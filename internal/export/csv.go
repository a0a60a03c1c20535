package export

import (
	"context"
	"encoding/csv"
	"io"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// CSV writes a row for each external admin: the tenant's account code and name,
// the address, the ID of the role, why and until when. The provider's function access_from_csv
// reads it. A cell that a spreadsheet program could take for a formula begins with an apostrophe.
func CSV(ctx context.Context, r directory.Reader, out io.Writer) error {
	if err := check(ctx, r); err != nil {
		return err
	}
	names := map[rolemodel.AccountCode]string{}
	for tenant, err := range r.Tenants(ctx, directory.TenantFilter{}) {
		if err != nil {
			return err
		}
		names[tenant.AccountCode] = tenant.Name
	}
	w := csv.NewWriter(out)
	if err := w.Write([]string{"account", "name", "email", "role", "reason", "expires_at"}); err != nil {
		return err
	}
	for admin, err := range r.ExternalAdmins(ctx, directory.ExternalAdminFilter{}) {
		if err != nil {
			return err
		}
		err = w.Write([]string{
			string(admin.TenantID), sheet.Cell(names[admin.TenantID]), sheet.Cell(string(admin.Email)), string(admin.RoleID),
			sheet.Cell(admin.Reason), string(admin.ExpiresAt),
		})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
