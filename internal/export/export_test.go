package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/export"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

var update = flag.Bool("update", false, "write the files in testdata anew")

// hcl exports the directory as configuration.
func hcl(t *testing.T, d acctest.Directory, single bool) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.HCL(t.Context(), d.As(rolemodel.SuperAdmin), &out, single); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestHCL(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	d.Fill()
	for file, single := range map[string]bool{"map.tf": false, "single.tf": true} {
		got, path := hcl(t, d, single), filepath.Join("testdata", file)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is to be\n%s", path, got)
		}
	}
}

// TestNamesAreUnique exports addresses that differ in what no name can have.
func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	d.Fill()
	d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		return errors.Join(
			acctest.Create(ctx, db, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "a+b@northwind.example", RoleID: rolemodel.HelpDeskAdmin}),
			acctest.Create(ctx, db, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "a.b@northwind.example", RoleID: rolemodel.HelpDeskAdmin}),
			acctest.Create(ctx, db, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "a_b@northwind.example", RoleID: rolemodel.HelpDeskAdmin}),
		)
	})()
	out := hcl(t, d, true)
	for _, name := range []string{"cusa01a001_a_b_northwind_example", "cusa01a001_a_b_northwind_example_2", "cusa01a001_a_b_northwind_example_3"} {
		if n := strings.Count(out, "resource \"mimecast_external_admin\" \""+name+"\""); n != 1 {
			t.Errorf("%d resources are called %s, want 1", n, name)
		}
	}
}

// TestApplied applies what is exported in an empty state: it imports everything,
// changes nothing but who declares it, and then there is nothing to do.
func TestApplied(t *testing.T) {
	t.Parallel()
	for form, single := range map[string]bool{"map": false, "single": true} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			d := acctest.NewDirectory(t)
			d.Fill()
			held, exported := d.Grants(), hcl(t, d, single)
			cli := acctest.NewCLI(t, map[string]string{
				"main.tf": acctest.Source + d.Config(`# Everything else is exported.`, `acting_as = "super-admin"`), "existing.tf": exported,
			})
			imports := strings.Count(exported, "import {")
			if imports != 9 && !single || imports != 10 && single {
				t.Errorf("%d entries are exported", imports)
			}
			planned := cli.Succeed("plan", "-out=plan")
			cli.ExpectSays(planned, "to import, 0 to add", "to change, 0 to destroy")
			if n := strings.Count(planned, "-> true"); n != imports {
				t.Errorf("%d of %d entries change who declares them:\n%s", n, imports, planned)
			}
			cli.Succeed("apply", "plan")
			cli.ExpectEmptyPlan()
			if after := d.Grants(); !slices.Equal(after, held) {
				t.Errorf("the directory holds %q and held %q", after, held)
			}
		})
	}
}

// TestCSV reads the spreadsheet as access_from_csv does.
func TestCSV(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	d.Fill()
	d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		if err := acctest.Create(ctx, db, rolemodel.Tenant{AccountCode: "CUSA05A005", Name: "=cmd|' /C calc'!A1", PrimaryDomain: "calc.example", PartnerID: "CUSA00A000"}); err != nil {
			return err
		}
		return acctest.Create(ctx, db, rolemodel.ExternalAdmin{TenantID: "CUSA05A005", Email: "+anna@northwind.example", RoleID: rolemodel.BasicAdmin, Reason: "-migration", ExpiresAt: "2199-01-31T18:00:00Z"})
	})()
	var out bytes.Buffer
	if err := export.CSV(t.Context(), d.As(rolemodel.SuperAdmin), &out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"CUSA01A001", "Alder Legal", "anna@northwind.example", "partner-admin", "", ""}; !slices.Equal(rows[0], []string{"account", "name", "email", "role", "reason", "expires_at"}) || !slices.Equal(rows[1], want) {
		t.Errorf("the spreadsheet begins with %q, want %q", rows[:2], want)
	}
	if want := []string{"CUSA05A005", "'=cmd|' /C calc'!A1", "'+anna@northwind.example", "basic-admin", "'-migration", "2199-01-31T18:00:00Z"}; !slices.Equal(rows[len(rows)-1], want) {
		t.Errorf("what a spreadsheet program could run is written as %q, want %q", rows[len(rows)-1], want)
	}
	access, err := sheet.Read(out.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	for tenant, admins := range access {
		for email, grant := range admins {
			read = append(read, fmt.Sprint(tenant, email, grant))
		}
	}
	slices.Sort(read)
	var held []string
	for admin, err := range d.As(rolemodel.SuperAdmin).ExternalAdmins(t.Context(), directory.ExternalAdminFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, fmt.Sprint(admin.TenantID, admin.Email, sheet.Grant{RoleID: admin.RoleID, Reason: admin.Reason, ExpiresAt: admin.ExpiresAt}))
	}
	if !slices.Equal(read, held) {
		t.Errorf("it says %q, and the directory holds %q", read, held)
	}
}

// TestNoDirectory writes nothing that could be taken for an empty directory.
func TestNoDirectory(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := export.HCL(t.Context(), acctest.NewDirectory(t).As(rolemodel.SuperAdmin), &out, false)
	if err == nil || out.Len() > 0 {
		t.Errorf("it wrote %q (%v)", out.String(), err)
	}
	if err := export.CSV(t.Context(), acctest.NewDirectory(t).As(rolemodel.SuperAdmin), &out); err == nil || out.Len() > 0 {
		t.Errorf("it wrote %q (%v)", out.String(), err)
	}
}
