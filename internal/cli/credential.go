package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/whoami"
)

func newCredential() *cobra.Command {
	command := &cobra.Command{
		Use:   "credential",
		Short: "Make, list, rotate and revoke credentials of the service",
		Long: `A credential is a client ID and a secret. It belongs to one partner, and then
sees that partner's tenants only, or to the operator of the service. It acts
with one role, and its name is the actor in the audit trail. What it may not
see does not exist for it.

These commands work on the directory itself, with the same --directory as serve.`,
	}
	command.AddCommand(newCreate(), newList(), newRotate(), newRevoke())
	return command
}

// operator is who works with the directory itself: it may see and record everything.
func operator() rolemodel.Actor {
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	return rolemodel.Actor{Name: whoami.Name(), Role: role}
}

// keeperOf opens the directory for the credentials in it.
func keeperOf(dsn string, options ...sqldb.Option) (*sqldb.DB, *credential.Keeper, error) {
	db, err := open(dsn, options...)
	if err != nil {
		return nil, nil, err
	}
	return db, credential.NewKeeper(db.Credentials(), defaultTokenLifetime, time.Now), nil
}

// subcommand returns a command that works on the credentials of --directory
// and writes text, or JSON with --json.
func subcommand(command *cobra.Command, run func(*cobra.Command, []string, *sqldb.DB, *credential.Keeper) (result, error)) *cobra.Command {
	var (
		dsn    string
		asJSON bool
	)
	command.Flags().StringVar(&dsn, "directory", "", "directory that is served: the path of a file or a postgres:// URL")
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	command.RunE = func(command *cobra.Command, args []string) error {
		var options []sqldb.Option
		if command.Name() != "create" { // There are no credentials where there is no directory.
			options = append(options, sqldb.MustExist())
		}
		db, keeper, err := keeperOf(dsn, options...)
		if err != nil {
			return err
		}
		defer db.Close()
		r, err := run(command, args, db, keeper)
		if errors.Is(err, credential.ErrNotFound) {
			return fmt.Errorf("there is no credential %q in %s, or it is revoked: see credential list", args[0], db)
		}
		if err != nil {
			return err
		}
		if asJSON {
			encoder := json.NewEncoder(command.OutOrStdout())
			encoder.SetIndent("", "  ")
			return encoder.Encode(r.value)
		}
		return r.text(command.OutOrStdout())
	}
	return fromEnvironment(command, "CREDENTIAL")
}

// result is what a command has to say, as a value and as text.
type result struct {
	value any
	text  func(io.Writer) error
}

// issued is a credential with its secret.
type issued struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

func (i issued) result() result {
	return result{value: i, text: func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "client_id     = %q\nclient_secret = %q\n\nThis is the only time that the secret is shown.\n", i.ClientID, i.ClientSecret)
		return err
	}}
}

type createOptions struct {
	name, partner, role string
	tenants, sources    []string
	operator, readOnly  bool
	maySignReviews      bool
	expiresIn           time.Duration
}

