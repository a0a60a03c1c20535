package sqldb

import (
	"context"
	"database/sql"
	"iter"
	"reflect"

	"github.com/google/uuid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Names contain no line breaks, so these separate permissions.
const selectRoles = `SELECT r.tenant_id, r.id, r.name, r.description, r.security_permission, r.allow_unlisted_permissions, r.revision,
	(SELECT string_agg(p.permission, '
') FROM role_permissions p WHERE p.tenant_id = r.tenant_id AND p.role_id = r.id AND p.kind = 'application'),
	(SELECT string_agg(p.permission, '
') FROM role_permissions p WHERE p.tenant_id = r.tenant_id AND p.role_id = r.id AND p.kind = 'protected')
FROM roles r`

func scanRole(scan func(...any) error) (rolemodel.Role, error) {
	var (
		r                      rolemodel.Role
		application, protected sql.NullString
	)
	err := scan(&r.TenantID, &r.ID, &r.Name, &r.Description, &r.SecurityPermission, &r.AllowUnlistedPermissions, &r.Revision, &application, &protected)
	r.ApplicationPermissions = split[rolemodel.Permission](application, "\n")
	r.ProtectedPermissions = split[rolemodel.Permission](protected, "\n")
	r.CarriesProtected = len(r.ProtectedPermissions) > 0
	return r, err
}

// Role implements directory.Reader.
func (r reader) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	key := string(tenant) + "/" + string(id)
	if role, ok := rolemodel.DefaultRole(id); ok {
		exists, err := query(ctx, r, scanText, `SELECT account_code FROM tenants WHERE account_code = $1`, string(tenant))
		if _, err := one(exists, err, directory.KindRole, key); err != nil {
			return rolemodel.Role{}, err
		}
		return role, nil
	}
	found, err := query(ctx, r, scanRole, selectRoles+` WHERE r.tenant_id = $1 AND r.id = $2`, string(tenant), string(id))
	return one(found, err, directory.KindRole, key)
}

// Roles implements directory.Reader.
func (r reader) Roles(ctx context.Context, tenant rolemodel.AccountCode) iter.Seq2[rolemodel.Role, error] {
	custom := pages(func(after *rolemodel.Role) ([]rolemodel.Role, error) {
		var w where
		w.and(`r.tenant_id = ?`, string(tenant))
		if after != nil {
			w.and(`r.name_folded > ?`, rolemodel.FoldName(after.Name))
		}
		return query(ctx, r, scanRole, selectRoles+w.String()+` ORDER BY r.name_folded`+limit, w.args...)
	})
	return func(yield func(rolemodel.Role, error) bool) {
		exists, err := query(ctx, r, scanText, `SELECT account_code FROM tenants WHERE account_code = $1`, string(tenant))
		if _, err := one(exists, err, directory.KindTenant, string(tenant)); err != nil {
			yield(rolemodel.Role{}, err)
			return
		}
		for _, role := range rolemodel.DefaultRoles() {
			if !yield(role, nil) {
				return
			}
		}
		custom(yield)
	}
}

