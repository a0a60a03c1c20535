package cli

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
)

// anyDirectory tells in a command's help what --directory may be.
const anyDirectory = `--directory is the path of a file, a postgres:// URL or the https:// URL of a
service; for a service, MIMECAST_CLIENT_ID and MIMECAST_CLIENT_SECRET are the
credential, whose scope is what there is.`

// readerCommand returns a command that reads the directory that --directory
// names. The environment gives its flags as well, with the prefix.
func readerCommand(command *cobra.Command, prefix string, run func(context.Context, directory.Reader, io.Writer) error) *cobra.Command {
	return directoryCommand(command, prefix, func(ctx context.Context, d directory.Directory, _ []string, out io.Writer) error {
		return run(ctx, d, out)
	}, sqldb.ReadOnly())
}

// directoryCommand is a readerCommand that may write as well, and has arguments.
func directoryCommand(command *cobra.Command, prefix string, run func(context.Context, directory.Directory, []string, io.Writer) error, options ...sqldb.Option) *cobra.Command {
	var location string
	command.Flags().StringVar(&location, "directory", "", "directory: the path of a file, a postgres:// URL or the https:// URL of a service")
	command.RunE = func(command *cobra.Command, args []string) error {
		d, closed, err := openDirectory(location, options...)
		if err != nil {
			return err
		}
		defer closed()
		return run(command.Context(), d, args, command.OutOrStdout())
	}
	return fromEnvironment(command, prefix)
}

// openDirectory opens a directory that exists, or the service of one.
func openDirectory(location string, options ...sqldb.Option) (directory.Directory, func(), error) {
	if isService(location) {
		client, err := openService(location)
		return client, func() {}, err
	}
	db, err := open(location, append(options, sqldb.MustExist())...)
	if err != nil {
		return nil, nil, err
	}
	return db.Open(directory.Owner(operator())), func() { _ = db.Close() }, nil
}

// isService says whether the location is the URL of a service.
func isService(location string) bool {
	return strings.HasPrefix(location, "https://") || strings.HasPrefix(location, "http://")
}

func openService(location string) (*httpclient.Client, error) {
	return httpclient.New(httpclient.Config{URL: location, ClientID: os.Getenv("MIMECAST_CLIENT_ID"), ClientSecret: os.Getenv("MIMECAST_CLIENT_SECRET")})
}

// nameOf names the directory at a location without any password.
func nameOf(location string) string {
	if isService(location) {
		return location
	}
	db, err := open(location)
	if err != nil {
		return ""
	}
	defer db.Close()
	return db.String()
}
