package decide

// What these functions read and decide together is tested on every directory,
// by the suite in directorytest. Here are the helpers that need no directory.

import (
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestUnderAdmin(t *testing.T) {
	vs := rolemodel.Violations{
		{Rule: "manage-roles"},
		{Rule: "portal-required", Path: rolemodel.At("tenant_id")},
		{Rule: "external-address", Path: rolemodel.At("email")},
		{Rule: "protected-assignment", Path: rolemodel.At("role_id")},
	}
	want := []string{"", "tenant_id", `admins["anna@a.example"]`, `admins["anna@a.example"].role_id`}
	for i, v := range underAdmin(vs, "anna@a.example") {
		if v.Path.String() != want[i] || v.Rule != vs[i].Rule {
			t.Errorf("%s lies at %q, want %q", v.Rule, v.Path, want[i])
		}
	}
	if vs[2].Path.String() != "email" {
		t.Error("underAdmin changed what it was given")
	}
}

func TestAppendNew(t *testing.T) {
	all := appendNew(nil, rolemodel.Violation{Problem: "P.", Path: rolemodel.At("a")}, rolemodel.Violation{Problem: "P.", Path: rolemodel.At("b")})
	all = appendNew(all, rolemodel.Violation{Problem: "Q."}, rolemodel.Violation{Problem: "P.", Path: rolemodel.At("a")})
	if len(all) != 3 || all[2].Problem != "Q." {
		t.Errorf("got %v", all)
	}
}

// Target is what a replacement makes of the grants that a tenant holds.
func TestTarget(t *testing.T) {
	grant := func(email rolemodel.Email, role rolemodel.RoleID, of rolemodel.Declaration) rolemodel.ExternalAdmin {
		return rolemodel.ExternalAdmin{TenantID: "CT", Email: email, RoleID: role, Declaration: of}
	}
	held := []rolemodel.ExternalAdmin{grant("mine@a.example", "basic-admin", "d1"), grant("nobodys@a.example", "basic-admin", ""), grant("others@a.example", "basic-admin", "d2")}
	seen := func(of rolemodel.Declaration) []rolemodel.ExternalAdmin {
		all := slices.Clone(held)
		all[2].Declaration = of
		return all
	}
	for name, tt := range map[string]struct {
		change directory.Replace
		wanted []rolemodel.ExternalAdmin
		want   string // The addresses left, or the violation.
	}{
		"a creation removes nobody":                {directory.Replace{Action: directory.ActionCreate, As: "d3"}, []rolemodel.ExternalAdmin{grant("new@a.example", "basic-admin", "")}, "mine new nobodys others"},
		"a creation adopts":                        {directory.Replace{Action: directory.ActionCreate, As: "d3"}, []rolemodel.ExternalAdmin{grant("others@a.example", "basic-admin", "")}, "mine nobodys others"},
		"a creation does not change a role":        {directory.Replace{Action: directory.ActionCreate, As: "d3"}, []rolemodel.ExternalAdmin{grant("others@a.example", "reviewer", "")}, "one-role"},
		"a creation without a declaration":         {directory.Replace{Action: directory.ActionCreate}, []rolemodel.ExternalAdmin{grant("others@a.example", "basic-admin", "")}, "one-role"},
		"an update without a declaration":          {directory.Replace{Action: directory.ActionUpdate}, nil, ""},
		"an update of what the plan showed":        {directory.Replace{Action: directory.ActionUpdate, As: "d1", Seen: seen("d2")}, nil, ""},
		"an update leaves who was adopted since":   {directory.Replace{Action: directory.ActionUpdate, As: "d1", Seen: seen("d1")}, nil, "others"},
		"a deletion leaves what is another one's":  {directory.Replace{Action: directory.ActionDelete, As: "d1", Seen: seen("d2")}, nil, "others"},
		"a deletion leaves what it has not shown":  {directory.Replace{Action: directory.ActionDelete, As: "d1", Seen: held[:1]}, nil, "nobodys others"},
		"a deletion of everything, by an operator": {directory.Replace{Action: directory.ActionDelete}, nil, ""},
	} {
		target, vs := Target(&tt.change, held, tt.wanted)
		var left []string
		for _, a := range target {
			local, _, _ := strings.Cut(string(a.Email), "@")
			left = append(left, local)
		}
		got := strings.Join(left, " ")
		if len(vs) > 0 {
			got = string(vs[0].Rule)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
