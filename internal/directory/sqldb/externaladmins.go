package sqldb

import (
	"context"
	"database/sql"
	"iter"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const selectExternalAdmins = `SELECT e.tenant_id, e.email, e.role_id, (SELECT r.name FROM roles r WHERE r.tenant_id = e.tenant_id AND r.id = e.custom_role_id), e.reason, e.expires_at, e.declaration, e.revision`

func (r reader) scanExternalAdmin(scan func(...any) error) (rolemodel.ExternalAdmin, error) {
	var (
		a        rolemodel.ExternalAdmin
		roleName sql.NullString
	)
	err := scan(&a.TenantID, &a.Email, &a.RoleID, &roleName, &a.Reason, &a.ExpiresAt, &a.Declaration, &a.Revision)
	if a.RoleName = roleName.String; !roleName.Valid {
		a.RoleName = r.db.defaultRoleNames[a.RoleID]
	}
	return a, err
}

// joinExternalAdmins walks the tenants and then the grants of each, see joinRoles.
const joinExternalAdmins = ` FROM tenants t CROSS JOIN external_admins e`

// ExternalAdmin implements directory.Reader.
func (r reader) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	if err := r.view(); err != nil {
		return rolemodel.ExternalAdmin{}, err
	}
	var w where
	w.and(`e.tenant_id = ?`, string(tenant))
	w.and(`e.email = ?`, string(email))
	from := ` FROM external_admins e`
	if !whole(&r.scope) {
		from = joinExternalAdmins
		w.and(`t.account_code = e.tenant_id`)
		w.seesTenants(&r.scope)
	}
	found, err := query(ctx, r, r.scanExternalAdmin, selectExternalAdmins+from+w.String(), w.args...)
	return one(found, err, directory.KindExternalAdmin, directory.Key{Account: tenant, Email: email})
}

// ExternalAdmins implements directory.Reader.
func (r reader) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	tenants, none := narrowed(filter.TenantIDs, r.scope.TenantIDs)
	if err := r.view(); err != nil || none {
		return ended[rolemodel.ExternalAdmin](err)
	}
	return list(filter.After, filter.Limit, directory.KeyOf[rolemodel.ExternalAdmin], func(key directory.Key, n int) ([]rolemodel.ExternalAdmin, error) {
		w := r.whereExternalAdmins(filter, tenants)
		w.behind(key, string(key.Email), tenants, `e.tenant_id`, `e.email`)
		return queryPage(ctx, r, r.scanExternalAdmin, selectExternalAdmins+fromExternalAdmins(&filter)+w.String()+orderExternalAdmins(&filter)+limited(n), w.args...)
	}, pageSize)
}

// Whoever is looked for by address is few enough to be found through the index
// of addresses; everybody else by walking the tenants.
func fromExternalAdmins(filter *directory.ExternalAdminFilter) string {
	if filter.Email != "" {
		return ` FROM external_admins e CROSS JOIN tenants t`
	}
	return joinExternalAdmins
}

func orderExternalAdmins(filter *directory.ExternalAdminFilter) string {
	if filter.Email != "" {
		return ` ORDER BY e.tenant_id`
	}
	return ` ORDER BY t.account_code, e.email`
}

func (r reader) whereExternalAdmins(filter directory.ExternalAdminFilter, tenants []rolemodel.AccountCode) *where {
	var w where
	r.ofTenants(&w, `e.tenant_id`, tenants, filter.PartnerID)
	if filter.Email != "" {
		w.and(`e.domain = ?`, string(filter.Email.Domain())) // The index begins with it.
		w.and(`e.email = ?`, string(filter.Email))
	}
	if filter.RoleID != "" {
		w.and(`e.role_id = ?`, string(filter.RoleID))
	}
	if len(filter.Domains) > 0 {
		in(&w, `e.domain`, filter.Domains, "")
	}
	if len(filter.OutsideDomains) > 0 {
		in(&w, `e.domain NOT`, filter.OutsideDomains, "")
	}
	return &w
}

// customRole is the value of custom_role_id.
func (tx *transaction) customRole(id rolemodel.RoleID) any {
	if _, builtIn := tx.db.defaultRoleNames[id]; builtIn {
		return nil
	}
	return string(id)
}

// nameRole gives a grant the name of its role, which is not stored with it.
func (tx *transaction) nameRole(ctx context.Context, a *rolemodel.ExternalAdmin) error {
	if a.RoleName = tx.db.defaultRoleNames[a.RoleID]; a.RoleName != "" {
		return nil
	}
	role, err := tx.facts().reader.Role(ctx, a.TenantID, a.RoleID)
	a.RoleName = role.Name
	return err
}

// insertExternalAdmin stores a new grant.
func (tx *transaction) insertExternalAdmin(ctx context.Context, a *rolemodel.ExternalAdmin) error {
	return first(tx.nameRole(ctx, a), func() error { return tx.putExternalAdmins(ctx, []rolemodel.ExternalAdmin{*a}) })
}

// updateExternalAdmin stores a grant that is there.
func (tx *transaction) updateExternalAdmin(ctx context.Context, before, a *rolemodel.ExternalAdmin) error {
	if err := tx.nameRole(ctx, a); err != nil {
		return err
	}
	return tx.exec(ctx, `UPDATE external_admins SET email = $1, domain = $2, role_id = $3, custom_role_id = $4, reason = $5, expires_at = $6, declaration = $7, revision = $8 WHERE tenant_id = $9 AND email = $10`,
		string(a.Email), string(a.Email.Domain()), string(a.RoleID), tx.customRole(a.RoleID), a.Reason, string(a.ExpiresAt), string(a.Declaration), a.Revision, string(before.TenantID), string(before.Email))
}

func (tx *transaction) deleteExternalAdmin(ctx context.Context, a *rolemodel.ExternalAdmin) error {
	return tx.deleteExternalAdmins(ctx, []rolemodel.ExternalAdmin{*a})
}

// putExternalAdmins stores grants, new or there, many to a statement.
func (tx *transaction) putExternalAdmins(ctx context.Context, admins []rolemodel.ExternalAdmin) error {
	rows := make([][]any, len(admins))
	for i, a := range admins {
		rows[i] = []any{string(a.TenantID), string(a.Email), string(a.Email.Domain()), string(a.RoleID), tx.customRole(a.RoleID), a.Reason, string(a.ExpiresAt), string(a.Declaration), a.Revision}
	}
	return tx.insert(ctx, `INSERT INTO external_admins (tenant_id, email, domain, role_id, custom_role_id, reason, expires_at, declaration, revision) VALUES `, rows,
		` ON CONFLICT (tenant_id, email) DO UPDATE SET role_id = excluded.role_id, custom_role_id = excluded.custom_role_id, reason = excluded.reason, expires_at = excluded.expires_at, declaration = excluded.declaration, revision = excluded.revision`)
}

// deleteExternalAdmins deletes grants of one tenant, many to a statement.
func (tx *transaction) deleteExternalAdmins(ctx context.Context, admins []rolemodel.ExternalAdmin) error {
	for chunk := range slices.Chunk(admins, rowsPerStatement) {
		var w where
		w.and(`tenant_id = ?`, string(chunk[0].TenantID))
		emails := make([]rolemodel.Email, len(chunk))
		for i, a := range chunk {
			emails[i] = a.Email
		}
		in(&w, `email`, emails, "")
		if err := tx.exec(ctx, `DELETE FROM external_admins`+w.String(), w.args...); err != nil {
			return err
		}
	}
	return nil
}
