package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review/render"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func newReview() *cobra.Command {
	var (
		of        reviewed
		page, csv string
		format    string
	)
	command := &cobra.Command{
		Use: "review", Short: "Show who can reach what, what stands out and what changed", Args: cobra.NoArgs,
		Long: `Show who can reach what, since when and why, what of it stands out, and what
changed since somebody last signed that they looked: of everything that there
is, of one client (--tenant), of one person (--person), or of both.

Nothing is changed. Whoever has looked signs with "review sign", which puts the
digest of what they looked at into the audit trail.

--html and --csv write all of it to a file, which must not be there yet: a page
that needs nothing else, for whoever does not know this program, and a
spreadsheet.
--format canonical writes the very text whose SHA-256 the digest is.

` + anyDirectory,
		Example: `  terraform-provider-mimecast review --directory msp.directory --html review.html --csv review.csv
  terraform-provider-mimecast review --directory msp.directory --person anna@northwind-it.example
  terraform-provider-mimecast review --directory msp.directory --format canonical | sha256sum`,
	}
	of.flags(command)
	command.Flags().StringVar(&page, "html", "", "file to write a page to that needs nothing else")
	command.Flags().StringVar(&csv, "csv", "", "file to write all rows to, for a spreadsheet")
	command.Flags().StringVar(&format, "format", "text", "form of the output: text, json, csv or canonical")
	command.AddCommand(newSign())
	return readerCommand(command, "REVIEW", func(ctx context.Context, r directory.Reader, out io.Writer) error {
		subject, err := of.subject()
		if err != nil {
			return err
		}
		report, err := gather.Report(ctx, r, subject)
		if err != nil {
			return err
		}
		location := command.Flag("directory").Value.String()
		var text bytes.Buffer
		if err := render.Write(&text, format, &report, signing(location, &report)); err != nil {
			return err
		}
		if err := writeNew(
			newFile{"--html", page, func(file io.Writer) error { return desk.WriteReview(file, &report, nameOf(location)) }},
			newFile{"--csv", csv, func(file io.Writer) error { return render.CSV(file, &report) }},
		); err != nil {
			return err
		}
		_, err = text.WriteTo(out)
		return err
	})
}

func newSign() *cobra.Command {
	var (
		of           reviewed
		digest, note string
	)
	command := &cobra.Command{
		Use: "sign --digest DIGEST", Short: "Sign that you looked at who can reach what", Args: cobra.NoArgs,
		Long: `Sign that you looked at who can reach what: the digest that "review" showed, with
the same --tenant and --person, goes into the audit trail with your name. If
there is something else now, nothing is signed.

With a service it takes a credential that was made with --may-sign-reviews. One
that is limited to named tenants signs for each of them.

` + anyDirectory,
		Example: `  terraform-provider-mimecast review sign --directory msp.directory --digest 5c0f... --note "Q4, with Bob"`,
	}
	of.flags(command)
	command.Flags().StringVar(&digest, "digest", "", "digest of what you looked at, as \"review\" shows it")
	command.Flags().StringVar(&note, "note", "", "what is to be in the trail beside it, in one line")
	return directoryCommand(command, "REVIEW", func(ctx context.Context, d directory.Directory, _ []string, out io.Writer) error {
		subject, err := of.subject()
		if err != nil {
			return err
		}
		if digest == "" {
			return errors.New("no digest is given: look at \"review\", and write --digest with the digest that it shows")
		}
		signed, err := gather.Sign(ctx, d, subject, digest, note)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "Signed at %s by %s: %s, digest %s\n", signed.At, signed.By, directory.ReviewKey(signed.TenantID, signed.Person), signed.Digest)
		return err
	})
}

// reviewed is what a review is of.
type reviewed struct{ tenant, person string }

func (r *reviewed) flags(command *cobra.Command) {
	command.Flags().StringVar(&r.tenant, "tenant", "", "account code of the only tenant that is looked at")
	command.Flags().StringVar(&r.person, "person", "", "address of the only person who is looked at")
}

func (r *reviewed) subject() (review.Subject, error) {
	var (
		subject        review.Subject
		tenant, person error
	)
	if r.tenant != "" {
		if subject.TenantID, tenant = rolemodel.ParseAccountCode(r.tenant); tenant != nil {
			tenant = fmt.Errorf("--tenant: %w", tenant)
		}
	}
	if r.person != "" {
		if subject.Person, person = rolemodel.ParseEmail(r.person); person != nil {
			person = fmt.Errorf("--person: %w", person)
		}
	}
	return subject, errors.Join(tenant, person)
}

// signing is the command that signs the report, in parts that fit a line. A
// location that may have a password in it is left to the environment.
func signing(location string, report *review.Report) []string {
	parts := []string{"terraform-provider-mimecast review sign"}
	if !strings.HasPrefix(location, "postgres") && !strings.Contains(location, "@") {
		parts[0] += " --directory " + shellWord(location)
	}
	if report.Subject.TenantID != "" {
		parts = append(parts, "--tenant "+string(report.Subject.TenantID))
	}
	if report.Subject.Person != "" {
		parts = append(parts, "--person "+shellWord(string(report.Subject.Person)))
	}
	return append(parts, "--digest "+report.Digest, `--note "..."`)
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// shellWord is the text as a word of a shell's command line.
func shellWord(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
