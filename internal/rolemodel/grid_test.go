package rolemodel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// The tables here are the documents read once more, without a look at the rules'
// code: what is expected of every cell of a grid is written out from them.

// manages says what each default role may manage (seed 003): 0 no roles, 1
// application roles, 2 protected roles too. carries are those with permissions on
// protected content, keepsAccounts those that have to do with accounts (modelled).
var (
	manages = map[rolemodel.RoleID]int{
		"super-admin": 2, "partner-admin": 1, "full-admin": 1, "basic-admin": 1, "help-desk-admin": 0, "gateway-admin": 1,
		"discovery-officer": 0, "reviewer": 0, "sync-engine-admin": 0,
	}
	carries       = []rolemodel.RoleID{"super-admin", "full-admin", "discovery-officer", "reviewer"}
	keepsAccounts = []rolemodel.RoleID{"super-admin", "partner-admin", "full-admin", "basic-admin"}
)

// ofGrid is a role with what the documents say of it.
type ofGrid struct {
	role    *rolemodel.Role
	custom  bool
	manages int
	carries bool
}

func rolesOfGrid() []ofGrid {
	var all []ofGrid
	for id, level := range manages {
		all = append(all, ofGrid{defaultRole(id), false, level, slices.Contains(carries, id)})
	}
	normal := func(name string, security rolemodel.SecurityPermission, application rolemodel.Permission, protected ...rolemodel.Permission) *rolemodel.Role {
		r, vs := rolemodel.Role{
			TenantID: "CCLIENT1", Name: name, SecurityPermission: security, ApplicationPermissions: []rolemodel.Permission{application}, ProtectedPermissions: protected,
			AllowUnlistedPermissions: true,
		}.Normalise()
		if len(vs) > 0 {
			panic(vs)
		}
		r.ID = rolemodel.RoleIDFor(name)
		return &r
	}
	const listed = "Directories | Groups | Edit"
	return append(all,
		ofGrid{normal("Group Admin", "cannot_manage_roles", listed), true, 0, false},
		ofGrid{normal("Role Admin", "manage_application_roles", listed), true, 1, false},
		ofGrid{normal("Top Admin", "manage_application_and_protected_roles", listed), true, 2, false},
		ofGrid{normal("Mail Auditor Admin", "cannot_manage_roles", listed, contentView), true, 0, true},
		ofGrid{normal("Top Auditor Admin", "manage_application_and_protected_roles", listed, contentView), true, 2, true},
		ofGrid{normal("New Admin", "cannot_manage_roles", "Archive | Search | Content View"), true, 0, true}, // Unlisted.
	)
}

// placeOfGrid is a tenant's partner: none, or of a program, with or without the portal.
type placeOfGrid struct {
	partner, msp, portal bool
}

var placesOfGrid = []placeOfGrid{{false, false, false}, {true, true, true}, {true, true, false}, {true, false, true}, {true, false, false}}

func (p placeOfGrid) entries() (*rolemodel.Tenant, *rolemodel.Partner) {
	tenant := client()
	if !p.partner {
		tenant.PartnerID = ""
		return tenant, nil
	}
	partner := msp()
	if partner.PartnerPortal = p.portal; !p.msp {
		partner.Program = "reseller"
	}
	return tenant, partner
}

// rulesOf are the rules that are broken, each once.
func rulesOf(vs rolemodel.Violations) string {
	var rules []string
	for _, v := range vs {
		rules = append(rules, string(v.Rule))
	}
	return sorted(rules)
}

func sorted(rules []string) string {
	slices.Sort(rules)
	return strings.Join(slices.Compact(rules), " ")
}

// cell gathers what is expected of a cell.
type cell []string

func (c *cell) breaks(rule string, broken bool) {
	if broken {
		*c = append(*c, rule)
	}
}

