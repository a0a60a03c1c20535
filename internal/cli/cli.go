// Package cli is what the program does besides being a provider: it serves a
// directory and keeps the service's credentials.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Run runs a subcommand with its arguments, without the program's name, and
// returns the exit status: 0, 1 for a failure, or 3 for a worklist that is not
// empty. It ends with ctx, or with SIGINT or SIGTERM.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	switch err := root.ExecuteContext(ctx); {
	case errors.Is(err, errToDo):
		return toDo
	case err != nil:
		_, _ = fmt.Fprintln(stderr, "Error:", err)
		return 1
	}
	return 0
}

// toDo is the exit status of a worklist that is not empty.
const toDo = 3

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "terraform-provider-mimecast",
		Short: "Terraform provider, directory service and its credentials",
		Long: `Terraform starts this program without arguments; then it is the provider.

With a subcommand it serves a directory of partners, tenants, roles and external
admins to a team, keeps the credentials that the service is used with, proves
that the audit trail is whole, and says what is still to be done at Mimecast. The
directory is this project's own: Mimecast publishes no API for these entries.`,
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.AddCommand(newServe(), newCredential(), newAudit(), newExport(), newDesk(), newWorklist(), newObserve(), newConfirm(), newReview())
	return root
}
