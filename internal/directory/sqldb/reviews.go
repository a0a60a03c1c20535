package sqldb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func scanReview(scan func(...any) error) (r rolemodel.Review, err error) {
	var text string
	if err = scan(&text); err == nil {
		err = json.Unmarshal([]byte(text), &r)
	}
	return r, err
}

// Review implements directory.Reader.
func (r reader) Review(ctx context.Context, tenant rolemodel.AccountCode, person rolemodel.Email) (rolemodel.Review, error) {
	if err := r.view(); err != nil {
		return rolemodel.Review{}, err
	}
	var w where
	from := ` FROM reviews v`
	w.and(`v.person = ?`, string(person))
	switch s := &r.scope; {
	case tenant != "":
		from += ` JOIN tenants t ON t.trail = v.trail`
		w.and(`t.account_code = ?`, string(tenant))
		w.seesTenants(s)
	case whole(s):
		w.and(`v.trail = ?`, directoryTrail)
	case len(s.TenantIDs) == 0:
		from += ` JOIN partners p ON p.trail = v.trail`
		w.seesPartners(s)
	default:
		w.and(`1 = 0`)
	}
	found, err := query(ctx, r, scanReview, `SELECT v.review_json`+from+w.String(), w.args...)
	if err == nil && len(found) == 0 {
		err = &directory.NotFoundError{Kind: directory.KindReview, Key: directory.ReviewKey(tenant, person)}
	}
	if err != nil {
		return rolemodel.Review{}, err
	}
	return found[0], nil
}

// sign records that somebody looked at who can reach what.
func (tx *transaction) sign(ctx context.Context, c directory.SignReview, e *event) (directory.Outcome, error) {
	none := directory.Outcome{}
	review, vs := rolemodel.Review{TenantID: c.Tenant, Person: c.Person, Digest: c.Digest, Note: c.Note, Seen: c.Seen}.Normalise()
	review.TenantID = canonical(c.Tenant)
	e.name, e.after = directory.ReviewKey(review.TenantID, canonicalEmail(c.Person)), review
	if e.key = (directory.Key{Account: review.TenantID}); review.TenantID == "" {
		e.key.Account = tx.scope.PartnerID
	}
	if blind := decide.Blind(&tx.actor, directory.KindReview); len(blind) > 0 {
		return none, append(vs, blind...)
	}
	if review.TenantID != "" {
		if _, err := tx.Tenant(ctx, review.TenantID); err != nil {
			return none, err
		}
	} else if tx.scope.PartnerID != "" {
		if _, err := tx.Partner(ctx, tx.scope.PartnerID); err != nil {
			return none, err
		}
	}
	if err := tx.maySign(&review); err != nil {
		return none, err
	}
	if err := vs.Err(); err != nil {
		return none, err
	}
	to, found, err := tx.trailOf(ctx, e.key.Account)
	if err != nil {
		return none, err
	}
	if !found {
		to = trail{id: directoryTrail}
	}
	if review.Seen, err = tx.reviewed(ctx, &review); err != nil {
		return none, err
	}
	review.At, review.By = rolemodel.TimeOf(time.Now()), tx.actor.Name
	encoded, err := json.Marshal(review)
	e.after = review
	return directory.Outcome{Effect: directory.EffectCreated, Entry: review}, first(err,
		func() error {
			return tx.exec(ctx, `INSERT INTO reviews (trail, person, review_json) VALUES ($1, $2, $3)
				ON CONFLICT (trail, person) DO UPDATE SET review_json = excluded.review_json`, to.id, string(review.Person), string(encoded))
		},
		func() error { return tx.record(ctx, e) })
}

// maySign returns an error if the scope does not allow the review to be signed.
func (tx *transaction) maySign(review *rolemodel.Review) error {
	switch {
	case !tx.scope.MaySignReviews:
		return &directory.ForbiddenError{Detail: fmt.Sprintf("The credential %s may not sign reviews, so nothing was signed. Use one that was made with --may-sign-reviews.", tx.actor.Name)}
	case review.TenantID == "" && len(tx.scope.TenantIDs) > 0:
		return &directory.ForbiddenError{Detail: fmt.Sprintf("The credential %s is limited to named tenants and cannot sign for everything. Sign for one tenant after the other.", tx.actor.Name)}
	}
	return nil
}

// reviewed is the position of the review in the trails that it is about. What is
// given of others is left out: whoever reads the review may not see them.
func (tx *transaction) reviewed(ctx context.Context, review *rolemodel.Review) (rolemodel.Position, error) {
	given, err := review.Seen.Numbers()
	if err != nil {
		return "", err
	}
	numbers := map[string]int64{}
	for head, err := range tx.AuditHeads(ctx, directory.AuditHeadFilter{TenantID: review.TenantID}) {
		if err != nil {
			return "", err
		}
		if n, ok := given[head.Trail]; ok {
			numbers[head.Trail] = min(n, head.Number)
		}
	}
	return rolemodel.PositionOf(numbers), nil
}
