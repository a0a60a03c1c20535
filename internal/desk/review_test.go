package desk_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	reviews "github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestReview: the file needs nothing else, and says what stands out and what changed.
func TestReview(t *testing.T) {
	t.Parallel()
	d := filled(t)
	report, err := reviews.Report(t.Context(), d, review.Subject{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reviews.Sign(t.Context(), d, review.Subject{}, report.Digest, "with Bob"); err != nil {
		t.Fatal(err)
	}
	see(t, d, "CUSA01A001", "eve@evil.example", `<script>Super`)
	if _, err := directory.Delete[rolemodel.ExternalAdmin](t.Context(), d, directory.Key{Account: "CUSA02A002", Email: "anna@southwind.example"}, ""); err != nil {
		t.Fatal(err)
	}
	v := run(t, d, desk.Options{Where: "msp.directory"}).enter()
	response, text := v.do(v.request(http.MethodGet, "/review", ""))
	if file := response.Header.Get("Content-Disposition"); !strings.HasPrefix(file, `attachment; filename="access-review-20`) {
		t.Error(file)
	}
	for _, want := range []string{
		"Access review of <bdi>everything</bdi>", "msp.directory", "1 that is not declared", "by <bdi>test</bdi> (<bdi>with Bob</bdi>)", "anna@southwind.example lost Help Desk Administrator",
		"eve@evil.example", "is there without being declared", "Alder Legal", "&lt;script&gt;Super", "never", "<style>:root",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, never := range []string{"<script", "<link", " src=", "href=", "url("} {
		if strings.Contains(text, never) {
			t.Errorf("%q is in the file", never)
		}
	}
	v.expect("/review?person=eve@evil.example", "Access review of <bdi>eve@evil.example</bdi>", "Nobody has signed a review of this yet.")
	v.expect("/review?tenant=cusa01a001", "Alder Legal (CUSA01A001)")
	for path, want := range map[string]int{"/review?tenant=CNONE": http.StatusNotFound, "/review?tenant=x": http.StatusBadRequest, "/review?person=x": http.StatusBadRequest} {
		if status, text := v.get(path); status != want || !strings.Contains(text, `role="alert"`) {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if status, _ := v.stranger().get("/review"); status != http.StatusUnauthorized {
		t.Error(status)
	}
}

// BenchmarkReview300x40 writes the file of 12,000 grants that was not signed before.
func BenchmarkReview300x40(b *testing.B) {
	report, err := reviews.Report(b.Context(), wide(b), review.Subject{})
	if err != nil {
		b.Fatal(err)
	}
	var file bytes.Buffer
	for b.Loop() {
		file.Reset()
		if err := desk.WriteReview(&file, &report, "msp.directory"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(file.Len())/(1<<20), "MB")
}
