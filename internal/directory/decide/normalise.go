package decide

import (
	"maps"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Normalise returns the grants of a replacement in canonical form, all of them
// the tenant's, sorted by email, and a violation for everything that is not
// well-formed and for every address that stands there twice. Violations of a
// grant lie at admins["<email>"], the email as it was given.
//
// So that decisions go on, grants with a well-formed address are among them, each
// address once, without a role where that is malformed or there are several. They
// are nil where nothing more can be said: the tenant is malformed, or there are too many.
func Normalise(tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, rolemodel.Violations) {
	var vs rolemodel.Violations
	code, err := rolemodel.ParseAccountCode(string(tenant))
	if err != nil {
		vs = append(vs, rolemodel.NotWellFormed(rolemodel.WellFormed, rolemodel.At("tenant_id"), err))
	}
	if tooMany := rolemodel.CheckExternalAdmins(rolemodel.At("admins"), code, len(admins)); len(tooMany) > 0 {
		return nil, append(vs, tooMany...)
	}
	canonical := make([]rolemodel.ExternalAdmin, 0, len(admins))
	given := make(map[rolemodel.Email][]string, len(admins))
	for _, admin := range admins {
		key := string(admin.Email)
		admin.TenantID = code
		admin, found := admin.Normalise()
		found = slices.DeleteFunc(found, func(v rolemodel.Violation) bool { return v.Path.String() == "tenant_id" }) // Said above, for all.
		vs = append(vs, underAdmin(found, rolemodel.Email(key))...)
		if admin.Email == "" {
			continue
		}
		if given[admin.Email] = append(given[admin.Email], key); len(given[admin.Email]) == 1 {
			canonical = append(canonical, admin)
			continue
		}
		i := slices.IndexFunc(canonical, func(a rolemodel.ExternalAdmin) bool { return a.Email == admin.Email })
		if canonical[i].RoleID != admin.RoleID {
			canonical[i].RoleID = ""
		}
	}
	slices.SortFunc(canonical, func(a, b rolemodel.ExternalAdmin) int { return directory.KeyOf(a).Compare(directory.KeyOf(b)) })
	for _, email := range slices.Sorted(maps.Keys(given)) {
		if keys := given[email]; len(keys) > 1 {
			repeated := rolemodel.Violations{rolemodel.RepeatedAddressViolation(email, keys...)}
			vs = append(vs, underAdmin(repeated, rolemodel.Email(keys[1]))...)
		}
	}
	if code == "" {
		return nil, vs
	}
	return canonical, vs
}
