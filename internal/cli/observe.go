package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/mimecastapi"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/listing"
)

// maxFile is how many bytes of a file are read at most.
const maxFile = 32 << 20

type observeOptions struct {
	file, tenant, note             string
	fromMimecast, skipUnknown, yes bool
	listing.Options
}

func newObserve() *cobra.Command {
	var o observeOptions
	command := &cobra.Command{
		Use: "observe", Short: "Record who was seen at Mimecast with which role", Args: cobra.NoArgs,
		Long: `Record who was seen at Mimecast with which role, from a file or through the reads
that Mimecast publishes.

--file is CSV with a row for each external admin, with commas, semicolons or tabs,
in UTF-8, UTF-16 or Windows-1252. Mimecast's export formats are not public, so none
is known here: the columns are found by their names, or you name them. These names
are recognised:

` + indented(listing.UsualNames()) + `

An account is an account code or a tenant's name, a role the name of a default
role, of a custom role of the directory, or of one that was seen before.

What the file says is shown first; only --yes stores it. Every row that is not
understood is reported with its line, and then nothing is stored unless
--skip-unknown says so.

With --complete, whoever is not in the file is not there: of each tenant that
the file, or --tenant, names. Where rows were left out nothing is complete.

` + aboutFromMimecast + `

` + anyDirectory,
		Example: `  terraform-provider-mimecast observe --directory msp.directory --file admins.csv --complete
  terraform-provider-mimecast observe --directory msp.directory --file alder.csv --tenant CUSA01A001 --email-column Login --yes
  terraform-provider-mimecast observe --directory msp.directory --from-mimecast --tenant CUSA01A001`,
	}
	flags := command.Flags()
	flags.StringVar(&o.file, "file", "", "file with a row for each external admin, - for the standard input")
	flags.BoolVar(&o.fromMimecast, "from-mimecast", false, "ask Mimecast's API, with the credential in "+mimecastapi.EnvClientID+" and "+mimecastapi.EnvClientSecret)
	flags.StringVar(&o.tenant, "tenant", "", "account code of the tenant whose list it is, or whom Mimecast is asked about")
	flags.StringVar(&o.Columns.Account, "account-column", "", "name of the column with the account")
	flags.StringVar(&o.Columns.Email, "email-column", "", "name of the column with the address")
	flags.StringVar(&o.Columns.Role, "role-column", "", "name of the column with the role's name")
	flags.BoolVar(&o.Complete, "complete", false, "the file has all external admins of each tenant in it")
	flags.BoolVar(&o.skipUnknown, "skip-unknown", false, "leave out rows that are not understood")
	flags.BoolVar(&o.yes, "yes", false, "store what the file or Mimecast says")
	flags.StringVar(&o.note, "note", "", "what is to be in the trail beside it; without it, the file's name")
	return directoryCommand(command, "OBSERVE", func(ctx context.Context, d directory.Directory, _ []string, out io.Writer) error {
		if o.fromMimecast {
			return o.runFromMimecast(ctx, d, out, command.ErrOrStderr())
		}
		return o.run(ctx, d, command.InOrStdin(), out)
	})
}

