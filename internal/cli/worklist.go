package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/render"
)

// errToDo says that the worklist is not empty, which is no failure.
var errToDo = errors.New("something is to be done at Mimecast")

func newWorklist() *cobra.Command {
	var narrow narrowing
	var format string
	command := &cobra.Command{
		Use: "worklist", Short: "Say what is still to be done at Mimecast", Args: cobra.NoArgs,
		Long: `Say what is still to be done at Mimecast: the difference between what the
directory declares and what was last seen there, in the fewest passes. Nothing
is changed, here or there.

A pass at the Administration Console does everything in one account. A pass in
the Partner Portal does, for one person, Partner Administrator in all accounts
where a Partner Administrator of the partner was seen.

An item goes from the list when somebody confirms that it is done ("confirm"), or
when it is seen to be so ("observe").

The exit status is 0 when nothing is to be done, and 3 when something is.

` + anyDirectory,
		Example: `  terraform-provider-mimecast worklist --directory msp.directory
  terraform-provider-mimecast worklist --directory msp.directory --person anna@northwind-it.example
  terraform-provider-mimecast worklist --directory https://directory.example --format markdown > ticket.md`,
	}
	narrow.flags(command)
	command.Flags().StringVar(&format, "format", "text", "form of the output: text, markdown, csv or json")
	return readerCommand(command, "WORKLIST", func(ctx context.Context, r directory.Reader, out io.Writer) error {
		filter, err := narrow.filter()
		if err != nil {
			return err
		}
		list, err := gather.Worklist(ctx, r, filter)
		if err != nil {
			return err
		}
		if err := render.Write(out, format, &list); err != nil || len(list.Items) == 0 {
			return err
		}
		return errToDo
	})
}

// narrowing is the part of a worklist that is asked for.
type narrowing struct {
	tenants []string
	person  string
}

func (n *narrowing) flags(command *cobra.Command) {
	command.Flags().StringSliceVar(&n.tenants, "tenant", nil, "account code of a tenant, the only one; may be repeated")
	command.Flags().StringVar(&n.person, "person", "", "address of a person, the only one")
}

func (n *narrowing) filter() (gather.Filter, error) {
	var filter gather.Filter
	for _, tenant := range n.tenants {
		code, err := rolemodel.ParseAccountCode(tenant)
		if err != nil {
			return filter, fmt.Errorf("--tenant: %w", err)
		}
		filter.Tenants = append(filter.Tenants, code)
	}
	if n.person == "" {
		return filter, nil
	}
	email, err := rolemodel.ParseEmail(n.person)
	if err != nil {
		return filter, fmt.Errorf("--person: %w", err)
	}
	filter.Person = email
	return filter, nil
}
