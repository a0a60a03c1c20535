package server

import (
	"context"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// RolePath names a role.
type RolePath struct {
	TenantPath

	Role string `path:"role" example:"directory-team-administrator" doc:"The role's ID."`
}

func (p *RolePath) key() directory.Key {
	return directory.Key{Account: accountCode(p.Tenant), ID: rolemodel.RoleID(p.Role)}
}

// RoleFilter narrows a list of custom roles.
type RoleFilter struct {
	TenantIDs []string `query:"tenant_id,explode" maxItems:"200" doc:"Only the custom roles of these tenants. May be repeated."`
	Name      string   `query:"name" maxLength:"1000" doc:"Only the custom roles with this name, whatever its letter case."`
}

func (f *RoleFilter) filter() directory.RoleFilter {
	return directory.RoleFilter{TenantIDs: accountCodes(f.TenantIDs), Name: f.Name}
}

func (s *Server) registerRoles() {
	const tag, path, item = "Roles", "/v1/roles", "/v1/tenants/{tenant}/roles/{role}"
	handle(s, operation("list-roles", http.MethodGet, path, tag, "List custom roles"),
		func(ctx context.Context, in *struct {
			RoleFilter
			PageInput
		},
		) (*pageOutput[rolemodel.Role], error) {
			filter := in.filter()
			filter.After, filter.Limit = roleKey(in.Cursor), in.Limit+1
			return page(&in.PageInput, s.read(ctx).Roles(ctx, filter), keyText)
		})
	count(s, operation("count-roles", http.MethodGet, path+"/count", tag, "Count custom roles"),
		func(in *struct{ RoleFilter }) directory.Filter { return in.filter() })
	handle(s, operation("get-role", http.MethodGet, item, tag, "Read a default or custom role"),
		func(ctx context.Context, in *struct{ RolePath }) (*entry[rolemodel.Role], error) {
			return tagged(s.read(ctx).Role(ctx, in.key().Account, in.key().ID))
		})
	write[rolemodel.Role](s, taking[wire.RoleInput](operation("create-role", http.MethodPost, path, tag, "Create a custom role")),
		creation((*wire.RoleInput).Entity))
	write[rolemodel.Role](s, taking[wire.RoleInput](operation("update-role", http.MethodPut, item, tag, "Change a custom role")),
		func(in *struct {
			RolePath
			UpdateInput
		},
		) (directory.Change, error) {
			return update(&in.UpdateInput, in.key(), (*wire.RoleInput).Entity)
		})
	write[rolemodel.Role](s, operation("delete-role", http.MethodDelete, item, tag, "Delete a custom role"),
		func(in *struct {
			RolePath
			DeleteInput
		},
		) (directory.Change, error) {
			return deletion[rolemodel.Role](&in.DeleteInput, in.key())
		})
}
