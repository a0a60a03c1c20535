// Package coalesce turns many reads of single entries into one list for each
// tenant, which concurrent readers share, and many tenants' lists of grants into
// one. It is for the life of one plan or
// apply: what this process writes it sees at once, what others write meanwhile
// it may not.
package coalesce

import (
	"context"
	"iter"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Directory is a directory whose reads are coalesced.
type Directory struct {
	directory.Directory // Writes are overridden in writes.go, reads below.

	partners *lists[rolemodel.AccountCode, rolemodel.Partner]
	tenants  *lists[rolemodel.AccountCode, rolemodel.Tenant]
	roles    *lists[rolemodel.RoleID, rolemodel.Role]
	admins   *lists[rolemodel.Email, rolemodel.ExternalAdmin]
}

var _ directory.Directory = (*Directory)(nil)

// everything is the group of what is not one tenant's.
const everything = ""

// New returns the directory with its reads coalesced.
func New(inner directory.Directory) *Directory {
	d := &Directory{
		Directory: inner,
		partners: newLists(ofTenant, func(p *rolemodel.Partner) rolemodel.AccountCode { return p.AccountCode }, clonePartner,
			func(ctx context.Context, _ rolemodel.AccountCode) iter.Seq2[rolemodel.Partner, error] {
				return inner.Partners(ctx, directory.PartnerFilter{})
			}),
		tenants: newLists(ofAll, func(t *rolemodel.Tenant) rolemodel.AccountCode { return t.AccountCode }, cloneTenant,
			func(ctx context.Context, _ rolemodel.AccountCode) iter.Seq2[rolemodel.Tenant, error] {
				return inner.Tenants(ctx, directory.TenantFilter{})
			}),
		roles: newLists(ofTenant, func(r *rolemodel.Role) rolemodel.RoleID { return r.ID }, cloneRole,
			func(ctx context.Context, tenant rolemodel.AccountCode) iter.Seq2[rolemodel.Role, error] {
				return inner.Roles(ctx, tenant)
			}),
		admins: newLists(ofTenant, func(a *rolemodel.ExternalAdmin) rolemodel.Email { return a.Email }, same[rolemodel.ExternalAdmin],
			func(ctx context.Context, tenant rolemodel.AccountCode) iter.Seq2[rolemodel.ExternalAdmin, error] {
				return inner.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: tenant})
			}),
	}
	d.admins.together = &together[rolemodel.Email, rolemodel.ExternalAdmin]{
		fetch: func(ctx context.Context) iter.Seq2[rolemodel.ExternalAdmin, error] {
			return inner.ExternalAdmins(ctx, directory.ExternalAdminFilter{})
		},
		groupOf: func(a *rolemodel.ExternalAdmin) rolemodel.AccountCode { return a.TenantID },
	}
	return d
}

// For returns the directory of another actor, who shares what this one has read.
func (d *Directory) For(inner directory.Directory) *Directory {
	other := *d
	other.Directory = inner
	return &other
}

// Partner implements directory.Reader.
func (d *Directory) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return d.partners.one(ctx, everything, code, func(ctx context.Context) (rolemodel.Partner, error) {
		return d.Directory.Partner(ctx, code)
	})
}

// Tenant implements directory.Reader.
func (d *Directory) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return d.tenants.one(ctx, everything, code, func(ctx context.Context) (rolemodel.Tenant, error) {
		return d.Directory.Tenant(ctx, code)
	})
}

// Role implements directory.Reader.
func (d *Directory) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	return d.roles.one(ctx, tenant, id, func(ctx context.Context) (rolemodel.Role, error) {
		return d.Directory.Role(ctx, tenant, id)
	})
}

// Roles implements directory.Reader.
func (d *Directory) Roles(ctx context.Context, tenant rolemodel.AccountCode) iter.Seq2[rolemodel.Role, error] {
	return d.roles.all(ctx, tenant)
}

// ExternalAdmin implements directory.Reader.
func (d *Directory) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	return d.admins.one(ctx, tenant, email, func(ctx context.Context) (rolemodel.ExternalAdmin, error) {
		return d.Directory.ExternalAdmin(ctx, tenant, email)
	})
}

// ExternalAdmins implements directory.Reader.
func (d *Directory) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	if filter.TenantID == "" || filter != (directory.ExternalAdminFilter{TenantID: filter.TenantID}) {
		return d.Directory.ExternalAdmins(ctx, filter)
	}
	return d.admins.all(ctx, filter.TenantID)
}

// Tenants implements directory.Reader. A plan looks for the owner of every
// domain, so these searches are answered from the list as well.
func (d *Directory) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	return d.tenants.search(ctx, everything, func(t *rolemodel.Tenant) bool {
		return (filter.PartnerID == "" || t.PartnerID == filter.PartnerID) &&
			(filter.Domain == "" || slices.Contains(t.InternalDomains, filter.Domain)) &&
			(filter.Name == "" || rolemodel.FoldName(t.Name) == rolemodel.FoldName(filter.Name))
	}, d.Directory.Tenants(ctx, filter))
}

// Partners implements directory.Reader.
func (d *Directory) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	return d.partners.search(ctx, everything, func(p *rolemodel.Partner) bool {
		return (filter.Domain == "" || slices.Contains(p.Domains, filter.Domain)) &&
			(filter.Name == "" || rolemodel.FoldName(p.Name) == rolemodel.FoldName(filter.Name))
	}, d.Directory.Partners(ctx, filter))
}

// What is cached belongs to the cache, so callers get copies.

func clonePartner(p rolemodel.Partner) rolemodel.Partner {
	p.Domains, p.AdminIPRanges = slices.Clone(p.Domains), slices.Clone(p.AdminIPRanges)
	return p
}

func cloneTenant(t rolemodel.Tenant) rolemodel.Tenant {
	t.InternalDomains, t.AdminIPRanges = slices.Clone(t.InternalDomains), slices.Clone(t.AdminIPRanges)
	return t
}

func cloneRole(r rolemodel.Role) rolemodel.Role {
	r.ApplicationPermissions, r.ProtectedPermissions = slices.Clone(r.ApplicationPermissions), slices.Clone(r.ProtectedPermissions)
	r.Capabilities = slices.Clone(r.Capabilities)
	return r
}

func same[T any](v T) T { return v }
