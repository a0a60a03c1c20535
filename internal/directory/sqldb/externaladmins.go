package sqldb

import (
	"context"
	"database/sql"
	"iter"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const selectExternalAdmins = `SELECT e.tenant_id, e.email, e.default_role_id, e.custom_role_id, r.name, e.revision
FROM external_admins e LEFT JOIN roles r ON r.tenant_id = e.tenant_id AND r.id = e.custom_role_id`

func (r reader) scanExternalAdmin(scan func(...any) error) (rolemodel.ExternalAdmin, error) {
	var (
		a                         rolemodel.ExternalAdmin
		builtIn, custom, roleName sql.NullString
	)
	err := scan(&a.TenantID, &a.Email, &builtIn, &custom, &roleName, &a.Revision)
	if custom.Valid {
		a.RoleID, a.RoleName = rolemodel.RoleID(custom.String), roleName.String
	} else {
		a.RoleID = rolemodel.RoleID(builtIn.String)
		a.RoleName = r.db.defaultRoleNames[a.RoleID]
	}
	return a, err
}

// ExternalAdmin implements directory.Reader.
func (r reader) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	found, err := query(ctx, r, r.scanExternalAdmin, selectExternalAdmins+` WHERE e.tenant_id = $1 AND e.email = $2`, string(tenant), string(email))
	return one(found, err, directory.KindExternalAdmin, adminKey(tenant, email))
}

// ExternalAdmins implements directory.Reader.
func (r reader) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return pages(func(after *rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, error) {
		var w where
		if filter.TenantID != "" {
			w.and(`e.tenant_id = ?`, string(filter.TenantID))
		}
		if filter.PartnerID != "" {
			w.and(`e.tenant_id IN (SELECT account_code FROM tenants WHERE partner_id = ?)`, string(filter.PartnerID))
		}
		if filter.Email != "" {
			w.and(`e.email = ?`, string(filter.Email))
		}
		if filter.RoleID != "" {
			builtIn, custom := r.roleColumns(filter.RoleID)
			if custom == nil {
				w.and(`e.default_role_id = ?`, builtIn)
			} else {
				w.and(`e.custom_role_id = ?`, custom)
			}
		}
		if after != nil && filter.TenantID != "" {
			w.and(`e.email > ?`, string(after.Email))
		} else if after != nil {
			w.and(`(e.tenant_id, e.email) > (?, ?)`, string(after.TenantID), string(after.Email))
		}
		return query(ctx, r, r.scanExternalAdmin, selectExternalAdmins+w.String()+` ORDER BY e.tenant_id, e.email`+limit, w.args...)
	})
}

// roleColumns returns a role ID as default_role_id and custom_role_id, one of which is nil.
func (r reader) roleColumns(id rolemodel.RoleID) (builtIn, custom any) {
	if _, ok := r.db.defaultRoleNames[id]; ok {
		return string(id), nil
	}
	return nil, string(id)
}

// CreateExternalAdmin implements directory.Directory.
func (s *session) CreateExternalAdmin(ctx context.Context, asked rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	return write(ctx, s, func(ctx context.Context, tx *transaction) (rolemodel.ExternalAdmin, error) {
		e := event{action: directory.ActionCreate, kind: directory.KindExternalAdmin, key: adminKey(asked.TenantID, asked.Email), tenant: canonical(asked.TenantID), after: asked}
		after, vs := asked.Normalise()
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		e.key, e.subjects = adminKey(after.TenantID, after.Email), []rolemodel.Email{after.Email}
		vs, err := decide.ExternalAdmin(ctx, tx, &tx.actor, nil, &after)
		if err != nil {
			return after, err
		}
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		builtIn, custom := tx.roleColumns(after.RoleID)
		err = tx.exec(ctx, `INSERT INTO external_admins (tenant_id, email, default_role_id, custom_role_id, revision) VALUES ($1, $2, $3, $4, 1)`,
			string(after.TenantID), string(after.Email), builtIn, custom)
		if err != nil {
			return after, err
		}
		return tx.recordGrant(ctx, e, after)
	})
}

// UpdateExternalAdmin implements directory.Directory.
func (s *session) UpdateExternalAdmin(ctx context.Context, email rolemodel.Email, asked rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	return write(ctx, s, func(ctx context.Context, tx *transaction) (rolemodel.ExternalAdmin, error) {
		before, err := tx.ExternalAdmin(ctx, canonical(asked.TenantID), email)
		if err != nil {
			return before, err
		}
		key := adminKey(before.TenantID, email)
		if err := sameRevision(directory.KindExternalAdmin, key, asked.Revision, before.Revision); err != nil {
			return before, err
		}
		e := event{
			action: directory.ActionUpdate, kind: directory.KindExternalAdmin, key: key, tenant: before.TenantID, before: before, after: asked,
			subjects: []rolemodel.Email{email},
		}
		after, vs := asked.Normalise()
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		if after.Email != email {
			e.subjects = append(e.subjects, after.Email)
		}
		if vs, err = decide.ExternalAdmin(ctx, tx, &tx.actor, &before, &after); err != nil {
			return after, err
		}
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		if after.Email == before.Email && after.RoleID == before.RoleID {
			return before, nil
		}
		builtIn, custom := tx.roleColumns(after.RoleID)
		err = tx.exec(ctx, `UPDATE external_admins SET email = $1, default_role_id = $2, custom_role_id = $3, revision = $4 WHERE tenant_id = $5 AND email = $6`,
			string(after.Email), builtIn, custom, before.Revision+1, string(before.TenantID), string(email))
		if err != nil {
			return after, err
		}
		return tx.recordGrant(ctx, e, after)
	})
}

// DeleteExternalAdmin implements directory.Directory.
func (s *session) DeleteExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) error {
	_, err := write(ctx, s, func(ctx context.Context, tx *transaction) (none struct{}, err error) {
		before, err := tx.ExternalAdmin(ctx, tenant, email)
		if err != nil {
			return none, err
		}
		e := event{
			action: directory.ActionDelete, kind: directory.KindExternalAdmin, key: adminKey(tenant, email), tenant: tenant, before: before,
			subjects: []rolemodel.Email{email},
		}
		vs, err := decide.ExternalAdmin(ctx, tx, &tx.actor, &before, nil)
		if err != nil {
			return none, err
		}
		if len(vs) > 0 {
			return none, tx.refuse(ctx, e, vs)
		}
		return none, first(tx.exec(ctx, `DELETE FROM external_admins WHERE tenant_id = $1 AND email = $2`, string(tenant), string(email)),
			func() error { return tx.record(ctx, e) })
	})
	return err
}

// recordGrant records a grant as it is stored now and returns it.
func (tx *transaction) recordGrant(ctx context.Context, e event, after rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	stored, err := tx.ExternalAdmin(ctx, after.TenantID, after.Email)
	if err != nil {
		return after, err
	}
	e.after = stored
	return stored, tx.record(ctx, e)
}

func adminKey(tenant rolemodel.AccountCode, email rolemodel.Email) string {
	return string(tenant) + "/" + string(email)
}
