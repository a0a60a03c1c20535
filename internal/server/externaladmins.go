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

func (p *ExternalAdminPath) key() directory.Key {
	return directory.Key{Account: accountCode(p.Tenant), Email: email(p.Email)}
}

// ExternalAdminFilter narrows a list of external admins.
type ExternalAdminFilter struct {
	TenantIDs      []string `query:"tenant_id,explode" maxItems:"200" doc:"Only those of these tenants. May be repeated."`
	PartnerID      string   `query:"partner_id" maxLength:"64" doc:"Only those in tenants of this partner."`
	Email          string   `query:"email" maxLength:"400" doc:"Only those with this address."`
	RoleID         string   `query:"role_id" maxLength:"200" doc:"Only those with this role."`
	Domains        []string `query:"domain,explode" maxItems:"500" doc:"Only those with an address in one of these domains. May be repeated."`
	OutsideDomains []string `query:"outside_domain,explode" maxItems:"500" doc:"Only those with an address in none of these domains. May be repeated."`
}

func (f *ExternalAdminFilter) filter() directory.ExternalAdminFilter {
	return directory.ExternalAdminFilter{
		TenantIDs: accountCodes(f.TenantIDs), PartnerID: accountCode(f.PartnerID), Email: email(f.Email),
		RoleID: rolemodel.RoleID(f.RoleID), Domains: domains(f.Domains), OutsideDomains: domains(f.OutsideDomains),
	}
}

func (s *Server) registerExternalAdmins() {
	const (
		tag  = "External admins"
		path = "/v1/external-admins"
		all  = "/v1/tenants/{tenant}/external-admins"
		item = all + "/{email}"
	)
	handle(s, operation("list-external-admins", http.MethodGet, path, tag, "List external admins"),
		func(ctx context.Context, in *struct {
			ExternalAdminFilter
			PageInput
		},
		) (*pageOutput[rolemodel.ExternalAdmin], error) {
			filter := in.filter()
			filter.After, filter.Limit = externalAdminKey(in.Cursor), in.Limit+1
			return page(&in.PageInput, s.read(ctx).ExternalAdmins(ctx, filter), keyText)
		})
	count(s, operation("count-external-admins", http.MethodGet, path+"/count", tag, "Count external admins"),
		func(in *struct{ ExternalAdminFilter }) directory.Filter { return in.filter() })
	handle(s, operation("get-external-admin", http.MethodGet, item, tag, "Read an external admin"),
		func(ctx context.Context, in *struct{ ExternalAdminPath }) (*entry[rolemodel.ExternalAdmin], error) {
			return tagged(s.read(ctx).ExternalAdmin(ctx, in.key().Account, in.key().Email))
		})
	write[rolemodel.ExternalAdmin](s, taking[wire.ExternalAdminInput](operation("create-external-admin", http.MethodPost, path, tag, "Add an external admin to a tenant")),
		creation((*wire.ExternalAdminInput).Entity))
	write[[]rolemodel.ExternalAdmin](s, taking[wire.ExternalAdminsInput](operation("replace-external-admins", http.MethodPut, all, tag, "Declare all external admins of a tenant")),
		func(in *struct {
			TenantPath
			CreateInput
		},
		) (directory.Change, error) {
			return replacement(&in.CreateInput, in.key().Account)
		})
	write[rolemodel.ExternalAdmin](s, taking[wire.ExternalAdminInput](operation("update-external-admin", http.MethodPut, item, tag, "Change an external admin's role or address")),
		func(in *struct {
			ExternalAdminPath
			UpdateInput
		},
		) (directory.Change, error) {
			return update(&in.UpdateInput, in.key(), (*wire.ExternalAdminInput).Entity)
		})
	write[rolemodel.ExternalAdmin](s, operation("delete-external-admin", http.MethodDelete, item, tag, "Remove an external admin from a tenant"),
		func(in *struct {
			ExternalAdminPath
			DeleteInput
		},
		) (directory.Change, error) {
			return deletion[rolemodel.ExternalAdmin](&in.DeleteInput, in.key())
		})
}
