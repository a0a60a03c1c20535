package rolemodel

import (
	"fmt"
	"strings"
)

// The limits of the rule within-limits. Mimecast publishes none: modelled, but for those of addresses.
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
	// MaxReason is how many characters the reason of a grant and the note of an observation have at most.
	MaxReason = 200
	// MaxObservedRoles is how many custom roles of a tenant are observed at most.
	MaxObservedRoles = 1000
	// MaxDescription is how many characters a description has at most.
	MaxDescription = 2000
	// MaxEmail is how many bytes an address has at most: RFC 5321, section 4.5.3.1.
	MaxEmail = 254
	// MaxLocal is how many bytes an address has before its "@" at most.
	MaxLocal = 64
	// MaxDomain is how many bytes a domain has at most, with its IDNA A-labels. It leaves room for "a@".
	MaxDomain = MaxEmail - len("a@")
	// MaxAccountCode is how many characters an account code has at most.
	MaxAccountCode = 32
)

// limits lists the limits for the catalogue of rules.
func limits() string {
	return fmt.Sprintf("%d external admins and %d internal domains of a tenant, %d domains of a partner, %d admin IP ranges of an account, "+
		"%d permissions of a role, %d characters of a name or permission, %d of a reason or note, %d of a description and %d of an account code, "+
		"%d bytes of an address, %d of them before the \"@\", and %d of a domain. An observation has %d external admins and %d custom roles at most",
		MaxExternalAdmins, MaxInternalDomains, MaxPartnerDomains, MaxAdminIPRanges, MaxPermissions, MaxName, MaxReason, MaxDescription, MaxAccountCode,
		MaxEmail, MaxLocal, MaxDomain, MaxExternalAdmins, MaxObservedRoles)
}

// checkLimit returns a violation if there are more entries of a list than its limit.
func checkLimit(path Path, n, most int) Violations {
	if n <= most {
		return nil
	}
	name := strings.NewReplacer("_ip_", " IP ", "_", " ").Replace(path.String())
	return Violations{violate(WithinLimits, path, fmt.Sprintf("There are %d %s, and %d is the most.", n, name, most))}
}

// CheckExternalAdmins returns a violation if n external admins, who lie at the
// path, are more than a tenant, "" for one that is not known yet, has at most.
func CheckExternalAdmins(path Path, tenant AccountCode, n int) Violations {
	if n <= MaxExternalAdmins {
		return nil
	}
	whose := fmt.Sprintf("Tenant %q", tenant)
	if tenant == "" {
		whose = "The tenant"
	}
	return Violations{violate(WithinLimits, path, fmt.Sprintf("%s would have %d external admins, and %d is the most.", whose, n, MaxExternalAdmins))}
}

// characters is what a text is counted in where it is not counted in bytes.
const characters = "characters"

// tooLong is the error of a text that is longer than its limit.
type tooLong string

func (e tooLong) Error() string { return string(e) }

// checkLength returns an error if a text has more of a unit than its limit. The
// error names the text, if that is given: one of a set has no path of its own.
func checkLength(what, text string, n int, unit string, most int) error {
	if n <= most {
		return nil
	}
	if text != "" {
		what += " " + quote(text)
	}
	return tooLong(fmt.Sprintf("the %s has %d %s: write at most %d", what, n, unit, most))
}
