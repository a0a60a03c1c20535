// Package acctest is what the acceptance tests share. Only tests import it.
//
// Each test has a directory file of its own and sees the provider as Terraform
// does: through a real CLI and a real plugin process boundary.
package acctest

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Factories are the provider under test.
var Factories = map[string]func() (tfprotov6.ProviderServer, error){
	"mimecast": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test"), nil },
}

// Directory is a directory file of one test.
type Directory struct {
	// Path is the path of the file.
	Path string
	t    *testing.T
}

// NewDirectory returns a directory file that is not there yet.
func NewDirectory(t *testing.T) Directory {
	t.Helper()
	return Directory{filepath.Join(t.TempDir(), "test.directory"), t}
}

// Config returns the configuration with a provider block for this directory.
// Settings are further lines of that block.
func (d Directory) Config(resources string, settings ...string) string {
	block := fmt.Sprintf("provider \"mimecast\" {\n  directory = %q\n", d.Path)
	for _, s := range settings {
		block += "  " + s + "\n"
	}
	return block + "}\n" + resources
}

// As opens the directory as the default role, behind Terraform's back.
func (d Directory) As(id rolemodel.RoleID) directory.Directory {
	d.t.Helper()
	db, err := sqldb.New(d.Path)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = db.Close() })
	role, ok := rolemodel.DefaultRole(id)
	if !ok {
		d.t.Fatalf("no default role %q", id)
	}
	return db.Open(directory.Owner(rolemodel.Actor{Name: "test", Role: role}))
}

// Do runs a step behind Terraform's back as the default role; it is made for
// PreConfig. An error ends the test.
func (d Directory) Do(id rolemodel.RoleID, step func(context.Context, directory.Directory) error) func() {
	return func() {
		d.t.Helper()
		if err := step(context.Background(), d.As(id)); err != nil {
			d.t.Fatal(err)
		}
	}
}

// Create adds the entry.
func Create[E directory.Entry](ctx context.Context, db directory.Directory, entry E) error {
	_, err := directory.Create(ctx, db, entry, "")
	return err
}

// Update makes the entry with the key of this one what this one is.
func Update[E directory.Entry](ctx context.Context, db directory.Directory, entry E) error {
	_, err := directory.Update(ctx, db, directory.KeyOf(entry), entry, 0, "")
	return err
}

// Delete removes the entry with the key.
func Delete[E directory.Entry](ctx context.Context, db directory.Directory, key directory.Key) error {
	_, err := directory.Delete[E](ctx, db, key, "")
	return err
}

// MSP is a partner with a tenant: Northwind IT, which manages Alder Legal.
const MSP = `
resource "mimecast_partner" "msp" {
  account_code = "CUSA00A000"
  name         = "Northwind IT"
  domains      = ["northwind.example"]
}

resource "mimecast_tenant" "client" {
  account_code   = "CUSA01A001"
  name           = "Alder Legal"
  primary_domain = "alder.example"
  partner_id     = mimecast_partner.msp.id
}
`
