package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/logged"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/readonly"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/whoami"
)

const chooseDirectory = `The provider keeps tenants, roles and external admins in a directory, and there is none it could take without being told. Choose one:

  - a file, for one engineer or one pipeline: directory = "${path.root}/msp.directory"
  - a PostgreSQL database, for a team: directory = "postgres://user@host/database", the password in PGPASSWORD
  - a directory service, for teams, pipelines and auditors: directory = "https://directory.example", with client_id and client_secret

Set it in the provider block, or in the environment as MIMECAST_DIRECTORY.`

// problem is what is wrong with one attribute of the provider block.
type problem struct{ attribute, text string }

// problems are what is wrong with the provider block.
type problems []problem

// add adds an error at an attribute, if there is one, as sentences. An error of
// the HTTP client names the attribute itself.
func (p *problems) add(attribute string, err error) {
	var setting *httpclient.SettingError
	switch {
	case errors.As(err, &setting):
		*p = append(*p, problem{string(setting.Setting), setting.Detail})
	case err != nil:
		*p = append(*p, problem{attribute, strings.TrimSuffix(err.Error(), ".") + "."})
	}
}

// newSession makes what resources and data sources work with from the provider
// block and the environment. It opens nothing: the directory is opened when it
// is first used, so that what needs none works without it.
func newSession(c config, version string) (*tfkit.Session, problems) {
	var wrong problems
	location, err := setting(c.Directory, "directory", "MIMECAST_DIRECTORY")
	wrong.add("directory", err)
	readOnly, err := isReadOnly(c.ReadOnly)
	wrong.add("read_only", err)

	session := &tfkit.Session{Unconfigured: chooseDirectory}
	if isService(location) {
		wrong = append(wrong, openService(session, c, location, version)...)
	} else {
		wrong = append(wrong, openDatabase(session, c, location, readOnly)...)
	}
	if session.Directory == nil || len(wrong) > 0 {
		session.Directory = nil
		return session, wrong
	}
	if readOnly {
		session.Directory = readonly.New(session.Directory)
	}
	session.Planned = tfkit.NewPlanned(session.Directory)
	return session, nil
}

// openDatabase gives the session an embedded or PostgreSQL directory, none if the location is "".
func openDatabase(session *tfkit.Session, c config, location string, readOnly bool) problems {
	var wrong problems
	actor, err := actingAs(c.ActingAs)
	wrong.add("acting_as", err)
	for attribute, value := range map[string]types.String{"client_id": c.ClientID, "client_secret": c.ClientSecret} {
		if !value.IsNull() {
			wrong.add(attribute, fmt.Errorf("%s is for a directory service, and directory is not the https:// URL of one. Remove %s, or set directory to the service's URL", attribute, attribute))
		}
	}
	if location == "" || len(wrong) > 0 {
		return wrong
	}
	var options []sqldb.Option
	if readOnly {
		options = append(options, sqldb.ReadOnly())
	}
	db, err := sqldb.New(location, options...)
	if err != nil {
		wrong.add("directory", err)
		return wrong
	}
	session.Directory = logged.New(db.Open(directory.Owner(actor)))
	session.Closer = db
	session.Who = func(context.Context) (rolemodel.Actor, error) { return actor, nil }
	return nil
}

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
	return rolemodel.Actor{Name: whoami.Name(), Role: role}, nil
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
