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

// A partner and its lists come in one query, so that they fit together and a
// page costs as much as a single read.
const selectPartners = `SELECT p.account_code, p.name, p.program, p.partner_portal, p.revision,
	(SELECT string_agg(d.domain, ' ') FROM partner_domains d WHERE d.partner_id = p.account_code),
	(SELECT string_agg(r.prefix, ' ') FROM partner_ip_ranges r WHERE r.partner_id = p.account_code)
FROM partners p`

func scanPartner(scan func(...any) error) (rolemodel.Partner, error) {
	var (
		p               rolemodel.Partner
		domains, ranges sql.NullString
	)
	err := scan(&p.AccountCode, &p.Name, &p.Program, &p.PartnerPortal, &p.Revision, &domains, &ranges)
	if err != nil {
		return p, err
	}
	p.Domains = split[rolemodel.Domain](domains, " ")
	p.AdminIPRanges, err = splitPrefixes(ranges)
	return p, err
}

// Partner implements directory.Reader.
func (r reader) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	found, err := query(ctx, r, scanPartner, selectPartners+` WHERE p.account_code = $1`, string(code))
	return one(found, err, directory.KindPartner, string(code))
}

// Partners implements directory.Reader.
func (r reader) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	return pages(func(after *rolemodel.Partner) ([]rolemodel.Partner, error) {
		var w where
		if filter.Domain != "" {
			w.and(`p.account_code IN (SELECT partner_id FROM partner_domains WHERE domain = ?)`, string(filter.Domain))
		}
		if filter.Name != "" {
			w.and(`p.name_folded = ?`, rolemodel.FoldName(filter.Name))
		}
		if after != nil {
			w.and(`p.account_code > ?`, string(after.AccountCode))
		}
		return query(ctx, r, scanPartner, selectPartners+w.String()+` ORDER BY p.account_code`+limit, w.args...)
	})
}

// CreatePartner implements directory.Directory.
func (s *session) CreatePartner(ctx context.Context, asked rolemodel.Partner) (rolemodel.Partner, error) {
	return write(ctx, s, func(ctx context.Context, tx *transaction) (rolemodel.Partner, error) {
		e := event{action: directory.ActionCreate, kind: directory.KindPartner, key: string(canonical(asked.AccountCode)), after: asked}
		after, vs := asked.Normalise()
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		if err := tx.requireFree(ctx, directory.KindPartner, after.AccountCode); err != nil {
			return after, err
		}
		vs, err := decide.Partner(ctx, tx, nil, &after)
		if err != nil {
			return after, err
		}
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		if after.AccountCode, err = tx.claimCode(ctx, "partner", after.AccountCode); err != nil {
			return after, err
		}
		after.Revision = 1
		err = tx.exec(ctx, `INSERT INTO partners (account_code, name, name_folded, program, partner_portal, revision) VALUES ($1, $2, $3, $4, $5, $6)`,
			string(after.AccountCode), after.Name, rolemodel.FoldName(after.Name), string(after.Program), after.PartnerPortal, after.Revision)
		if err != nil {
			return after, err
		}
		e.key, e.after = string(after.AccountCode), after
		return after, first(tx.writePartnerLists(ctx, after), func() error { return tx.record(ctx, e) })
	})
}

// UpdatePartner implements directory.Directory.
func (s *session) UpdatePartner(ctx context.Context, asked rolemodel.Partner) (rolemodel.Partner, error) {
	return write(ctx, s, func(ctx context.Context, tx *transaction) (rolemodel.Partner, error) {
		before, err := tx.Partner(ctx, canonical(asked.AccountCode))
		if err != nil {
			return before, err
		}
		if err := sameRevision(directory.KindPartner, string(before.AccountCode), asked.Revision, before.Revision); err != nil {
			return before, err
		}
		e := event{action: directory.ActionUpdate, kind: directory.KindPartner, key: string(before.AccountCode), before: before, after: asked}
		after, vs := asked.Normalise()
		if len(vs) > 0 {
			return after, tx.refuse(ctx, e, vs)
		}
		if vs, err = decide.Partner(ctx, tx, &before, &after); err != nil {
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
		err = tx.exec(ctx, `UPDATE partners SET name = $1, name_folded = $2, program = $3, partner_portal = $4, revision = $5 WHERE account_code = $6`,
			after.Name, rolemodel.FoldName(after.Name), string(after.Program), after.PartnerPortal, after.Revision, string(after.AccountCode))
		if err != nil {
			return after, err
		}
		e.after = after
		return after, first(tx.writePartnerLists(ctx, after), func() error { return tx.record(ctx, e) })
	})
}

// DeletePartner implements directory.Directory.
func (s *session) DeletePartner(ctx context.Context, code rolemodel.AccountCode) error {
	_, err := write(ctx, s, func(ctx context.Context, tx *transaction) (none struct{}, err error) {
		before, err := tx.Partner(ctx, code)
		if err != nil {
			return none, err
		}
		e := event{action: directory.ActionDelete, kind: directory.KindPartner, key: string(code), before: before}
		vs, err := decide.Partner(ctx, tx, &before, nil)
		if err != nil {
			return none, err
		}
		if len(vs) > 0 {
			return none, tx.refuse(ctx, e, vs)
		}
		return none, first(tx.exec(ctx, `DELETE FROM partners WHERE account_code = $1`, string(code)),
			func() error { return tx.releaseCode(ctx, code) },
			func() error { return tx.record(ctx, e) })
	})
	return err
}

// writePartnerLists makes the stored lists those of p.
func (tx *transaction) writePartnerLists(ctx context.Context, p rolemodel.Partner) error {
	code := string(p.AccountCode)
	return first(tx.rewrite(ctx, "partner_domains", "partner_id", "domain", code, texts(p.Domains)),
		func() error {
			return tx.rewrite(ctx, "partner_ip_ranges", "partner_id", "prefix", code, prefixTexts(p.AdminIPRanges))
		})
}
