package sqldb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// kind is what the pipeline of a write needs to know of a kind of entries.
type kind[E directory.Entry] struct {
	normalise func(E) (E, rolemodel.Violations)
	read      func(ctx context.Context, r reader, key directory.Key) (E, error)
	// rekeyed gives what an update asks for the account and the ID of its key.
	rekeyed func(asked E, key directory.Key) E
	// keeping gives an entry what never changes of the one that was there.
	keeping func(before, after E) E
	// taken returns the entry that a creation meets, retired or not, nil if there is
	// none, or a *directory.ConflictError if what it meets is no such entry in the scope.
	taken func(ctx context.Context, tx *transaction, asked *E, as rolemodel.Declaration) (*E, error)
	// keyed says that an entry with the key of another one is a conflict, rather
	// than the violation of a rule, and conflicts that one of another content is.
	keyed, conflicts bool
	// decide decides the rules. A nil before creates, a nil after deletes.
	decide func(ctx context.Context, f facts, actor *rolemodel.Actor, before, after *E) (rolemodel.Violations, error)
	// complete gives a new entry what the directory assigns.
	complete       func(ctx context.Context, tx *transaction, key directory.Key, after *E) error
	insert, delete func(tx *transaction, ctx context.Context, entry *E) error
	update         func(tx *transaction, ctx context.Context, before, after *E) error
}

// marks returns where an entry has what every entry has.
func marks[E directory.Entry](entry *E) (retired *bool, declaration *rolemodel.Declaration, revision *int64) {
	switch e := any(entry).(type) {
	case *rolemodel.Partner:
		return &e.Retired, &e.Declaration, &e.Revision
	case *rolemodel.Tenant:
		return &e.Retired, &e.Declaration, &e.Revision
	case *rolemodel.Role:
		return &e.Retired, &e.Declaration, &e.Revision
	case *rolemodel.ExternalAdmin:
		return new(bool), &e.Declaration, &e.Revision
	}
	return new(bool), new(rolemodel.Declaration), new(int64)
}