// CreateRole implements directory.Directory.
func (s *session) CreateRole(ctx context.Context, asked rolemodel.Role) (rolemodel.Role, error) {
	return write(ctx, s, func(ctx context.Context, tx *transaction) (rolemodel.Role, error) {
		asked := asked // The attempt may be repeated.
		asked.ID = ""
		e := event{action: directory.ActionCreate, kind: directory.KindRole, key: string(canonical(asked.TenantID)) + "/" + asked.Name, tenant: canonical(asked.TenantID), after: asked}
		after, vs := asked.Normalise()
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		vs, err := decide.Role(ctx, tx, &tx.actor, nil, &after)
		if err != nil {
			return after, err
		}
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		id, err := uuid.NewV7()
		if err != nil {
			return after, err
		}
		after.ID, after.Revision = rolemodel.RoleID(id.String()), 1
		err = tx.exec(ctx, `INSERT INTO roles (tenant_id, id, name, name_folded, description, security_permission, allow_unlisted_permissions, revision)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			string(after.TenantID), string(after.ID), after.Name, rolemodel.FoldName(after.Name), after.Description,
			string(after.SecurityPermission), after.AllowUnlistedPermissions, after.Revision)
		if err != nil {
			return after, err
		}
		e.key, e.after = roleKey(after), after
		return after, first(tx.writePermissions(ctx, after), func() error { return tx.record(ctx, e) })
	})
}

// UpdateRole implements directory.Directory.
func (s *session) UpdateRole(ctx context.Context, asked rolemodel.Role) (rolemodel.Role, error) {
	return write(ctx, s, func(ctx context.Context, tx *transaction) (rolemodel.Role, error) {
		tenant := canonical(asked.TenantID)
		before, err := tx.Role(ctx, tenant, asked.ID)
		if err != nil {
			return before, err
		}
		key := string(tenant) + "/" + string(before.ID)
		if err := sameRevision(directory.KindRole, key, asked.Revision, before.Revision); err != nil && !before.IsDefault() {
			return before, err
		}
		e := event{action: directory.ActionUpdate, kind: directory.KindRole, key: key, tenant: tenant, before: before, after: asked}
		after, vs := asked.Normalise()
		if len(vs) > 0 && !before.IsDefault() {
			return after, tx.refuse(ctx, e, vs)
		}
		if vs, err = decide.Role(ctx, tx, &tx.actor, &before, &after); err != nil {
			return after, err
		}
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		after.Revision = before.Revision
		if reflect.DeepEqual(before, after) {
			return before, nil
		}
		after.Revision++
		err = tx.exec(ctx, `UPDATE roles SET name = $1, name_folded = $2, description = $3, security_permission = $4, allow_unlisted_permissions = $5, revision = $6
			WHERE tenant_id = $7 AND id = $8`,
			after.Name, rolemodel.FoldName(after.Name), after.Description, string(after.SecurityPermission), after.AllowUnlistedPermissions, after.Revision,
			string(after.TenantID), string(after.ID))
		if err != nil {
			return after, err
		}
		e.after = after
		return after, first(tx.writePermissions(ctx, after), func() error { return tx.record(ctx, e) })
	})
}

// DeleteRole implements directory.Directory.
func (s *session) DeleteRole(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) error {
	_, err := write(ctx, s, func(ctx context.Context, tx *transaction) (none struct{}, err error) {
		before, err := tx.Role(ctx, tenant, id)
		if err != nil {
			return none, err
		}
		e := event{action: directory.ActionDelete, kind: directory.KindRole, key: string(tenant) + "/" + string(id), tenant: tenant, before: before}
		vs, err := decide.Role(ctx, tx, &tx.actor, &before, nil)
		if err != nil {
			return none, err
		}
		if len(vs) > 0 {
			return none, tx.refuse(ctx, e, vs)
		}
		return none, first(tx.exec(ctx, `DELETE FROM roles WHERE tenant_id = $1 AND id = $2`, string(tenant), string(id)),
			func() error { return tx.record(ctx, e) })
	})
	return err
}

// writePermissions makes the stored permissions those of the role.
func (tx *transaction) writePermissions(ctx context.Context, role rolemodel.Role) error {
	if err := tx.exec(ctx, `DELETE FROM role_permissions WHERE tenant_id = $1 AND role_id = $2`, string(role.TenantID), string(role.ID)); err != nil {
		return err
	}
	var rows [][]any
	add := func(kind rolemodel.PermissionKind, permissions []rolemodel.Permission) {
		for _, p := range permissions {
			rows = append(rows, []any{string(role.TenantID), string(role.ID), string(kind), string(p)})
		}
	}
	add(rolemodel.ApplicationPermission, role.ApplicationPermissions)
	add(rolemodel.ProtectedPermission, role.ProtectedPermissions)
	return tx.insert(ctx, `INSERT INTO role_permissions (tenant_id, role_id, kind, permission) VALUES `, rows, "")
}

func roleKey(r rolemodel.Role) string { return string(r.TenantID) + "/" + string(r.ID) }
