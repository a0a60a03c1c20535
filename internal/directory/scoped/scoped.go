// Package scoped narrows a directory to what one credential may see and do.
// What it may not see does not exist for it: it is not in lists, a single read
// says not found as for a key that was never there, and what would refer to it
// is refused as a reference to nothing.
package scoped

import (
	"fmt"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/readonly"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Scope is how far a credential goes. The zero scope goes everywhere.
type Scope struct {
	// PartnerID is the partner to whose tenants the scope is limited, "" for no such limit.
	PartnerID rolemodel.AccountCode
	// TenantIDs are the tenants to which the scope is limited, none for no such limit.
	TenantIDs []rolemodel.AccountCode
	// ReadOnly refuses every write.
	ReadOnly bool
}

// New returns the part of the inner directory that lies in the scope. The actor
// is the one whose authority inner uses.
func New(inner directory.Directory, actor rolemodel.Actor, scope Scope) directory.Directory {
	d := inner
	if scope.PartnerID != "" || len(scope.TenantIDs) > 0 {
		d = &scopedDirectory{reader: reader{inner: inner, scope: scope}, inner: inner, actor: actor}
	}
	if scope.ReadOnly {
		d = readonly.New(d)
	}
	return d
}

// ForbiddenError says that something that is visible in the scope cannot be done in it.
type ForbiddenError struct {
	// Detail says what is refused and what to do, in sentences.
	Detail string
}

// Error returns the detail.
func (e *ForbiddenError) Error() string { return e.Detail }

// excludes says whether the scope is limited to named tenants and this is none of them.
func (s *Scope) excludes(code rolemodel.AccountCode) bool {
	return len(s.TenantIDs) > 0 && !slices.Contains(s.TenantIDs, code)
}

func (s *Scope) contains(t *rolemodel.Tenant) bool {
	return !s.excludes(t.AccountCode) && (s.PartnerID == "" || s.PartnerID == t.PartnerID)
}

func noTenant(code rolemodel.AccountCode) error {
	return &directory.NotFoundError{Kind: directory.KindTenant, Key: string(code)}
}

func noPartner(code rolemodel.AccountCode) error {
	return &directory.NotFoundError{Kind: directory.KindPartner, Key: string(code)}
}

func noRole(tenant rolemodel.AccountCode, id rolemodel.RoleID) error {
	return &directory.NotFoundError{Kind: directory.KindRole, Key: fmt.Sprintf("%s/%s", tenant, id)}
}

func noExternalAdmin(tenant rolemodel.AccountCode, email rolemodel.Email) error {
	return &directory.NotFoundError{Kind: directory.KindExternalAdmin, Key: fmt.Sprintf("%s/%s", tenant, email)}
}
