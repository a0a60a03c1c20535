package coalesce

import (
	"context"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Every write drops what it may have changed when it has ended, with an error
// or without: an answer that was lost is an error too, and the write happened.

// CreatePartner implements directory.Directory.
func (d *Directory) CreatePartner(ctx context.Context, partner rolemodel.Partner) (rolemodel.Partner, error) {
	stored, err := d.Directory.CreatePartner(ctx, partner)
	d.partners.wrote(everything, canonical(partner.AccountCode))
	d.partners.wrote(everything, stored.AccountCode)
	return stored, err
}

// UpdatePartner implements directory.Directory.
func (d *Directory) UpdatePartner(ctx context.Context, partner rolemodel.Partner) (rolemodel.Partner, error) {
	defer d.partners.wrote(everything, canonical(partner.AccountCode))
	return d.Directory.UpdatePartner(ctx, partner)
}

// DeletePartner implements directory.Directory.
func (d *Directory) DeletePartner(ctx context.Context, code rolemodel.AccountCode) error {
	defer d.partners.wrote(everything, canonical(code))
	return d.Directory.DeletePartner(ctx, code)
}

// CreateTenant implements directory.Directory.
func (d *Directory) CreateTenant(ctx context.Context, tenant rolemodel.Tenant) (rolemodel.Tenant, error) {
	stored, err := d.Directory.CreateTenant(ctx, tenant)
	d.wroteTenant(tenant.AccountCode)
	d.wroteTenant(stored.AccountCode)
	return stored, err
}

// UpdateTenant implements directory.Directory.
func (d *Directory) UpdateTenant(ctx context.Context, tenant rolemodel.Tenant) (rolemodel.Tenant, error) {
	defer d.wroteTenant(tenant.AccountCode)
	return d.Directory.UpdateTenant(ctx, tenant)
}

// DeleteTenant implements directory.Directory.
func (d *Directory) DeleteTenant(ctx context.Context, code rolemodel.AccountCode) error {
	defer d.wroteTenant(code)
	return d.Directory.DeleteTenant(ctx, code)
}

// CreateRole implements directory.Directory.
func (d *Directory) CreateRole(ctx context.Context, role rolemodel.Role) (rolemodel.Role, error) {
	defer d.wroteRole(role.TenantID)
	return d.Directory.CreateRole(ctx, role)
}

// UpdateRole implements directory.Directory.
func (d *Directory) UpdateRole(ctx context.Context, role rolemodel.Role) (rolemodel.Role, error) {
	defer d.wroteRole(role.TenantID)
	return d.Directory.UpdateRole(ctx, role)
}

// DeleteRole implements directory.Directory.
func (d *Directory) DeleteRole(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) error {
	defer d.wroteRole(tenant)
	return d.Directory.DeleteRole(ctx, tenant, id)
}

// CreateExternalAdmin implements directory.Directory.
func (d *Directory) CreateExternalAdmin(ctx context.Context, admin rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	defer d.admins.drop(canonical(admin.TenantID))
	return d.Directory.CreateExternalAdmin(ctx, admin)
}

// UpdateExternalAdmin implements directory.Directory.
func (d *Directory) UpdateExternalAdmin(ctx context.Context, email rolemodel.Email, admin rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	defer d.admins.drop(canonical(admin.TenantID))
	return d.Directory.UpdateExternalAdmin(ctx, email, admin)
}

// DeleteExternalAdmin implements directory.Directory.
func (d *Directory) DeleteExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) error {
	defer d.admins.drop(tenant)
	return d.Directory.DeleteExternalAdmin(ctx, tenant, email)
}

// ReplaceExternalAdmins implements directory.Directory.
func (d *Directory) ReplaceExternalAdmins(ctx context.Context, tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, error) {
	defer d.admins.drop(canonical(tenant))
	return d.Directory.ReplaceExternalAdmins(ctx, tenant, admins)
}

func (d *Directory) wroteTenant(code rolemodel.AccountCode) {
	code = canonical(code)
	d.tenants.wrote(everything, code)
	d.roles.drop(code)
	d.admins.drop(code)
}

// wroteRole drops the grants as well: they have the role's name.
func (d *Directory) wroteRole(tenant rolemodel.AccountCode) {
	d.roles.drop(canonical(tenant))
	d.admins.drop(canonical(tenant))
}

// canonical is the code as it is read: a write may spell it otherwise.
func canonical(code rolemodel.AccountCode) rolemodel.AccountCode {
	if c, err := rolemodel.ParseAccountCode(string(code)); err == nil {
		return c
	}
	return code
}
