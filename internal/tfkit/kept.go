package tfkit

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// Terraform calls the provider for what this plan deletes and not for what it
// keeps. Where one instance has adopted what another one still declares, as in a
// rename that was applied in part and is taken back, deleting the first takes
// from the second what it is to keep. Which of them is planned first is open, so
// that each looks for the other.

// Keep records that an instance of the state goes on to declare the entry without
// a change, and reports, if there are diagnostics to report in, that this plan
// deletes it at another address.
func (s *Session) Keep(kind directory.Kind, key directory.Key, diags *diag.Diagnostics) bool {
	return s.either(&s.kept, &s.going, kind, key, diags)
}

// Go records that an instance deletes the entry, which is its own, and reports if
// another address keeps it. A grant may be kept with all of its tenant's.
func (s *Session) Go(kind directory.Kind, key directory.Key, diags *diag.Diagnostics) bool {
	if kind == directory.KindExternalAdmin && !s.either(&s.going, &s.kept, directory.KindExternalAdmins, directory.Key{Account: key.Account}, diags) {
		return false
	}
	return s.either(&s.going, &s.kept, kind, key, diags)
}

func (s *Session) either(mine, others *keys, kind directory.Kind, key directory.Key, diags *diag.Diagnostics) bool {
	name := fmt.Sprintf("%s %q", kind, key)
	mine.Store(name, true)
	if _, both := others.Load(name); !both {
		return true
	}
	if diags != nil && s.Once("deleted and kept") {
		diags.AddError("Deleted at one address and kept at another", fmt.Sprintf("This plan deletes the %s at an address that has taken it over, and keeps it without a change at another one: "+
			"a rename that was applied in part, for example with -target, is taken back. After this apply it would be gone.\n\n"+
			"Forget the address that stays, and plan again: it is taken over from there.\n\n  terraform state rm ADDRESS\n\n"+
			"The same goes for whatever else is at these two addresses.", name))
	}
	return false
}
