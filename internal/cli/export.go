package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/export"
)

func newExport() *cobra.Command {
	var format string
	var single bool
	command := &cobra.Command{
		Use: "export", Short: "Write what a directory holds as configuration or as a spreadsheet", Args: cobra.NoArgs,
		Long: `Write what a directory holds to the standard output.

--format hcl writes a resource and an import block for everything, so that a plan
in an empty state imports all of it and changes only who declares it, with
Terraform and with OpenTofu. External admins are one map for each tenant or, with
--single, a resource each.

--format csv writes a row for each external admin, with the columns account,
name, email, role, reason and expires_at; the provider's function access_from_csv
reads it.

--directory is the path of a file, a postgres:// URL or the https:// URL of a
service; for a service, MIMECAST_CLIENT_ID and MIMECAST_CLIENT_SECRET are the
credential, whose scope is what is written.`,
		Example: `  terraform-provider-mimecast export --directory msp.directory > existing.tf
  terraform-provider-mimecast export --directory msp.directory --format csv > access.csv`,
	}
	command.Flags().StringVar(&format, "format", "hcl", "form of the output: hcl or csv")
	command.Flags().BoolVar(&single, "single", false, "write a resource for each external admin instead of a map for each tenant")
	return readerCommand(command, "EXPORT", func(ctx context.Context, r directory.Reader, out io.Writer) error {
		switch format {
		case "hcl":
			return export.HCL(ctx, r, out, single)
		case "csv":
			if single {
				return errors.New("--single is for --format hcl: a row of csv is one external admin anyway")
			}
			return export.CSV(ctx, r, out)
		}
		return fmt.Errorf("--format is %q: write hcl or csv", format)
	})
}
