package tfkit

import (
	"context"
	"iter"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/planned"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Planned is the directory as this plan would leave it, as far as it is planned
// already, for rules to be decided against. Terraform plans what a resource refers
// to before the resource itself, so that a partner's new domain is known when the
// plan decides about an external admin who uses it.
//
// What is read by key differs in two ways. Terraform plans an entry's former
// address and its new one in any order, so an entry that is to be deleted is found
// as it is now; and so is every grant, since two of one plan are told apart by
// Session.Declare. What the actor may not see (rule view-roles) is not there: a
// decision finds that the actor does not manage it either.
type Planned struct{ *planned.Directory }

// NewPlanned returns a view of the directory on which nothing is planned yet.
func NewPlanned(r directory.Reader) *Planned { return &Planned{planned.New(r)} }

// Plan records that an entry is planned to be there, and whether all of it is
// known; a tenant's partner may be rolemodel.NotYetKnown and a grant's role "".
func Plan[E directory.Entry](s *Session, entry E, known bool) {
	planned.Put(s.Planned.Directory, entry, known)
}

// PlanDeletion records that the entry with the key is to be deleted, unless
// another address has planned it: it is there in the end.
func PlanDeletion[E directory.Entry](s *Session, key directory.Key) {
	if !planned.Has[E](s.Planned.Directory, key) {
		planned.Remove[E](s.Planned.Directory, key)
	}
}

// hidden says whether an error is that the actor sees no roles and grants.
func hidden(err error) bool {
	_, violates := rolemodel.AsViolations(err)
	return violates
}

// orNow returns what reads the entry with the key: as it is planned, or as it is now if the plan deletes it.
func orNow[E directory.Entry](p *Planned, key directory.Key) directory.Reader {
	if planned.Goes[E](p.Directory, key) {
		return p.Reader
	}
	return p.Directory
}

// Partner implements directory.Reader.
func (p *Planned) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return orNow[rolemodel.Partner](p, directory.Key{Account: code}).Partner(ctx, code)
}

// Tenant implements directory.Reader.
func (p *Planned) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return orNow[rolemodel.Tenant](p, directory.Key{Account: code}).Tenant(ctx, code)
}

// Role implements directory.Reader.
func (p *Planned) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	role, err := orNow[rolemodel.Role](p, directory.Key{Account: tenant, ID: id}).Role(ctx, tenant, id)
	if hidden(err) {
		err = decide.ErrNotYetKnown
	}
	return role, err
}

// Roles implements directory.Reader.
func (p *Planned) Roles(ctx context.Context, filter directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	return seen(p.Directory.Roles(ctx, filter))
}

// ExternalAdmin implements directory.Reader.
func (p *Planned) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	admin, err := p.Reader.ExternalAdmin(ctx, tenant, email)
	if hidden(err) {
		err = &directory.NotFoundError{Kind: directory.KindExternalAdmin, Key: directory.Key{Account: tenant, Email: email}.String()}
	}
	return admin, err
}

// ExternalAdmins implements directory.Reader.
func (p *Planned) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return seen(p.Directory.ExternalAdmins(ctx, filter))
}

// Count implements directory.Reader.
func (p *Planned) Count(ctx context.Context, filter directory.Filter) (int, error) {
	n, err := p.Directory.Count(ctx, filter)
	if hidden(err) {
		return 0, nil
	}
	return n, err
}

// seen ends a list where the actor may not see it.
func seen[E any](list iter.Seq2[E, error]) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		for entry, err := range list {
			if hidden(err) || !yield(entry, err) {
				return
			}
		}
	}
}
