package desk

import (
	"maps"
	"slices"
	"strconv"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
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

func standingOf(row *review.Row) standing {
	switch {
	case row.Undeclared:
		return notDeclared
	case row.Expired:
		return expired
	case row.Confirmed == nil:
		return notSeen
	}
	return asDeclared
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
func signsOf(rows []review.Row) (byName map[string]sign, legend []sign) {
	byName = map[string]sign{}
	folded := map[string]string{}
	used := map[string]bool{}
	for i := range rows {
		name := rows[i].RoleName
		if _, known := folded[name]; !known {
			folded[name] = rolemodel.FoldName(name)
			used[folded[name]] = true
		}
	}
	signs := map[string]sign{}
	of := letters()
	for _, role := range rolemodel.DefaultRoles() {
		key := rolemodel.FoldName(role.Name)
		signs[key] = sign{Letter: of[role.ID], Class: "r" + of[role.ID], Name: role.Name}
		if used[key] {
			legend = append(legend, signs[key])
		}
	}
	customs := 0
	for _, name := range slices.Sorted(maps.Keys(folded)) {
		key := folded[name]
		if signs[key].Letter == "" {
			customs++
			signs[key] = sign{Letter: "C" + strconv.Itoa(customs), Class: "rC", Name: name}
			legend = append(legend, signs[key])
		}
		byName[name] = signs[key]
	}
	return byName, legend
}