func newCreate() *cobra.Command {
	var o createOptions
	command := &cobra.Command{
		Use:   "create --name NAME (--partner CODE | --operator)",
		Short: "Make a credential and show its secret, once",
		Long: `Make a credential and show its secret, once. Only a hash of it is stored.

With --partner it belongs to that partner and sees its tenants only; with --operator
it is the operator's and sees everything. --tenant, --read-only, --source and
--expires-in narrow it further. --may-sign-reviews is a right of its own: with
--read-only it makes an auditor, who changes nothing and signs access reviews.`,
		Example: `  terraform-provider-mimecast credential create --name "Northwind pipeline" --partner CMSP00A001
  terraform-provider-mimecast credential create --name auditor --operator --read-only --may-sign-reviews --expires-in 720h`,
		Args: cobra.NoArgs,
	}
	flags := command.Flags()
	flags.StringVar(&o.name, "name", "", "what people call it; it is the actor in the audit trail")
	flags.StringVar(&o.partner, "partner", "", "account code of the partner that it belongs to")
	flags.BoolVar(&o.operator, "operator", false, "make it the operator's, which sees everything")
	flags.StringVar(&o.role, "role", string(rolemodel.BasicAdmin), "ID of the default role whose authority it has")
	flags.StringSliceVar(&o.tenants, "tenant", nil, "account code of a tenant that it is limited to; may be repeated")
	flags.BoolVar(&o.readOnly, "read-only", false, "limit it to reading")
	flags.BoolVar(&o.maySignReviews, "may-sign-reviews", false, "let it sign access reviews, with --read-only too")
	flags.StringSliceVar(&o.sources, "source", nil, "IP range that it may be used from, in CIDR notation; may be repeated")
	flags.DurationVar(&o.expiresIn, "expires-in", 0, "how long it works, for example 720h; without it, until it is revoked")
	return subcommand(command, func(command *cobra.Command, _ []string, db *sqldb.DB, keeper *credential.Keeper) (result, error) {
		c, err := o.credential(command, db)
		if err != nil {
			return result{}, err
		}
		c, secret, err := keeper.Create(command.Context(), operator(), c)
		return issued{c.ID, secret}.result(), err
	})
}

// credential returns the credential that is asked for. What it is limited to must be there: a mistyped
// limit would otherwise be found only by whoever needs the access.
func (o *createOptions) credential(command *cobra.Command, db *sqldb.DB) (credential.Credential, error) {
	c := credential.Credential{RoleID: rolemodel.RoleID(o.role), ReadOnly: o.readOnly, MaySignReviews: o.maySignReviews}
	reader := db.Open(directory.Owner(operator()))
	if (o.partner != "") == o.operator {
		return c, errors.New("write --partner CODE for a credential that sees one partner's tenants, or --operator for one that sees everything")
	}
	var err error
	if c.Name, err = rolemodel.ParseName(o.name); err != nil {
		return c, fmt.Errorf("--name: %w", err)
	}
	if _, ok := rolemodel.DefaultRole(c.RoleID); !ok {
		var ids []string
		for _, role := range rolemodel.DefaultRoles() {
			ids = append(ids, string(role.ID))
		}
		return c, fmt.Errorf("--role: %q is not the ID of a default role: write one of %s", o.role, strings.Join(ids, ", "))
	}
	if o.partner != "" {
		if c.PartnerID, err = rolemodel.ParseAccountCode(o.partner); err != nil {
			return c, fmt.Errorf("--partner: %w", err)
		}
		if _, err := reader.Partner(command.Context(), c.PartnerID); err != nil {
			return c, fmt.Errorf("--partner: %w", err)
		}
	}
	for _, text := range o.tenants {
		code, err := rolemodel.ParseAccountCode(text)
		if err != nil {
			return c, fmt.Errorf("--tenant: %w", err)
		}
		tenant, err := reader.Tenant(command.Context(), code)
		if err != nil {
			return c, fmt.Errorf("--tenant: %w", err)
		}
		if c.PartnerID != "" && tenant.PartnerID != c.PartnerID {
			return c, fmt.Errorf("--tenant: tenant %q is not one of partner %q", code, c.PartnerID)
		}
		c.TenantIDs = append(c.TenantIDs, code)
	}
	for _, text := range o.sources {
		prefix, err := rolemodel.ParsePrefix(text)
		if err != nil {
			return c, fmt.Errorf("--source: %w", err)
		}
		c.Sources = append(c.Sources, prefix)
	}
	slices.Sort(c.TenantIDs)
	slices.SortFunc(c.Sources, netip.Prefix.Compare)
	c.TenantIDs, c.Sources = slices.Compact(c.TenantIDs), slices.Compact(c.Sources)
	if o.expiresIn < 0 {
		return c, errors.New("--expires-in: write a duration that is not over yet, for example 720h")
	}
	if o.expiresIn > 0 {
		c.ExpiresAt = time.Now().UTC().Add(o.expiresIn).Truncate(time.Second)
	}
	return c, nil
}

