package history_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/history"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	event := func(kind directory.Kind, before, after string) *directory.AuditEvent {
		return &directory.AuditEvent{ID: "e1", Outcome: directory.OutcomeDone, Action: directory.ActionUpdate, Kind: kind, TenantID: "CA", Before: before, After: after}
	}
	const grant, other = `{"tenant_id":"CA","email":"a@x.example","role_id":"reviewer"}`, `{"tenant_id":"CA","email":"b@x.example","role_id":"reviewer"}`
	refused, adopted := event(directory.KindExternalAdmin, "", grant), event(directory.KindExternalAdmin, grant, grant)
	refused.Outcome, adopted.Action = directory.OutcomeRefused, directory.ActionAdopt
	for _, test := range []struct {
		what  string
		event *directory.AuditEvent
		want  string // "KEY before after" of each, where - is nothing.
	}{
		{"a grant", event(directory.KindExternalAdmin, "", grant), "CA/a@x.example - grant"},
		{"a grant that changes its address", event(directory.KindExternalAdmin, grant, other), "CA/a@x.example grant -, CA/b@x.example - grant"},
		{"many", event(directory.KindExternalAdmins, "["+grant+"]", "["+grant+","+other+"]"), "CA/a@x.example grant grant, CA/b@x.example - grant"},
		{"none", event(directory.KindExternalAdmins, "[]", "[]"), ""},
		{"a role", event(directory.KindRole, `{"tenant_id":"CA","id":"x"}`, ""), "CA/x role -"},
		{"a tenant", event(directory.KindTenant, "", `{"account_code":"CA"}`), "CA - tenant"},
		{"what was seen", event(directory.KindObservation, `{"admins":[{"email":"a@x.example"}]}`, `{"admins":[{"email":"b@x.example"}]}`), "CA/a@x.example seen -, CA/b@x.example - seen"},
		{"a partner", event(directory.KindPartner, "", `{}`), ""},
		{"what was refused", refused, ""},
		{"what was adopted", adopted, ""},
	} {
		changes, err := history.Changes(test.event)
		if err != nil {
			t.Errorf("%s: %v", test.what, err)
		}
		var got []string
		for key, c := range changes {
			got = append(got, key.String()+" "+side(c.Grant, c.Role, c.Tenant, c.Seen)+" "+side(c.NewGrant, c.NewRole, c.NewTenant, c.NewSeen))
		}
		slices.Sort(got)
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: got %q, want %q", test.what, got, test.want)
		}
	}
	for _, kind := range []directory.Kind{directory.KindExternalAdmin, directory.KindExternalAdmins, directory.KindRole, directory.KindTenant, directory.KindObservation} {
		if _, err := history.Changes(event(kind, "", "nonsense")); err == nil || !strings.Contains(err.Error(), "audit event e1 cannot be read") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func side(grant *rolemodel.ExternalAdmin, role *rolemodel.Role, tenant *rolemodel.Tenant, seen *rolemodel.ObservedAdmin) string {
	switch {
	case grant != nil:
		return "grant"
	case role != nil:
		return "role"
	case tenant != nil:
		return "tenant"
	case seen != nil:
		return "seen"
	}
	return "-"
}
