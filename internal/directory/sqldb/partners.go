package sqldb

import (
	"context"
	"database/sql"
	"iter"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// A partner and its lists come in one query, so that they fit together and a
// page costs as much as a single read.
const selectPartners = `SELECT p.account_code, p.name, p.program, p.partner_portal, p.retired, p.declaration, p.revision,
	(SELECT string_agg(d.domain, ' ') FROM domains d WHERE d.account_code = p.account_code),
	(SELECT string_agg(r.prefix, ' ') FROM ip_ranges r WHERE r.account_code = p.account_code)
FROM partners p`

func scanPartner(scan func(...any) error) (rolemodel.Partner, error) {
	var (
		p               rolemodel.Partner
		domains, ranges sql.NullString
	)
	err := scan(&p.AccountCode, &p.Name, &p.Program, &p.PartnerPortal, &p.Retired, &p.Declaration, &p.Revision, &domains, &ranges)
	if err != nil {
		return p, err
	}
	p.Domains = split[rolemodel.Domain](domains, " ")
	p.AdminIPRanges, err = splitPrefixes(ranges)
	return p, err
}

// Partner implements directory.Reader.
func (r reader) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	var w where
	w.and(`p.account_code = ?`, string(code))
	w.seesPartners(&r.scope)
	found, err := query(ctx, r, scanPartner, selectPartners+w.String(), w.args...)
	return one(found, err, directory.KindPartner, directory.Key{Account: code})
}

func (r reader) wherePartners(filter directory.PartnerFilter) *where {
	var w where
	w.seesPartners(&r.scope)
	if len(filter.Codes) > 0 {
		in(&w, `p.account_code`, filter.Codes, "")
	}
	if len(filter.Domains) > 0 {
		in(&w, `p.account_code IN (SELECT account_code FROM domains WHERE domain`, filter.Domains, `)`)
	}
	if filter.Name != "" {
		w.and(`p.name_folded = ?`, rolemodel.FoldName(filter.Name))
	}
	return &w
}

// Partners implements directory.Reader.
func (r reader) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	code := func(p rolemodel.Partner) rolemodel.AccountCode { return p.AccountCode }
	return list(filter.After, filter.Limit, code, func(after rolemodel.AccountCode, n int) ([]rolemodel.Partner, error) {
		w := r.wherePartners(filter)
		w.and(`p.account_code > ?`, string(after))
		return queryPage(ctx, r, scanPartner, selectPartners+w.String()+` ORDER BY p.account_code`+limited(n), w.args...)
	}, pageSize)
}

// insertPartner stores a new partner.
func (tx *transaction) insertPartner(ctx context.Context, p *rolemodel.Partner) error {
	trail, err := tx.newTrail(ctx, directory.KindPartner, p.AccountCode, "")
	return first(err,
		func() error { return tx.claimCode(ctx, directory.KindPartner, p.AccountCode) },
		func() error {
			return tx.exec(ctx, `INSERT INTO partners (account_code, trail, name, name_folded, program, partner_portal, retired, declaration, revision)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
				string(p.AccountCode), trail, p.Name, rolemodel.FoldName(p.Name), string(p.Program), p.PartnerPortal, p.Retired, string(p.Declaration), p.Revision)
		},
		func() error { return tx.writeLists(ctx, p.AccountCode, p.Domains, p.AdminIPRanges) })
}

// updatePartner stores a partner that is there.
func (tx *transaction) updatePartner(ctx context.Context, before, p *rolemodel.Partner) error {
	return first(tx.exec(ctx, `UPDATE partners SET name = $1, name_folded = $2, program = $3, partner_portal = $4, retired = $5, declaration = $6, revision = $7 WHERE account_code = $8`,
		p.Name, rolemodel.FoldName(p.Name), string(p.Program), p.PartnerPortal, p.Retired, string(p.Declaration), p.Revision, string(before.AccountCode)),
		func() error { return tx.writeLists(ctx, p.AccountCode, p.Domains, p.AdminIPRanges) })
}

func (tx *transaction) deletePartner(ctx context.Context, p *rolemodel.Partner) error {
	return first(tx.exec(ctx, `DELETE FROM partners WHERE account_code = $1`, string(p.AccountCode)),
		func() error { return tx.releaseCode(ctx, p.AccountCode) })
}
