package rolemodel

import (
	"cmp"
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

// accountCode spells both letter cases out: strings.ToUpper would turn "ſ" into an S.
var accountCode = regexp.MustCompile(`^[Cc][A-Za-z0-9]+$`)

// mailDomain is UTS #46 processing for lookup, with the checks of a host name.
// A profile is read-only once made.
var mailDomain = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// The errors of all Parse functions are one sentence without its full stop,
// "what is wrong: what to write instead".

// ParseAccountCode returns the canonical form of an account code: a "C" and
// then letters and digits, upper case, at most MaxAccountCode. The form is that
// of the codes in Mimecast's documents; the greatest length is modelled.
func ParseAccountCode(s string) (AccountCode, error) {
	if !accountCode.MatchString(s) {
		return "", fmt.Errorf("%s is not an account code: write a \"C\" and then letters and digits, for example \"CUSA00A000\"", quote(s))
	}
	if err := checkLength("account code", s, len(s), characters, MaxAccountCode); err != nil {
		return "", err
	}
	return AccountCode(strings.ToUpper(s)), nil
}

// ParseDomain returns the canonical form of a mail domain: lower-case ASCII
// (IDNA A-labels, UTS #46) without a trailing dot, at most MaxDomain bytes. It has
// at least two labels, and the last one is not a number.
func ParseDomain(s string) (Domain, error) {
	if err := checkVisible("", s); err != nil { // Some would be mapped to nothing.
		return "", err
	}
	// No A-label is shorter than a quarter of what it stands for in UTF-8.
	if err := checkLength("domain", s, len(s), "bytes", 4*MaxDomain); err != nil {
		return "", err
	}
	ascii, err := mailDomain.ToASCII(strings.TrimSuffix(s, "."))
	if err := checkLength("domain", s, len(ascii), "bytes", MaxDomain); err != nil {
		return "", err
	}
	// Some input, for one what is not UTF-8, becomes a name that is itself refused.
	again, errAgain := mailDomain.ToASCII(ascii)
	if err != nil || errAgain != nil || again != ascii {
		return "", fmt.Errorf("%s is not a domain: write one like \"example.com\"", quote(s))
	}
	last := ascii[strings.LastIndexByte(ascii, '.')+1:]
	if last == ascii || strings.Trim(last, "0123456789") == "" {
		return "", fmt.Errorf("%s is not a mail domain: write one with a dot and a top-level domain, like \"example.com\"", quote(s))
	}
	return Domain(ascii), nil
}

// ParseEmail returns the canonical form of an email address: lower case, its
// domain as ParseDomain has it, at most MaxEmail bytes and MaxLocal of them before
// the "@". Display names, comments, quoting, white space and invisible characters are refused.
func ParseEmail(s string) (Email, error) {
	notEmail := func() error {
		return fmt.Errorf("%s is not an email address: write one like \"anna@example.com\", without a name or spaces", quote(s))
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || !utf8.ValidString(s) {
		return "", notEmail()
	}
	local := FoldName(s[:at])
	if err := cmp.Or(checkVisible("", s), checkLength("address", s, len(local), "bytes before the \"@\"", MaxLocal)); err != nil {
		return "", err
	}
	domain, err := ParseDomain(s[at+1:])
	if _, long := errors.AsType[tooLong](err); long {
		return "", err
	}
	if err != nil {
		return "", fmt.Errorf("%s is not an email address, since %s is not a mail domain: write one like \"anna@example.com\"", quote(s), quote(s[at+1:]))
	}
	canonical := local + "@" + string(domain)
	if err := checkLength("address", s, len(canonical), "bytes", MaxEmail); err != nil {
		return "", err
	}
	parsed, err := mail.ParseAddress(canonical)
	if err != nil || parsed.Name != "" || parsed.Address != canonical ||
		strings.ContainsAny(local, "\"<>()@") || strings.ContainsFunc(local, unicode.IsSpace) {
		return "", notEmail()
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
		addr = addr.Unmap().WithZone("")
		return netip.Prefix{}, fmt.Errorf("%s is an address, not a range: write \"%s/%d\" for this one address", quote(s), addr, addr.BitLen())
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%s is not an IP range: write it in CIDR notation, for example \"192.0.2.0/24\" or \"2001:db8::/32\"", quote(s))
	}
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return netip.Prefix{}, fmt.Errorf("%s covers more than the IPv4 addresses that it is written with: write an IPv4 range like \"192.0.2.0/24\"", quote(s))
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	if p != p.Masked() {
		return netip.Prefix{}, fmt.Errorf("%s has bits set after the first %d: write \"%s\" for the whole range or \"%s/%d\" for one address",
			quote(s), p.Bits(), p.Masked(), p.Addr(), p.Addr().BitLen())
	}
	return p, nil
}

// ParseName checks the name of a partner, tenant or role: 1 to MaxName
// characters, none of them invisible. Names are kept as written.
func ParseName(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", errors.New("the name is empty: write a name")
	}
	return parseLine("name", s, MaxName)
}

