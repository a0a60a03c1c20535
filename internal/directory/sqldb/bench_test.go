package sqldb_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// onEach runs a benchmark on both databases, with a tenant that has 5,000 grants.
func onEach(b *testing.B, run func(b *testing.B, d directory.Directory)) {
	for name, dsn := range map[string]func(*testing.B) string{
		"sqlite":     func(b *testing.B) string { return filepath.Join(b.TempDir(), "bench.directory") },
		"postgresql": func(b *testing.B) string { return postgrestest.New(b) },
	} {
		b.Run(name, func(b *testing.B) {
			d := open(b, dsn(b)).As(actor(rolemodel.BasicAdmin))
			check(b, setUp(b.Context(), d))
			_, err := d.CreateTenant(b.Context(), rolemodel.Tenant{AccountCode: "CBETA", Name: "Beta", PrimaryDomain: "beta.example", PartnerID: "CMSP1"})
			check(b, err)
			_, err = d.ReplaceExternalAdmins(b.Context(), "CALPHA", numbered(5000, rolemodel.BasicAdmin))
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
			if _, err := d.ExternalAdmin(b.Context(), "CALPHA", "admin2500@msp.example"); err != nil {
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

func BenchmarkList5000Grants(b *testing.B) {
	onEach(b, func(b *testing.B, d directory.Directory) {
		for b.Loop() {
			admins, err := directory.Collect(d.ExternalAdmins(b.Context(), directory.ExternalAdminFilter{TenantID: "CALPHA"}))
			if err != nil || len(admins) != 5000 {
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
		if _, err := d.ReplaceExternalAdmins(b.Context(), tenant, turns[i%2]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCreateGrant(b *testing.B) {
	onEach(b, func(b *testing.B, d directory.Directory) {
		for i := 0; b.Loop(); i++ {
			email := rolemodel.Email(fmt.Sprintf("new%d@msp.example", i))
			if _, err := d.CreateExternalAdmin(b.Context(), rolemodel.ExternalAdmin{TenantID: "CBETA", Email: email, RoleID: rolemodel.BasicAdmin}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
