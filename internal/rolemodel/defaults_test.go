package rolemodel_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Copies of the two articles that the product implements, and of the list of
// permissions that was gathered from Mimecast's API documentation.
var (
	//go:embed testdata/seed000.txt
	seed000 string
	//go:embed testdata/seed003.txt
	seed003 string
	//go:embed testdata/permissions.txt
	permissions string
)

func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

const protectedSentence = "This administration role is protected, which means that you cannot edit the role or change the privileges assigned."

// roleFacts are what domain.md's table says, in its order.
var roleFacts = []struct {
	id                                    rolemodel.RoleID
	name                                  string
	opening                               string // how seed 003's description of the role begins
	security                              rolemodel.SecurityPermission
	definitionProtected, carriesProtected bool
}{
	{"super-admin", "Super Administrator", "Can manage Application roles and Protected roles.", "manage_application_and_protected_roles", true, true},
	{"partner-admin", "Partner Administrator", "Can manage Application roles.", "manage_application_roles", true, false},
	{"full-admin", "Full Administrator", "Can manage Application roles.", "manage_application_roles", true, true},
	{"basic-admin", "Basic Administrator", "Can manage Application roles.", "manage_application_roles", false, false},
	{"help-desk-admin", "Help Desk Administrator", "Cannot manage roles.", "cannot_manage_roles", false, false},
	{"gateway-admin", "Gateway Administrator", "Can manage Application roles.", "manage_application_roles", false, false},
	{"discovery-officer", "Discovery Officer", "Cannot manage roles.", "cannot_manage_roles", true, true},
	{"reviewer", "Reviewer", "Cannot manage roles.", "cannot_manage_roles", true, true},
	{"sync-engine-admin", "Synchronization Engine Administrator", "Can manage Mimecast Synchronization Engine sites.", "manage_synchronization_engine_sites", false, false},
}

// descriptions cuts seed 003 into the descriptions of the default roles.
func descriptions(t *testing.T) map[rolemodel.RoleID]string {
	t.Helper()
	text := oneSpace(seed003)
	text, _, _ = strings.Cut(text, " Only a Basic Administrator role is added when your account is created")
	found := map[rolemodel.RoleID]string{}
	for _, fact := range slices.Backward(roleFacts) {
		before, description, ok := strings.Cut(text, " "+fact.name+" "+fact.opening)
		if !ok {
			t.Fatalf("seed 003 has no role %s that %q", fact.name, fact.opening)
		}
		found[fact.id] = fact.opening + description
		text = before
	}
	return found
}

func TestDefaultRolesAreThoseOfTheSeed(t *testing.T) {
	described := descriptions(t)
	roles := rolemodel.DefaultRoles()
	if len(roles) != len(roleFacts) {
		t.Fatalf("%d default roles, want %d", len(roles), len(roleFacts))
	}
	for i, fact := range roleFacts {
		t.Run(string(fact.id), func(t *testing.T) {
			r := roles[i]
			if r.ID != fact.id || r.Name != fact.name || r.SecurityPermission != fact.security ||
				r.DefinitionProtected != fact.definitionProtected || r.CarriesProtected != fact.carriesProtected {
				t.Errorf("got %+v\nwant %+v", r, fact)
			}
			if says := strings.Contains(described[fact.id], protectedSentence); says != r.DefinitionProtected {
				t.Errorf("DefinitionProtected is %t, the seed says %t", r.DefinitionProtected, says)
			}
			if !r.IsDefault() || r.Description == "" || len(r.ApplicationPermissions)+len(r.ProtectedPermissions) > 0 {
				t.Errorf("not a default role as others expect it: %+v", r)
			}
			byID, _ := rolemodel.DefaultRole(fact.id)
			byName, _ := rolemodel.DefaultRoleByName(strings.ToUpper(fact.name))
			if byID.Name != fact.name || byName.ID != fact.id {
				t.Errorf("looked up as %q by ID and %q by name", byID.Name, byName.ID)
			}
		})
	}
	// The roles that the seed names in its last paragraph carry protected permissions.
	named, _, _ := strings.Cut(oneSpace(seed003)[strings.Index(oneSpace(seed003), "Protected Content Permissions, e.g.,"):], ".  ")
	for _, r := range roles {
		if strings.Contains(named, r.Name+"s") && !r.CarriesProtected {
			t.Errorf("%s does not carry protected permissions, seed 003 says it does", r.Name)
		}
	}
	if _, ok := rolemodel.DefaultRole("no-such-role"); ok {
		t.Error("there is a default role no-such-role")
	}
}

