package sqldb

import (
	"context"
	"database/sql"
	"iter"
	"reflect"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const selectTenants = `SELECT t.account_code, t.name, t.region, t.primary_domain, t.partner_id, t.initial_admin_email, t.revision,
	(SELECT string_agg(d.domain, ' ') FROM tenant_domains d WHERE d.tenant_id = t.account_code),
	(SELECT string_agg(r.prefix, ' ') FROM tenant_ip_ranges r WHERE r.tenant_id = t.account_code)
FROM tenants t`

func scanTenant(scan func(...any) error) (rolemodel.Tenant, error) {
	var (
		t                        rolemodel.Tenant
		partner, domains, ranges sql.NullString
	)
	err := scan(&t.AccountCode, &t.Name, &t.Region, &t.PrimaryDomain, &partner, &t.InitialAdminEmail, &t.Revision, &domains, &ranges)
	if err != nil {
		return t, err
	}
	t.PartnerID = rolemodel.AccountCode(partner.String)
	t.InternalDomains = split[rolemodel.Domain](domains, " ")
	t.AdminIPRanges, err = splitPrefixes(ranges)
	return t, err
}

// Tenant implements directory.Reader.
func (r reader) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	found, err := query(ctx, r, scanTenant, selectTenants+` WHERE t.account_code = $1`, string(code))
	return one(found, err, directory.KindTenant, string(code))
}

// Tenants implements directory.Reader.
func (r reader) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	return pages(func(after *rolemodel.Tenant) ([]rolemodel.Tenant, error) {
		var w where
		if filter.PartnerID != "" {
			w.and(`t.partner_id = ?`, string(filter.PartnerID))
		}
		if filter.Domain != "" {
			w.and(`t.account_code IN (SELECT tenant_id FROM tenant_domains WHERE domain = ?)`, string(filter.Domain))
		}
		if filter.Name != "" {
			w.and(`t.name_folded = ?`, rolemodel.FoldName(filter.Name))
		}
		if after != nil {
			w.and(`t.account_code > ?`, string(after.AccountCode))
		}
		return query(ctx, r, scanTenant, selectTenants+w.String()+` ORDER BY t.account_code`+limit, w.args...)
	})
}

// CreateTenant implements directory.Directory.
func (s *session) CreateTenant(ctx context.Context, asked rolemodel.Tenant) (rolemodel.Tenant, error) {
	return write(ctx, s, func(ctx context.Context, tx *transaction) (rolemodel.Tenant, error) {
		e := event{action: directory.ActionCreate, kind: directory.KindTenant, key: string(canonical(asked.AccountCode)), tenant: canonical(asked.AccountCode), after: asked}
		after, vs := asked.Normalise()
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		if err := tx.requireFree(ctx, directory.KindTenant, after.AccountCode); err != nil {
			return after, err
		}
		vs, err := decide.Tenant(ctx, tx, nil, &after)
		if err != nil {
			return after, err
		}
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		if after.AccountCode, err = tx.claimCode(ctx, "tenant", after.AccountCode); err != nil {
			return after, err
		}
		after.InitialAdminEmail = rolemodel.InitialAdminEmail(after.Name, after.AccountCode, after.PrimaryDomain)
		after.Revision = 1
		err = tx.exec(ctx, `INSERT INTO tenants (account_code, name, name_folded, region, primary_domain, partner_id, initial_admin_email, revision)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			string(after.AccountCode), after.Name, rolemodel.FoldName(after.Name), after.Region, string(after.PrimaryDomain),
			nullable(after.PartnerID), string(after.InitialAdminEmail), after.Revision)
		if err != nil {
			return after, err
		}
		e.key, e.tenant, e.after = string(after.AccountCode), after.AccountCode, after
		return after, first(tx.writeTenantLists(ctx, after), func() error { return tx.record(ctx, e) })
	})
}

// UpdateTenant implements directory.Directory.
func (s *session) UpdateTenant(ctx context.Context, asked rolemodel.Tenant) (rolemodel.Tenant, error) {
	return write(ctx, s, func(ctx context.Context, tx *transaction) (rolemodel.Tenant, error) {
		before, err := tx.Tenant(ctx, canonical(asked.AccountCode))
		if err != nil {
			return before, err
		}
		code := string(before.AccountCode)
		if err := sameRevision(directory.KindTenant, code, asked.Revision, before.Revision); err != nil {
			return before, err
		}
		asked := asked // The attempt may be repeated.
		asked.Region, asked.InitialAdminEmail = before.Region, before.InitialAdminEmail
		e := event{action: directory.ActionUpdate, kind: directory.KindTenant, key: code, tenant: before.AccountCode, before: before, after: asked}
		after, vs := asked.Normalise()
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		if vs, err = decide.Tenant(ctx, tx, &before, &after); err != nil {
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
		err = tx.exec(ctx, `UPDATE tenants SET name = $1, name_folded = $2, primary_domain = $3, partner_id = $4, revision = $5 WHERE account_code = $6`,
			after.Name, rolemodel.FoldName(after.Name), string(after.PrimaryDomain), nullable(after.PartnerID), after.Revision, code)
		if err != nil {
			return after, err
		}
		e.after = after
		return after, first(tx.writeTenantLists(ctx, after), func() error { return tx.record(ctx, e) })
	})
}

// DeleteTenant implements directory.Directory.
func (s *session) DeleteTenant(ctx context.Context, code rolemodel.AccountCode) error {
	_, err := write(ctx, s, func(ctx context.Context, tx *transaction) (none struct{}, err error) {
		before, err := tx.Tenant(ctx, code)
		if err != nil {
			return none, err
		}
		e := event{action: directory.ActionDelete, kind: directory.KindTenant, key: string(code), tenant: code, before: before}
		vs, err := decide.Tenant(ctx, tx, &before, nil)
		if err != nil {
			return none, err
		}
		if len(vs) > 0 {
			return none, tx.refuse(ctx, e, vs)
		}
		return none, first(tx.exec(ctx, `DELETE FROM tenants WHERE account_code = $1`, string(code)),
			func() error { return tx.releaseCode(ctx, code) },
			func() error { return tx.record(ctx, e) })
	})
	return err
}

// writeTenantLists makes the stored lists those of t.
func (tx *transaction) writeTenantLists(ctx context.Context, t rolemodel.Tenant) error {
	code := string(t.AccountCode)
	return first(tx.rewrite(ctx, "tenant_domains", "tenant_id", "domain", code, texts(t.InternalDomains)),
		func() error {
			return tx.rewrite(ctx, "tenant_ip_ranges", "tenant_id", "prefix", code, prefixTexts(t.AdminIPRanges))
		})
}
