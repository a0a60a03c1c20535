// Package coalesce turns many reads of single entries into few lists. While one
// list is under way, what is asked for meanwhile waits and goes out together in
// the next one. A list of roles or external admins takes along the tenants that
// were read before, which will be asked for too.
//
// It is for the life of one plan or apply: what this process writes it sees at
// once, what others write meanwhile it may not.
package coalesce

import (
	"context"
	"iter"
	"reflect"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// coalesced is a directory whose reads by key are coalesced. All others go straight through.
type coalesced struct {
	directory.Directory

	partners *lists[rolemodel.Partner]
	tenants  *lists[rolemodel.Tenant]
	roles    *lists[rolemodel.Role]
	admins   *lists[rolemodel.ExternalAdmin]
}

// New returns the directory with its reads coalesced.
func New(inner directory.Directory) directory.Directory {
	type codes = []rolemodel.AccountCode
	none := func() codes { return nil }
	d := &coalesced{Directory: inner}
	d.partners = newLists(none, func(ctx context.Context, asked codes) iter.Seq2[rolemodel.Partner, error] {
		return inner.Partners(ctx, directory.PartnerFilter{Codes: asked})
	})
	d.tenants = newLists(none, func(ctx context.Context, asked codes) iter.Seq2[rolemodel.Tenant, error] {
		return inner.Tenants(ctx, directory.TenantFilter{Codes: asked})
	})
	d.roles = newLists(d.tenants.there, func(ctx context.Context, asked codes) iter.Seq2[rolemodel.Role, error] {
		return inner.Roles(ctx, directory.RoleFilter{TenantIDs: asked})
	})
	d.admins = newLists(d.tenants.there, func(ctx context.Context, asked codes) iter.Seq2[rolemodel.ExternalAdmin, error] {
		return inner.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantIDs: asked})
	})
	return d
}

// Partner implements directory.Reader.
func (d *coalesced) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return d.partners.one(ctx, directory.Key{Account: code})
}

// Tenant implements directory.Reader.
func (d *coalesced) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return d.tenants.one(ctx, directory.Key{Account: code})
}

// Role implements directory.Reader.
func (d *coalesced) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	if _, ok := rolemodel.DefaultRole(id); ok {
		return d.Directory.Role(ctx, tenant, id)
	}
	return d.roles.one(ctx, directory.Key{Account: tenant, ID: id})
}

// ExternalAdmin implements directory.Reader.
func (d *coalesced) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	return d.admins.one(ctx, directory.Key{Account: tenant, Email: email})
}

// Roles implements directory.Reader.
func (d *coalesced) Roles(ctx context.Context, filter directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	if len(filter.TenantIDs) != 1 || !reflect.DeepEqual(filter, directory.RoleFilter{TenantIDs: filter.TenantIDs}) {
		return d.Directory.Roles(ctx, filter)
	}
	return d.roles.all(ctx, filter.TenantIDs[0])
}

// ExternalAdmins implements directory.Reader.
func (d *coalesced) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	if tenant, ok := allOf(filter); ok {
		return d.admins.all(ctx, tenant)
	}
	return d.Directory.ExternalAdmins(ctx, filter)
}

// Count implements directory.Reader.
func (d *coalesced) Count(ctx context.Context, filter directory.Filter) (int, error) {
	if admins, ok := filter.(directory.ExternalAdminFilter); ok {
		if tenant, ok := allOf(admins); ok {
			all, err := directory.Collect(d.admins.all(ctx, tenant))
			return len(all), err
		}
	}
	return d.Directory.Count(ctx, filter)
}

// allOf returns the tenant whose external admins a filter asks for, if it asks for all of one tenant.
func allOf(filter directory.ExternalAdminFilter) (rolemodel.AccountCode, bool) {
	if len(filter.TenantIDs) != 1 || !reflect.DeepEqual(filter, directory.ExternalAdminFilter{TenantIDs: filter.TenantIDs}) {
		return "", false
	}
	return filter.TenantIDs[0], true
}

// Apply implements directory.Directory. It forgets what it may have changed when
// it has ended, with an error or without: an answer that was lost is an error
// too, and the write happened.
func (d *coalesced) Apply(ctx context.Context, change directory.Change) (directory.Outcome, error) {
	outcome, err := d.Directory.Apply(ctx, change)
	accounts := []rolemodel.AccountCode{change.Subject().Key.Account}
	switch assigned := outcome.Entry.(type) { // Where the change leaves the code to the directory.
	case rolemodel.Partner:
		accounts = append(accounts, assigned.AccountCode)
	case rolemodel.Tenant:
		accounts = append(accounts, assigned.AccountCode)
	}
	for _, account := range accounts {
		if canonical, err := rolemodel.ParseAccountCode(string(account)); err == nil {
			account = canonical // A write may spell it otherwise.
		}
		d.partners.forget(account)
		d.tenants.forget(account)
		d.roles.forget(account)
		d.admins.forget(account)
	}
	return outcome, err
}

// own returns a copy that the caller may change: what is kept belongs to the lists.
func own[E directory.Entry](entry E) E {
	switch e := any(&entry).(type) {
	case *rolemodel.Partner:
		e.Domains, e.AdminIPRanges = slices.Clone(e.Domains), slices.Clone(e.AdminIPRanges)
	case *rolemodel.Tenant:
		e.InternalDomains, e.AdminIPRanges = slices.Clone(e.InternalDomains), slices.Clone(e.AdminIPRanges)
	case *rolemodel.Role:
		e.ApplicationPermissions, e.ProtectedPermissions = slices.Clone(e.ApplicationPermissions), slices.Clone(e.ProtectedPermissions)
	}
	return entry
}

// fleeting says whether an entry may go by a write to another account: a
// retired partner goes with its last tenant.
func fleeting[E directory.Entry](entry E) bool {
	partner, ok := any(entry).(rolemodel.Partner)
	return ok && partner.Retired
}
