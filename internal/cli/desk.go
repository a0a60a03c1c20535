package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
)

func newDesk() *cobra.Command {
	var (
		location string
		port     int
		readOnly bool
	)
	command := &cobra.Command{
		Use: "desk", Short: "Show who can get in and what is to be done, in a browser", Args: cobra.NoArgs,
		Long: `Show in a browser on this machine who can get in where, what is still to be done
at Mimecast, one person's access with the whole offboarding, and the audit trail.
What was done at Mimecast is ticked off there.

The link that is printed works once, for one browser; Enter prints another one.
The page has the rights of whoever runs this command: for a file or database its
owner's, for a service the credential's. It is served on 127.0.0.1 only and
loads nothing from anywhere else. Ctrl-C ends it.

` + anyDirectory,
		Example: `  terraform-provider-mimecast desk --directory msp.directory
  terraform-provider-mimecast desk --directory https://directory.example --read-only`,
	}
	command.Flags().StringVar(&location, "directory", "", "directory: the path of a file, a postgres:// URL or the https:// URL of a service")
	command.Flags().IntVar(&port, "port", 0, "port to listen on, by default any that is free")
	command.Flags().BoolVar(&readOnly, "read-only", false, "show everything and change nothing")
	command.RunE = func(command *cobra.Command, _ []string) error {
		ctx := command.Context()
		d, options, closed, err := openForDesk(ctx, location, readOnly)
		if err != nil {
			return err
		}
		defer closed()
		shown, err := desk.New(d, options)
		if err != nil {
			return err
		}
		listener, err := desk.Listen(ctx, port)
		if err != nil {
			return err
		}
		defer listener.Close()
		out := command.OutOrStdout()
		link := func() { _, _ = fmt.Fprintf(out, "  http://%s%s\n", listener.Addr(), shown.Entry()) }
		_, _ = fmt.Fprintln(out, "The desk runs. Open this link, which works once:")
		link()
		if terminal(command.InOrStdin()) {
			_, _ = fmt.Fprintln(out, "Press Enter for another link, Ctrl-C to end the desk.")
			go eachLine(command.InOrStdin(), link)
		}
		return shown.Serve(ctx, listener)
	}
	return fromEnvironment(command, "DESK")
}

// openForDesk opens the directory as openDirectory does, with what the desk says of it.
func openForDesk(ctx context.Context, location string, readOnly bool) (directory.Directory, desk.Options, func(), error) {
	if isService(location) {
		client, err := openService(location)
		if err != nil {
			return nil, desk.Options{}, nil, err
		}
		caller, err := client.Caller(ctx)
		return client, desk.Options{Where: location, Who: caller.Actor, ReadOnly: readOnly || caller.ReadOnly}, func() {}, err
	}
	options := []sqldb.Option{sqldb.MustExist()}
	if readOnly {
		options = append(options, sqldb.ReadOnly())
	}
	db, err := open(location, options...)
	if err != nil {
		return nil, desk.Options{}, nil, err
	}
	who := operator()
	d := db.Open(directory.Owner(who))
	if _, err := d.Identity(ctx); err != nil { // Now, rather than on the first page.
		_ = db.Close()
		return nil, desk.Options{}, nil, err
	}
	return d, desk.Options{Where: db.String(), Who: who.Name, ReadOnly: readOnly}, func() { _ = db.Close() }, nil
}

// terminal says whether somebody can press Enter there.
func terminal(in io.Reader) bool {
	file, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func eachLine(in io.Reader, do func()) {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		do()
	}
}