// partners, tenants, roles and externalAdmins are the kinds. They are never written to.
var (
	partners = &kind[rolemodel.Partner]{
		keyed: true, conflicts: true,
		normalise: rolemodel.Partner.Normalise,
		read: func(ctx context.Context, r reader, key directory.Key) (rolemodel.Partner, error) {
			return r.Partner(ctx, key.Account)
		},
		rekeyed: func(asked rolemodel.Partner, key directory.Key) rolemodel.Partner {
			asked.AccountCode = key.Account
			return asked
		},
		keeping: func(before, after rolemodel.Partner) rolemodel.Partner {
			after.AccountCode = before.AccountCode
			return after
		},
		taken: func(ctx context.Context, tx *transaction, asked *rolemodel.Partner, _ rolemodel.Declaration) (*rolemodel.Partner, error) {
			return takenCode(ctx, tx, directory.KindPartner, asked.AccountCode, tx.Partner)
		},
		decide: func(ctx context.Context, f facts, actor *rolemodel.Actor, before, after *rolemodel.Partner) (rolemodel.Violations, error) {
			return decide.Partner(ctx, f, actor, before, after)
		},
		complete: func(ctx context.Context, tx *transaction, _ directory.Key, after *rolemodel.Partner) (err error) {
			after.AccountCode, err = tx.assigned(ctx, after.AccountCode)
			return err
		},
		insert: (*transaction).insertPartner, update: (*transaction).updatePartner, delete: (*transaction).deletePartner,
	}

	tenants = &kind[rolemodel.Tenant]{
		keyed: true, conflicts: true,
		normalise: rolemodel.Tenant.Normalise,
		read: func(ctx context.Context, r reader, key directory.Key) (rolemodel.Tenant, error) {
			return r.Tenant(ctx, key.Account)
		},
		rekeyed: func(asked rolemodel.Tenant, key directory.Key) rolemodel.Tenant {
			asked.AccountCode = key.Account
			return asked
		},
		keeping: func(before, after rolemodel.Tenant) rolemodel.Tenant {
			after.AccountCode, after.InitialAdminEmail = before.AccountCode, before.InitialAdminEmail
			return after
		},
		taken: func(ctx context.Context, tx *transaction, asked *rolemodel.Tenant, as rolemodel.Declaration) (*rolemodel.Tenant, error) {
			if asked.AccountCode == "" {
				return takenDomain(ctx, tx, asked.PrimaryDomain, as)
			}
			return takenCode(ctx, tx, directory.KindTenant, asked.AccountCode, tx.Tenant)
		},
		decide: func(ctx context.Context, f facts, actor *rolemodel.Actor, before, after *rolemodel.Tenant) (rolemodel.Violations, error) {
			return decide.Tenant(ctx, f, actor, before, after)
		},
		complete: func(ctx context.Context, tx *transaction, _ directory.Key, after *rolemodel.Tenant) (err error) {
			after.AccountCode, err = tx.assigned(ctx, after.AccountCode)
			after.InitialAdminEmail = rolemodel.InitialAdminEmail(after.Name, after.AccountCode, after.PrimaryDomain)
			if tx.went != nil && tx.went.Before != "" && err == nil { // It is the same account again.
				return json.Unmarshal([]byte(tx.went.Before), &struct {
					InitialAdminEmail *rolemodel.Email `json:"initial_admin_email"`
				}{&after.InitialAdminEmail})
			}
			return err
		},
		insert: (*transaction).insertTenant, update: (*transaction).updateTenant, delete: (*transaction).deleteTenant,
	}

	roles = &kind[rolemodel.Role]{
		conflicts: true,
		normalise: func(asked rolemodel.Role) (rolemodel.Role, rolemodel.Violations) {
			after, vs := asked.Normalise()
			after.ID = rolemodel.RoleIDFor(after.Name)
			return after, vs
		},
		read: func(ctx context.Context, r reader, key directory.Key) (rolemodel.Role, error) {
			return r.Role(ctx, key.Account, key.ID)
		},
		rekeyed: func(asked rolemodel.Role, key directory.Key) rolemodel.Role {
			asked.TenantID = key.Account
			return asked
		},
		keeping: func(before, after rolemodel.Role) rolemodel.Role {
			after.TenantID, after.ID = before.TenantID, before.ID
			return after
		},
		taken: takenName,
		decide: func(ctx context.Context, f facts, actor *rolemodel.Actor, before, after *rolemodel.Role) (rolemodel.Violations, error) {
			return decide.Role(ctx, f, actor, before, after)
		},
		complete: func(_ context.Context, _ *transaction, key directory.Key, after *rolemodel.Role) error {
			if key.ID != "" { // It is created again.
				after.ID = key.ID
			}
			return nil
		},
		insert: (*transaction).insertRole, update: (*transaction).updateRole, delete: (*transaction).deleteRole,
	}

	externalAdmins = &kind[rolemodel.ExternalAdmin]{
		normalise: rolemodel.ExternalAdmin.Normalise,
		read: func(ctx context.Context, r reader, key directory.Key) (rolemodel.ExternalAdmin, error) {
			return r.ExternalAdmin(ctx, key.Account, key.Email)
		},
		rekeyed: func(asked rolemodel.ExternalAdmin, key directory.Key) rolemodel.ExternalAdmin {
			asked.TenantID = key.Account
			return asked
		},
		keeping: func(_, after rolemodel.ExternalAdmin) rolemodel.ExternalAdmin { return after },
		taken: func(ctx context.Context, tx *transaction, asked *rolemodel.ExternalAdmin, as rolemodel.Declaration) (*rolemodel.ExternalAdmin, error) {
			if as == "" {
				return nil, nil //nolint:nilnil // None that may be adopted: that somebody has a role already breaks a rule.
			}
			return unlessNone(tx.ExternalAdmin(ctx, asked.TenantID, asked.Email))
		},
		decide: func(ctx context.Context, f facts, actor *rolemodel.Actor, before, after *rolemodel.ExternalAdmin) (rolemodel.Violations, error) {
			return decide.ExternalAdmin(ctx, f, actor, before, after)
		},
		complete: func(context.Context, *transaction, directory.Key, *rolemodel.ExternalAdmin) error { return nil },
		insert:   (*transaction).insertExternalAdmin, update: (*transaction).updateExternalAdmin, delete: (*transaction).deleteExternalAdmin,
	}
)

