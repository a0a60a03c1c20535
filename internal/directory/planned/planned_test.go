package planned_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/planned"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const (
	msp    = rolemodel.AccountCode("CUSA00A000")
	client = rolemodel.AccountCode("CUSA01A001")
)

// held is a directory with a partner and its tenant, in which a, b, c and d hold a role.
func held(t *testing.T) directory.Directory {
	t.Helper()
	basic, _ := rolemodel.DefaultRole(rolemodel.BasicAdmin)
	d := open(t, filepath.Join(t.TempDir(), "test.directory")).Open(directory.Owner(rolemodel.Actor{Name: "test", Role: basic}))
	ctx := context.Background()
	_, err := directory.Create(ctx, d, rolemodel.Partner{AccountCode: msp, Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"northwind.example"}}, "")
	_, err2 := directory.Create(ctx, d, rolemodel.Tenant{AccountCode: client, Name: "Alder Legal", PrimaryDomain: "alder.example", PartnerID: msp}, "")
	err = errors.Join(err, err2)
	for _, name := range []string{"a", "b", "c", "d"} {
		_, err2 := directory.Create(ctx, d, grant(name, rolemodel.BasicAdmin), "")
		err = errors.Join(err, err2)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func grant(name string, role rolemodel.RoleID) rolemodel.ExternalAdmin {
	return rolemodel.ExternalAdmin{TenantID: client, Email: rolemodel.Email(name + "@northwind.example"), RoleID: role}
}

// A limit counts what is yielded, however many the plan takes out before it.
func TestLimit(t *testing.T) {
	t.Parallel()
	p := planned.New(held(t))
	planned.Remove[rolemodel.ExternalAdmin](p, directory.KeyOf(grant("a", "")))
	planned.Put(p, grant("b", rolemodel.HelpDeskAdmin), true)
	planned.Put(p, grant("aa", rolemodel.BasicAdmin), true)
	for limit, want := range map[int]string{0: "aa c d", 1: "aa", 2: "aa c", 3: "aa c d", 4: "aa c d"} {
		filter := directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{client}, RoleID: rolemodel.BasicAdmin, Limit: limit}
		got := ""
		for admin, err := range p.ExternalAdmins(t.Context(), filter) {
			if err != nil {
				t.Fatal(err)
			}
			if got != "" {
				got += " "
			}
			got += string(admin.Email[:len(admin.Email)-len("@northwind.example")])
		}
		if got != want {
			t.Errorf("limit %d: got %s, want %s", limit, got, want)
		}
		if n, err := p.Count(t.Context(), filter); err != nil || n != 3 {
			t.Errorf("limit %d: counts %d, %v", limit, n, err)
		}
	}
}

// What is not all known yet cannot be read, and is listed as it is now.
func TestNotYetKnown(t *testing.T) {
	t.Parallel()
	p := planned.New(held(t))
	ctx := t.Context()
	planned.Put(p, rolemodel.Tenant{AccountCode: client, Name: "Renamed"}, false)
	planned.Put(p, rolemodel.Tenant{AccountCode: "CUSA02A002", Name: "New"}, false)
	for _, code := range []rolemodel.AccountCode{client, "CUSA02A002"} {
		if _, err := p.Tenant(ctx, code); !errors.Is(err, decide.ErrNotYetKnown) {
			t.Error(code, err)
		}
		if _, err := p.Role(ctx, code, rolemodel.Reviewer); err != nil {
			t.Errorf("every tenant has the default roles: %v", err)
		}
	}
	tenants, err := directory.Collect(p.Tenants(ctx, directory.TenantFilter{PartnerID: msp}))
	if err != nil || len(tenants) != 1 || tenants[0].Name != "Alder Legal" {
		t.Error(tenants, err)
	}
}

// What is planned while a list is read is in it as it was or as it will be, and never missing.
func TestPlannedMeanwhile(t *testing.T) {
	t.Parallel()
	p := planned.New(held(t))
	planned.Put(p, grant("a", rolemodel.HelpDeskAdmin), true)
	n := 0
	for admin, err := range p.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{client}}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1 {
			planned.Put(p, grant("c", rolemodel.HelpDeskAdmin), true)
		}
		if want := map[rolemodel.Email]rolemodel.RoleID{"a@northwind.example": rolemodel.HelpDeskAdmin, "c@northwind.example": rolemodel.HelpDeskAdmin}[admin.Email]; want != "" && admin.RoleID != want {
			t.Errorf("%s holds %s", admin.Email, admin.RoleID)
		}
	}
	if n != 4 {
		t.Errorf("%d are listed", n)
	}
}
