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

func (p *TenantPath) key() directory.Key { return directory.Key{Account: accountCode(p.Tenant)} }

// TenantFilter narrows a list of tenants.
type TenantFilter struct {
	Codes     []string `query:"code,explode" maxItems:"200" doc:"Only the tenants with these account codes. May be repeated."`
	PartnerID string   `query:"partner_id" maxLength:"64" doc:"Only the tenants of this partner."`
	Domains   []string `query:"domain,explode" maxItems:"500" doc:"Only the tenants with one of these internal domains. May be repeated."`
	Name      string   `query:"name" maxLength:"1000" doc:"Only the tenants with this name, whatever its letter case."`
}

func (f *TenantFilter) filter() directory.TenantFilter {
	return directory.TenantFilter{
		Codes: accountCodes(f.Codes), PartnerID: accountCode(f.PartnerID), Domains: domains(f.Domains), Name: f.Name,
	}
}

func (s *Server) registerTenants() {
	const tag, path = "Tenants", "/v1/tenants"
	handle(s, operation("list-tenants", http.MethodGet, path, tag, "List tenants"),
		func(ctx context.Context, in *struct {
			TenantFilter
			PageInput
		},
		) (*pageOutput[rolemodel.Tenant], error) {
			filter := in.filter()
			filter.After, filter.Limit = rolemodel.AccountCode(in.Cursor), in.Limit+1
			return page(&in.PageInput, s.read(ctx).Tenants(ctx, filter), keyText)
		})
	count(s, operation("count-tenants", http.MethodGet, path+"/count", tag, "Count tenants"),
		func(in *struct{ TenantFilter }) directory.Filter { return in.filter() })
	handle(s, operation("get-tenant", http.MethodGet, path+"/{tenant}", tag, "Read a tenant"),
		func(ctx context.Context, in *struct{ TenantPath }) (*entry[rolemodel.Tenant], error) {
			return tagged(s.read(ctx).Tenant(ctx, in.key().Account))
		})
	write[rolemodel.Tenant](s, taking[wire.TenantInput](operation("create-tenant", http.MethodPost, path, tag, "Create a tenant")),
		creation((*wire.TenantInput).Entity))
	write[rolemodel.Tenant](s, taking[wire.TenantInput](operation("update-tenant", http.MethodPut, path+"/{tenant}", tag, "Change a tenant")),
		func(in *struct {
			TenantPath
			UpdateInput
		},
		) (directory.Change, error) {
			return update(&in.UpdateInput, in.key(), (*wire.TenantInput).Entity)
		})
	write[rolemodel.Tenant](s, operation("delete-tenant", http.MethodDelete, path+"/{tenant}", tag, "Delete a tenant"),
		func(in *struct {
			TenantPath
			DeleteInput
		},
		) (directory.Change, error) {
			return deletion[rolemodel.Tenant](&in.DeleteInput, in.key())
		})
}
