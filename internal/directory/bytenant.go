package directory

import (
	"iter"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// ByTenant yields the external admins of each tenant that has any, from a list
// of external admins in its order. An error ends it.
func ByTenant(admins iter.Seq2[rolemodel.ExternalAdmin, error]) iter.Seq2[[]rolemodel.ExternalAdmin, error] {
	return func(yield func([]rolemodel.ExternalAdmin, error) bool) {
		var of []rolemodel.ExternalAdmin
		for admin, err := range admins {
			if err != nil {
				yield(nil, err)
				return
			}
			if len(of) > 0 && of[0].TenantID != admin.TenantID {
				if !yield(of, nil) {
					return
				}
				of = nil
			}
			of = append(of, admin)
		}
		if len(of) > 0 {
			yield(of, nil)
		}
	}
}
