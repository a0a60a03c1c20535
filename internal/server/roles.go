package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// RolePath names a role.
type RolePath struct {
	TenantPath
	Role string `path:"role" example:"basic-admin" doc:"The role's ID."`
}

func roleEntry(r rolemodel.Role, err error) (*entry[rolemodel.Role], error) {
	return &entry[rolemodel.Role]{ETag: etag(r.Revision), Body: r}, err
}

// roleKey is where a role stands in a tenant's list: the default ones in their
// order, then the custom ones by name.
func roleKey(order []rolemodel.Role) func(*rolemodel.Role) string {
	return func(r *rolemodel.Role) string {
		if i := slices.IndexFunc(order, func(d rolemodel.Role) bool { return d.ID == r.ID }); i >= 0 && r.IsDefault() {
			return fmt.Sprintf("0%02d", i)
		}
		return "1" + rolemodel.FoldName(r.Name)
	}
}

func (s *Server) registerRoles() {
	const tag = "Roles"
	handle(s, operation("list-roles", http.MethodGet, "/v1/tenants/{tenant}/roles", tag, "List the default and custom roles of a tenant"),
		func(ctx context.Context, in *struct {
			TenantPath
			PageInput
		},
		) (*pageOutput[rolemodel.Role], error) {
			return page(&in.PageInput, s.read(ctx).Roles(ctx, accountCode(in.Tenant)), roleKey(rolemodel.DefaultRoles()))
		})
	handle(s, operation("create-role", http.MethodPost, "/v1/roles", tag, "Create a custom role"),
		func(ctx context.Context, in *struct {
			WriteInput
			Body wire.RoleInput
		},
		) (*entry[rolemodel.Role], error) {
			return roleEntry(write(ctx, s, &in.WriteInput, "create-role", in.Body, func(d directory.Directory) (rolemodel.Role, error) {
				return d.CreateRole(ctx, in.Body.Entity())
			}))
		})
	handle(s, operation("get-role", http.MethodGet, "/v1/tenants/{tenant}/roles/{role}", tag, "Read a role"),
		func(ctx context.Context, in *struct{ RolePath }) (*entry[rolemodel.Role], error) {
			return roleEntry(s.read(ctx).Role(ctx, accountCode(in.Tenant), rolemodel.RoleID(in.Role)))
		})
	handle(s, operation("update-role", http.MethodPut, "/v1/tenants/{tenant}/roles/{role}", tag, "Change a custom role"),
		func(ctx context.Context, in *struct {
			RolePath
			WriteInput
			UpdateInput
			Body wire.RoleInput
		},
		) (*entry[rolemodel.Role], error) {
			return roleEntry(write(ctx, s, &in.WriteInput, "update-role", in, func(d directory.Directory) (rolemodel.Role, error) {
				role := in.Body.Entity()
				role.TenantID, role.ID = accountCode(in.Tenant), rolemodel.RoleID(in.Role)
				var err error
				if role.Revision, err = in.revision(); err != nil {
					return role, err
				}
				return d.UpdateRole(ctx, role)
			}))
		})
	handle(s, operation("delete-role", http.MethodDelete, "/v1/tenants/{tenant}/roles/{role}", tag, "Delete a custom role"),
		func(ctx context.Context, in *struct {
			RolePath
			WriteInput
		},
		) (*struct{}, error) {
			_, err := write(ctx, s, &in.WriteInput, "delete-role", in, func(d directory.Directory) (nothing, error) {
				return nothing{}, d.DeleteRole(ctx, accountCode(in.Tenant), rolemodel.RoleID(in.Role))
			})
			return nil, err
		})
}
