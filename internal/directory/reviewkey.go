package directory

import "github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"

// ReviewKey returns what errors and the trail call a review of a tenant, of a
// person, of a person in a tenant, or of everything that the caller sees.
func ReviewKey(tenant rolemodel.AccountCode, person rolemodel.Email) string {
	key := string(tenant)
	if key == "" {
		key = "everything"
	}
	if person != "" {
		key += "/" + string(person)
	}
	return key
}