func TestGridOfGrants(t *testing.T) {
	desk := ofGrid{role: defaultRole("help-desk-admin")}
	emails := map[string]rolemodel.Email{"login": "anna@fabrikam.example", "inside": "anna@contoso.test", "elsewhere": "anna@elsewhere.example"}
	cells, allowed := 0, 0
	for actorID, level := range manages {
		for _, action := range []string{"add", "remove", "change to", "change from", "change the address of"} {
			for _, r := range rolesOfGrid() {
				for _, place := range placesOfGrid {
					for where, email := range emails {
						tenant, partner := place.entries()
						grant := func(e rolemodel.Email, of ofGrid) *rolemodel.Grant {
							return &rolemodel.Grant{Email: e, Tenant: tenant, Partner: partner, Role: of.role}
						}
						var before, after *rolemodel.Grant
						var touched []ofGrid // the roles that the actor must have authority over
						given := false
						holds := r
						switch action {
						case "add":
							after, touched, given = grant(email, r), []ofGrid{r}, true
						case "remove":
							before, touched = grant(email, r), []ofGrid{r}
						case "change to":
							before, after, touched, given = grant(email, desk), grant(email, r), []ofGrid{desk, r}, r.role.ID != desk.role.ID
						case "change from":
							before, after, touched, holds = grant(email, r), grant(email, desk), []ofGrid{desk, r}, desk
						case "change the address of":
							before, after, touched = grant("zoe@msp.example", r), grant(email, r), []ofGrid{r}
						}

						var want cell
						want.breaks("manage-roles", level == 0)
						for _, role := range touched {
							want.breaks("protected-assignment", role.carries && level < 2)
							want.breaks("no-escalation", role.custom && role.manages > level)
						}
						want.breaks("super-by-support", given && r.role.ID == "super-admin")
						want.breaks("address-by-support", action == "change the address of" && r.carries)
						want.breaks("msp-only-role", actorID == "partner-admin" && !place.msp)
						if after != nil {
							want.breaks("external-address", where == "inside")
							want.breaks("portal-required", !place.portal)
							want.breaks("partner-login", place.partner && where != "login")
							want.breaks("msp-only-role", holds.role.ID == "partner-admin" && !place.msp)
						}

						got, expected := rulesOf(rolemodel.DecideGrant(actor(actorID), before, after, now)), sorted(want)
						if got != expected {
							t.Errorf("%s may %s %s, place %+v, address %s: breaks %q, want %q", actorID, action, r.role.Name, place, where, got, expected)
						}
						if cells++; expected == "" {
							allowed++
						}
					}
				}
			}
		}
	}
	if cells != 9*5*15*5*3 || allowed < 100 {
		t.Errorf("%d cells, %d of them allowed", cells, allowed)
	}
}

func TestGridOfRoles(t *testing.T) {
	cells, allowed := 0, 0
	for actorID, level := range manages {
		for _, action := range []string{"create", "edit", "delete", "take up"} {
			for _, r := range rolesOfGrid() {
				for _, place := range placesOfGrid {
					for _, gone := range []bool{false, true} {
						tenant, partner := place.entries()
						tenant.Retired = gone
						retired := *r.role
						retired.Retired = true
						edited := *r.role
						edited.TenantID, edited.Description = "CCLIENT1", "Another one."
						var before, after *rolemodel.Role
						switch action {
						case "create":
							after = &edited
						case "edit":
							before, after = r.role, &edited
						case "delete":
							before = r.role
						case "take up":
							before, after = &retired, &edited
						}

						var want cell
						want.breaks("manage-roles", level == 0)
						want.breaks("msp-only-role", actorID == "partner-admin" && !place.msp)
						want.breaks("default-role-fixed", !r.custom) // Its name is taken, too.
						if r.custom {
							want.breaks("protected-assignment", action != "create" && r.carries && level < 2)
							want.breaks("no-escalation", r.manages > level)
							want.breaks("no-escalation", action != "delete" && r.carries && level < 2)
						}
						if action == "create" && !r.custom {
							want.breaks("no-escalation", r.manages > level)
						}
						want.breaks("account-retired", gone && (action == "create" || action == "take up" && r.custom))

						got, expected := rulesOf(rolemodel.DecideRole(actor(actorID), before, after, rolemodel.RoleFacts{Tenant: tenant, Partner: partner})), sorted(want)
						if got != expected {
							t.Errorf("%s may %s %s, place %+v, retired %t: breaks %q, want %q", actorID, action, r.role.Name, place, gone, got, expected)
						}
						if cells++; expected == "" {
							allowed++
						}
					}
				}
			}
		}
	}
	if cells != 9*4*15*5*2 || allowed < 100 {
		t.Errorf("%d cells, %d of them allowed", cells, allowed)
	}
}

