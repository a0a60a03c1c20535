package scoped

import (
	"context"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// scopedDirectory writes what lies in the scope. What is refused for a
// reference out of the scope is decided by the same functions as in the
// directory, with the scope's view of it.
type scopedDirectory struct {
	reader
	inner directory.Directory
	actor rolemodel.Actor
}

func (d *scopedDirectory) CreatePartner(context.Context, rolemodel.Partner) (rolemodel.Partner, error) {
	return rolemodel.Partner{}, d.forbidden("cannot create partners")
}

func (d *scopedDirectory) UpdatePartner(ctx context.Context, partner rolemodel.Partner) (rolemodel.Partner, error) {
	if err := d.ownPartner(ctx, partner.AccountCode, "cannot change the partner"); err != nil {
		return rolemodel.Partner{}, err
	}
	updated, err := d.inner.UpdatePartner(ctx, partner)
	return updated, d.hide(ctx, err)
}

func (d *scopedDirectory) DeletePartner(ctx context.Context, code rolemodel.AccountCode) error {
	if _, err := d.Partner(ctx, code); err != nil {
		return err
	}
	return d.forbidden("cannot delete partners")
}

// ownPartner returns an error unless the scope is all of the partner.
func (d *scopedDirectory) ownPartner(ctx context.Context, code rolemodel.AccountCode, refusal string) error {
	if _, err := d.Partner(ctx, code); err != nil {
		return err
	}
	if d.scope.PartnerID == "" || len(d.scope.TenantIDs) > 0 {
		return d.forbidden(refusal)
	}
	return nil
}

func (d *scopedDirectory) CreateTenant(ctx context.Context, tenant rolemodel.Tenant) (rolemodel.Tenant, error) {
	if len(d.scope.TenantIDs) > 0 {
		return rolemodel.Tenant{}, d.forbidden("is limited to named tenants and cannot create others")
	}
	if err := d.ofOwnPartner(ctx, nil, tenant); err != nil {
		return rolemodel.Tenant{}, err
	}
	created, err := d.inner.CreateTenant(ctx, tenant)
	return created, d.hide(ctx, err)
}

func (d *scopedDirectory) UpdateTenant(ctx context.Context, tenant rolemodel.Tenant) (rolemodel.Tenant, error) {
	before, err := d.Tenant(ctx, tenant.AccountCode)
	if err != nil {
		return rolemodel.Tenant{}, err
	}
	if err := d.ofOwnPartner(ctx, &before, tenant); err != nil {
		return rolemodel.Tenant{}, err
	}
	updated, err := d.inner.UpdateTenant(ctx, tenant)
	return updated, d.hide(ctx, err)
}

// ofOwnPartner returns an error if the tenant would be, or would become, one of
// a partner that is not in the scope.
func (d *scopedDirectory) ofOwnPartner(ctx context.Context, before *rolemodel.Tenant, after rolemodel.Tenant) error {
	after, vs := after.Normalise()
	if len(vs) > 0 {
		return vs
	}
	if after.PartnerID == "" && d.scope.PartnerID != "" {
		return rolemodel.Violations{{
			Rule: rolemodel.ReferenceExists, Path: rolemodel.At("partner_id"),
			Problem: fmt.Sprintf("The credential %s manages only tenants of partner %q.", d.actor.Name, d.scope.PartnerID),
			Advice:  fmt.Sprintf("Set partner_id = %q.", d.scope.PartnerID),
		}}
	}
	if after.PartnerID == "" {
		return nil
	}
	visible, err := d.seesPartner(ctx, after.PartnerID)
	if err != nil || visible {
		return err
	}
	vs, err = decide.Tenant(ctx, d, before, &after)
	if err != nil {
		return err
	}
	return vs.Err()
}

func (d *scopedDirectory) DeleteTenant(ctx context.Context, code rolemodel.AccountCode) error {
	if _, err := d.Tenant(ctx, code); err != nil {
		return err
	}
	return d.inner.DeleteTenant(ctx, code)
}

func (d *scopedDirectory) CreateRole(ctx context.Context, role rolemodel.Role) (rolemodel.Role, error) {
	normal, vs := role.Normalise()
	visible, err := d.sees(ctx, normal.TenantID)
	if err != nil {
		return rolemodel.Role{}, err
	}
	if !visible && len(vs) == 0 {
		if vs, err = decide.Role(ctx, d, &d.actor, nil, &normal); err != nil {
			return rolemodel.Role{}, err
		}
	}
	if len(vs) > 0 {
		return rolemodel.Role{}, vs
	}
	return d.inner.CreateRole(ctx, role)
}

func (d *scopedDirectory) UpdateRole(ctx context.Context, role rolemodel.Role) (rolemodel.Role, error) {
	if _, err := d.Role(ctx, role.TenantID, role.ID); err != nil {
		return rolemodel.Role{}, err
	}
	return d.inner.UpdateRole(ctx, role)
}

func (d *scopedDirectory) DeleteRole(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) error {
	if _, err := d.Role(ctx, tenant, id); err != nil {
		return err
	}
	return d.inner.DeleteRole(ctx, tenant, id)
}

func (d *scopedDirectory) CreateExternalAdmin(ctx context.Context, admin rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	normal, vs := admin.Normalise()
	visible, err := d.sees(ctx, normal.TenantID)
	if err != nil {
		return rolemodel.ExternalAdmin{}, err
	}
	if !visible && len(vs) == 0 {
		if vs, err = decide.ExternalAdmin(ctx, d, &d.actor, nil, &normal); err != nil {
			return rolemodel.ExternalAdmin{}, err
		}
	}
	if len(vs) > 0 {
		return rolemodel.ExternalAdmin{}, vs
	}
	return d.inner.CreateExternalAdmin(ctx, admin)
}

func (d *scopedDirectory) UpdateExternalAdmin(ctx context.Context, email rolemodel.Email, admin rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	if _, err := d.ExternalAdmin(ctx, admin.TenantID, email); err != nil {
		return rolemodel.ExternalAdmin{}, err
	}
	return d.inner.UpdateExternalAdmin(ctx, email, admin)
}

func (d *scopedDirectory) DeleteExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) error {
	if _, err := d.ExternalAdmin(ctx, tenant, email); err != nil {
		return err
	}
	return d.inner.DeleteExternalAdmin(ctx, tenant, email)
}

func (d *scopedDirectory) ReplaceExternalAdmins(ctx context.Context, tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, error) {
	visible, err := d.sees(ctx, tenant)
	if err != nil {
		return nil, err
	}
	if !visible {
		after, vs := decide.Normalise(tenant, admins)
		if len(vs) == 0 {
			if vs, err = decide.ExternalAdmins(ctx, d, &d.actor, tenant, after); err != nil {
				return nil, err
			}
		}
		return nil, vs.Err()
	}
	return d.inner.ReplaceExternalAdmins(ctx, tenant, admins)
}

func (d *scopedDirectory) forbidden(what string) error {
	return &ForbiddenError{Detail: fmt.Sprintf("The credential %s %s. Use a credential of the operator, or one that is not limited so.", d.actor.Name, what)}
}

// hide takes out of an error what is not in the scope.
func (d *scopedDirectory) hide(ctx context.Context, err error) error {
	vs, ok := rolemodel.AsViolations(err)
	if !ok {
		return err
	}
	redacted, failed := redact(vs, func(code rolemodel.AccountCode) (bool, error) {
		visible, err := d.sees(ctx, code)
		if err != nil || visible {
			return visible, err
		}
		return d.seesPartner(ctx, code)
	})
	if failed != nil {
		return failed
	}
	return redacted
}
