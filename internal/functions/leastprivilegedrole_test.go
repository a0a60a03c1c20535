package functions_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// weakest is the answer for one capability, read off Mimecast's descriptions by hand.
var weakest = map[string]string{
	"content_view":                                        "basic-admin",
	"content_view=held_messages":                          "basic-admin",
	"content_view=discovery_cases":                        "reviewer",
	"content_view=archive_search":                         "discovery-officer",
	"content_view=all":                                    "full-admin",
	"delegate_mailbox_access":                             "partner-admin",
	"message_export":                                      "discovery-officer",
	"retention_adjustments":                               "discovery-officer",
	"assign_protected_permissions":                        "super-admin",
	"elevate_administrators":                              "super-admin",
	"create_administrators":                               "basic-admin",
	"create_administrators=basic_only":                    "basic-admin",
	"create_administrators=without_protected_permissions": "gateway-admin",
	"create_administrators=all_below_super":               "super-admin",
	"message_tracking":                                    "help-desk-admin",
	"message_tracking=yes":                                "help-desk-admin",
	"policy_management":                                   "help-desk-admin",
	"policy_management=read":                              "help-desk-admin",
	"ediscovery_search":                                   "discovery-officer",
	"ediscovery_review":                                   "reviewer",
	"supervision_review":                                  "reviewer",
	"synchronization_engine_sites":                        "sync-engine-admin",
}

func TestLeastPrivilegedRole(t *testing.T) {
	for _, c := range rolemodel.Capabilities() {
		if _, ok := weakest[string(c)]; !ok {
			t.Errorf("no case has the capability %q", c)
		}
	}
	for capability, role := range weakest {
		expect(t, functions.NewLeastPrivilegedRole(), role, []string{capability})
		expect(t, functions.NewLeastPrivilegedRole(), role, []string{capability, capability})
	}
	for role, capabilities := range map[string][]string{
		"gateway-admin":     {"message_tracking", "create_administrators"},
		"full-admin":        {"message_export", "delegate_mailbox_access"},
		"super-admin":       {"delegate_mailbox_access", "content_view=held_messages", "create_administrators=basic_only"},
		"discovery-officer": {"content_view", "ediscovery_search"},
		"partner-admin":     {"delegate_mailbox_access=yes"},
	} {
		for _, order := range [][]string{capabilities, backwards(capabilities)} {
			expect(t, functions.NewLeastPrivilegedRole(), role, order)
		}
	}
}

func TestLeastPrivilegedRoleRefuses(t *testing.T) {
	for _, test := range []struct {
		capabilities []string
		want         string
	}{
		{nil, `no capability is given: write at least one of "content_view", `},
		{[]string{"tracking", "message_tracking", "export"}, "\"tracking\" is not a capability: write \"message_tracking\" if that is meant, or one of \"content_view\", "},
		{[]string{"tracking", "message_tracking", "export"}, "\n\"export\" is not a capability: write \"message_export\" if that is meant, or one of "},
		{[]string{""}, `"" is not a capability: write `},
		{[]string{"message_tracking=no"}, `"message_tracking=no" is nothing to have: write "message_tracking"`},
		{[]string{"message_tracking="}, `"message_tracking=" is nothing to have: write "message_tracking"`},
		{[]string{"policy_management=none"}, `"policy_management=none" is nothing to have: write "policy_management" for any degree, or one of "policy_management=read", "policy_management=edit"`},
		{[]string{"create_administrators=all"}, `"create_administrators=all" is nothing to have: write "create_administrators" for any degree, or one of "create_administrators=basic_only", "create_administrators=without_protected_permissions", "create_administrators=all_below_super"`},
		{[]string{"message_tracking", "policy_management=edit"}, `no default role is stated to have "policy_management=edit": write what is stated, "policy_management=read" (help-desk-admin), "policy_management=read" (gateway-admin), or make a custom role with the permissions`},
		{[]string{"content_view=all", "message_export", "ediscovery_review"}, `no default role is stated to have all of "content_view=all", "message_export", "ediscovery_review": the nearest is "full-admin", which lacks "ediscovery_review", so leave that out or make a custom role with the permissions`},
	} {
		expectRefusal(t, functions.NewLeastPrivilegedRole(), 0, test.want, test.capabilities)
	}
}

