package directorytest

import (
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func roleRefusals() []refusal {
	const basic, super, desk = rolemodel.BasicAdmin, rolemodel.SuperAdmin, rolemodel.HelpDeskAdmin
	hasRole := func(change ...func(*rolemodel.Role)) func(*fixture) {
		return func(f *fixture) { f.role("The Admin", change...) }
	}
	updating := func(change func(*rolemodel.Role)) func(*fixture, directory.Directory) error {
		return func(f *fixture, d directory.Directory) error {
			role := f.theRole()
			change(&role)
			_, err := edit(f.ctx, d, role)
			return err
		}
	}
	deleting := func(f *fixture, d directory.Directory) error {
		return drop[rolemodel.Role](f.ctx, d, directory.Key{Account: alpha, ID: f.theRole().ID})
	}
	return []refusal{
		{"an actor who cannot manage roles creates one", nil, desk, creatingRole(func(*rolemodel.Role) {}), []string{
			`manage-roles at : Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.`,
		}},
		{"an actor who cannot manage roles changes one", hasRole(), desk, updating(func(r *rolemodel.Role) { r.Description = "new" }), []string{
			`manage-roles at : Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.`,
		}},
		{"an actor who cannot manage roles deletes one", hasRole(), desk, deleting, []string{
			`manage-roles at : Help Desk Administrator cannot manage roles, and so neither custom roles nor external admins.`,
		}},
		{"a default role's name", nil, super, creatingRole(func(r *rolemodel.Role) { r.Name = "full administrator" }), []string{
			`default-role-fixed at name: "Full Administrator" is the name of a default role.`,
		}},
		{"a default role is edited", nil, super, func(f *fixture, d directory.Directory) error {
			role := must(d.Role(f.ctx, alpha, basic))(f)
			role.TenantID, role.Description = alpha, "mine"
			_, err := edit(f.ctx, d, role)
			return err
		}, []string{
			`default-role-fixed at : Basic Administrator is a default role and cannot be edited or deleted.`,
		}},
		{"a default role is deleted", nil, super, func(f *fixture, d directory.Directory) error {
			return drop[rolemodel.Role](f.ctx, d, directory.Key{Account: alpha, ID: rolemodel.Reviewer})
		}, []string{
			`default-role-fixed at : Reviewer is a default role and cannot be edited or deleted.`,
		}},
		{"a name that is taken", hasRole(), basic, creatingRole(func(r *rolemodel.Role) { r.Name = "THE admin" }), []string{
			`role-name-unique at name: Tenant "CALPHA" already has a role named "The Admin" (ID <The Admin>).`,
		}},
		{"a change to a name that is taken", func(f *fixture) {
			hasRole()(f)
			f.role("A First Admin")
		}, basic, func(f *fixture, d directory.Directory) error {
			role := list(f, d.Roles(f.ctx, customOf(alpha)))[0]
			role.Name = "the admin"
			_, err := edit(f.ctx, d, role)
			return err
		}, []string{
			`role-name-unique at name: Tenant "CALPHA" already has a role named "The Admin" (ID <The Admin>).`,
		}},
		{"a security permission above the actor's", nil, basic, creatingRole(managesProtected), []string{
			`no-escalation at security_permission: A role that may manage application and protected roles is above what Basic Administrator may.`,
		}},
		{"protected permissions", nil, basic, creatingRole(protected), []string{
			`no-escalation at protected_permissions: Basic Administrator cannot give protected permissions.`,
		}},
		{"a role above the actor is lowered", hasRole(managesProtected), basic, updating(func(r *rolemodel.Role) {
			r.SecurityPermission = rolemodel.CannotManageRoles
		}), []string{
			`no-escalation at : The Admin may manage application and protected roles, which is above what Basic Administrator may.`,
		}},
		{"a protected role is deleted", hasRole(protected), basic, deleting, []string{
			`protected-assignment at : The Admin carries protected permissions, and Basic Administrator cannot manage protected roles.`,
		}},
		{"permissions that are unknown or in the wrong set", nil, super, creatingRole(func(r *rolemodel.Role) {
			r.ApplicationPermissions = []rolemodel.Permission{"Archive | Search Content View", "Directories | Groups | Edti"}
			r.ProtectedPermissions = []rolemodel.Permission{"Account | Logs | Read"}
		}), []string{
			`known-permission at application_permissions: "Archive | Search Content View" is one of the catalogue's protected permissions, not of its application permissions.`,
			`known-permission at application_permissions: "Directories | Groups | Edti" is not in the catalogue of application permissions.`,
			`known-permission at protected_permissions: "Account | Logs | Read" is one of the catalogue's application permissions, not of its protected permissions.`,
		}},
		{"a retired role", func(f *fixture) {
			role := f.role("The Admin")
			f.grant("anna@msp.example", role.ID)
			f.ok(drop[rolemodel.Role](f.ctx, f.basic, directory.Key{Account: alpha, ID: role.ID}))
		}, basic, func(f *fixture, d directory.Directory) error {
			_, err := add(f.ctx, d, rolemodel.ExternalAdmin{TenantID: alpha, Email: "bob@msp.example", RoleID: "the-admin"})
			return err
		}, []string{
			`role-retired at role_id: The Admin was deleted while somebody held it, so it is retired and nobody new gets it.`,
		}},
		{"a retired role is changed", func(f *fixture) {
			role := f.role("The Admin")
			f.grant("anna@msp.example", role.ID)
			f.ok(drop[rolemodel.Role](f.ctx, f.basic, directory.Key{Account: alpha, ID: role.ID}))
		}, basic, updating(func(r *rolemodel.Role) { r.Description, r.Revision = "new", 0 }), []string{
			`role-retired at : The role "CALPHA/<The Admin>" was deleted while it was in use, so it is retired.`,
		}},
		{"an unlisted permission", nil, basic, creatingRole(func(r *rolemodel.Role) {
			r.ApplicationPermissions, r.AllowUnlistedPermissions = []rolemodel.Permission{"Archive | Search | Content View"}, true
		}), []string{
			`no-escalation at application_permissions: Basic Administrator cannot give permissions that are not in the catalogue, which count as protected: "Archive | Search | Content View".`,
		}},
		{"no such tenant for a role", nil, basic, creatingRole(func(r *rolemodel.Role) { r.TenantID = "CNONE" }), []string{
			`reference-exists at tenant_id: There is no tenant "CNONE" in the directory.`,
		}},
		{"a malformed role", nil, super, creatingRole(func(r *rolemodel.Role) {
			r.Name, r.SecurityPermission, r.ApplicationPermissions = "", "everything", []rolemodel.Permission{"Everything"}
		}), []string{
			`well-formed at name: The name is empty: write a name.`,
			`well-formed at security_permission: "everything" is not a security permission: write one of "cannot_manage_roles", "manage_application_roles", "manage_application_and_protected_roles".`,
			`well-formed at application_permissions: "Everything" is not a permission: write "Area | Item | Level", for example "Directories | Groups | Edit".`,
		}},
	}
}
