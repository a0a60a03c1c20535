package provider

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// settings is a provider block and an environment.
type settings struct {
	block config
	env   map[string]string
}

func (s settings) set(t *testing.T) {
	t.Helper()
	for _, name := range []string{"MIMECAST_DIRECTORY", "MIMECAST_ACTING_AS", "MIMECAST_READ_ONLY", "MIMECAST_CLIENT_ID", "MIMECAST_CLIENT_SECRET"} {
		t.Setenv(name, s.env[name])
	}
}

// TestPrecedence has every attribute win over its environment variable.
func TestPrecedence(t *testing.T) {
	folder := t.TempDir()
	block, env := filepath.Join(folder, "block.directory"), filepath.Join(folder, "env.directory")
	for name, test := range map[string]struct {
		settings
		file     string
		role     rolemodel.RoleID
		readOnly bool
	}{
		"block": {settings{block: config{Directory: types.StringValue(block)}}, block, rolemodel.BasicAdmin, false},
		"environment": {settings{env: map[string]string{
			"MIMECAST_DIRECTORY": env, "MIMECAST_ACTING_AS": "super-admin",
		}}, env, rolemodel.SuperAdmin, false},
		"block over environment": {settings{
			block: config{Directory: types.StringValue(block), ActingAs: types.StringValue("full-admin"), ReadOnly: types.BoolValue(false)},
			env:   map[string]string{"MIMECAST_DIRECTORY": env, "MIMECAST_ACTING_AS": "super-admin", "MIMECAST_READ_ONLY": "true"},
		}, block, rolemodel.FullAdmin, false},
		"read-only by environment": {settings{
			block: config{Directory: types.StringValue(block)}, env: map[string]string{"MIMECAST_READ_ONLY": "1"},
		}, block, rolemodel.BasicAdmin, true},
		"read-only by block": {settings{
			block: config{Directory: types.StringValue(block), ReadOnly: types.BoolValue(true)}, env: map[string]string{"MIMECAST_READ_ONLY": "false"},
		}, block, rolemodel.BasicAdmin, true},
		"not known to be open": {settings{
			block: config{Directory: types.StringValue(block), ReadOnly: types.BoolUnknown()},
		}, block, rolemodel.BasicAdmin, true},
	} {
		t.Run(name, func(t *testing.T) {
			test.set(t)
			session, wrong := newSession(test.block, "test")
			if len(wrong) > 0 {
				t.Fatalf("got %v", wrong)
			}
			if got := session.Actor(t.Context()); got == nil || got.Role.ID != test.role || !strings.Contains(got.Name, "@") {
				t.Errorf("the actor is %+v, want one with %q", got, test.role)
			}
			partner := rolemodel.Partner{Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{rolemodel.Domain(strings.ReplaceAll(name, " ", "-") + ".example")}}
			if _, err := directory.Create(t.Context(), session.Directory, partner, ""); errors.Is(err, directory.ErrReadOnly) != test.readOnly {
				t.Errorf("a write says %v, want read-only to be %t", err, test.readOnly)
			} else if err != nil && !test.readOnly {
				t.Error(err)
			}
			if found, _ := filepath.Glob(test.file); len(found) == 0 && !test.readOnly {
				t.Errorf("there is no %s", test.file)
			}
		})
	}
}

// TestUnconfigured says what to do, and only when something needs a directory.
func TestUnconfigured(t *testing.T) {
	for name, s := range map[string]settings{
		"nothing":         {},
		"empty attribute": {block: config{Directory: types.StringValue("")}, env: map[string]string{"MIMECAST_DIRECTORY": "ignored.directory"}},
		"only a role":     {env: map[string]string{"MIMECAST_ACTING_AS": "super-admin"}},
	} {
		t.Run(name, func(t *testing.T) {
			s.set(t)
			session, wrong := newSession(s.block, "test")
			if len(wrong) > 0 || session.Directory != nil {
				t.Fatalf("got %v and %v", session.Directory, wrong)
			}
			for _, text := range []string{`directory = "${path.root}/msp.directory"`, `postgres://`, `https://`, `MIMECAST_DIRECTORY`} {
				if !strings.Contains(session.Unconfigured, text) {
					t.Errorf("%q is missing in %q", text, session.Unconfigured)
				}
			}
		})
	}
}

// TestMistakes are reported at their attributes, all at once.
func TestMistakes(t *testing.T) {
	const secret = "s3cr3t"
	file := types.StringValue(filepath.Join(t.TempDir(), "test.directory"))
	for name, test := range map[string]struct {
		settings
		want map[string]string
	}{
		"unknown directory":  {settings{block: config{Directory: types.StringUnknown()}}, map[string]string{"directory": "directory is not known yet"}},
		"unknown role":       {settings{block: config{Directory: file, ActingAs: types.StringUnknown()}}, map[string]string{"acting_as": "acting_as is not known yet"}},
		"no such role":       {settings{block: config{Directory: file, ActingAs: types.StringValue("admin")}}, map[string]string{"acting_as": `"admin", which is not the ID of a default role. Write one of "super-admin", "partner-admin"`}},
		"no such role (env)": {settings{block: config{Directory: file}, env: map[string]string{"MIMECAST_ACTING_AS": "Basic Administrator"}}, map[string]string{"acting_as": `(or MIMECAST_ACTING_AS) is "Basic Administrator"`}},
		"neither":            {settings{block: config{Directory: file}, env: map[string]string{"MIMECAST_READ_ONLY": "yes"}}, map[string]string{"read_only": `MIMECAST_READ_ONLY is "yes", which is neither true nor false.`}},
		"all at once": {
			settings{block: config{Directory: file, ActingAs: types.StringValue("admin")}, env: map[string]string{"MIMECAST_READ_ONLY": "yes"}},
			map[string]string{"acting_as": "admin", "read_only": "yes"},
		},
		"another database":   {settings{block: config{Directory: types.StringValue("mysql://msp:" + secret + "@db.example/mimecast")}}, map[string]string{"directory": `not "mysql://..."`}},
		"malformed URL":      {settings{block: config{Directory: types.StringValue("postgres://msp:" + secret + "%zz@db.example/mimecast")}}, map[string]string{"directory": "not well-formed"}},
		"credential of file": {settings{block: config{Directory: file, ClientSecret: types.StringValue(secret)}}, map[string]string{"client_secret": "for a directory service"}},
	} {
		t.Run(name, func(t *testing.T) {
			test.set(t)
			session, wrong := newSession(test.block, "test")
			if session.Directory != nil {
				t.Error("there is a directory all the same")
			}
			if len(wrong) != len(test.want) {
				t.Errorf("got %v, want %v", wrong, test.want)
			}
			for _, p := range wrong {
				if want, ok := test.want[p.attribute]; !ok || !strings.Contains(p.text, want) {
					t.Errorf("%s: got %q, want %q", p.attribute, p.text, want)
				}
				if !strings.HasSuffix(p.text, ".") {
					t.Errorf("%s: %q is not a sentence", p.attribute, p.text)
				}
			}
			if strings.Contains(fmt.Sprintf("%v", wrong), secret) {
				t.Errorf("the secret shows in %v", wrong)
			}
		})
	}
}
