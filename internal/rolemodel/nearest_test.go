package rolemodel_test

import (
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestParseDefaultRole(t *testing.T) {
	for _, r := range rolemodel.DefaultRoles() {
		if got, err := rolemodel.ParseDefaultRole(string(r.ID)); err != nil || got.ID != r.ID {
			t.Errorf("%q is %q, %v", r.ID, got.ID, err)
		}
	}
	const all = `"super-admin", "partner-admin", "full-admin", "basic-admin", "help-desk-admin", "gateway-admin", "discovery-officer", "reviewer", "sync-engine-admin"`
	for in, want := range map[string]string{
		"Help Desk Administrator": `"Help Desk Administrator" is the name of a default role, not its ID: write "help-desk-admin"`,
		"REVIEWER":                `"REVIEWER" is the name of a default role, not its ID: write "reviewer"`,
		"help-desk":               `"help-desk" is not the ID of a default role: write "help-desk-admin" if that is meant, or one of ` + all,
	} {
		if _, err := rolemodel.ParseDefaultRole(in); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}

func TestNearestDefaultRole(t *testing.T) {
	for in, want := range map[string]rolemodel.RoleID{
		"helpdesk":               rolemodel.HelpDeskAdmin,
		"Help Desk Admin":        rolemodel.HelpDeskAdmin,
		"help_desk_admin":        rolemodel.HelpDeskAdmin,
		"super admin":            rolemodel.SuperAdmin,
		"superuser":              rolemodel.SuperAdmin,
		"Basic":                  rolemodel.BasicAdmin,
		"basic-adminstratr":      rolemodel.BasicAdmin,
		"full":                   rolemodel.FullAdmin,
		"gatway-admin":           rolemodel.GatewayAdmin,
		"Partner":                rolemodel.PartnerAdmin,
		"eDiscovery Officer":     rolemodel.DiscoveryOfficer,
		"sync engine":            rolemodel.SyncEngineAdmin,
		"reviewers":              rolemodel.Reviewer,
		strings.Repeat("x", 1e6): rolemodel.Reviewer,
	} {
		if got := rolemodel.NearestDefaultRole(in); got.ID != want {
			t.Errorf("nearest to %.30q is %q, want %q", in, got.ID, want)
		}
	}
}

func TestParseCapability(t *testing.T) {
	for _, c := range rolemodel.Capabilities() {
		if got, err := rolemodel.ParseCapability(string(c)); err != nil || got != c {
			t.Errorf("%q is %q, %v", c, got, err)
		}
	}
	_, err := rolemodel.ParseCapability("tracking")
	if err == nil || !strings.HasPrefix(err.Error(), `"tracking" is not a capability: write "message_tracking" if that is meant, or one of "content_view", `) ||
		!strings.HasSuffix(err.Error(), `, "synchronization_engine_sites"`) {
		t.Errorf("got %v", err)
	}
}