// ParseReason checks the reason of a grant: one line of at most MaxReason characters, or "".
func ParseReason(s string) (string, error) { return parseLine("reason", s, MaxReason) }

// ParseNote checks the note of an observation: one line of at most MaxReason characters, or "".
func ParseNote(s string) (string, error) { return parseLine("note", s, MaxReason) }

// parseLine checks a text of one line, which the error calls what it is.
func parseLine(what, s string, most int) (string, error) {
	switch {
	case !utf8.ValidString(s):
		return "", fmt.Errorf("the %s %s is not UTF-8: write printable characters only", what, quote(s))
	case strings.TrimSpace(s) != s:
		return "", fmt.Errorf("the %s %s begins or ends with a space: write %s", what, quote(s), quote(strings.TrimSpace(s)))
	}
	if err := cmp.Or(checkLength(what, "", utf8.RuneCountInString(s), characters, most), checkVisible("the "+what+" ", s)); err != nil {
		return "", err
	}
	return s, nil
}

// checkVisible returns an error that names the first character that could make
// two values look the same or a message read other than it is. The joiners of
// Persian, Hindi and other spellings are among them.
func checkVisible(what, s string) error {
	for _, r := range s {
		if invisible(r) {
			return fmt.Errorf("%s%s contains %U, which cannot be seen: write it without", what, quote(s), r)
		}
	}
	return nil
}

// invisible says whether a character is a control or format character, a line
// break or another one that shows nothing.
func invisible(r rune) bool {
	const brailleBlank = '\u2800'
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == brailleBlank
}

// ParseDescription checks a description: at most MaxDescription characters. It may have several lines.
func ParseDescription(s string) (string, error) {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }) {
		return "", errors.New("the description has a control character or is not UTF-8: write printable characters and line breaks only")
	}
	if err := checkLength("description", "", utf8.RuneCountInString(s), characters, MaxDescription); err != nil {
		return "", err
	}
	return s, nil
}

// quote quotes s for a message, shortened if it is very long.
func quote(s string) string {
	const most = 100
	if utf8.RuneCountInString(s) > most {
		return fmt.Sprintf("%.*q (shortened)", most, s)
	}
	return fmt.Sprintf("%q", s)
}

// FoldName returns the form under which names are compared: without regard to
// letter case and Unicode composition.
func FoldName(s string) string { return norm.NFC.String(strings.ToLower(norm.NFC.String(s))) }

var region = regexp.MustCompile(`^[a-z]{2,8}$`)

// ParseRegion checks a region: two to eight lower-case letters, as Mimecast's API writes them.
func ParseRegion(s string) (string, error) {
	if !region.MatchString(s) {
		return "", fmt.Errorf("%s is not a region: write it as Mimecast's API does, in lower-case letters, for example \"us\", \"uk\" or \"de\"", quote(s))
	}
	return s, nil
}

// ParseProgram checks a partner program.
func ParseProgram(s string) (Program, error) {
	return oneOf("a program", s, []Program{ProgramMSP, ProgramReseller})
}

// ParseSecurityPermission checks the security permission of a custom role.
func ParseSecurityPermission(s string) (SecurityPermission, error) {
	return oneOf("a security permission", s, []SecurityPermission{CannotManageRoles, ManageApplicationRoles, ManageApplicationAndProtectedRoles})
}

func oneOf[T ~string](what, s string, choices []T) (T, error) {
	if i := slices.Index(choices, T(s)); i >= 0 {
		return choices[i], nil
	}
	return "", fmt.Errorf("%s is not %s: write one of %s", quote(s), what, strings.Join(quoteAll(choices), ", "))
}

func quoteAll[T ~string](choices []T) []string {
	quoted := make([]string, len(choices))
	for i, c := range choices {
		quoted[i] = fmt.Sprintf("%q", string(c))
	}
	return quoted
}

// InitialAdminEmail returns the address of the administrator created with a
// tenant: "msp_<client name>@<primary domain>" (seed 000), the name reduced to
// its lower-case ASCII letters and digits, or the account code where that leaves nothing.
func InitialAdminEmail(name string, code AccountCode, primary Domain) Email {
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
	return Email(local[:min(len(local), MaxLocal, MaxEmail-len("@")-len(primary))] + "@" + string(primary))
}
