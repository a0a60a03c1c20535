package sqldb

import (
	"context"
	"database/sql"
	"iter"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Permissions contain no line breaks, so these separate them.
const selectRoles = `SELECT r.tenant_id, r.id, r.name, r.description, r.security_permission, r.allow_unlisted_permissions, r.retired, r.declaration, r.revision,
	(SELECT string_agg(p.permission, '
') FROM role_permissions p WHERE p.tenant_id = r.tenant_id AND p.role_id = r.id AND p.kind = 'application'),
	(SELECT string_agg(p.permission, '
') FROM role_permissions p WHERE p.tenant_id = r.tenant_id AND p.role_id = r.id AND p.kind = 'protected')`

func scanRole(scan func(...any) error) (rolemodel.Role, error) {
	var (
		r                      rolemodel.Role
		application, protected sql.NullString
	)
	err := scan(&r.TenantID, &r.ID, &r.Name, &r.Description, &r.SecurityPermission, &r.AllowUnlistedPermissions, &r.Retired, &r.Declaration, &r.Revision, &application, &protected)
	r.ApplicationPermissions = split[rolemodel.Permission](application, "\n")
	r.ProtectedPermissions = split[rolemodel.Permission](protected, "\n")
	r.CarriesProtected = rolemodel.CarriesProtected(r.ApplicationPermissions, r.ProtectedPermissions)
	return r, err
}

// Role implements directory.Reader.
func (r reader) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	key := directory.Key{Account: tenant, ID: id}
	var w where
	w.and(`t.account_code = ?`, string(tenant))
	w.seesTenants(&r.scope)
	if role, ok := rolemodel.DefaultRole(id); ok {
		exists, err := query(ctx, r, scanText, `SELECT t.account_code FROM tenants t`+w.String(), w.args...)
		if _, err := one(exists, err, directory.KindRole, key); err != nil {
			return rolemodel.Role{}, err
		}
		return role, nil
	}
	if err := r.view(); err != nil {
		return rolemodel.Role{}, err
	}
	w.and(`r.tenant_id = t.account_code`)
	w.and(`r.id = ?`, string(id))
	found, err := query(ctx, r, scanRole, selectRoles+joinRoles+w.String(), w.args...)
	return one(found, err, directory.KindRole, key)
}

// joinRoles walks the tenants and then the roles of each: CROSS JOIN is SQLite's
// word for that order, which lists come in without sorting.
const joinRoles = ` FROM tenants t CROSS JOIN roles r`

// ofTenants adds the conditions that what the column names is a tenant t in the
// scope, one of those that are asked for if any are, and one of the partner if that is given.
func (r reader) ofTenants(w *where, column string, asked []rolemodel.AccountCode, partner rolemodel.AccountCode) {
	w.and(column + ` = t.account_code`)
	scope := r.scope
	scope.TenantIDs = nil // They are among those that are asked for.
	w.seesTenants(&scope)
	if len(asked) > 0 {
		in(w, `t.account_code`, asked, "")
	}
	if partner != "" {
		w.and(`t.partner_id = ?`, string(partner))
	}
}

// Roles implements directory.Reader.
func (r reader) Roles(ctx context.Context, filter directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	tenants, none := narrowed(filter.TenantIDs, r.scope.TenantIDs)
	if err := r.view(); err != nil || none {
		return ended[rolemodel.Role](err)
	}
	return list(filter.After, filter.Limit, directory.KeyOf[rolemodel.Role], func(key directory.Key, n int) ([]rolemodel.Role, error) {
		w := r.whereRoles(filter, tenants)
		w.behind(key, string(key.ID), tenants, `r.tenant_id`, `r.id`)
		return queryPage(ctx, r, scanRole, selectRoles+joinRoles+w.String()+` ORDER BY t.account_code, r.id`+limited(n), w.args...)
	}, pageSize)
}

func (r reader) whereRoles(filter directory.RoleFilter, tenants []rolemodel.AccountCode) *where {
	var w where
	r.ofTenants(&w, `r.tenant_id`, tenants, "")
	if filter.Name != "" {
		w.and(`r.name_folded = ?`, rolemodel.FoldName(filter.Name))
	}
	return &w
}

// insertRole stores a new role.
func (tx *transaction) insertRole(ctx context.Context, r *rolemodel.Role) error {
	return first(tx.exec(ctx, `INSERT INTO roles (tenant_id, id, name, name_folded, description, security_permission, allow_unlisted_permissions, retired, declaration, revision)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		string(r.TenantID), string(r.ID), r.Name, rolemodel.FoldName(r.Name), r.Description, string(r.SecurityPermission), r.AllowUnlistedPermissions, r.Retired, string(r.Declaration), r.Revision),
		func() error { return tx.writePermissions(ctx, r) })
}

// updateRole stores a role that is there.
func (tx *transaction) updateRole(ctx context.Context, before, r *rolemodel.Role) error {
	return first(tx.exec(ctx, `UPDATE roles SET name = $1, name_folded = $2, description = $3, security_permission = $4, allow_unlisted_permissions = $5, retired = $6, declaration = $7, revision = $8
		WHERE tenant_id = $9 AND id = $10`,
		r.Name, rolemodel.FoldName(r.Name), r.Description, string(r.SecurityPermission), r.AllowUnlistedPermissions, r.Retired, string(r.Declaration), r.Revision, string(before.TenantID), string(before.ID)),
		func() error {
			return tx.exec(ctx, `DELETE FROM role_permissions WHERE tenant_id = $1 AND role_id = $2`, string(before.TenantID), string(before.ID))
		},
		func() error { return tx.writePermissions(ctx, r) })
}

func (tx *transaction) writePermissions(ctx context.Context, r *rolemodel.Role) error {
	var rows [][]any
	for _, p := range r.ApplicationPermissions {
		rows = append(rows, []any{string(r.TenantID), string(r.ID), "application", string(p)})
	}
	for _, p := range r.ProtectedPermissions {
		rows = append(rows, []any{string(r.TenantID), string(r.ID), "protected", string(p)})
	}
	return tx.insert(ctx, `INSERT INTO role_permissions (tenant_id, role_id, kind, permission) VALUES `, rows, "")
}

func (tx *transaction) deleteRole(ctx context.Context, r *rolemodel.Role) error {
	return tx.exec(ctx, `DELETE FROM roles WHERE tenant_id = $1 AND id = $2`, string(r.TenantID), string(r.ID))
}
