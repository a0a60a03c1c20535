package directorytest

import (
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func roleCases() []testCase {
	return []testCase{
		{"default roles are in every tenant", roleDefaults},
		{"stored in canonical form", roleCanonical},
		{"updated", roleUpdated},
		{"an update that changes nothing is silent", roleUnchanged},
		{"an outdated revision conflicts", roleRevision},
		{"deleted", roleDeleted},
		{"a role's name may be another tenant's role's", roleNamesPerTenant},
		{"a role changes its letter case", roleNameCase},
		{"a new name shows in grants", roleRenamed},
	}
}

func roleDefaults(f *fixture) {
	f.world()
	for _, want := range rolemodel.DefaultRoles() {
		f.same("the default role", must(f.basic.Role(f.ctx, delta, want.ID))(f), want)
	}
	f.same("the roles of a new tenant", must(directory.RolesOf(f.ctx, f.basic, delta))(f), rolemodel.DefaultRoles())
}

func roleCanonical(f *fixture) {
	f.world()
	want := rolemodel.Role{
		TenantID: alpha, Name: "Group Admin", Description: "Groups,\nand logs. <b>\"Quoted\"</b>",
		SecurityPermission: rolemodel.ManageApplicationAndProtectedRoles, CarriesProtected: true,
		ApplicationPermissions:   []rolemodel.Permission{"Account | Logs | Read", "Custom Area | Thing | Read", "Directories | Groups | Edit"},
		ProtectedPermissions:     []rolemodel.Permission{"Archive | Search Content View"},
		AllowUnlistedPermissions: true, Revision: 1,
	}
	stored := must(add(f.ctx, f.super, rolemodel.Role{
		TenantID: "calpha", ID: "mine", Name: want.Name, Description: want.Description, SecurityPermission: want.SecurityPermission,
		ApplicationPermissions:   []rolemodel.Permission{"directories|groups|READ", "Directories | Groups | Edit", "Custom  Area|Thing|Read", "account|logs|read"},
		ProtectedPermissions:     []rolemodel.Permission{"archive | search content view"},
		AllowUnlistedPermissions: true, DefinitionProtected: true, Revision: 5,
	}))(f)
	if stored.ID == "" || stored.ID == "mine" {
		f.Fatalf("the ID %q is not assigned by the directory", stored.ID)
	}
	want.ID = stored.ID
	f.same("what create returns", stored, want)
	f.same("what is read", must(f.basic.Role(f.ctx, alpha, stored.ID))(f), want)
}

func roleUpdated(f *fixture) {
	f.world()
	role := f.role("Desk Admin", func(r *rolemodel.Role) {
		r.ApplicationPermissions = []rolemodel.Permission{"Account | Logs | Read"}
	})
	want := role
	want.Name, want.Description, want.SecurityPermission = "Desk", "For the desk", rolemodel.ManageApplicationRoles
	want.ApplicationPermissions = []rolemodel.Permission{"Account | Dashboard | Read"}
	want.Revision = 2
	given := want
	given.TenantID, given.Revision = "calpha", 1
	f.same("what update returns", must(edit(f.ctx, f.basic, given))(f), want)
	f.same("what is read", must(f.basic.Role(f.ctx, alpha, role.ID))(f), want)
}

func roleUnchanged(f *fixture) {
	f.world()
	role := f.role("Desk Admin", func(r *rolemodel.Role) {
		r.ApplicationPermissions = []rolemodel.Permission{"Account | Logs | Read", "Directories | Groups | Edit"}
	})
	f.unchanged(func() {
		given := role
		given.ApplicationPermissions = []rolemodel.Permission{"directories|groups|edit", "directories|groups|read", "account | logs | read"}
		f.same("what update returns", must(edit(f.ctx, f.basic, given))(f), role)
	})
}

func roleRevision(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	role.Description = "First"
	must(edit(f.ctx, f.basic, role))(f)
	f.unchanged(func() {
		role.Description = "Second"
		_, err := edit(f.ctx, f.basic, role)
		f.conflict(err, directory.ConflictError{Kind: directory.KindRole, Key: string(alpha) + "/" + string(role.ID), Changed: true})
	})
}

func roleDeleted(f *fixture) {
	f.world()
	role := f.role("Desk Admin", func(r *rolemodel.Role) {
		r.ApplicationPermissions = []rolemodel.Permission{"Account | Logs | Read"}
	})
	f.grant("anna@msp.example", role.ID)
	f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "anna@msp.example"}))
	f.ok(drop[rolemodel.Role](f.ctx, f.basic, directory.Key{Account: alpha, ID: role.ID}))
	_, err := f.basic.Role(f.ctx, alpha, role.ID)
	f.notFound(err, directory.KindRole, string(alpha)+"/"+string(role.ID))
	again := f.role("Desk Admin") // The name is free again, and the ID is made of it.
	f.same("the ID", again.ID, role.ID)
	f.same("the permissions of another role", again.ApplicationPermissions, []rolemodel.Permission{})
}

func roleNamesPerTenant(f *fixture) {
	f.world()
	one := f.role("Desk Admin")
	other := must(add(f.ctx, f.super, rolemodel.Role{TenantID: beta, Name: "Desk Admin", SecurityPermission: rolemodel.CannotManageRoles}))(f)
	f.same("the ID, which is made of the name", other.ID, one.ID)
	f.same("the other tenant's role", must(f.basic.Role(f.ctx, beta, other.ID))(f), other)
}

func roleNameCase(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	role.Name = "DESK Admin"
	f.same("the name", must(edit(f.ctx, f.basic, role))(f).Name, "DESK Admin")
}

func roleRenamed(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	f.same("the role's name", f.grant("anna@msp.example", role.ID).RoleName, "Desk Admin")
	role.Name = "Front Desk Admin"
	must(edit(f.ctx, f.basic, role))(f)
	f.same("the role's name", must(f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example"))(f).RoleName, "Front Desk Admin")
}
