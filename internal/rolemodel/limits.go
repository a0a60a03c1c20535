package rolemodel

import (
	"fmt"
	"strings"
)

// The limits of the rule within-limits. Mimecast publishes none: modelled.
const (
	// MaxExternalAdmins is how many external admins a tenant has at most.
	MaxExternalAdmins = 1000
	// MaxInternalDomains is how many internal domains a tenant has at most.
	MaxInternalDomains = 500
	// MaxPartnerDomains is how many domains a partner's staff log in with at most.
	MaxPartnerDomains = 100
	// MaxAdminIPRanges is how many admin IP ranges an account has at most.
	MaxAdminIPRanges = 200
	// MaxPermissions is how many permissions a role has at most, both sets together.
	MaxPermissions = 500
	// MaxName is how many characters a name or permission has at most.
	MaxName = 200
	// MaxDescription is how many characters a description has at most.
	MaxDescription = 2000
)

// limits lists the limits for the catalogue of rules.
func limits() string {
	return fmt.Sprintf("%d external admins and %d internal domains of a tenant, %d domains of a partner, %d admin IP ranges of an account, "+
		"%d permissions of a role, %d characters of a name and %d of a description",
		MaxExternalAdmins, MaxInternalDomains, MaxPartnerDomains, MaxAdminIPRanges, MaxPermissions, MaxName, MaxDescription)
}

// checkLimit returns a violation if there are more entries of a list than its limit.
func checkLimit(path Path, n, most int) Violations {
	if n <= most {
		return nil
	}
	name := strings.ReplaceAll(path.String(), "_", " ")
	return Violations{violate(WithinLimits, path, fmt.Sprintf("There are %d %s, and %d is the most.", n, name, most))}
}

// CheckExternalAdmins returns a violation if n external admins, who lie at the
// path, are more than a tenant has at most.
func CheckExternalAdmins(path Path, tenant AccountCode, n int) Violations {
	if n <= MaxExternalAdmins {
		return nil
	}
	return Violations{violate(WithinLimits, path,
		fmt.Sprintf("Tenant %q would have %d external admins, and %d is the most.", tenant, n, MaxExternalAdmins))}
}

// tooLong is the error of a text that is longer than its limit.
type tooLong string

func (e tooLong) Error() string { return string(e) }

// checkLength returns an error if a text has more characters than its limit.
func checkLength(what string, n, most int) error {
	if n <= most {
		return nil
	}
	return tooLong(fmt.Sprintf("the %s has %d characters: write at most %d", what, n, most))
}