func TestCapabilitiesCiteTheSeed(t *testing.T) {
	values := map[rolemodel.Capability][]string{
		rolemodel.ContentView:                {"none", "held_messages", "discovery_cases", "archive_search", "all"},
		rolemodel.DelegateMailboxAccess:      {"yes"},
		rolemodel.MessageExport:              {"yes"},
		rolemodel.RetentionAdjustments:       {"yes"},
		rolemodel.AssignProtectedPermissions: {"yes", "no"},
		rolemodel.ElevateAdministrators:      {"yes"},
		rolemodel.CreateAdministrators:       {"none", "basic_only", "without_protected_permissions", "all_below_super"},
		rolemodel.MessageTracking:            {"yes"},
		rolemodel.PolicyManagement:           {"none", "read", "edit"},
		rolemodel.EDiscoverySearch:           {"yes"},
		rolemodel.EDiscoveryReview:           {"yes"},
		rolemodel.SupervisionReview:          {"yes"},
		rolemodel.SynchronizationEngineSites: {"yes"},
	}
	described := descriptions(t)
	for _, r := range rolemodel.DefaultRoles() {
		said := 0
		var order []rolemodel.Capability
		for _, s := range r.Capabilities {
			order = append(order, s.Capability)
			if s.Value == rolemodel.NotStated {
				if s.Sentence != "" {
					t.Errorf("%s: %s is not stated, and cites %q", r.ID, s.Capability, s.Sentence)
				}
				continue
			}
			said++
			if !slices.Contains(values[s.Capability], s.Value) {
				t.Errorf("%s: %s cannot be %q", r.ID, s.Capability, s.Value)
			}
			if s.Sentence != oneSpace(s.Sentence) || !strings.HasSuffix(s.Sentence, ".") || !strings.Contains(described[r.ID], s.Sentence) {
				t.Errorf("%s: %s cites %q, which seed 003 does not say of the role", r.ID, s.Capability, s.Sentence)
			}
		}
		if !slices.Equal(order, rolemodel.Capabilities()) {
			t.Errorf("%s has the capabilities %v", r.ID, order)
		}
		if said == 0 {
			t.Errorf("%s has no capability at all", r.ID)
		}
	}
}

func TestDefaultRolesAreCopies(t *testing.T) {
	roles := rolemodel.DefaultRoles()
	roles[0].Name, roles[0].Capabilities[0].Value = "changed", "changed"
	super, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	super.Capabilities[0].Value = "changed"
	if again := rolemodel.DefaultRoles()[0]; again.Name == "changed" || again.Capabilities[0].Value == "changed" {
		t.Error("a caller can change the default roles")
	}
}

func TestCatalogueIsTheDocumentedList(t *testing.T) {
	var want []rolemodel.ListedPermission
	for line := range strings.Lines(permissions) {
		area, items, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		for item := range strings.SplitSeq(items, "; ") {
			kind := rolemodel.ApplicationPermission
			if rest, protected := strings.CutPrefix(item, "*"); protected {
				item, kind = rest, rolemodel.ProtectedPermission
			}
			item, levels, _ := strings.Cut(strings.ReplaceAll(item, ">", " | "), ".")
			for level := range strings.SplitSeq(levels, "/") {
				p := area + " | " + item
				if level != "" {
					p += " | " + level
				}
				want = append(want, rolemodel.ListedPermission{Permission: rolemodel.Permission(p), Kind: kind})
			}
		}
	}
	got := rolemodel.Catalogue()
	for _, l := range want {
		if !slices.Contains(got, l) {
			t.Errorf("the catalogue lacks %+v", l)
		}
	}
	for _, l := range got {
		if !slices.Contains(want, l) {
			t.Errorf("the catalogue has %+v, which is not documented", l)
		}
		if p, err := rolemodel.ParsePermission(string(l.Permission)); err != nil || p != l.Permission {
			t.Errorf("the catalogue's spelling %q is not canonical: %q, %v", l.Permission, p, err)
		}
	}
	if len(got) != len(want) {
		t.Errorf("the catalogue has %d permissions, want %d", len(got), len(want))
	}
}

// The sources of rules that quote the articles, at the words that say so.
func TestRulesAreInTheSeeds(t *testing.T) {
	for rule, quoted := range map[rolemodel.RuleID][]string{
		rolemodel.ExternalAddress:     {"000 administrators outside of the partner's customer organization's internal domains"},
		rolemodel.PortalRequired:      {"000 This only applies if the partner utilizes the Partner Portal."},
		rolemodel.MSPOnlyRole:         {"000 The Partner Administrator role is only applicable to Mimecast MSP Partners.", "003 The Partner Administrator role is only applicable to Mimecast MSP Partners."},
		rolemodel.ManageRoles:         {"003 Cannot Manage Roles: Access to the Roles tab is disabled."},
		rolemodel.ProtectedAssignment: {"003 The exception is if the application areas are marked as protected with the Protected Roles permission."},
		rolemodel.SuperBySupport: {
			"000 only being able to be performed by Mimecast Support",
			"003 elevate other administrators below the Super Administrator role",
		},
		rolemodel.AddressBySupport: {
			"000 (e.g., address changes, password resets) only being able to be performed by Mimecast Support",
			"003 (e.g., address changes and password resets) only being performed by Mimecast Support",
		},
		rolemodel.DefaultRoleFixed: {"003 " + protectedSentence},
		rolemodel.NoEscalation:     {"003 Manage Application Roles: Administrators can modify access for other administrators."},
		rolemodel.IPRange:          {"000 configured IP ranges"},
	} {
		source := sourceOf(t, rule)
		for _, q := range quoted {
			number, words, _ := strings.Cut(q, " ")
			seed := map[string]string{"000": seed000, "003": seed003}[number]
			if !strings.Contains(oneSpace(seed), words) {
				t.Errorf("%s: seed %s does not say %q", rule, number, words)
			}
			title := map[string]string{"000": "Managing Partner Administrators", "003": "Understanding Administrator Roles"}[number]
			if !strings.Contains(source, title) {
				t.Errorf("%s is in the article %q, and its source is %q", rule, title, source)
			}
		}
	}
}

func sourceOf(t *testing.T, id rolemodel.RuleID) string {
	t.Helper()
	for _, r := range rolemodel.Rules() {
		if r.ID == id {
			return r.Source
		}
	}
	t.Fatalf("there is no rule %s", id)
	return ""
}
