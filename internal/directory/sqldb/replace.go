package sqldb

import (
	"cmp"
	"context"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// ReplaceExternalAdmins implements directory.Directory.
func (s *session) ReplaceExternalAdmins(ctx context.Context, tenant rolemodel.AccountCode, asked []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, error) {
	return write(ctx, s, func(ctx context.Context, tx *transaction) ([]rolemodel.ExternalAdmin, error) {
		e := event{action: directory.ActionReplace, kind: directory.KindExternalAdmins, key: string(tenant), tenant: tenant, after: asked}
		after, vs := decide.Normalise(tenant, asked)
		if len(vs) > 0 {
			return nil, tx.refuse(ctx, e, vs)
		}
		held, err := directory.Collect(tx.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: tenant}))
		if err != nil {
			return nil, err
		}
		d := differ(held, after)
		e.subjects = d.subjects()
		if vs, err = decide.ExternalAdmins(ctx, tx, &tx.actor, tenant, after); err != nil {
			return nil, err
		}
		if len(vs) > 0 {
			return nil, tx.refuse(ctx, e, vs)
		}
		if d.empty() {
			return held, nil
		}
		if err := tx.apply(ctx, tenant, d); err != nil {
			return nil, err
		}
		stored, err := directory.Collect(tx.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantID: tenant}))
		if err != nil {
			return nil, err
		}
		e.before, e.after = d.before(), d.after(stored)
		return stored, tx.record(ctx, e)
	})
}

// difference is what turns the grants that a tenant has into others.
type difference struct {
	// removed and replaced are grants as they were, changed and added as they are to be.
	removed, replaced, changed, added []rolemodel.ExternalAdmin
}

// differ compares two lists of grants of one tenant.
func differ(held, wanted []rolemodel.ExternalAdmin) difference {
	var d difference
	left := make(map[rolemodel.Email]rolemodel.ExternalAdmin, len(held))
	for _, admin := range held {
		left[admin.Email] = admin
	}
	for _, admin := range wanted {
		before, had := left[admin.Email]
		delete(left, admin.Email)
		switch {
		case !had:
			d.added = append(d.added, admin)
		case before.RoleID != admin.RoleID:
			d.replaced = append(d.replaced, before)
			d.changed = append(d.changed, admin)
		}
	}
	for _, admin := range held {
		if _, gone := left[admin.Email]; gone {
			d.removed = append(d.removed, admin)
		}
	}
	return d
}

func (d difference) empty() bool { return len(d.removed)+len(d.changed)+len(d.added) == 0 }

// subjects are the addresses of all grants that differ.
func (d difference) subjects() []rolemodel.Email {
	var emails []rolemodel.Email
	for _, list := range [][]rolemodel.ExternalAdmin{d.removed, d.changed, d.added} {
		for _, admin := range list {
			emails = append(emails, admin.Email)
		}
	}
	return emails
}

// before are the grants that were there and differ, by email.
func (d difference) before() []rolemodel.ExternalAdmin {
	were := slices.Concat([]rolemodel.ExternalAdmin{}, d.removed, d.replaced)
	slices.SortFunc(were, byEmail)
	return were
}

// after are those of the stored grants that differ.
func (d difference) after(stored []rolemodel.ExternalAdmin) []rolemodel.ExternalAdmin {
	differs := map[rolemodel.Email]bool{}
	for _, email := range d.subjects() {
		differs[email] = true
	}
	are := []rolemodel.ExternalAdmin{}
	for _, admin := range stored {
		if differs[admin.Email] {
			are = append(are, admin)
		}
	}
	return are
}

func byEmail(a, b rolemodel.ExternalAdmin) int { return cmp.Compare(a.Email, b.Email) }

// apply writes the difference, many grants to a statement.
func (tx *transaction) apply(ctx context.Context, tenant rolemodel.AccountCode, d difference) error {
	for chunk := range slices.Chunk(d.removed, rowsPerStatement) {
		var w where
		w.and(`tenant_id = ?`, string(tenant))
		emails := make([]string, len(chunk))
		for i, admin := range chunk {
			emails[i] = string(admin.Email)
		}
		w.in(`email`, emails)
		if err := tx.exec(ctx, `DELETE FROM external_admins`+w.String(), w.args...); err != nil {
			return err
		}
	}
	var rows [][]any
	for _, admin := range slices.Concat(d.changed, d.added) {
		builtIn, custom := tx.roleColumns(admin.RoleID)
		rows = append(rows, []any{string(tenant), string(admin.Email), builtIn, custom, int64(1)})
	}
	return tx.insert(ctx, `INSERT INTO external_admins (tenant_id, email, default_role_id, custom_role_id, revision) VALUES `, rows,
		` ON CONFLICT (tenant_id, email) DO UPDATE SET default_role_id = excluded.default_role_id, custom_role_id = excluded.custom_role_id, revision = external_admins.revision + 1`)
}
