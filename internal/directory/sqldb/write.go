package sqldb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// session is the directory as one caller sees it and may change it.
type session struct {
	reader
	caller directory.Caller
}

var _ directory.Directory = (*session)(nil)

// Apply implements directory.Directory. It is the one way in for a write:
// whether the credential is live, whether the write was made before, the scope,
// the rules, the trail and the outcome that is kept all lie in its transaction.
func (s *session) Apply(ctx context.Context, change directory.Change) (directory.Outcome, error) {
	var (
		outcome directory.Outcome
		refused error
	)
	fingerprint, err := s.fingerprint(change)
	if err != nil {
		return outcome, err
	}
	subject := change.Subject()
	err = s.db.write(ctx, &s.caller, string(canonical(subject.Key.Account)), func(ctx context.Context, tx *transaction) error {
		outcome, refused = directory.Outcome{}, nil // The attempt may be repeated.
		if err := tx.live(ctx); err != nil {
			return err
		}
		if done, err := tx.done(ctx, s.caller.Request, fingerprint, change, &outcome); done || err != nil {
			return err
		}
		e := &event{action: subject.Action, kind: subject.Kind, key: subject.Key}
		var err error
		outcome, err = tx.apply(ctx, change, e)
		if err == nil {
			return tx.keep(ctx, s.caller.Request, fingerprint, outcome)
		}
		refused, err = tx.refuse(ctx, e, err)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return directory.Outcome{}, err
	}
	return outcome, nil
}

// apply makes a change, or returns why not and has changed nothing. It completes the event as it learns more.
func (tx *transaction) apply(ctx context.Context, change directory.Change, e *event) (directory.Outcome, error) {
	if sign, ok := change.(directory.SignReview); ok {
		return tx.sign(ctx, sign, e)
	}
	if tx.scope.ReadOnly {
		return directory.Outcome{}, &directory.ReadOnlyError{Detail: fmt.Sprintf("The credential %s may only read, so nothing was changed. Use another credential.", tx.actor.Name)}
	}
	switch c := change.(type) {
	case directory.Write[rolemodel.Partner]:
		return applyWrite(ctx, tx, partners, c, e)
	case directory.Write[rolemodel.Tenant]:
		return applyWrite(ctx, tx, tenants, c, e)
	case directory.Write[rolemodel.Role]:
		return applyWrite(ctx, tx, roles, c, e)
	case directory.Write[rolemodel.ExternalAdmin]:
		return applyWrite(ctx, tx, externalAdmins, c, e)
	case directory.Replace:
		return tx.replace(ctx, c, e)
	case directory.Observe:
		return tx.observe(ctx, c, e)
	}
	return directory.Outcome{}, fmt.Errorf("no change is a %T", change)
}

// live returns directory.ErrRevoked unless the caller's credential is live, if it comes with one.
func (tx *transaction) live(ctx context.Context) error {
	if tx.scope.CredentialID == "" {
		return nil
	}
	found, err := query(ctx, tx.reader, scanText, `SELECT id FROM credentials
		WHERE id = $1 AND generation = $2 AND revoked_unix_micro IS NULL AND (expires_unix_micro IS NULL OR expires_unix_micro > $3)`,
		tx.scope.CredentialID, tx.scope.Generation, time.Now().UnixMicro())
	if err == nil && len(found) == 0 {
		return directory.ErrRevoked
	}
	return err
}

func applyWrite[E directory.Entry](ctx context.Context, tx *transaction, k *kind[E], w directory.Write[E], e *event) (directory.Outcome, error) {
	e.declaration = w.As
	w.Key.Account, w.Key.Email = canonical(w.Key.Account), canonicalEmail(w.Key.Email)
	asked := w.Entry
	if w.Action == directory.ActionUpdate {
		asked = k.rekeyed(asked, w.Key)
	}
	var (
		after E
		vs    rolemodel.Violations
	)
	if w.Action != directory.ActionDelete {
		e.after = w.Entry
		after, vs = k.normalise(asked)
	}
	if w.Action != directory.ActionCreate {
		e.key = w.Key
	} else if len(vs) == 0 { // Otherwise it is known by the key that was given.
		e.key = directory.KeyOf(after)
	}
	if blind := decide.Blind(&tx.actor, directory.KindOf[E]()); len(blind) > 0 {
		return directory.Outcome{}, append(vs, blind...)
	}
	if w.Action == directory.ActionCreate {
		return create(ctx, tx, k, w, after, vs, e)
	}
	before, err := k.read(ctx, tx.reader, w.Key)
	if directory.IsNotFound(err) && w.Action == directory.ActionUpdate && w.As != "" {
		went, lookup := tx.lastUnder(ctx, w.Key, w.Seen)
		if lookup != nil {
			return directory.Outcome{}, lookup
		}
		if went != nil {
			tx.went = went
			e.action = directory.ActionCreate
			return create(ctx, tx, k, w, after, vs, e)
		}
	}
	if err != nil {
		return directory.Outcome{}, err
	}
	e.before = before
	if err := tx.mayWrite(directory.KindOf[E](), w.Action); err != nil {
		return directory.Outcome{}, err
	}
	if w.Action == directory.ActionDelete {
		return remove(ctx, tx, k, w, before, e)
	}
	return update(ctx, tx, k, w, before, after, vs, e)
}

// create adds an entry, takes a retired one up, or adopts one that is as asked for.
func create[E directory.Entry](ctx context.Context, tx *transaction, k *kind[E], w directory.Write[E], after E, vs rolemodel.Violations, e *event) (directory.Outcome, error) {
	none := directory.Outcome{}
	if err := tx.mayWrite(directory.KindOf[E](), directory.ActionCreate); err != nil {
		return none, err
	}
	found, err := k.taken(ctx, tx, &after, w.As)
	var conflict *directory.ConflictError
	if err != nil && !errors.As(err, &conflict) {
		return none, err
	}
	var before *E
	adopts := false
	if found != nil {
		retired, declaration, _ := marks(found)
		switch differences := directory.Differences(*found, after); {
		case *retired:
			before = found
			after = k.keeping(*found, after)
		case w.As != "" && len(differences) == 0:
			adopts = true
			if *declaration == w.As && len(vs) == 0 {
				return directory.Outcome{Effect: directory.EffectUnchanged, Entry: *found}, nil
			}
			before, after = found, *found
		case w.As != "" && k.conflicts:
			conflict = &directory.ConflictError{Kind: directory.KindOf[E](), Key: directory.KeyOf(*found).String(), Differences: differences}
		case k.keyed:
			conflict = &directory.ConflictError{Kind: directory.KindOf[E](), Key: directory.KeyOf(*found).String()}
		}
	}
	if conflict != nil && len(vs) == 0 {
		return none, conflict
	}
	decided, err := k.decide(ctx, tx.facts(), &tx.actor, before, &after)
	if err = cmp.Or(err, append(vs, decided...).Err()); err != nil {
		return none, err
	}
	retired, declaration, revision := marks(&after)
	*retired, *declaration, *revision = false, w.As, 1
	e.action = directory.ActionCreate
	effect, store := directory.EffectCreated, k.insert
	if before != nil {
		e.before = *before
		effect, e.action = directory.EffectTakenUp, directory.ActionTakeUp
		if adopts {
			effect, e.action = directory.EffectAdopted, directory.ActionAdopt
		}
		_, _, was := marks(before)
		*revision = *was + 1
		store = func(tx *transaction, ctx context.Context, after *E) error { return k.update(tx, ctx, before, after) }
	} else if err := k.complete(ctx, tx, w.Key, &after); err != nil {
		return none, err
	}
	if err := store(tx, ctx, &after); err != nil {
		return none, err
	}
	return finish(ctx, tx, effect, e, after)
}

// update makes an entry what is asked for.
func update[E directory.Entry](ctx context.Context, tx *transaction, k *kind[E], w directory.Write[E], before, after E, vs rolemodel.Violations, e *event) (directory.Outcome, error) {
	none := directory.Outcome{}
	retired, held, stored := marks(&before)
	after = k.keeping(before, after)
	if *retired {
		vs = append(vs, rolemodel.RetiredViolation(directory.KindOf[E](), directory.KeyOf(before).String()))
		*retired = false // What else is wrong is decided as for an update.
	}
	if t, ok := any(&after).(*rolemodel.Tenant); ok && t.Region == "" {
		t.Region = any(before).(rolemodel.Tenant).Region //nolint:forcetypeassert // E is a tenant.
	}
	same := len(vs) == 0 && len(directory.Differences(before, after)) == 0
	if w.Revision != 0 && w.Revision != *stored && !same {
		return none, &directory.ConflictError{Kind: directory.KindOf[E](), Key: directory.KeyOf(before).String(), Changed: true}
	}
	decided, err := k.decide(ctx, tx.facts(), &tx.actor, &before, &after)
	if err = cmp.Or(err, append(vs, decided...).Err()); err != nil {
		return none, err
	}
	_, declaration, revision := marks(&after)
	if *declaration = *held; w.As != "" {
		*declaration = w.As
	}
	if *revision = *stored; same && *declaration == *held {
		return directory.Outcome{Effect: directory.EffectUnchanged, Entry: before}, nil
	}
	*revision++
	effect := directory.EffectChanged
	if same {
		effect, e.action = directory.EffectAdopted, directory.ActionAdopt
	}
	if err := k.update(tx, ctx, &before, &after); err != nil {
		return none, err
	}
	return finish(ctx, tx, effect, e, after)
}

// finish records the change that an entry was stored by, and removes what is retired and no longer in use.
func finish[E directory.Entry](ctx context.Context, tx *transaction, effect directory.Effect, e *event, stored E) (directory.Outcome, error) {
	before := e.before
	if e.after = stored; before == nil {
		e.key = directory.KeyOf(stored) // An update is known by the key that the entry had.
	}
	if moved(before, e.after) {
		e.before = nil // Recorded in the trail under its former partner, by updateTenant.
	}
	return directory.Outcome{Effect: effect, Entry: stored}, first(tx.record(ctx, e), func() error { return tx.settle(ctx, before, stored) })
}

// remove deletes an entry, or retires it while it is in use.
func remove[E directory.Entry](ctx context.Context, tx *transaction, k *kind[E], w directory.Write[E], before E, e *event) (directory.Outcome, error) {
	none := directory.Outcome{}
	retired, declaration, revision := marks(&before)
	if w.Revision != 0 && w.Revision != *revision {
		return none, &directory.ConflictError{Kind: directory.KindOf[E](), Key: directory.KeyOf(before).String(), Changed: true}
	}
	if w.As != "" && *declaration != "" && *declaration != w.As {
		return directory.Outcome{Effect: directory.EffectLeft, Entry: before}, nil
	}
	vs, err := k.decide(ctx, tx.facts(), &tx.actor, &before, nil)
	if err = cmp.Or(err, vs.Err()); err != nil {
		return none, err
	}
	if *retired {
		return directory.Outcome{Effect: directory.EffectRetired, Entry: before}, nil
	}
	dependants, err := decide.Dependants(ctx, tx.facts(), directory.KindOf[E](), directory.KeyOf(before))
	if err != nil {
		return none, err
	}
	if len(dependants) > 0 {
		after := before
		retired, declaration, revision := marks(&after)
		*retired, *declaration = true, ""
		*revision++
		e.action, e.after = directory.ActionRetire, after
		return directory.Outcome{Effect: directory.EffectRetired, Entry: after}, first(k.update(tx, ctx, &before, &after),
			func() error { return tx.record(ctx, e) })
	}
	return directory.Outcome{Effect: directory.EffectDeleted, Entry: before}, first(tx.record(ctx, e),
		func() error { return k.delete(tx, ctx, &before) },
		func() error { return tx.settle(ctx, before, nil) })
}

// settle removes what is retired and was in use by an entry only, before the
// entry went, which leaves nil, or was changed.
func (tx *transaction) settle(ctx context.Context, before, after any) error {
	switch b := before.(type) {
	case rolemodel.ExternalAdmin:
		if a, stays := after.(rolemodel.ExternalAdmin); stays && a.RoleID == b.RoleID {
			return nil
		}
		return tx.settleGrants(ctx, b.TenantID, []rolemodel.RoleID{b.RoleID}, after == nil)
	case rolemodel.Role:
		if after == nil {
			return settled(ctx, tx, tenants, directory.Key{Account: b.TenantID})
		}
	case rolemodel.Tenant:
		if b.PartnerID != "" && (after == nil || moved(before, after)) {
			return settled(ctx, tx, partners, directory.Key{Account: b.PartnerID})
		}
	}
	return nil
}

// settleGrants settles the roles that grants in a tenant had, and the tenant if some went.
func (tx *transaction) settleGrants(ctx context.Context, tenant rolemodel.AccountCode, had []rolemodel.RoleID, went bool) error {
	for _, id := range had {
		if tx.customRole(id) == nil {
			continue
		}
		if err := settled(ctx, tx, roles, directory.Key{Account: tenant, ID: id}); err != nil {
			return err
		}
	}
	if !went {
		return nil
	}
	return settled(ctx, tx, tenants, directory.Key{Account: tenant})
}

// settled deletes an entry if it is retired and no longer in use.
func settled[E directory.Entry](ctx context.Context, tx *transaction, k *kind[E], key directory.Key) error {
	entry, err := k.read(ctx, tx.facts().reader, key)
	if directory.IsNotFound(err) {
		return nil // It was settled with another one.
	}
	if err != nil {
		return err
	}
	if retired, _, _ := marks(&entry); !*retired {
		return nil
	}
	dependants, err := decide.Dependants(ctx, tx.facts(), directory.KindOf[E](), key)
	if err != nil || len(dependants) > 0 {
		return err
	}
	e := &event{action: directory.ActionDelete, kind: directory.KindOf[E](), key: key, before: entry}
	return first(tx.record(ctx, e),
		func() error { return k.delete(tx, ctx, &entry) },
		func() error { return tx.settle(ctx, entry, nil) })
}

// canonical returns the code in canonical form, or as it is if it has none and
// therefore belongs to nobody.
func canonical(code rolemodel.AccountCode) rolemodel.AccountCode {
	if c, err := rolemodel.ParseAccountCode(string(code)); err == nil {
		return c
	}
	return code
}

// canonicalEmail is canonical for addresses.
func canonicalEmail(email rolemodel.Email) rolemodel.Email {
	if e, err := rolemodel.ParseEmail(string(email)); err == nil {
		return e
	}
	return email
}
