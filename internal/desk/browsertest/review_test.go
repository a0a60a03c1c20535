package browsertest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	reviews "github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// reviewFile writes the access review of everything into a file and opens that.
func (w *world) reviewFile() *tab {
	w.t.Helper()
	report, err := reviews.Report(w.t.Context(), w.as("kim@northwind-it.example"), review.Subject{})
	w.ok(nil, err)
	var written bytes.Buffer
	w.ok(nil, desk.WriteReview(&written, &report, "msp.directory"))
	path := filepath.Join(w.t.TempDir(), "review.html")
	w.ok(nil, os.WriteFile(path, written.Bytes(), 0o600))
	w.t.Logf("the review of %d grants is %d kB", len(report.Rows), written.Len()/1000)
	b := newTab(w.t, "") // It may ask nobody.
	b.withoutPolicy()
	b.open("file://" + path)
	b.wait(`document.querySelector("main[data-view=review] h1")`)
	return b
}

// TestReviewFile opens an access review from disk, without a desk: it says who
// gets in and who stands out, loads nothing, prints, and axe-core finds nothing serious.
func TestReviewFile(t *testing.T) {
	b := month(t).reviewFile()
	for _, says := range []string{"eve@elsewhere.example", "Alder Legal", "Migration, INC-4711", "not declared"} {
		if !strings.Contains(b.text("main"), says) {
			t.Errorf("it does not say %q", says)
		}
	}
	if n := b.count("script, link, img, iframe, form"); n > 0 {
		t.Errorf("it has %d elements that load or send something", n)
	}
	for _, scheme := range []string{"light", "dark"} {
		b.in(scheme)
		b.accessible("review, " + scheme)
	}
	if paper := run(b, chromedp.PrintToPDF()); len(paper) < 1000 {
		t.Errorf("on paper it is %d bytes", len(paper))
	}
}

// TestHostileReview: names in a review run no script and do not break the page.
func TestHostileReview(t *testing.T) {
	w := newWorld(t)
	ctx, d := t.Context(), w.as(hostile[0])
	w.ok(directory.Create(ctx, d, rolemodel.Partner{AccountCode: northwind, Name: hostile[0], Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"northwind-it.example"}}, ""))
	for i, name := range hostile {
		code := rolemodel.AccountCode("CUSA0" + string(rune('1'+i)))
		w.ok(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: code, Name: name, PrimaryDomain: rolemodel.Domain(strings.ToLower(string(code)) + ".example"), PartnerID: northwind}, ""))
		w.ok(directory.Create(ctx, d, rolemodel.ExternalAdmin{TenantID: code, Email: "anna@northwind-it.example", RoleID: rolemodel.PartnerAdmin, Reason: name}, ""))
		w.ok(directory.SayObserved(ctx, d, directory.Observe{Tenant: code, Means: rolemodel.MeansFile, Note: name, Admins: []rolemodel.ObservedAdmin{{Email: "eve@elsewhere.example", RoleName: name}}}))
	}
	b := w.reviewFile()
	if n := b.count("script, img, svg, [onerror], [onload]"); n > 0 {
		t.Errorf("%d elements of somebody else's", n)
	}
	if wide := value[int64](b, "document.documentElement.scrollWidth"); wide > 1280 {
		t.Errorf("it is %d wide", wide)
	}
	for _, name := range hostile {
		if !strings.Contains(value[string](b, "document.body.textContent"), name) {
			t.Errorf("%q is not there as it is", name)
		}
	}
}
