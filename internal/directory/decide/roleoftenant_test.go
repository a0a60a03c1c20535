package decide_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Who writes a role's name, or nearly its ID, is told the ID: in a single grant
// and among others, where the tenant is known and where it is not.
func TestRoleOfTenant(t *testing.T) {
	ctx := t.Context()
	db := must[*sqldb.DB](t)(sqldb.New(filepath.Join(t.TempDir(), "test.directory")))
	t.Cleanup(func() { _ = db.Close() })
	d := db.Open(directory.Owner(*as("super-admin")))
	must[directory.Result[rolemodel.Partner]](t)(directory.Create(ctx, d, rolemodel.Partner{
		AccountCode: "CMSP1", Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"},
	}, ""))
	role := func(name string) rolemodel.Role {
		return rolemodel.Role{TenantID: "CCLIENT1", Name: name, SecurityPermission: rolemodel.CannotManageRoles}
	}
	must[directory.Result[rolemodel.Tenant]](t)(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CCLIENT1", Name: "Client", PrimaryDomain: "client.example", PartnerID: "CMSP1"}, ""))
	renamed := must[directory.Result[rolemodel.Role]](t)(directory.Create(ctx, d, role("Zeta Admin"), "")).Entry
	must[directory.Result[rolemodel.Role]](t)(directory.Update(ctx, d, directory.KeyOf(renamed), role("Mail Auditor Admin"), renamed.Revision, ""))
	for i := range 11 { // The renamed one is not among the first ten.
		must[directory.Result[rolemodel.Role]](t)(directory.Create(ctx, d, role(fmt.Sprintf("Desk %02d", i)), ""))
	}

	const neither = `"helpdesk" is neither a default role nor a custom role`
	for _, tt := range []struct {
		tenant          rolemodel.AccountCode
		role            rolemodel.RoleID
		problem, advice string // the beginning of the advice
	}{
		{"CCLIENT1", "zeta-admin", "", ""},
		{"CCLIENT1", "Help Desk Administrator", `"Help Desk Administrator" is the name of a default role, not its ID.`, `Write "help-desk-admin".`},
		{"CCLIENT1", "mail auditor admin", `"mail auditor admin" is the name of a custom role of tenant "CCLIENT1", not its ID.`, `Write "zeta-admin".`},
		{"CCLIENT1", "helpdesk", neither + ` of tenant "CCLIENT1".`, `Write "help-desk-admin" (Help Desk Administrator) if that is meant, or one of super-admin, `},
		{"CCLIENT1", "..", `".." is neither a default role nor a custom role of tenant "CCLIENT1".`, "Write one of super-admin, "},
		{"CCLIENT1", "/desk-00", `"/desk-00" is neither a default role nor a custom role of tenant "CCLIENT1".`, `Write "desk-00" (Desk 00) if that is meant, or one of super-admin, `},
		{"", "zeta-admin", "", ""},
		{"", "helpdesk", "", ""}, // It may be a custom role.
		{"", "Help Desk Administrator", `"Help Desk Administrator" is the name of a default role, not its ID.`, `Write "help-desk-admin".`},
		{"", "Mail Auditor", `"Mail Auditor" is neither a default role nor a custom role.`, "Write one of super-admin, "},
	} {
		admin := rolemodel.ExternalAdmin{TenantID: tt.tenant, Email: "anna@msp.example", RoleID: tt.role}
		single := must[rolemodel.Violations](t)(decide.ExternalAdmin(ctx, d, as("super-admin"), nil, &admin))
		among := must[rolemodel.Violations](t)(decide.ExternalAdmins(ctx, d, as("super-admin"), tt.tenant, nil, []rolemodel.ExternalAdmin{admin}))
		for path, vs := range map[string]rolemodel.Violations{"role_id": single, `admins["anna@msp.example"].role_id`: among} {
			if tt.problem == "" {
				if len(vs) > 0 {
					t.Errorf("%q in %q: %v", tt.role, tt.tenant, vs)
				}
				continue
			}
			if len(vs) != 1 || vs[0].Rule != rolemodel.RoleOfTenant || vs[0].Path.String() != path || vs[0].Problem != tt.problem || !strings.HasPrefix(vs[0].Advice, tt.advice) {
				t.Errorf("%q in %q: got %s %v\nwant at %s: %s %s", tt.role, tt.tenant, vs[0].Path, vs, path, tt.problem, tt.advice)
			}
		}
	}
}
