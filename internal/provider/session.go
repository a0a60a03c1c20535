package provider

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/readonly"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

const chooseDirectory = `The provider keeps tenants, roles and external admins in a directory, and there is none it could take without being told. Choose one:

  - a file, for one engineer or one pipeline: directory = "${path.root}/msp.directory"
  - a PostgreSQL database, for a team: directory = "postgres://user@host/database", the password in PGPASSWORD

Set it in the provider block, or in the environment as MIMECAST_DIRECTORY.`

// problem is what is wrong with one attribute of the provider block.
type problem struct{ attribute, text string }

// newSession makes what resources and data sources work with from the provider
// block and the environment. It opens nothing: the directory is opened when it
// is first used, so that what needs none works without it.
func newSession(c config) (*tfkit.Session, []problem) {
	var problems []problem
	report := func(attribute string, err error) {
		if err != nil {
			problems = append(problems, problem{attribute, err.Error()})
		}
	}
	location, err := setting(c.Directory, "directory", "MIMECAST_DIRECTORY")
	report("directory", err)
	actor, err := actingAs(c.ActingAs)
	report("acting_as", err)
	readOnly, err := isReadOnly(c.ReadOnly)
	report("read_only", err)

	session := &tfkit.Session{Actor: &actor, Unconfigured: chooseDirectory}
	if location == "" || len(problems) > 0 {
		return session, problems
	}
	var options []sqldb.Option
	if readOnly {
		options = append(options, sqldb.ReadOnly())
	}
	db, err := sqldb.New(location, options...)
	if err != nil {
		report("directory", err)
		return session, problems
	}
	session.Directory = db.As(actor)
	if readOnly {
		session.Directory = readonly.New(session.Directory)
	}
	session.Planned = tfkit.NewPlanned(session.Directory)
	return session, problems
}

var _ directory.Reader = (*tfkit.Planned)(nil)

// setting returns the attribute's value, or that of the environment variable.
func setting(value types.String, attribute, variable string) (string, error) {
	if value.IsUnknown() {
		return "", fmt.Errorf("%s is not known yet, because it depends on a resource that is still to be created. Create that resource first, in a configuration of its own or with -target, or set %s", attribute, variable)
	}
	if value.IsNull() {
		return os.Getenv(variable), nil
	}
	return value.ValueString(), nil
}

func actingAs(value types.String) (rolemodel.Actor, error) {
	id, err := setting(value, "acting_as", "MIMECAST_ACTING_AS")
	if err != nil {
		return rolemodel.Actor{}, err
	}
	if id == "" {
		id = string(rolemodel.BasicAdmin)
	}
	role, ok := rolemodel.DefaultRole(rolemodel.RoleID(id))
	if !ok {
		ids := tfkit.Map(rolemodel.DefaultRoles(), func(r rolemodel.Role) string { return strconv.Quote(string(r.ID)) })
		return rolemodel.Actor{}, fmt.Errorf("acting_as (or MIMECAST_ACTING_AS) is %q, which is not the ID of a default role. Write one of %s", id, strings.Join(ids, ", "))
	}
	return rolemodel.Actor{Name: userName(), Role: role}, nil
}

func isReadOnly(value types.Bool) (bool, error) {
	if value.IsUnknown() {
		return true, nil // Closed until it is known to be open.
	}
	if !value.IsNull() {
		return value.ValueBool(), nil
	}
	text := os.Getenv("MIMECAST_READ_ONLY")
	if text == "" {
		return false, nil
	}
	readOnly, err := strconv.ParseBool(text)
	if err != nil {
		return true, fmt.Errorf("MIMECAST_READ_ONLY is %q, which is neither true nor false. Write \"true\" or \"false\", or unset it", text)
	}
	return readOnly, nil
}

// userName returns who runs Terraform, for the audit trail.
func userName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	u, err := user.Current()
	if err != nil {
		return "unknown user@" + host
	}
	return u.Username + "@" + host
}