// unlessNone makes not found nil.
func unlessNone[E directory.Entry](entry E, err error) (*E, error) {
	switch {
	case directory.IsNotFound(err):
		return nil, nil //nolint:nilnil // There is none, which is no error.
	case err != nil:
		return nil, err
	}
	return &entry, nil
}

// takenCode returns the account of a kind that has the code, or a conflict if it
// is another kind's or out of the scope.
func takenCode[E directory.Entry](ctx context.Context, tx *transaction, kind directory.Kind, code rolemodel.AccountCode, read func(context.Context, rolemodel.AccountCode) (E, error)) (*E, error) {
	kinds, err := query(ctx, tx.reader, scanText, `SELECT kind FROM accounts WHERE account_code = $1`, string(code))
	if err != nil || len(kinds) == 0 {
		return nil, err
	}
	conflict := &directory.ConflictError{Kind: kind, Key: string(code)}
	visible, err := tx.sees(ctx, code)
	switch {
	case err != nil:
		return nil, err
	case !visible:
		conflict.Hidden = true
		return nil, conflict
	case kinds[0] != kind:
		conflict.TakenBy = kinds[0]
		return nil, conflict
	}
	return unlessNone(read(ctx, code))
}

// takenDomain returns the tenant with the primary domain, if it is retired or
// may be adopted with a declaration: a tenant without a given code is known by its domain.
func takenDomain(ctx context.Context, tx *transaction, primary rolemodel.Domain, as rolemodel.Declaration) (*rolemodel.Tenant, error) {
	for tenant, err := range tx.Tenants(ctx, directory.TenantFilter{Domains: []rolemodel.Domain{primary}, Limit: 1}) {
		if err != nil {
			return nil, err
		}
		if primary != "" && tenant.PrimaryDomain == primary && (tenant.Retired || as != "") {
			return &tenant, nil
		}
	}
	return nil, nil //nolint:nilnil // There is none, which is no error.
}

// takenName returns the role of the tenant that has the name.
func takenName(ctx context.Context, tx *transaction, asked *rolemodel.Role, _ rolemodel.Declaration) (*rolemodel.Role, error) {
	if asked.Name == "" || asked.TenantID == "" {
		return nil, nil //nolint:nilnil // Neither is known.
	}
	filter := directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{asked.TenantID}, Name: asked.Name, Limit: 1}
	for role, err := range tx.Roles(ctx, filter) {
		return &role, err
	}
	return nil, nil //nolint:nilnil // There is none, which is no error.
}

// mayWrite returns an error if the scope never allows the action on a visible entry of the kind.
func (tx *transaction) mayWrite(kind directory.Kind, action directory.Action) error {
	if len(tx.scope.TenantIDs) == 0 {
		return nil
	}
	var cannot string
	switch {
	case kind == directory.KindPartner && action == directory.ActionCreate:
		cannot = "create partners"
	case kind == directory.KindPartner:
		cannot = action + " the partner"
	case kind == directory.KindTenant && action == directory.ActionCreate:
		cannot = "create others"
	default:
		return nil
	}
	return &directory.ForbiddenError{Detail: fmt.Sprintf("The credential %s is limited to named tenants and cannot %s. Use one that is not limited so.", tx.actor.Name, cannot)}
}
