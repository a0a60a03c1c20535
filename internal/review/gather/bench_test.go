package gather_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// BenchmarkReview reviews clients × 40 people in a directory file: 12,000 grants
// and 100,000. It was signed, and in every tenth client somebody came since.
func BenchmarkReview(b *testing.B) {
	for _, clients := range []int{300, 2500} {
		b.Run(fmt.Sprintf("%dx40", clients), func(b *testing.B) {
			d := signed(b, clients)
			b.Run("report", func(b *testing.B) {
				for b.Loop() {
					report := must(gather.Report(b.Context(), d, review.Subject{}))(b)
					b.ReportMetric(float64(len(report.Rows)), "rows")
					b.ReportMetric(float64(len(report.LastSigned.Changes)), "changes")
				}
			})
			b.Run("status", func(b *testing.B) {
				for b.Loop() {
					must(gather.StatusOf(b.Context(), d, review.Subject{}))(b)
				}
			})
			b.Run("sign", func(b *testing.B) {
				digest := must(gather.StatusOf(b.Context(), d, review.Subject{}))(b).Digest
				for b.Loop() {
					must(gather.Sign(b.Context(), d, review.Subject{}, digest, ""))(b)
				}
			})
		})
	}
}

func signed(b *testing.B, clients int) directory.Directory {
	db := must(sqldb.New(filepath.Join(b.TempDir(), "bench.directory")))(b)
	b.Cleanup(func() { _ = db.Close() })
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	d, ctx := db.Open(directory.Owner(rolemodel.Actor{Name: "bench", Role: role})), b.Context()
	must(directory.Create(ctx, d, rolemodel.Partner{AccountCode: "CMSP", Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}}, ""))(b)
	replace := func(i, people int) {
		r := directory.Replace{Action: directory.ActionUpdate, Tenant: rolemodel.AccountCode(fmt.Sprintf("CUSA%04dA000", i))}
		for n := range people {
			id := []rolemodel.RoleID{rolemodel.HelpDeskAdmin, rolemodel.PartnerAdmin}[n%2]
			r.Admins = append(r.Admins, rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("technician%d@msp.example", n)), RoleID: id, Reason: "On call"})
		}
		must(directory.ReplaceExternalAdmins(ctx, d, r))(b)
	}
	for i := range clients {
		code := rolemodel.AccountCode(fmt.Sprintf("CUSA%04dA000", i))
		must(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: code, Name: string(code), PrimaryDomain: rolemodel.Domain(strings.ToLower(string(code)) + ".example"), PartnerID: "CMSP"}, ""))(b)
		replace(i, 40)
	}
	must(gather.Sign(ctx, d, review.Subject{}, must(gather.StatusOf(ctx, d, review.Subject{}))(b).Digest, ""))(b)
	for i := 0; i < clients; i += 10 {
		replace(i, 41)
	}
	return d
}
