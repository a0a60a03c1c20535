package httpclient

import (
	"context"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// CreatePartner implements directory.Directory.
func (c *Client) CreatePartner(ctx context.Context, partner rolemodel.Partner) (rolemodel.Partner, error) {
	return create[rolemodel.Partner](ctx, c, "/v1/partners", wire.PartnerOf(&partner))
}

// UpdatePartner implements directory.Directory.
func (c *Client) UpdatePartner(ctx context.Context, partner rolemodel.Partner) (rolemodel.Partner, error) {
	return update[rolemodel.Partner](ctx, c, wire.PartnerOf(&partner), partner.Revision,
		directory.KindPartner, string(partner.AccountCode), "partners", string(partner.AccountCode))
}

// DeletePartner implements directory.Directory.
func (c *Client) DeletePartner(ctx context.Context, code rolemodel.AccountCode) error {
	return c.remove(ctx, directory.KindPartner, string(code), "partners", string(code))
}

// CreateTenant implements directory.Directory.
func (c *Client) CreateTenant(ctx context.Context, tenant rolemodel.Tenant) (rolemodel.Tenant, error) {
	return create[rolemodel.Tenant](ctx, c, "/v1/tenants", wire.TenantOf(&tenant))
}

// UpdateTenant implements directory.Directory.
func (c *Client) UpdateTenant(ctx context.Context, tenant rolemodel.Tenant) (rolemodel.Tenant, error) {
	return update[rolemodel.Tenant](ctx, c, wire.TenantOf(&tenant), tenant.Revision,
		directory.KindTenant, string(tenant.AccountCode), "tenants", string(tenant.AccountCode))
}

// DeleteTenant implements directory.Directory.
func (c *Client) DeleteTenant(ctx context.Context, code rolemodel.AccountCode) error {
	return c.remove(ctx, directory.KindTenant, string(code), "tenants", string(code))
}

// CreateRole implements directory.Directory.
func (c *Client) CreateRole(ctx context.Context, role rolemodel.Role) (rolemodel.Role, error) {
	return create[rolemodel.Role](ctx, c, "/v1/roles", wire.RoleOf(&role))
}

// UpdateRole implements directory.Directory.
func (c *Client) UpdateRole(ctx context.Context, role rolemodel.Role) (rolemodel.Role, error) {
	return update[rolemodel.Role](ctx, c, wire.RoleOf(&role), role.Revision,
		directory.KindRole, roleKey(role.TenantID, role.ID), "tenants", string(role.TenantID), "roles", string(role.ID))
}

// DeleteRole implements directory.Directory.
func (c *Client) DeleteRole(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) error {
	return c.remove(ctx, directory.KindRole, roleKey(tenant, id), "tenants", string(tenant), "roles", string(id))
}

// CreateExternalAdmin implements directory.Directory.
func (c *Client) CreateExternalAdmin(ctx context.Context, admin rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	return create[rolemodel.ExternalAdmin](ctx, c, "/v1/external-admins", wire.ExternalAdminOf(&admin))
}

// UpdateExternalAdmin implements directory.Directory.
func (c *Client) UpdateExternalAdmin(ctx context.Context, email rolemodel.Email, admin rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	return update[rolemodel.ExternalAdmin](ctx, c, wire.ExternalAdminOf(&admin), admin.Revision,
		directory.KindExternalAdmin, adminKey(admin.TenantID, email), "tenants", string(admin.TenantID), "external-admins", string(email))
}

// DeleteExternalAdmin implements directory.Directory.
func (c *Client) DeleteExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) error {
	return c.remove(ctx, directory.KindExternalAdmin, adminKey(tenant, email), "tenants", string(tenant), "external-admins", string(email))
}

// ReplaceExternalAdmins implements directory.Directory.
func (c *Client) ReplaceExternalAdmins(ctx context.Context, tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, error) {
	path, ok := pathOf("tenants", string(tenant), "external-admins")
	if !ok {
		return nil, rolemodel.Violations{rolemodel.MissingReference("tenant_id", directory.KindTenant, tenant)}
	}
	asked := wire.ExternalAdminsInput{Items: make([]wire.ExternalAdminInput, len(admins))}
	for i := range admins {
		asked.Items[i] = wire.ExternalAdminOf(&admins[i])
	}
	var stored wire.ExternalAdmins
	if err := c.send(ctx, request{method: http.MethodPut, path: path, body: asked}, &stored); err != nil {
		return nil, err
	}
	return stored.Items, nil
}

func create[T any](ctx context.Context, c *Client, path string, body any) (T, error) {
	var stored, none T
	if err := c.send(ctx, request{method: http.MethodPost, path: path, body: body}, &stored); err != nil {
		return none, err
	}
	return stored, nil
}

func update[T any](ctx context.Context, c *Client, body any, revision int64, kind, key string, segments ...string) (T, error) {
	var stored, none T
	path, ok := pathOf(segments...)
	if !ok {
		return none, &directory.NotFoundError{Kind: kind, Key: key}
	}
	if err := c.send(ctx, request{method: http.MethodPut, path: path, body: body, ifMatch: revision}, &stored); err != nil {
		return none, err
	}
	return stored, nil
}

func (c *Client) remove(ctx context.Context, kind, key string, segments ...string) error {
	path, ok := pathOf(segments...)
	if !ok {
		return &directory.NotFoundError{Kind: kind, Key: key}
	}
	return c.send(ctx, request{method: http.MethodDelete, path: path}, nil)
}
