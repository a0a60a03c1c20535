package mimecastapi

import (
	"fmt"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// profile is what is used of an item of get-profile's answer. The fields are seen
// in others' code, of users of an account's own domains: there "external" is
// false, and "role" the display name of an administrator role, or "na".
type profile struct {
	EmailAddress string  `json:"emailAddress"`
	AccountCode  string  `json:"accountCode"`
	External     *bool   `json:"external"`
	Admin        *bool   `json:"admin"`
	Role         *string `json:"role"`
}

// verdict is what profiles prove of an address: the role that it holds or why nothing.
type verdict struct{ roleName, why string }

// judge says what the answer of get-profile for an address, asked in a tenant's
// account, proves. That somebody has no role is never proven: nothing says that
// get-profile knows the roles of external administrators at all.
func judge(tenant rolemodel.AccountCode, asked rolemodel.Email, profiles []profile) verdict {
	unproven := func(format string, args ...any) verdict { return verdict{why: fmt.Sprintf(format, args...)} }
	if len(profiles) != 1 {
		return unproven("Mimecast has %d profiles for the address; that does not say that nobody is there.", len(profiles))
	}
	p := profiles[0]
	email, err := rolemodel.ParseEmail(p.EmailAddress)
	roleName := ""
	if p.Role != nil {
		roleName = *p.Role
	}
	switch {
	case err != nil || email != asked:
		return unproven("The profile that came is of another address, %q.", short(p.EmailAddress))
	case p.AccountCode == "":
		return unproven("The profile does not say which account it is of, so its role may be one in another.")
	case !same(p.AccountCode, tenant):
		return unproven("The profile that came is of account %q, so its role is not one in %s.", short(p.AccountCode), tenant)
	case roleName == "" || strings.EqualFold(roleName, "na"):
		return unproven("The profile names no role. That get-profile knows roles of external administrators is not documented, so this does not say that there is none.")
	case p.External == nil || !*p.External:
		return unproven("The profile names the role %q, and does not say that the address is from outside, so it need not be an external administrator's.", short(roleName))
	case p.Admin != nil && !*p.Admin:
		return unproven("The profile names the role %q, and says that it is no administrator's.", short(roleName))
	}
	if _, err := rolemodel.ParseName(roleName); err != nil {
		return unproven("The profile has a role name that cannot be used: %s.", err)
	}
	return verdict{roleName: roleName}
}
