package server_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// resolve returns what a JSON Pointer (RFC 6901) points to.
func resolve(document any, pointer string) (any, bool) {
	if pointer == "" {
		return document, true
	}
	tokens := strings.Split(pointer, "/")
	if tokens[0] != "" {
		return nil, false
	}
	for _, token := range tokens[1:] {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch d := document.(type) {
		case map[string]any:
			member, ok := d[token]
			if !ok {
				return nil, false
			}
			document = member
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(d) {
				return nil, false
			}
			document = d[i]
		default:
			return nil, false
		}
	}
	return document, true
}

// TestPointersOfEveryOperation: whatever breaks a rule, the answer points into
// the body that was sent, to the value that the path names where the body has it.
func TestPointersOfEveryOperation(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	super := f.token()
	f.world(super)
	f.call(super, "POST", "/v1/roles", `{"tenant_id":"CALPHA","name":"Custom Admin","security_permission":"cannot_manage_roles"}`).want(201)
	c, secret := f.credential(func(c *credential.Credential) { c.RoleID = rolemodel.HelpDeskAdmin })
	helpDesk := f.tokenOf(c.ID, secret)

	const (
		partner = `{"account_code":"?","name":" x","program":"club","domains":["msp.example","x@y"],"admin_ip_ranges":["10.0.0.1/8"]}`
		tenant  = `{"account_code":"?","name":"","region":"Mars","primary_domain":"msp.example","internal_domains":["-"],"partner_id":"CNONE"}`
		role    = `{"tenant_id":"CALPHA","name":"Reviewer","security_permission":"manage_application_and_protected_roles","application_permissions":["Nothing | Such"],"protected_permissions":["Nor | This"]}`
		admin   = `{"tenant_id":"CALPHA","email":"x@alpha.example","role_id":"super-admin"}`
		admins  = `{"items":[{"email":"x@alpha.example","role_id":"super-admin"},{"email":"Anna@msp.example","role_id":"none"},{"email":"no address","role_id":""},{"role_id":"reviewer"},` +
			`{"email":"bert@msp.example","role_id":"reviewer"},{"email":"BERT@msp.example","role_id":"reviewer"}]}`
		observation = `{"means":"guess","note":" x","admins":[{"email":"anna@msp.example","role_name":" x"},{"email":"no address","role_name":""}],"roles":[{"name":"Reviewer"}]}`
		review      = `{"tenant_id":"CALPHA","person":"nobody","digest":"?","note":" x","seen":"x=y"}`
		signIn      = `{"tenant_id":"?","email":"?","source_ip":"?","entrance":"?"}`
	)
	type request struct{ path, body string }
	// What breaks a rule in each operation. Those with none break none.
	requests := map[string]request{
		"create-partner": {"/v1/partners", partner}, "update-partner": {"/v1/partners/CMSP1", partner}, "delete-partner": {"/v1/partners/CMSP1", ""},
		"create-tenant": {"/v1/tenants", tenant}, "update-tenant": {"/v1/tenants/CALPHA", tenant}, "delete-tenant": {"/v1/tenants/CALPHA", ""},
		"create-role": {"/v1/roles", role}, "update-role": {"/v1/tenants/CALPHA/roles/custom-admin", role}, "delete-role": {"/v1/tenants/CALPHA/roles/custom-admin", ""},
		"create-external-admin":   {"/v1/external-admins", admin},
		"update-external-admin":   {"/v1/tenants/CALPHA/external-admins/anna@msp.example", admin},
		"delete-external-admin":   {"/v1/tenants/CALPHA/external-admins/anna@msp.example", ""},
		"replace-external-admins": {"/v1/tenants/CALPHA/external-admins", admins},
		"decide-sign-in":          {"/v1/sign-in-decisions", signIn},
		"list-roles":              {"/v1/roles", ""}, "count-roles": {"/v1/roles/count", ""}, "get-role": {"/v1/tenants/CALPHA/roles/custom-admin", ""},
		"list-external-admins": {"/v1/external-admins", ""}, "count-external-admins": {"/v1/external-admins/count", ""},
		"get-external-admin": {"/v1/tenants/CALPHA/external-admins/anna@msp.example", ""},
		"get-worklist":       {"/v1/tenants/CALPHA/worklist", ""},
		"confirm-items":      {},
		"get-tenant-review":  {"/v1/tenants/CALPHA/review", ""}, "get-last-review": {"/v1/reviews/last", ""}, "sign-review": {"/v1/reviews", review},
		"list-observations": {"/v1/observations", ""}, "observe": {"/v1/tenants/CALPHA/observations", observation},
		"list-audit-events": {"/v1/audit-events", ""}, "list-audit-heads": {"/v1/audit-heads", ""},
		"list-partners": {}, "count-partners": {}, "get-partner": {}, "list-tenants": {}, "count-tenants": {}, "get-tenant": {},
		"list-permissions": {}, "list-default-roles": {}, "list-rules": {}, "get-caller": {}, "create-token": {},
	}
	for _, op := range operations(t) {
		r, ok := requests[op.ID]
		if !ok {
			t.Errorf("no request is known for %s", op.ID)
		}
		if r.path == "" {
			continue
		}
		var body any
		if r.body != "" {
			f.ok(json.Unmarshal([]byte(r.body), &body))
		}
		for role, token := range map[string]string{"help desk": helpDesk, "super": super} {
			if role == "super" && r.body == "" {
				continue // It breaks no rule.
			}
			a := f.call(token, op.method, r.path, r.body).want(422)
			var p problem.Problem
			f.ok(json.Unmarshal([]byte(a.body), &p))
			if len(p.Violations) == 0 {
				t.Errorf("%s breaks no rule: %s", op.ID, a.body)
			}
			pointed := 0
			for _, v := range p.Violations {
				value, ok := resolve(body, v.Pointer)
				if !ok || r.body == "" && v.Pointer != "" {
					t.Errorf("%s: %q points nowhere: %s %s", op.ID, v.Pointer, v.Path, v.Problem)
				}
				if v.Pointer == "" {
					continue
				}
				pointed++
				last := v.Path[len(v.Path)-1]
				if item, ok := value.(map[string]any); ok { // An element of items.
					email, _ := item["email"].(string)
					if name, _ := item["name"].(string); !strings.EqualFold(email+name, v.Path[1].Key) {
						t.Errorf("%s: %q points to %q, not to %q", op.ID, v.Pointer, email+name, v.Path[1].Key)
					}
				} else if last.Attribute != "admins" && !strings.HasSuffix(v.Pointer, "/"+last.Attribute) {
					t.Errorf("%s: %q is not %s", op.ID, v.Pointer, v.Path)
				}
				if strings.Contains(v.Advice, "acting_as") {
					t.Errorf("%s speaks of acting_as: %s", op.ID, v.Advice)
				}
			}
			if role == "super" && pointed < 2 {
				t.Errorf("%s points to %d places: %s", op.ID, pointed, a.body)
			}
		}
	}
	a := f.call(super, "PUT", "/v1/tenants/CALPHA/external-admins", admins)
	for _, pointer := range []string{"/items/0", "/items/0/role_id", "/items/1/role_id", "/items/2", "/items/2/role_id", "/items/5"} {
		a.has(`"pointer":"` + pointer + `"`)
	}
}
