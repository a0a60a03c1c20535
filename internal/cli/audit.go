package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

func newAudit() *cobra.Command {
	command := &cobra.Command{
		Use:   "audit",
		Short: "Prove that the audit trail is whole",
		Long: `Each event of the audit trail carries the digest of the one before it in its
trail, so that an event cannot be altered, removed or put in without its being
seen. Whoever keeps the heads of the trails, the last event of each, somewhere
else can also see later whether the last events are still there.

--directory is the path of a file, a postgres:// URL or the https:// URL of a
service; for a service, MIMECAST_CLIENT_ID and MIMECAST_CLIENT_SECRET are the
credential, which sees its own trails only.`,
	}
	command.AddCommand(newHeads(), newVerify())
	return command
}

// errFindings says that the trail is not whole. What is wrong was said already.
var errFindings = errors.New("the audit trail is not whole")

func newHeads() *cobra.Command {
	return readerCommand(&cobra.Command{
		Use: "heads", Short: "Write the last event of each trail as JSON, to be kept elsewhere", Args: cobra.NoArgs,
		Example: `  terraform-provider-mimecast audit heads --directory msp.directory > heads.json`,
	}, "AUDIT", func(ctx context.Context, r directory.Reader, out io.Writer) error {
		heads, err := directory.Collect(r.AuditHeads(ctx, directory.AuditHeadFilter{}))
		if err != nil {
			return err
		}
		if heads == nil {
			heads = []directory.AuditHead{}
		}
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(heads)
	})
}

func newVerify() *cobra.Command {
	var file string
	command := &cobra.Command{
		Use: "verify", Short: "Say whether events were altered, removed or put in", Args: cobra.NoArgs,
		Long: `Say whether events were altered, removed or put in. Each finding is a line, and
the exit status is 1 if there is one.`,
		Example: `  terraform-provider-mimecast audit verify --directory msp.directory --heads heads.json`,
	}
	command.Flags().StringVar(&file, "heads", "", "file that \"audit heads\" wrote at an earlier time")
	return readerCommand(command, "AUDIT", func(ctx context.Context, r directory.Reader, out io.Writer) error {
		kept, err := readHeads(file)
		if err != nil {
			return err
		}
		found, err := directory.VerifyAudit(ctx, r, kept)
		for _, finding := range found {
			_, _ = fmt.Fprintln(out, finding)
		}
		switch {
		case err != nil:
			return err
		case len(found) > 0:
			return errFindings
		}
		heads, err := directory.Collect(r.AuditHeads(ctx, directory.AuditHeadFilter{}))
		if err != nil {
			return err
		}
		events := int64(0)
		for _, head := range heads {
			events += head.Number
		}
		_, err = fmt.Fprintf(out, "%d events in %d trails, all in order.\n", events, len(heads))
		return err
	})
}

// readHeads reads heads that were kept, none if no file is given.
func readHeads(file string) ([]directory.AuditHead, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file) //nolint:gosec // The user's own file.
	if err != nil {
		return nil, fmt.Errorf("--heads: %w", err)
	}
	var heads []directory.AuditHead
	if err := json.Unmarshal(text, &heads); err != nil {
		return nil, fmt.Errorf("--heads: %s is not what \"audit heads\" writes", file)
	}
	return heads, nil
}
