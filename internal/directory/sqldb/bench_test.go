package sqldb_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// onEach runs a benchmark on both databases, with a tenant that has as many grants as it may.
func onEach(b *testing.B, run func(b *testing.B, d directory.Directory)) {
	for name, dsn := range map[string]func(*testing.B) string{
		"sqlite":     func(b *testing.B) string { return filepath.Join(b.TempDir(), "bench.directory") },
		"postgresql": func(b *testing.B) string { return postgrestest.New(b) },
	} {
		b.Run(name, func(b *testing.B) {
			d := open(b, dsn(b)).Open(owner())
			check(b, setUp(b.Context(), d))
			_, err := directory.Create(b.Context(), d, rolemodel.Tenant{AccountCode: "CBETA", Name: "Beta", PrimaryDomain: "beta.example", PartnerID: "CMSP1"}, "")
			check(b, err)
			_, err = directory.ReplaceExternalAdmins(b.Context(), d, directory.Replace{Action: directory.ActionUpdate, Tenant: "CALPHA", Admins: numbered(rolemodel.MaxExternalAdmins, rolemodel.BasicAdmin)})
			check(b, err)
			b.ReportAllocs()
			b.ResetTimer()
			run(b, d)
		})
	}
}

func numbered(n int, role rolemodel.RoleID) []rolemodel.ExternalAdmin {
	admins := make([]rolemodel.ExternalAdmin, n)
	for i := range admins {
		admins[i] = rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("admin%04d@msp.example", i)), RoleID: role}
	}
	return admins
}

func BenchmarkReadGrant(b *testing.B) {
	onEach(b, func(b *testing.B, d directory.Directory) {
		for b.Loop() {
			if _, err := d.ExternalAdmin(b.Context(), "CALPHA", "admin0500@msp.example"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkReadTenant(b *testing.B) {
	onEach(b, func(b *testing.B, d directory.Directory) {
		for b.Loop() {
			if _, err := d.Tenant(b.Context(), "CALPHA"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkList1000Grants(b *testing.B) {
	onEach(b, func(b *testing.B, d directory.Directory) {
		for b.Loop() {
			admins, err := directory.Collect(d.ExternalAdmins(b.Context(), directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{"CALPHA"}}))
			if err != nil || len(admins) != rolemodel.MaxExternalAdmins {
				b.Fatal(len(admins), err)
			}
		}
	})
}

func BenchmarkReplace10Grants(b *testing.B) {
	onEach(b, func(b *testing.B, d directory.Directory) { replaceInTurns(b, d, "CBETA", 10) })
}

func BenchmarkReplace1000Grants(b *testing.B) {
	onEach(b, func(b *testing.B, d directory.Directory) { replaceInTurns(b, d, "CBETA", 1000) })
}

// replaceInTurns changes the role of all grants in every round.
func replaceInTurns(b *testing.B, d directory.Directory, tenant rolemodel.AccountCode, n int) {
	turns := [][]rolemodel.ExternalAdmin{numbered(n, rolemodel.BasicAdmin), numbered(n, rolemodel.HelpDeskAdmin)}
	for i := 0; b.Loop(); i++ {
		if _, err := directory.ReplaceExternalAdmins(b.Context(), d, directory.Replace{Action: directory.ActionUpdate, Tenant: tenant, Admins: turns[i%2]}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCreateGrant(b *testing.B) {
	onEach(b, func(b *testing.B, d directory.Directory) {
		for i := 0; b.Loop(); i++ {
			email := rolemodel.Email(fmt.Sprintf("new%d@msp.example", i))
			if err := grant(b.Context(), d, "CBETA", email); err != nil {
				b.Fatal(err)
			}
		}
	})
}
