package server

import (
	"context"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// ExternalAdminPath names an external admin.
type ExternalAdminPath struct {
	TenantPath
	Email string `path:"email" example:"anna@msp.example" doc:"The external admin's address."`
}

func externalAdminEntry(a rolemodel.ExternalAdmin, err error) (*entry[rolemodel.ExternalAdmin], error) {
	return &entry[rolemodel.ExternalAdmin]{ETag: etag(a.Revision), Body: a}, err
}

// externalAdminKey orders as the directory does: a "/" comes before every
// character of an account code.
func externalAdminKey(a *rolemodel.ExternalAdmin) string {
	return string(a.TenantID) + "/" + string(a.Email)
}

func (s *Server) registerExternalAdmins() {
	const tag = "External admins"
	handle(s, operation("list-external-admins", http.MethodGet, "/v1/external-admins", tag, "List external admins"),
		func(ctx context.Context, in *struct {
			PageInput
			TenantID  string `query:"tenant_id" maxLength:"64" doc:"Only those of this tenant."`
			PartnerID string `query:"partner_id" maxLength:"64" doc:"Only those in tenants of this partner."`
			Email     string `query:"email" maxLength:"400" doc:"Only those with this address."`
			RoleID    string `query:"role_id" maxLength:"200" doc:"Only those with this role."`
		},
		) (*pageOutput[rolemodel.ExternalAdmin], error) {
			return page(&in.PageInput, s.read(ctx).ExternalAdmins(ctx, directory.ExternalAdminFilter{
				TenantID: accountCode(in.TenantID), PartnerID: accountCode(in.PartnerID),
				Email: email(in.Email), RoleID: rolemodel.RoleID(in.RoleID),
			}), externalAdminKey)
		})
	handle(s, operation("create-external-admin", http.MethodPost, "/v1/external-admins", tag, "Add an external admin to a tenant"),
		func(ctx context.Context, in *struct {
			WriteInput
			Body wire.ExternalAdminInput
		},
		) (*entry[rolemodel.ExternalAdmin], error) {
			return externalAdminEntry(write(ctx, s, &in.WriteInput, "create-external-admin", in.Body, func(d directory.Directory) (rolemodel.ExternalAdmin, error) {
				return d.CreateExternalAdmin(ctx, in.Body.Entity())
			}))
		})
	handle(s, operation("replace-external-admins", http.MethodPut, "/v1/tenants/{tenant}/external-admins", tag, "Make these all external admins of a tenant"),
		func(ctx context.Context, in *struct {
			TenantPath
			WriteInput
			Body wire.ExternalAdminsInput
		},
		) (*struct{ Body wire.ExternalAdmins }, error) {
			all, err := write(ctx, s, &in.WriteInput, "replace-external-admins", in, func(d directory.Directory) ([]rolemodel.ExternalAdmin, error) {
				admins := make([]rolemodel.ExternalAdmin, len(in.Body.Items))
				for i := range in.Body.Items {
					admins[i] = in.Body.Items[i].Entity()
				}
				return d.ReplaceExternalAdmins(ctx, accountCode(in.Tenant), admins)
			})
			if all == nil {
				all = []rolemodel.ExternalAdmin{}
			}
			return &struct{ Body wire.ExternalAdmins }{wire.ExternalAdmins{Items: all}}, err
		})
	handle(s, operation("get-external-admin", http.MethodGet, "/v1/tenants/{tenant}/external-admins/{email}", tag, "Read an external admin"),
		func(ctx context.Context, in *struct{ ExternalAdminPath }) (*entry[rolemodel.ExternalAdmin], error) {
			return externalAdminEntry(s.read(ctx).ExternalAdmin(ctx, accountCode(in.Tenant), email(in.Email)))
		})
	handle(s, operation("update-external-admin", http.MethodPut, "/v1/tenants/{tenant}/external-admins/{email}", tag, "Change an external admin's role or address"),
		func(ctx context.Context, in *struct {
			ExternalAdminPath
			WriteInput
			UpdateInput
			Body wire.ExternalAdminInput
		},
		) (*entry[rolemodel.ExternalAdmin], error) {
			return externalAdminEntry(write(ctx, s, &in.WriteInput, "update-external-admin", in, func(d directory.Directory) (rolemodel.ExternalAdmin, error) {
				admin := in.Body.Entity()
				admin.TenantID = accountCode(in.Tenant)
				var err error
				if admin.Revision, err = in.revision(); err != nil {
					return admin, err
				}
				return d.UpdateExternalAdmin(ctx, email(in.Email), admin)
			}))
		})
	handle(s, operation("delete-external-admin", http.MethodDelete, "/v1/tenants/{tenant}/external-admins/{email}", tag, "Remove an external admin from a tenant"),
		func(ctx context.Context, in *struct {
			ExternalAdminPath
			WriteInput
		},
		) (*struct{}, error) {
			_, err := write(ctx, s, &in.WriteInput, "delete-external-admin", in, func(d directory.Directory) (nothing, error) {
				return nothing{}, d.DeleteExternalAdmin(ctx, accountCode(in.Tenant), email(in.Email))
			})
			return nil, err
		})
}
