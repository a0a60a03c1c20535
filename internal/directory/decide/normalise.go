package decide

import (
	"cmp"
	"maps"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Normalise returns the grants of a replacement in canonical form, all of them
// the tenant's, sorted by email, and a violation for everything that is not
// well-formed and for every address that stands there twice. Violations of a
// grant lie at admins["<email>"], the email as it was given.
func Normalise(tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin) ([]rolemodel.ExternalAdmin, rolemodel.Violations) {
	if _, err := rolemodel.ParseAccountCode(string(tenant)); err != nil {
		return nil, rolemodel.Violations{rolemodel.NotWellFormed(rolemodel.WellFormed, rolemodel.At("tenant_id"), err)}
	}
	var vs rolemodel.Violations
	canonical := make([]rolemodel.ExternalAdmin, 0, len(admins))
	given := make(map[rolemodel.Email][]string, len(admins))
	for _, admin := range admins {
		key := string(admin.Email)
		admin.TenantID = tenant
		admin, found := admin.Normalise()
		vs = append(vs, underAdmin(found, rolemodel.Email(key))...)
		if len(found) == 0 {
			given[admin.Email] = append(given[admin.Email], key)
			canonical = append(canonical, admin)
		}
	}
	slices.SortStableFunc(canonical, func(a, b rolemodel.ExternalAdmin) int { return cmp.Compare(a.Email, b.Email) })
	for _, email := range slices.Sorted(maps.Keys(given)) {
		if keys := given[email]; len(keys) > 1 {
			repeated := rolemodel.Violations{rolemodel.RepeatedAddressViolation(email, keys...)}
			vs = append(vs, underAdmin(repeated, rolemodel.Email(keys[1]))...)
		}
	}
	return canonical, vs
}
