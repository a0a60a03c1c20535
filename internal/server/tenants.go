package server

import (
	"context"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TenantPath names a tenant.
type TenantPath struct {
	Tenant string `path:"tenant" example:"CUSB00B000" doc:"The tenant's account code."`
}

func tenantEntry(t rolemodel.Tenant, err error) (*entry[rolemodel.Tenant], error) {
	return &entry[rolemodel.Tenant]{ETag: etag(t.Revision), Body: t}, err
}

func (s *Server) registerTenants() {
	const tag = "Tenants"
	handle(s, operation("list-tenants", http.MethodGet, "/v1/tenants", tag, "List tenants"),
		func(ctx context.Context, in *struct {
			PageInput
			PartnerID string `query:"partner_id" maxLength:"64" doc:"Only the tenants of this partner."`
			Domain    string `query:"domain" maxLength:"300" doc:"Only the tenant with this internal domain."`
			Name      string `query:"name" maxLength:"1000" doc:"Only the tenants with this name, whatever its letter case."`
		},
		) (*pageOutput[rolemodel.Tenant], error) {
			list := s.read(ctx).Tenants(ctx, directory.TenantFilter{PartnerID: accountCode(in.PartnerID), Domain: domain(in.Domain), Name: in.Name})
			return page(&in.PageInput, list, func(t *rolemodel.Tenant) string { return string(t.AccountCode) })
		})
	handle(s, operation("create-tenant", http.MethodPost, "/v1/tenants", tag, "Create a tenant"),
		func(ctx context.Context, in *struct {
			WriteInput
			Body wire.TenantInput
		},
		) (*entry[rolemodel.Tenant], error) {
			return tenantEntry(write(ctx, s, &in.WriteInput, "create-tenant", in.Body, func(d directory.Directory) (rolemodel.Tenant, error) {
				tenant, err := in.Body.Entity()
				if err != nil {
					return tenant, err
				}
				return d.CreateTenant(ctx, tenant)
			}))
		})
	handle(s, operation("get-tenant", http.MethodGet, "/v1/tenants/{tenant}", tag, "Read a tenant"),
		func(ctx context.Context, in *struct{ TenantPath }) (*entry[rolemodel.Tenant], error) {
			return tenantEntry(s.read(ctx).Tenant(ctx, accountCode(in.Tenant)))
		})
	handle(s, operation("update-tenant", http.MethodPut, "/v1/tenants/{tenant}", tag, "Change a tenant"),
		func(ctx context.Context, in *struct {
			TenantPath
			WriteInput
			UpdateInput
			Body wire.TenantInput
		},
		) (*entry[rolemodel.Tenant], error) {
			return tenantEntry(write(ctx, s, &in.WriteInput, "update-tenant", in, func(d directory.Directory) (rolemodel.Tenant, error) {
				tenant, err := in.Body.Entity()
				if err != nil {
					return tenant, err
				}
				tenant.AccountCode = accountCode(in.Tenant)
				if tenant.Revision, err = in.revision(); err != nil {
					return tenant, err
				}
				return d.UpdateTenant(ctx, tenant)
			}))
		})
	handle(s, operation("delete-tenant", http.MethodDelete, "/v1/tenants/{tenant}", tag, "Delete a tenant"),
		func(ctx context.Context, in *struct {
			TenantPath
			WriteInput
		},
		) (*struct{}, error) {
			_, err := write(ctx, s, &in.WriteInput, "delete-tenant", in, func(d directory.Directory) (nothing, error) {
				return nothing{}, d.DeleteTenant(ctx, accountCode(in.Tenant))
			})
			return nil, err
		})
}