func indented(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

func (o *observeOptions) run(ctx context.Context, d directory.Directory, in io.Reader, out io.Writer) error {
	if o.tenant != "" {
		code, err := rolemodel.ParseAccountCode(o.tenant)
		if err != nil {
			return fmt.Errorf("--tenant: %w", err)
		}
		if _, err := d.Tenant(ctx, code); err != nil {
			return err
		}
		o.Tenant = code
	}
	data, err := o.read(in)
	if err != nil {
		return err
	}
	states, err := gather.States(ctx, d, nil)
	if err != nil {
		return err
	}
	said, err := listing.Read(data, states, o.Options)
	if err != nil {
		return fmt.Errorf("--file %s: %w", o.file, err)
	}
	o.preview(out, said, states)
	switch {
	case len(said.Problems) > 0 && !o.skipUnknown:
		return errors.New("rows were not understood, so nothing is stored: correct them, or leave them out with --skip-unknown")
	case len(said.Sights) == 0:
		return errors.New("the file says nothing of any tenant, so nothing is stored")
	case !o.yes:
		_, err := fmt.Fprintln(out, "\nNothing is stored yet. The same command with --yes stores it.")
		return err
	}
	return o.store(ctx, d, out, said.Sights, rolemodel.MeansFile)
}

func (o *observeOptions) read(in io.Reader) ([]byte, error) {
	switch o.file {
	case "":
		return nil, errors.New("no file is given: write --file PATH, --file - for the standard input, or --from-mimecast")
	case "-":
	default:
		file, err := os.Open(o.file)
		if err != nil {
			return nil, fmt.Errorf("--file: %w", err)
		}
		defer file.Close()
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("it is larger than %d MB: give the rows of some tenants at a time", maxFile>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("--file %s: %w", o.file, err)
	}
	return data, nil
}

// preview shows what the file says, and what would be to be done then.
func (o *observeOptions) preview(out io.Writer, said *listing.Listing, states []worklist.State) {
	_, _ = fmt.Fprintf(out, "%s: %d rows, %s, columns %q.\n", o.file, said.Rows, said.Encoding, said.Header)
	if said.Own > 0 {
		_, _ = fmt.Fprintf(out, "In %d of them the address is the tenant's own, which is no external admin's.\n", said.Own)
	}
	todo, names := todoAfter(states, said.Sights), namesOf(states)
	for _, sight := range said.Sights {
		extent := "some of the external admins"
		if sight.Complete {
			extent = "all external admins"
		} else if o.Complete {
			extent = "not complete, since rows were left out"
		}
		_, _ = fmt.Fprintf(out, "\n%s (%s), %s:\n", names[sight.Tenant], sight.Tenant, extent)
		previewOf(out, sight, todo[sight.Tenant])
	}
	if len(said.Problems) > 0 {
		_, _ = fmt.Fprintf(out, "\nNot understood:\n")
	}
	for _, problem := range said.Problems {
		_, _ = fmt.Fprintf(out, "  %s\n", problem.Error())
	}
}

// todoAfter is what would be to be done about people once the sights are stored.
func todoAfter(states []worklist.State, sights []worklist.Sight) map[rolemodel.AccountCode]map[rolemodel.Email]*worklist.Item {
	now := rolemodel.TimeOf(time.Now())
	todo := map[rolemodel.AccountCode]map[rolemodel.Email]*worklist.Item{}
	items := worklist.Items(now, worklist.Observed(states, sights, rolemodel.Sighting{At: now}))
	for i := range items {
		if of := items[i].TenantID; items[i].Person != "" {
			if todo[of] == nil {
				todo[of] = map[rolemodel.Email]*worklist.Item{}
			}
			todo[of][items[i].Person] = &items[i]
		}
	}
	return todo
}

func namesOf(states []worklist.State) map[rolemodel.AccountCode]string {
	names := map[rolemodel.AccountCode]string{}
	for i := range states {
		names[states[i].Tenant.AccountCode] = states[i].Tenant.Name
	}
	return names
}

func previewOf(out io.Writer, sight worklist.Sight, todo map[rolemodel.Email]*worklist.Item) {
	const padding = 2
	w := tabwriter.NewWriter(out, 0, 0, padding, ' ', 0)
	for _, admin := range sight.Admins {
		_, _ = fmt.Fprintf(w, "  %s\t%s\t%s\n", admin.Email, admin.RoleName, verdict(todo[admin.Email]))
	}
	if len(sight.Admins) == 0 {
		_, _ = fmt.Fprintln(w, "  nobody")
	}
	for _, email := range slices.Sorted(maps.Keys(todo)) {
		if item := todo[email]; item.Kind == worklist.AddAdmin && sight.Complete {
			_, _ = fmt.Fprintf(w, "  %s\t-\tNOT THERE, declared: %s\n", email, item.To)
		}
	}
	_ = w.Flush()
}

// verdict says how what was seen of somebody differs from what is declared.
func verdict(item *worklist.Item) string {
	if item == nil {
		return "as declared"
	}
	switch item.Kind {
	case worklist.UndeclaredAdmin:
		return "NOT DECLARED"
	case worklist.ChangeAdminRole:
		return "declared: " + item.To
	case worklist.RemoveAdmin:
		return "expired"
	case worklist.CreateRole, worklist.EditRole, worklist.AddAdmin, worklist.DeleteRole, worklist.NeverObserved:
	}
	return ""
}

func (o *observeOptions) store(ctx context.Context, d directory.Directory, out io.Writer, sights []worklist.Sight, means rolemodel.Means) error {
	note := o.note
	if note == "" && o.file != "" && o.file != "-" {
		note = filepath.Base(o.file)
	}
	_, _ = fmt.Fprintln(out)
	for _, sight := range sights {
		if _, err := directory.SayObserved(ctx, d, directory.Observe{
			Tenant: sight.Tenant, Complete: sight.Complete, Admins: sight.Admins, Roles: sight.Roles, Means: means, Note: note,
		}); err != nil {
			return fmt.Errorf("what was seen of %s is not stored, nor what comes after it: %w", sight.Tenant, err)
		}
		_, _ = fmt.Fprintf(out, "Stored what was seen of %s.\n", sight.Tenant)
	}
	return nil
}
