package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

func newConfirm() *cobra.Command {
	var narrow narrowing
	var pass, note string
	var undo bool
	command := &cobra.Command{
		Use: "confirm [ITEM...]", Short: "Say that items of the worklist were done at Mimecast",
		Long: `Say that items of the worklist were done at Mimecast, which makes each an
observation by you, in the audit trail: the items with the IDs, those of a pass
(--pass), or all of a tenant (--tenant). What is confirmed is printed.

An ID that is not on the worklist any more is an error, and nothing is confirmed.
A pass has another ID once it does other items, so that nobody confirms what they
did not see; --tenant and --person with --pass narrow the worklist as they did
when the pass was on it.

Confirming that a tenant was looked at (never_observed) says that nobody else is
there than the directory and the worklist know of.

--undo takes back what was confirmed by mistake: of the items with the IDs, and
of those that were confirmed with them in the same tenant, is known again what was
known before. They are on the worklist again, and both are in the trail. It can
be done for 30 days, while nobody has seen anything newer of the same people and roles.

` + anyDirectory,
		Example: `  terraform-provider-mimecast confirm --directory msp.directory dowa5saw7vpt crn5blp5pccq
  terraform-provider-mimecast confirm --directory msp.directory --pass obeiawt6dqx4 --note INC-4711
  terraform-provider-mimecast confirm --directory msp.directory --tenant CUSA01A001
  terraform-provider-mimecast confirm --directory msp.directory --undo dowa5saw7vpt`,
	}
	narrow.flags(command)
	command.Flags().StringVar(&pass, "pass", "", "ID of the pass whose items were done")
	command.Flags().StringVar(&note, "note", "", "what is to be in the trail beside it, for example a ticket")
	command.Flags().BoolVar(&undo, "undo", false, "take back what was confirmed, of the items with the IDs")
	return directoryCommand(command, "CONFIRM", func(ctx context.Context, d directory.Directory, ids []string, out io.Writer) error {
		filter, err := narrow.filter()
		if err != nil {
			return err
		}
		switch {
		case undo && (len(ids) == 0 || pass != "" || narrow.person != ""):
			return errors.New("--undo takes back items by their IDs: write those that \"confirm\" printed, and at most --tenant beside them")
		case undo:
			back, err := gather.TakeBack(ctx, d, filter, ids, note)
			printItems(out, "Taken back", back)
			return err
		case len(ids) > 0 && (pass != "" || len(narrow.tenants) > 0 || narrow.person != ""):
			return errors.New("IDs of items are given, and --pass, --tenant or --person too: write one or the other")
		case len(ids) == 0 && pass == "" && len(narrow.tenants) == 0:
			return errors.New("nothing is given to confirm: write IDs of items, --pass ID or --tenant CODE, as the worklist has them")
		}
		confirmed, err := gather.Confirm(ctx, d, filter, gather.Selection{ItemIDs: ids, PassID: pass}, note)
		printConfirmed(out, confirmed, err == nil)
		return err
	})
}

func printConfirmed(out io.Writer, items []worklist.Item, all bool) {
	if len(items) == 0 && all {
		_, _ = fmt.Fprintln(out, "Nothing was to be done there, and nothing is confirmed.")
	}
	printItems(out, "Confirmed", items)
}

func printItems(out io.Writer, what string, items []worklist.Item) {
	for i := range items {
		_, _ = fmt.Fprintf(out, "%s %s, %s (%s): %s\n", what, items[i].ID, items[i].TenantName, items[i].TenantID, items[i].String())
	}
}
