package scoped

import (
	"context"
	"iter"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// reader reads what lies in the scope.
type reader struct {
	inner directory.Reader
	scope Scope
}

func (r *reader) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	visible, err := r.seesPartner(ctx, code)
	if err != nil {
		return rolemodel.Partner{}, err
	}
	if !visible {
		return rolemodel.Partner{}, noPartner(code)
	}
	return r.inner.Partner(ctx, code)
}

// seesPartner says whether a partner is the scope's own, or that of one of its tenants.
func (r *reader) seesPartner(ctx context.Context, code rolemodel.AccountCode) (bool, error) {
	if r.scope.PartnerID != "" {
		return code == r.scope.PartnerID, nil
	}
	for tenant, err := range r.Tenants(ctx, directory.TenantFilter{PartnerID: code}) {
		return err == nil && tenant.AccountCode != "", err
	}
	return false, nil
}

func (r *reader) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	return keep(r.inner.Partners(ctx, filter), func(p *rolemodel.Partner) (bool, error) {
		return r.seesPartner(ctx, p.AccountCode)
	})
}

func (r *reader) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	if r.scope.excludes(code) {
		return rolemodel.Tenant{}, noTenant(code)
	}
	tenant, err := r.inner.Tenant(ctx, code)
	if err != nil {
		return rolemodel.Tenant{}, err
	}
	if !r.scope.contains(&tenant) {
		return rolemodel.Tenant{}, noTenant(code)
	}
	return tenant, nil
}

func (r *reader) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	if own := r.scope.PartnerID; own != "" {
		if filter.PartnerID != "" && filter.PartnerID != own {
			return none[rolemodel.Tenant]
		}
		filter.PartnerID = own
	}
	return keep(r.inner.Tenants(ctx, filter), func(t *rolemodel.Tenant) (bool, error) {
		return r.scope.contains(t), nil
	})
}

// sees says whether the tenant exists in the scope.
func (r *reader) sees(ctx context.Context, code rolemodel.AccountCode) (bool, error) {
	_, err := r.Tenant(ctx, code)
	if directory.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

func (r *reader) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	visible, err := r.sees(ctx, tenant)
	if err != nil {
		return rolemodel.Role{}, err
	}
	if !visible {
		return rolemodel.Role{}, noRole(tenant, id)
	}
	return r.inner.Role(ctx, tenant, id)
}

func (r *reader) Roles(ctx context.Context, tenant rolemodel.AccountCode) iter.Seq2[rolemodel.Role, error] {
	return func(yield func(rolemodel.Role, error) bool) {
		if _, err := r.Tenant(ctx, tenant); err != nil {
			yield(rolemodel.Role{}, err)
			return
		}
		r.inner.Roles(ctx, tenant)(yield)
	}
}

func (r *reader) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	visible, err := r.sees(ctx, tenant)
	if err != nil {
		return rolemodel.ExternalAdmin{}, err
	}
	if !visible {
		return rolemodel.ExternalAdmin{}, noExternalAdmin(tenant, email)
	}
	return r.inner.ExternalAdmin(ctx, tenant, email)
}

func (r *reader) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	if own := r.scope.PartnerID; own != "" {
		if filter.PartnerID != "" && filter.PartnerID != own {
			return none[rolemodel.ExternalAdmin]
		}
		filter.PartnerID = own
	}
	if filter.TenantID != "" && r.scope.excludes(filter.TenantID) {
		return none[rolemodel.ExternalAdmin]
	}
	return keep(r.inner.ExternalAdmins(ctx, filter), func(a *rolemodel.ExternalAdmin) (bool, error) {
		return !r.scope.excludes(a.TenantID), nil
	})
}

// keep yields the entries that visible lets through.
func keep[T any](list iter.Seq2[T, error], visible func(*T) (bool, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		for entry, err := range list {
			ok := false
			if err == nil {
				ok, err = visible(&entry)
			}
			if err != nil {
				yield(zero, err)
				return
			}
			if ok && !yield(entry, nil) {
				return
			}
		}
	}
}

func none[T any](func(T, error) bool) {}