func TestGridOfAccounts(t *testing.T) {
	cells, allowed := 0, 0
	expect := func(what string, got rolemodel.Violations, want cell) {
		t.Helper()
		if expected := sorted(want); rulesOf(got) != expected {
			t.Errorf("%s: breaks %q, want %q", what, rulesOf(got), expected)
		}
		if cells++; len(want) == 0 {
			allowed++
		}
	}
	for actorID := range manages {
		for _, own := range []bool{false, true} { // whether the actor comes with the partner's own credential
			who := actor(actorID)
			if own {
				who.PartnerID, who.Credential = "CMSP1", true
			}
			for _, action := range []string{"create", "delete", "rename", "change the program of", "change the portal use of", "change the domains of", "change the IP ranges of"} {
				for _, isMSP := range []bool{true, false} {
					p := msp()
					if !isMSP {
						p.Program = "reseller"
					}
					edited := *p
					before, after := p, &edited
					switch action {
					case "create":
						before = nil
					case "delete":
						after = nil
					case "rename":
						edited.Name = "Another name"
					case "change the program of":
						edited.Program = map[bool]rolemodel.Program{true: "reseller", false: "msp"}[isMSP]
					case "change the portal use of":
						edited.PartnerPortal = false
					case "change the domains of":
						edited.Domains = []rolemodel.Domain{"fabrikam.example", "new.example"}
					case "change the IP ranges of":
						edited.AdminIPRanges = ranges(1)
					}
					var want cell
					want.breaks("manage-accounts", !slices.Contains(keepsAccounts, actorID))
					want.breaks("msp-only-role", actorID == "partner-admin" && (!isMSP || action == "change the program of"))
					want.breaks("partner-facts", own && action != "rename" && action != "change the IP ranges of")
					got := rolemodel.DecidePartner(who, before, after, rolemodel.AccountFacts{})
					expect(fmt.Sprintf("%s, own credential %t, may %s a partner, MSP %t", actorID, own, action, isMSP), got, want)
				}
			}
			for _, action := range []string{"create", "delete", "rename", "give up"} {
				for _, place := range placesOfGrid {
					tenant, partner := place.entries()
					edited := *tenant
					before, after := tenant, &edited
					facts := rolemodel.AccountFacts{Former: partner, Partner: partner}
					switch action {
					case "create":
						before, facts.Former = nil, nil
					case "delete":
						after, facts.Partner = nil, nil
					case "rename":
						edited.Name = "Another name"
					case "give up":
						edited.PartnerID, facts.Partner = "", nil
					}
					var want cell
					want.breaks("manage-accounts", !slices.Contains(keepsAccounts, actorID))
					want.breaks("msp-only-role", actorID == "partner-admin" && (!place.msp || action == "give up"))
					want.breaks("reference-exists", own && action != "delete" && (!place.partner || action == "give up"))
					expect(fmt.Sprintf("%s, own credential %t, may %s a tenant, place %+v", actorID, own, action, place), rolemodel.DecideTenant(who, before, after, facts), want)
				}
			}
		}
	}
	if cells != 9*2*(7*2+4*5) || allowed < 100 {
		t.Errorf("%d cells, %d of them allowed", cells, allowed)
	}
}
