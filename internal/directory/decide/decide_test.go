package decide

// What these functions read and decide together is tested on every directory,
// by the suite in directorytest. Here are the helpers that need no directory.

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

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

func TestDomainsOf(t *testing.T) {
	for _, tt := range []struct {
		primary  rolemodel.Domain
		internal []rolemodel.Domain
		want     []rolemodel.Domain
	}{
		{"", nil, nil},
		{"b.example", nil, []rolemodel.Domain{"b.example"}},
		{"b.example", []rolemodel.Domain{"a.example", "b.example"}, []rolemodel.Domain{"a.example", "b.example"}},
		{"b.example", []rolemodel.Domain{"a.example", "c.example"}, []rolemodel.Domain{"a.example", "b.example", "c.example"}},
	} {
		if got := domainsOf(&rolemodel.Tenant{PrimaryDomain: tt.primary, InternalDomains: tt.internal}); !slices.Equal(got, tt.want) {
			t.Errorf("%s and %s: got %s", tt.primary, tt.internal, got)
		}
	}
}

// The grants of a tenant are not read if restrictsGrants says that they do not
// matter, so it must be right.
func TestRestrictsGrants(t *testing.T) {
	domains := rapid.SliceOfNDistinct(rapid.SampledFrom([]rolemodel.Domain{"a.example", "b.example", "c.example"}), 0, 3, rapid.ID[rolemodel.Domain])
	rapid.Check(t, func(t *rapid.T) {
		tenant := func(label string) *rolemodel.Tenant {
			return &rolemodel.Tenant{
				AccountCode: "C1", InternalDomains: domains.Draw(t, label+" internal"),
				PrimaryDomain: rapid.SampledFrom([]rolemodel.Domain{"", "a.example", "b.example"}).Draw(t, label+" primary"),
				PartnerID:     rapid.SampledFrom([]rolemodel.AccountCode{"", "CMSP"}).Draw(t, label+" partner"),
			}
		}
		before, after := tenant("before"), tenant("after")
		before.InternalDomains = domainsOf(before) // As the directory stores them.
		partner := &rolemodel.Partner{AccountCode: "CMSP", Program: rolemodel.ProgramMSP, PartnerPortal: rapid.Bool().Draw(t, "portal"), Domains: domains.Draw(t, "partner's")}
		of := func(tenant *rolemodel.Tenant) *rolemodel.Partner {
			if tenant.PartnerID == "" {
				return nil
			}
			return partner
		}
		facts := rolemodel.TenantFacts{Partner: of(after)}
		for _, email := range []rolemodel.Email{"anna@a.example", "ben@b.example"} {
			facts.Grants = append(facts.Grants, heldGrant(before, of(before), rolemodel.ExternalAdmin{Email: email, RoleID: rolemodel.PartnerAdmin}))
		}
		if vs := rolemodel.DecideTenant(before, after, facts); len(vs) > 0 && !restrictsGrants(before, after) {
			t.Fatalf("the change restricts no grants, and breaks some: %v", vs)
		}
	})
}
