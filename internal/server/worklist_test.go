package server_test

import (
	"encoding/json"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// TestConfirmItems ticks items of a tenant's worklist off, each once.
func TestConfirmItems(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.token()
	f.world(token)
	list := func() worklist.Worklist {
		t.Helper()
		var list worklist.Worklist
		f.ok(json.Unmarshal([]byte(f.call(token, "GET", "/v1/tenants/CALPHA/worklist", "").want(200).body), &list))
		return list
	}
	const path = "/v1/tenants/CALPHA/worklist/confirmations"
	before := list()
	item := before.Items[0]
	body := `{"item_ids":["` + item.ID + `","` + item.ID + `"],"note":"INC-1"}`

	f.call(token, "POST", path, `{"item_ids":["`+item.ID+`","aaaaaaaaaaaa"]}`).want(409).has(`there is no item \"aaaaaaaaaaaa\" on the worklist`, "Nothing was confirmed", "problem:changed")
	f.call(token, "POST", path, `{"item_ids":[]}`).want(422).has("No item is named")
	f.call(token, "POST", path, `{"item_ids":["`+item.ID+`"],"note":" x"}`).want(422).has(`"rule":"well-formed"`)
	f.call(token, "POST", path, body, "Idempotency-Key", "once").want(400).has("Leave them out")
	f.call(token, "POST", path, body, "If-Match", `"1"`).want(400)
	if now := list(); len(now.Items) != len(before.Items) {
		t.Fatalf("%d items are left of %d, and nothing was confirmed", len(now.Items), len(before.Items))
	}

	f.call(token, "POST", path, body).want(200).has(`"confirmed":[{"id":"` + item.ID + `"`)
	for _, left := range list().Items {
		if left.ID == item.ID {
			t.Errorf("%s is still on the list", left.ID)
		}
	}
	f.call(token, "POST", path, body).want(409)
	f.call(token, "GET", "/v1/audit-events?tenant_id=CALPHA", "").want(200).has("INC-1", "confirmation")
	f.call(token, "POST", "/v1/tenants/CNONE/worklist/confirmations", body).want(404)
}
