package server_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
)

// TestReview goes the whole way over HTTP, with a credential that reads and signs:
// look at a tenant, sign what was looked at, see what changed since.
func TestReview(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	operator := f.token()
	f.world(operator)
	c, secret := f.credential(func(c *credential.Credential) { c.PartnerID, c.ReadOnly = "CMSP1", true })
	auditor := f.tokenOf(c.ID, secret)
	look := func() review.Report {
		t.Helper()
		var report review.Report
		f.ok(json.Unmarshal([]byte(f.call(auditor, "GET", "/v1/tenants/CALPHA/review", "").want(200).body), &report))
		return report
	}
	first := look()
	if first.LastSigned != nil || len(first.Rows) == 0 || first.Seen == "" {
		t.Fatalf("%+v", first)
	}
	// Somebody changes something between the look and the signature.
	f.call(operator, "DELETE", "/v1/tenants/CALPHA/external-admins/anna@msp.example", "").want(200)
	body := fmt.Sprintf(`{"tenant_id":"CALPHA","digest":%q,"seen":%q,"note":"Q4"}`, first.Digest, first.Seen)
	f.call(auditor, "POST", "/v1/reviews", body, "Idempotency-Key", "one").want(201)
	f.call(auditor, "POST", "/v1/reviews", body, "Idempotency-Key", "one").want(201)
	second := look()
	if last := second.LastSigned; last == nil || !last.Traced || len(last.Changes) != 1 || last.Changes[0].Kind != review.GrantRemoved || last.Note != "Q4" {
		t.Errorf("%+v", last)
	}
	if second.Digest == first.Digest {
		t.Error("the digest is the same without anna")
	}
	f.call(auditor, "DELETE", "/v1/tenants/CALPHA", "").want(403)
	unsigned, secret := f.credential(func(c *credential.Credential) { c.MaySignReviews = false })
	f.call(f.tokenOf(unsigned.ID, secret), "POST", "/v1/reviews", body).want(403)
}
