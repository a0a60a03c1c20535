// Package readonly makes any directory one for reading only.
package readonly

import (
	"context"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// New returns the directory with every write replaced by directory.ErrReadOnly.
// A write reaches nothing of what it decorates, so it fails closed whatever the
// directory itself would have done.
func New(r directory.Reader) directory.Directory { return readOnly{r} }

// readOnly lists every write, so that a new one in the port does not compile
// until it is closed here.
type readOnly struct{ directory.Reader }

func (readOnly) CreatePartner(context.Context, rolemodel.Partner) (rolemodel.Partner, error) {
	return rolemodel.Partner{}, directory.ErrReadOnly
}

func (readOnly) UpdatePartner(context.Context, rolemodel.Partner) (rolemodel.Partner, error) {
	return rolemodel.Partner{}, directory.ErrReadOnly
}

func (readOnly) DeletePartner(context.Context, rolemodel.AccountCode) error {
	return directory.ErrReadOnly
}

func (readOnly) CreateTenant(context.Context, rolemodel.Tenant) (rolemodel.Tenant, error) {
	return rolemodel.Tenant{}, directory.ErrReadOnly
}

func (readOnly) UpdateTenant(context.Context, rolemodel.Tenant) (rolemodel.Tenant, error) {
	return rolemodel.Tenant{}, directory.ErrReadOnly
}

func (readOnly) DeleteTenant(context.Context, rolemodel.AccountCode) error {
	return directory.ErrReadOnly
}

func (readOnly) CreateRole(context.Context, rolemodel.Role) (rolemodel.Role, error) {
	return rolemodel.Role{}, directory.ErrReadOnly
}

func (readOnly) UpdateRole(context.Context, rolemodel.Role) (rolemodel.Role, error) {
	return rolemodel.Role{}, directory.ErrReadOnly
}

func (readOnly) DeleteRole(context.Context, rolemodel.AccountCode, rolemodel.RoleID) error {
	return directory.ErrReadOnly
}

func (readOnly) CreateExternalAdmin(context.Context, rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	return rolemodel.ExternalAdmin{}, directory.ErrReadOnly
}

func (readOnly) UpdateExternalAdmin(context.Context, rolemodel.Email, rolemodel.ExternalAdmin) (rolemodel.ExternalAdmin, error) {
	return rolemodel.ExternalAdmin{}, directory.ErrReadOnly
}

func (readOnly) DeleteExternalAdmin(context.Context, rolemodel.AccountCode, rolemodel.Email) error {
	return directory.ErrReadOnly
}

func (readOnly) ReplaceExternalAdmins(context.Context, rolemodel.AccountCode, []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, error) {
	return nil, directory.ErrReadOnly
}