// TestLeastPrivilegedRoleOfAnySet asks for every set of up to three capabilities:
// the answer is stated to have them, and no role that is stated to have them is
// weaker. Refused is what no role is stated to have.
func TestLeastPrivilegedRoleOfAnySet(t *testing.T) {
	asked := append(slices.Sorted(maps.Keys(weakest)), "policy_management=edit")
	answers := map[string]int{}
	for i, a := range asked {
		for j, b := range asked[i:] {
			for _, c := range asked[i+j:] {
				set := []string{a, b, c}
				var able []rolemodel.Role
				for _, role := range rolemodel.DefaultRoles() {
					if !slices.ContainsFunc(set, func(s string) bool { return !statedToHave(role, s) }) {
						able = append(able, role)
					}
				}
				got, refused := call(t, functions.NewLeastPrivilegedRole(), set)
				if (refused == nil) != (len(able) > 0) {
					t.Fatalf("%q: got %v, %v, where %d roles have them", set, got, refused, len(able))
				}
				if refused != nil {
					answers["refused"]++
					continue
				}
				answer := fmt.Sprint(got)
				answers[answer]++
				chosen, err := rolemodel.ParseDefaultRole(answer)
				if err != nil {
					t.Fatal(err)
				}
				found := false
				for _, role := range able {
					found = found || role.ID == chosen.ID
					if !role.CarriesProtected && chosen.CarriesProtected ||
						role.CarriesProtected == chosen.CarriesProtected && role.SecurityPermission.Level() < chosen.SecurityPermission.Level() {
						t.Errorf("%q: got %s, and %s is weaker", set, got, role.ID)
					}
				}
				if !found {
					t.Errorf("%q: got %s, which is not stated to have them", set, got)
				}
			}
		}
	}
	if len(answers) != 10 {
		t.Errorf("not every role was an answer: %v", answers)
	}
}

// statedToHave says whether a role is stated to have a capability, in the terms
// of the function's description.
func statedToHave(role rolemodel.Role, asked string) bool {
	name, least, _ := strings.Cut(asked, "=")
	rank := map[string]map[string]int{
		"create_administrators": {"basic_only": 1, "without_protected_permissions": 2, "all_below_super": 3},
		"policy_management":     {"read": 1, "edit": 2},
	}[name]
	for _, c := range role.Capabilities {
		if string(c.Capability) != name || slices.Contains([]string{"no", "none", "not_stated"}, c.Value) {
			continue
		}
		if name == "content_view" {
			return least == "" || c.Value == least || c.Value == "all"
		}
		return rank[c.Value] >= rank[least]
	}
	return false
}

func TestRoleGrants(t *testing.T) {
	values := map[string]int{}
	for _, role := range rolemodel.DefaultRoles() {
		for _, c := range role.Capabilities {
			expect(t, functions.NewRoleGrants(), c.Value, string(role.ID), string(c.Capability))
			values[c.Value]++
			if !slices.Contains([]string{"no", "none", "not_stated"}, c.Value) {
				if _, err := call(t, functions.NewLeastPrivilegedRole(), []string{string(c.Capability) + "=" + c.Value}); err != nil {
					t.Errorf("%s has %s=%s, and it cannot be asked for: %v", role.ID, c.Capability, c.Value, err)
				}
			}
		}
	}
	for _, value := range []string{"yes", "no", "none", "not_stated", "held_messages", "read"} {
		if values[value] == 0 {
			t.Errorf("no capability is %q: %v", value, values)
		}
	}
	expectRefusal(t, functions.NewRoleGrants(), 0, `"Help Desk Administrator" is the name of a default role, not its ID: write "help-desk-admin"`, "Help Desk Administrator", "content_view")
	expectRefusal(t, functions.NewRoleGrants(), 0, `"helpdesk" is not the ID of a default role: write "help-desk-admin" if that is meant, or one of "super-admin", `, "helpdesk", "content_view")
	expectRefusal(t, functions.NewRoleGrants(), 0, "write \"reviewer\" if that is meant, or one of ", "viewer", "export")
	expectRefusal(t, functions.NewRoleGrants(), 0, "\n\"export\" is not a capability: write \"message_export\" if that is meant, or one of ", "viewer", "export")
	expectRefusal(t, functions.NewRoleGrants(), 1, `"Content View" is not a capability: write "content_view" if that is meant, or one of `, "reviewer", "Content View")
}

func TestCanonicalEmail(t *testing.T) {
	expect(t, functions.NewCanonicalEmail(), "jürgen@xn--bcher-kva.example", "JÜRGEN@Bücher.example")
	expectRefusal(t, functions.NewCanonicalEmail(), 0, `"Anna <anna@example.com>" is not an email address, since "example.com>" is not a mail domain: write one like "anna@example.com"`, "Anna <anna@example.com>")
}

func backwards(capabilities []string) []string {
	reversed := slices.Clone(capabilities)
	slices.Reverse(reversed)
	return reversed
}
