package desk_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// wide returns a directory file with 300 clients of 40 people each.
func wide(b *testing.B) directory.Directory {
	b.Helper()
	db, err := sqldb.New(filepath.Join(b.TempDir(), "wide.directory"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	d := db.Open(directory.Owner(rolemodel.Actor{Name: "bench", Role: role}))
	ok := func(_ any, err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	ctx := b.Context()
	ok(directory.Create(ctx, d, rolemodel.Partner{AccountCode: "CMSP", Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}}, ""))
	roles := []rolemodel.RoleID{rolemodel.PartnerAdmin, rolemodel.HelpDeskAdmin, rolemodel.GatewayAdmin, rolemodel.Reviewer}
	for i := range 300 {
		code := rolemodel.AccountCode(fmt.Sprintf("CUSA%03dA000", i))
		ok(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: code, Name: fmt.Sprint("Client ", i), PrimaryDomain: rolemodel.Domain(fmt.Sprintf("client%d.example", i)), PartnerID: "CMSP"}, ""))
		r := directory.Replace{Action: directory.ActionUpdate, Tenant: code}
		for j := range 40 {
			r.Admins = append(r.Admins, rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("technician%02d@msp.example", j)), RoleID: roles[j%len(roles)]})
		}
		ok(directory.ReplaceExternalAdmins(ctx, d, r))
	}
	return d
}

// view measures the first view of a page, over a socket.
func view(b *testing.B, d directory.Directory, path string) {
	b.Helper()
	shown, err := desk.New(d, desk.Options{})
	if err != nil {
		b.Fatal(err)
	}
	v := serve(b, shown).enter()
	size := 0
	for b.Loop() {
		status, text := v.get(path)
		if status != http.StatusOK {
			b.Fatal(status)
		}
		size = len(text)
	}
	b.ReportMetric(float64(size)/(1<<20), "MB")
}

// BenchmarkAccess300x40 is the whole grid of 12,000 grants, all of which were seen.
func BenchmarkAccess300x40(b *testing.B) {
	d := wide(b)
	if _, err := gather.Confirm(b.Context(), d, gather.Filter{}, gather.Selection{}, ""); err != nil {
		b.Fatal(err)
	}
	view(b, d, "/access")
}

// BenchmarkWorklist300x40 is the first page of all that is to be done where nothing was seen yet.
func BenchmarkWorklist300x40(b *testing.B) { view(b, wide(b), "/") }
