package desk

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// standing is how what is declared of somebody in a tenant compares with what was seen.
type standing string

// The standings.
const (
	asDeclared standing = "as declared"
	// notSeen is declared, and was not seen so at Mimecast yet.
	notSeen standing = "not seen yet"
	// expired is declared, and does not count any more.
	expired standing = "expired"
	// notDeclared was seen at Mimecast, and is not declared.
	notDeclared standing = "undeclared"
)

// access is what one person has in one tenant.
type access struct {
	Tenant *rolemodel.Tenant
	Email  rolemodel.Email
	// Role is the name of the role that is declared or, of who is undeclared, that was seen.
	Role     string
	Standing standing
	// Grant is nil for who is undeclared, and Seen for who was never seen.
	Grant *rolemodel.ExternalAdmin
	Seen  *rolemodel.ObservedAdmin
}

// accessOf returns who has what in the tenant, by address. Who was seen not to be there, and is not declared, has nothing.
func accessOf(s *worklist.State, now rolemodel.Time) []access {
	var all []access
	for i := range s.Admins {
		a := access{Tenant: &s.Tenant, Email: s.Admins[i].Email, Role: roleName(s, &s.Admins[i]), Grant: &s.Admins[i]}
		if s.Seen != nil {
			a.Seen = s.Seen.Admin(a.Email)
		}
		switch {
		case a.Grant.ExpiresAt.Passed(now):
			a.Standing = expired
		case a.Seen == nil || rolemodel.FoldName(a.Seen.RoleName) != rolemodel.FoldName(a.Role):
			a.Standing = notSeen
		default:
			a.Standing = asDeclared
		}
		all = append(all, a)
	}
	if s.Seen != nil {
		for i := range s.Seen.Admins {
			seen := &s.Seen.Admins[i]
			declared := slices.ContainsFunc(s.Admins, func(a rolemodel.ExternalAdmin) bool { return a.Email == seen.Email })
			if seen.RoleName != "" && !declared && !s.Own(seen.Email) {
				all = append(all, access{Tenant: &s.Tenant, Email: seen.Email, Role: seen.RoleName, Standing: notDeclared, Seen: seen})
			}
		}
	}
	slices.SortFunc(all, func(a, b access) int { return cmp.Compare(a.Email, b.Email) })
	return all
}

func roleName(s *worklist.State, grant *rolemodel.ExternalAdmin) string {
	if grant.RoleName != "" {
		return grant.RoleName
	}
	for i := range s.Roles {
		if s.Roles[i].ID == grant.RoleID {
			return s.Roles[i].Name
		}
	}
	if role, ok := rolemodel.DefaultRole(grant.RoleID); ok {
		return role.Name
	}
	return string(grant.RoleID)
}

// letters are those of the default roles.
func letters() map[rolemodel.RoleID]string {
	return map[rolemodel.RoleID]string{
		rolemodel.SuperAdmin: "S", rolemodel.PartnerAdmin: "P", rolemodel.FullAdmin: "F", rolemodel.BasicAdmin: "B", rolemodel.HelpDeskAdmin: "H",
		rolemodel.GatewayAdmin: "G", rolemodel.DiscoveryOfficer: "D", rolemodel.Reviewer: "R", rolemodel.SyncEngineAdmin: "Y",
	}
}

// sign is how a role is shown in the grid: C and a number is a custom one.
type sign struct{ Letter, Class, Name string }

// signsOf gives each role name a sign, the default roles in their order and then the custom ones by name.
func signsOf(all [][]access) (byName map[string]sign, legend []sign) {
	byName = map[string]sign{}
	names := map[string]string{}
	for _, row := range all {
		for i := range row {
			names[row[i].Role] = rolemodel.FoldName(row[i].Role)
		}
	}
	used := map[string]bool{}
	for _, folded := range names {
		used[folded] = true
	}
	signs := map[string]sign{}
	of := letters()
	for _, role := range rolemodel.DefaultRoles() {
		folded := rolemodel.FoldName(role.Name)
		signs[folded] = sign{Letter: of[role.ID], Class: "r" + of[role.ID], Name: role.Name}
		if used[folded] {
			legend = append(legend, signs[folded])
		}
	}
	customs := 0
	for _, name := range slices.Sorted(maps.Keys(names)) {
		folded := names[name]
		if signs[folded].Letter == "" {
			customs++
			signs[folded] = sign{Letter: "C" + strconv.Itoa(customs), Class: "rC", Name: name}
			legend = append(legend, signs[folded])
		}
		byName[name] = signs[folded]
	}
	return byName, legend
}

// text is what a query is compared with.
func (a *access) text() string {
	return a.Tenant.Name + " " + string(a.Tenant.AccountCode) + " " + string(a.Tenant.PrimaryDomain) + " " + string(a.Email) + " " + a.Role + " " + string(a.Standing)
}
