package gather_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// BenchmarkWorklist reads the worklist of 500 tenants with 10 external admins
// each from a directory file: of which nothing was seen, after all was
// confirmed, and after one person's grants were deleted.
func BenchmarkWorklist(b *testing.B) {
	db, err := sqldb.New(filepath.Join(b.TempDir(), "bench.directory"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	d := db.Open(directory.Owner(rolemodel.Actor{Name: "bench", Role: role}))
	ok := func(_ any, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	ctx := b.Context()
	ok(directory.Create(ctx, d, rolemodel.Partner{AccountCode: "CMSP", Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}}, ""))
	replace := func(code rolemodel.AccountCode, n int) {
		r := directory.Replace{Action: directory.ActionUpdate, Tenant: code}
		for i := range n {
			id := []rolemodel.RoleID{rolemodel.HelpDeskAdmin, rolemodel.PartnerAdmin}[i%2]
			r.Admins = append(r.Admins, rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("technician%d@msp.example", i)), RoleID: id})
		}
		ok(directory.ReplaceExternalAdmins(ctx, d, r))
	}
	var codes []rolemodel.AccountCode
	for i := range 500 {
		code := rolemodel.AccountCode(fmt.Sprintf("CUSA%03dA000", i))
		codes = append(codes, code)
		ok(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: code, Name: string(code), PrimaryDomain: rolemodel.Domain(strings.ToLower(string(code)) + ".example"), PartnerID: "CMSP"}, ""))
		replace(code, 10)
	}
	measure := func(name string) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				list, err := gather.Worklist(b.Context(), d, gather.Filter{})
				ok(nil, err)
				b.ReportMetric(float64(len(list.Items)), "items")
				b.ReportMetric(float64(len(list.Passes)), "passes")
			}
		})
	}
	measure("never observed")
	ok(gather.Confirm(ctx, d, gather.Filter{}, gather.Selection{}, ""))
	measure("all done")
	for _, code := range codes {
		replace(code, 9)
	}
	measure("somebody left")
}
