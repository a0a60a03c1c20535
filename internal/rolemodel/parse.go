package rolemodel

import (
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// maxNameRunes bounds names. Mimecast publishes no limit: modelled.
const maxNameRunes = 200

var accountCode = regexp.MustCompile(`^C[A-Z0-9]{1,31}$`)

// ParseAccountCode returns the canonical form of an account code: upper case.
func ParseAccountCode(s string) (AccountCode, error) {
	code := strings.ToUpper(s)
	if !accountCode.MatchString(code) {
		return "", fmt.Errorf("%q is not an account code: write a \"C\" and then letters and digits, for example \"CUSA00A000\"", s)
	}
	return AccountCode(code), nil
}

// ParseDomain returns the canonical form of a mail domain: lower-case ASCII
// (IDNA A-labels, UTS #46) without a trailing dot.
func ParseDomain(s string) (Domain, error) {
	profile := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))
	ascii, err := profile.ToASCII(strings.TrimSuffix(s, "."))
	if err != nil {
		return "", fmt.Errorf("%q is not a domain: write one like \"example.com\"", s)
	}
	last := ascii[strings.LastIndexByte(ascii, '.')+1:]
	if last == ascii || strings.Trim(last, "0123456789") == "" {
		return "", fmt.Errorf("%q is not a mail domain: write one with a dot and a top-level domain, like \"example.com\"", s)
	}
	return Domain(ascii), nil
}

// ParseEmail returns the canonical form of an email address: lower case, its
// domain as ParseDomain has it. Display names, comments and quoting are refused.
func ParseEmail(s string) (Email, error) {
	notEmail := fmt.Errorf("%q is not an email address: write one like \"anna@example.com\", without a name or spaces", s)
	at := strings.LastIndexByte(s, '@')
	if at < 1 {
		return "", notEmail
	}
	local, rest := strings.ToLower(norm.NFC.String(s[:at])), s[at+1:]
	local = norm.NFC.String(local)
	domain, err := ParseDomain(rest)
	if err != nil {
		return "", fmt.Errorf("%q is not an email address: %w", s, err)
	}
	canonical := local + "@" + string(domain)
	parsed, err := mail.ParseAddress(canonical)
	if err != nil || parsed.Name != "" || parsed.Address != canonical || len(local) > 64 || len(canonical) > 254 ||
		strings.ContainsAny(local, "\"<>()@ ") {
		return "", notEmail
	}
	return Email(canonical), nil
}

// Domain returns the domain of the address. The address must be canonical.
func (e Email) Domain() Domain {
	return Domain(e[strings.LastIndexByte(string(e), '@')+1:])
}

// ParsePrefix returns the canonical form of an IP range in CIDR notation: IPv4
// in IPv6 is unmapped. A bare address or set host bits are refused with the
// spelling to use, since a guess could open or close more than was meant.
func ParsePrefix(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil {
		return netip.Prefix{}, fmt.Errorf("%q is an address, not a range: write \"%s/%d\" for this one address", s, s, addr.BitLen())
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%q is not an IP range: write it in CIDR notation, for example \"192.0.2.0/24\" or \"2001:db8::/32\"", s)
	}
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return netip.Prefix{}, fmt.Errorf("%q covers more than the IPv4 addresses that it is written with: write an IPv4 range like \"192.0.2.0/24\"", s)
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	if p != p.Masked() {
		return netip.Prefix{}, fmt.Errorf("%q has bits set after the first %d: write \"%s\" for the whole range or \"%s/%d\" for one address",
			s, p.Bits(), p.Masked(), p.Addr(), p.Addr().BitLen())
	}
	return p, nil
}

// ParseName checks the name of a partner, tenant or role. Names are kept as written.
func ParseName(s string) (string, error) {
	switch {
	case strings.TrimSpace(s) == "":
		return "", errors.New("the name is empty: write a name")
	case strings.TrimSpace(s) != s:
		return "", fmt.Errorf("the name %q begins or ends with a space: write %q", s, strings.TrimSpace(s))
	case utf8.RuneCountInString(s) > maxNameRunes:
		return "", fmt.Errorf("the name has %d characters: write at most %d", utf8.RuneCountInString(s), maxNameRunes)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "", fmt.Errorf("the name %q has a control character or is not UTF-8: write printable characters", s)
	}
	return s, nil
}

// FoldName returns the form under which names are compared: without regard to
// letter case and Unicode composition.
func FoldName(s string) string { return norm.NFC.String(strings.ToLower(norm.NFC.String(s))) }

var region = regexp.MustCompile(`^[a-z]{2,8}$`)

// ParseRegion checks a region: two to eight lower-case letters, as Mimecast's API writes them.
func ParseRegion(s string) (string, error) {
	if !region.MatchString(s) {
		return "", fmt.Errorf("%q is not a region: write it as Mimecast's API does, in lower-case letters, for example \"us\", \"uk\" or \"de\"", s)
	}
	return s, nil
}

// ParseProgram checks a partner program.
func ParseProgram(s string) (Program, error) {
	return oneOf("program", s, []Program{ProgramMSP, ProgramReseller})
}

// ParseSecurityPermission checks the security permission of a custom role.
func ParseSecurityPermission(s string) (SecurityPermission, error) {
	return oneOf("security permission", s, []SecurityPermission{CannotManageRoles, ManageApplicationRoles, ManageApplicationAndProtectedRoles})
}

func oneOf[T ~string](what, s string, choices []T) (T, error) {
	if i := slices.Index(choices, T(s)); i >= 0 {
		return choices[i], nil
	}
	quoted := make([]string, len(choices))
	for i, c := range choices {
		quoted[i] = fmt.Sprintf("%q", string(c))
	}
	return "", fmt.Errorf("%q is not a %s: write one of %s", s, what, strings.Join(quoted, ", "))
}

// InitialAdminEmail returns the address of the administrator created with a
// tenant: "msp_<client name>@<primary domain>" (seed 000), the name reduced to
// its lower-case ASCII letters and digits, or the account code where that leaves nothing.
func InitialAdminEmail(name string, code AccountCode, primary Domain) Email {
	const maxLocal = 64
	keep := func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}
	client := strings.Map(keep, strings.ToLower(name))
	if client == "" {
		client = strings.ToLower(string(code))
	}
	local := "msp_" + client
	return Email(local[:min(len(local), maxLocal)] + "@" + string(primary))
}