// listed is a credential as list shows it.
type listed struct {
	ClientID  string                  `json:"client_id"`
	Name      string                  `json:"name"`
	State     string                  `json:"state"`
	PartnerID rolemodel.AccountCode   `json:"partner_id"`
	RoleID    rolemodel.RoleID        `json:"role_id"`
	TenantIDs []rolemodel.AccountCode `json:"tenant_ids"`
	ReadOnly  bool                    `json:"read_only"`
	MaySign   bool                    `json:"may_sign_reviews"`
	Sources   []netip.Prefix          `json:"sources"`
	CreatedAt time.Time               `json:"created_at"`
	ExpiresAt *time.Time              `json:"expires_at"`
	RevokedAt *time.Time              `json:"revoked_at"`
}

func newList() *cobra.Command {
	command := &cobra.Command{
		Use: "list", Short: "List all credentials, revoked ones too", Args: cobra.NoArgs,
		Long: "List all credentials, revoked ones too. No secret is shown: none is stored.",
	}
	return subcommand(command, func(command *cobra.Command, _ []string, _ *sqldb.DB, keeper *credential.Keeper) (result, error) {
		all, err := keeper.List(command.Context())
		rows := make([]listed, len(all))
		for i, c := range all {
			rows[i] = listed{c.ID, c.Name, state(&c), c.PartnerID, c.RoleID, c.TenantIDs, c.ReadOnly, c.MaySignReviews, c.Sources, c.CreatedAt, some(c.ExpiresAt), some(c.RevokedAt)}
		}
		return result{value: rows, text: func(w io.Writer) error { return table(w, rows) }}, err
	})
}

func table(w io.Writer, rows []listed) error {
	const padding = 2
	t := tabwriter.NewWriter(w, 0, 0, padding, ' ', 0)
	_, _ = fmt.Fprintln(t, "CLIENT ID\tNAME\tSTATE\tPARTNER\tROLE\tTENANTS\tACCESS\tSOURCES\tEXPIRES")
	for _, r := range rows {
		access := "read and write"
		if r.ReadOnly {
			access = "read"
		}
		if r.MaySign {
			access += ", sign reviews"
		}
		expires := "never"
		if r.ExpiresAt != nil {
			expires = r.ExpiresAt.Format(time.RFC3339)
		}
		owner := string(r.PartnerID)
		if owner == "" {
			owner = "(operator)"
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ClientID, r.Name, r.State, owner, r.RoleID, orAll(r.TenantIDs), access, orAll(r.Sources), expires)
	}
	return t.Flush()
}

func orAll[T any](values []T) string {
	if len(values) == 0 {
		return "all"
	}
	return strings.Trim(fmt.Sprint(values), "[]")
}

func state(c *credential.Credential) string {
	switch {
	case !c.RevokedAt.IsZero():
		return "revoked"
	case !c.Live(time.Now()):
		return "expired"
	}
	return "live"
}

func some(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func newRotate() *cobra.Command {
	command := &cobra.Command{
		Use: "rotate CLIENT_ID", Short: "Give a credential another secret and show it, once", Args: cobra.ExactArgs(1),
		Long: "Give a credential another secret and show it, once. The secret that it had and all its tokens end at once, on every replica.",
	}
	return subcommand(command, func(command *cobra.Command, args []string, _ *sqldb.DB, keeper *credential.Keeper) (result, error) {
		secret, err := keeper.Rotate(command.Context(), operator(), args[0])
		return issued{args[0], secret}.result(), err
	})
}

func newRevoke() *cobra.Command {
	command := &cobra.Command{
		Use: "revoke CLIENT_ID", Short: "End a credential", Args: cobra.ExactArgs(1),
		Long: "End a credential for good. Its secret and all its tokens end at once, on every replica. It stays in the list, since the audit trail refers to it.",
	}
	return subcommand(command, func(command *cobra.Command, args []string, _ *sqldb.DB, keeper *credential.Keeper) (result, error) {
		err := keeper.Revoke(command.Context(), operator(), args[0])
		done := map[string]string{"client_id": args[0], "state": "revoked"}
		return result{value: done, text: func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s is revoked.\n", args[0])
			return err
		}}, err
	})
}
