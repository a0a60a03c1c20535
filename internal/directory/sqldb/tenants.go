package sqldb

import (
	"context"
	"database/sql"
	"iter"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const selectTenants = `SELECT t.account_code, t.name, t.region, t.primary_domain, t.partner_id, t.initial_admin_email, t.retired, t.declaration, t.revision,
	(SELECT string_agg(d.domain, ' ') FROM domains d WHERE d.account_code = t.account_code),
	(SELECT string_agg(r.prefix, ' ') FROM ip_ranges r WHERE r.account_code = t.account_code)
FROM tenants t`

func scanTenant(scan func(...any) error) (rolemodel.Tenant, error) {
	var (
		t                        rolemodel.Tenant
		partner, domains, ranges sql.NullString
	)
	err := scan(&t.AccountCode, &t.Name, &t.Region, &t.PrimaryDomain, &partner, &t.InitialAdminEmail, &t.Retired, &t.Declaration, &t.Revision, &domains, &ranges)
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
	var w where
	w.and(`t.account_code = ?`, string(code))
	w.seesTenants(&r.scope)
	found, err := query(ctx, r, scanTenant, selectTenants+w.String(), w.args...)
	return one(found, err, directory.KindTenant, directory.Key{Account: code})
}

func (r reader) whereTenants(filter directory.TenantFilter) *where {
	var w where
	w.seesTenants(&r.scope)
	if len(filter.Codes) > 0 {
		in(&w, `t.account_code`, filter.Codes, "")
	}
	if filter.PartnerID != "" {
		w.and(`t.partner_id = ?`, string(filter.PartnerID))
	}
	if len(filter.Domains) > 0 {
		in(&w, `t.account_code IN (SELECT account_code FROM domains WHERE domain`, filter.Domains, `)`)
	}
	if filter.Name != "" {
		w.and(`t.name_folded = ?`, rolemodel.FoldName(filter.Name))
	}
	return &w
}

// Tenants implements directory.Reader.
func (r reader) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	code := func(t rolemodel.Tenant) rolemodel.AccountCode { return t.AccountCode }
	return list(filter.After, filter.Limit, code, func(after rolemodel.AccountCode, n int) ([]rolemodel.Tenant, error) {
		w := r.whereTenants(filter)
		w.and(`t.account_code > ?`, string(after))
		return queryPage(ctx, r, scanTenant, selectTenants+w.String()+` ORDER BY t.account_code`+limited(n), w.args...)
	}, pageSize)
}

// insertTenant stores a new tenant.
func (tx *transaction) insertTenant(ctx context.Context, t *rolemodel.Tenant) error {
	trail, err := tx.tenantTrail(ctx, t)
	return first(err,
		func() error { return tx.claimCode(ctx, directory.KindTenant, t.AccountCode) },
		func() error {
			return tx.exec(ctx, `INSERT INTO tenants (account_code, trail, name, name_folded, region, primary_domain, partner_id, initial_admin_email, retired, declaration, revision)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
				string(t.AccountCode), trail, t.Name, rolemodel.FoldName(t.Name), t.Region, string(t.PrimaryDomain), nullable(t.PartnerID),
				string(t.InitialAdminEmail), t.Retired, string(t.Declaration), t.Revision)
		},
		func() error { return tx.writeLists(ctx, t.AccountCode, t.InternalDomains, t.AdminIPRanges) })
}

// updateTenant stores a tenant that is there. Under another partner it has another trail.
func (tx *transaction) updateTenant(ctx context.Context, before, t *rolemodel.Tenant) error {
	if moved(*before, *t) {
		left := *t
		left.PartnerID = "" // Whose it is now is not for the former partner.
		e := &event{action: directory.ActionUpdate, kind: directory.KindTenant, key: directory.KeyOf(*t), before: *before, after: left, declaration: t.Declaration}
		if err := tx.record(ctx, e); err != nil {
			return err
		}
	}
	trail, err := tx.tenantTrail(ctx, t)
	return first(err,
		func() error {
			return tx.exec(ctx, `UPDATE tenants SET trail = $1, name = $2, name_folded = $3, region = $4, primary_domain = $5, partner_id = $6,
				initial_admin_email = $7, retired = $8, declaration = $9, revision = $10 WHERE account_code = $11`,
				trail, t.Name, rolemodel.FoldName(t.Name), t.Region, string(t.PrimaryDomain), nullable(t.PartnerID),
				string(t.InitialAdminEmail), t.Retired, string(t.Declaration), t.Revision, string(before.AccountCode))
		},
		func() error { return tx.writeLists(ctx, t.AccountCode, t.InternalDomains, t.AdminIPRanges) })
}

func (tx *transaction) deleteTenant(ctx context.Context, t *rolemodel.Tenant) error {
	return first(tx.exec(ctx, `DELETE FROM tenants WHERE account_code = $1`, string(t.AccountCode)),
		func() error { return tx.releaseCode(ctx, t.AccountCode) })
}

// moved says whether two states of a tenant have different partners.
func moved(before, after any) bool {
	b, was := before.(rolemodel.Tenant)
	a, is := after.(rolemodel.Tenant)
	return was && is && a.PartnerID != b.PartnerID
}
