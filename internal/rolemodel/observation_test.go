package rolemodel_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// What is known after any observations is what each line said last, and after a
// complete one nothing that it does not name.
func TestObservationWith(t *testing.T) {
	people := []rolemodel.Email{"a@msp.example", "b@msp.example", "c@msp.example", "d@msp.example"}
	rapid.Check(t, func(t *rapid.T) {
		known := rolemodel.Observation{TenantID: "CCLIENT1"}
		last, everybody := map[rolemodel.Email]string{}, false
		for range rapid.IntRange(1, 8).Draw(t, "observations") {
			seen, complete := rolemodel.Observation{TenantID: "CCLIENT1"}, rapid.Bool().Draw(t, "complete")
			for _, email := range rapid.SliceOfDistinct(rapid.SampledFrom(people), func(e rolemodel.Email) rolemodel.Email { return e }).Draw(t, "people") {
				seen.Admins = append(seen.Admins, rolemodel.ObservedAdmin{Email: email, RoleName: rapid.SampledFrom([]string{"", "Reviewer", "Own Admin"}).Draw(t, "role")})
			}
			if complete {
				last, everybody = map[rolemodel.Email]string{}, true
			}
			for _, a := range seen.Admins {
				last[a.Email] = a.RoleName
			}
			before := clone(known)
			after := known.With(seen, complete, rolemodel.Sighting{At: now, By: "anna", Means: rolemodel.MeansFile})
			if !reflect.DeepEqual(known, before) {
				t.Fatalf("what was known became %+v", known)
			}
			known = after
		}
		if (known.CompleteAt == now) != everybody {
			t.Fatalf("complete at %q", known.CompleteAt)
		}
		if !slices.IsSortedFunc(known.Admins, func(a, b rolemodel.ObservedAdmin) int { return slices.Compare([]byte(a.Email), []byte(b.Email)) }) {
			t.Fatalf("not in order: %+v", known.Admins)
		}
		for _, email := range people {
			role, said := last[email]
			line := known.Admin(email)
			switch {
			case line == nil && said && (role != "" || !everybody), line != nil && (!said || line.RoleName != role || line.By != "anna"):
				t.Fatalf("%s was seen as %q (%t), and %+v is known", email, role, said, line)
			}
		}
	})
}

func clone(o rolemodel.Observation) rolemodel.Observation {
	o.Admins, o.Roles = slices.Clone(o.Admins), slices.Clone(o.Roles)
	return o
}

func TestRoleDefinition(t *testing.T) {
	role := rolemodel.Role{TenantID: "CCLIENT1", ID: "x", Name: "X", SecurityPermission: rolemodel.CannotManageRoles, ApplicationPermissions: []rolemodel.Permission{"A | B | Edit"}}
	same := role
	same.TenantID, same.ID, same.Revision, same.Declaration, same.AllowUnlistedPermissions = "COTHER", "y", 7, "d", true
	if rolemodel.RoleDefinition(&role) != rolemodel.RoleDefinition(&same) {
		t.Error("what Mimecast does not have is in the definition")
	}
	for what, change := range map[string]func(*rolemodel.Role){
		"name":        func(r *rolemodel.Role) { r.Name = "Y" },
		"description": func(r *rolemodel.Role) { r.Description = "Y" },
		"security":    func(r *rolemodel.Role) { r.SecurityPermission = rolemodel.ManageApplicationRoles },
		"application": func(r *rolemodel.Role) { r.ApplicationPermissions = nil },
		"protected":   func(r *rolemodel.Role) { r.ProtectedPermissions = []rolemodel.Permission{contentView} },
	} {
		other := role
		change(&other)
		if rolemodel.RoleDefinition(&role) == rolemodel.RoleDefinition(&other) {
			t.Errorf("the %s is not in the definition", what)
		}
	}
}
