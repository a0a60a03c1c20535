package httpclient

import (
	"net/url"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// The parts of paths.
const (
	partners       = "partners"
	tenants        = "tenants"
	roles          = "roles"
	externalAdmins = "external-admins"
)

// collectionOf returns the path of the list of all entries of the type.
func collectionOf[E directory.Entry]() string {
	switch directory.KindOf[E]() {
	case directory.KindPartner:
		return "/v1/" + partners
	case directory.KindTenant:
		return "/v1/" + tenants
	case directory.KindRole:
		return "/v1/" + roles
	}
	return "/v1/" + externalAdmins
}

// pathOf returns the path of the entry with the key, or a *directory.NotFoundError
// if the key cannot be in a path: nothing has it.
func pathOf[E directory.Entry](key directory.Key) (string, error) {
	segments := []string{tenants, string(key.Account)}
	switch directory.KindOf[E]() {
	case directory.KindPartner:
		segments[0] = partners
	case directory.KindRole:
		segments = append(segments, roles, string(key.ID))
	case directory.KindExternalAdmin:
		segments = append(segments, externalAdmins, string(key.Email))
	}
	path, ok := join(segments...)
	if !ok {
		return "", &directory.NotFoundError{Kind: directory.KindOf[E](), Key: key.String()}
	}
	return path, nil
}

// grantsOf returns the path of all external admins of a tenant, or false if that cannot be an account code.
func grantsOf(tenant rolemodel.AccountCode) (string, bool) {
	return join(tenants, string(tenant), externalAdmins)
}

func join(segments ...string) (string, bool) {
	path := "/v1"
	for _, s := range segments {
		if s == "" || s == "." || s == ".." {
			return "", false
		}
		path += "/" + url.PathEscape(s)
	}
	return path, true
}
