package tfkit_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

func TestStringMeaning(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind      tfkit.StringType
		a, b      string
		canonical string
		same      bool
	}{
		"domain case":         {tfkit.DomainType(), "Alder.EXAMPLE", "alder.example", "alder.example", true},
		"domain IDN":          {tfkit.DomainType(), "bücher.example", "xn--bcher-kva.example", "xn--bcher-kva.example", true},
		"subdomain":           {tfkit.DomainType(), "mail.alder.example", "alder.example", "mail.alder.example", false},
		"malformed domain":    {tfkit.DomainType(), "alder", "ALDER", "alder", false},
		"email case":          {tfkit.EmailType(), "Anna@Alder.Example", "anna@alder.example", "anna@alder.example", true},
		"account code":        {tfkit.AccountCodeType(), "cusa00a000", "CUSA00A000", "CUSA00A000", true},
		"IPv4 in IPv6":        {tfkit.PrefixType(), "::ffff:192.0.2.0/120", "192.0.2.0/24", "192.0.2.0/24", true},
		"IPv6":                {tfkit.PrefixType(), "2001:0DB8:0::/32", "2001:db8::/32", "2001:db8::/32", true},
		"other length":        {tfkit.PrefixType(), "192.0.2.0/24", "192.0.2.0/25", "192.0.2.0/24", false},
		"permission":          {tfkit.PermissionType(), "directories|groups |  EDIT", "Directories | Groups | Edit", "Directories | Groups | Edit", true},
		"unlisted permission": {tfkit.PermissionType(), "New|Thing", "New | Thing", "New | Thing", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := c.kind.Value(c.a), c.kind.Value(c.b)
			if got := a.Canonical(); got != c.canonical {
				t.Errorf("canonical is %q, want %q", got, c.canonical)
			}
			if same, diags := a.StringSemanticEquals(t.Context(), b); same != c.same || diags.HasError() {
				t.Errorf("%q means the same as %q: %v, want %v (%v)", c.a, c.b, same, c.same, diags)
			}
			if a.Equal(b) {
				t.Error("Equal compares by meaning, and must by spelling")
			}
		})
	}
}

func TestStringNullUnknownAndKind(t *testing.T) {
	t.Parallel()
	domain, email := tfkit.DomainType(), tfkit.EmailType()
	if v := domain.Value(""); !v.IsNull() || v.Canonical() != "" {
		t.Errorf("the value of no text is %v, want null", v)
	}
	value, err := domain.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.String, tftypes.UnknownValue))
	if err != nil || !value.IsUnknown() {
		t.Errorf("unknown became %v (%v)", value, err)
	}
	if same, _ := domain.Value("a.example").StringSemanticEquals(t.Context(), email.Value("a.example")); same {
		t.Error("a domain means the same as an email address")
	}
	if domain.Equal(email) || !domain.Equal(tfkit.DomainType()) || domain.Equal(types.StringType) {
		t.Error("types of different kinds are equal, or of one kind are not")
	}
	if _, err := domain.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Bool, true)); err == nil {
		t.Error("a bool became a domain")
	}
}

func TestStringValidation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		value           xattr.ValidateableAttribute
		summary, detail string
	}{
		"null":    {tfkit.DomainType().Null(), "", ""},
		"unknown": {tfkit.SetOf(tfkit.DomainType()).Unknown(), "", ""},
		"good":    {tfkit.DomainType().Value("alder.example"), "", ""},
		"domain": {
			tfkit.DomainType().Value("alder"), "Invalid domain",
			"\"alder\" is not a mail domain: write one with a dot and a top-level domain, like \"example.com\".\n\nCorrect the value.\n\nRule: well-formed",
		},
		"range": {
			tfkit.PrefixType().Value("192.0.2.1"), "Invalid IP range",
			"\"192.0.2.1\" is an address, not a range: write \"192.0.2.1/32\" for this one address.\n\nWrite the range in CIDR notation, for example \"192.0.2.0/24\" or \"2001:db8::/32\".\n\nRule: ip-range",
		},
		"element of a set": {
			setOf(tfkit.AccountCodeType(), "CUSA00A000", "X"), "Invalid account code",
			"\"X\" is not an account code: write a \"C\" and then letters and digits, for example \"CUSA00A000\".\n\nCorrect the value.\n\nRule: well-formed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp xattr.ValidateAttributeResponse
			c.value.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("x")}, &resp)
			if c.summary == "" {
				if resp.Diagnostics.HasError() {
					t.Error(resp.Diagnostics)
				}
				return
			}
			if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != c.summary || resp.Diagnostics[0].Detail() != c.detail {
				t.Errorf("got %v", resp.Diagnostics)
			}
		})
	}
}

func setOf(kind tfkit.StringType, values ...string) tfkit.Set {
	return tfkit.SetFrom(kind, values, tfkit.SetOf(kind).Null())
}

func TestSetMeaning(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind tfkit.StringType
		a, b []string
		same bool
	}{
		"order and spelling":    {tfkit.DomainType(), []string{"B.example", "a.example"}, []string{"A.example", "b.example"}, true},
		"repetition":            {tfkit.DomainType(), []string{"a.example", "A.example"}, []string{"a.example"}, true},
		"another one":           {tfkit.DomainType(), []string{"a.example"}, []string{"a.example", "b.example"}, false},
		"edit includes read":    {tfkit.PermissionType(), []string{"Directories | Groups | Edit", "directories|groups|read"}, []string{"Directories | Groups | Edit"}, true},
		"read is not edit":      {tfkit.PermissionType(), []string{"Directories | Groups | Read"}, []string{"Directories | Groups | Edit"}, false},
		"unlisted, letter case": {tfkit.PermissionType(), []string{"Zebra | Thing", "alpha | thing"}, []string{"zebra | THING", "Alpha | Thing"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := setOf(c.kind, c.a...), setOf(c.kind, c.b...)
			for _, pair := range [][2]tfkit.Set{{a, b}, {b, a}} {
				if same, diags := pair[0].SetSemanticEquals(t.Context(), pair[1]); same != c.same || diags.HasError() {
					t.Errorf("%v means the same as %v: %v, want %v (%v)", pair[0], pair[1], same, c.same, diags)
				}
			}
		})
	}
}

func TestSetNullUnknownAndEmpty(t *testing.T) {
	t.Parallel()
	kind := tfkit.DomainType()
	null, unknown := tfkit.SetOf(kind).Null(), tfkit.SetOf(kind).Unknown()
	empty := tfkit.SetFrom(kind, []string{}, emptySet(t, kind))
	some := setOf(kind, "a.example")
	if !null.FullyKnown() || unknown.FullyKnown() || !empty.FullyKnown() || partlyKnown(t, kind).FullyKnown() {
		t.Error("FullyKnown is wrong of null, unknown, empty or partly known")
	}
	if empty.IsNull() || null.Equal(empty) || len(null.Canonical()) != 0 {
		t.Error("empty is null, or null is not empty in the directory")
	}
	for name, prior := range map[string]tfkit.Set{"null": null, "unknown": unknown, "some": some} {
		if got := tfkit.SetFrom(kind, []string(nil), prior); !got.IsNull() {
			t.Errorf("nothing, after %s, is %v, want null", name, got)
		}
	}
	if same, _ := unknown.SetSemanticEquals(t.Context(), unknown); same {
		t.Error("what is unknown means the same as what is unknown")
	}
	if tfkit.SetOf(kind).Equal(tfkit.SetOf(tfkit.EmailType())) || !tfkit.SetOf(kind).Equal(some.Type(t.Context())) {
		t.Error("set types of different kinds are equal, or of one kind are not")
	}
	if _, err := tfkit.SetOf(kind).ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Bool, true)); err == nil {
		t.Error("a bool became a set")
	}
}

func emptySet(t *testing.T, kind tfkit.StringType) tfkit.Set { return raw(t, kind) }

func partlyKnown(t *testing.T, kind tfkit.StringType) tfkit.Set {
	return raw(t, kind, tftypes.NewValue(tftypes.String, tftypes.UnknownValue), tftypes.NewValue(tftypes.String, "a.example"))
}

func raw(t *testing.T, kind tfkit.StringType, elements ...tftypes.Value) tfkit.Set {
	t.Helper()
	value, err := tfkit.SetOf(kind).ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, append([]tftypes.Value{}, elements...)))
	set, ok := value.(tfkit.Set)
	if err != nil || !ok {
		t.Fatalf("%T, %v", value, err)
	}
	return set
}

func TestSetConversions(t *testing.T) {
	t.Parallel()
	if got := tfkit.Canonical[rolemodel.Domain](setOf(tfkit.DomainType(), "b.example", "A.example", "a.example")); !slices.Equal(got, []rolemodel.Domain{"a.example", "b.example"}) {
		t.Errorf("canonical is %q", got)
	}
	want := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	if got := tfkit.Prefixes(setOf(tfkit.PrefixType(), "2001:DB8::/32", "::ffff:192.0.2.0/120")); !slices.Equal(got, want) {
		t.Errorf("prefixes are %v", got)
	}
	if got := tfkit.Prefixes(setOf(tfkit.PrefixType(), "192.0.2.1", "192.0.2.0/24")); len(got) != 1 {
		t.Errorf("with a malformed one, prefixes are %v", got)
	}
	if got := tfkit.Prefixes(partlyKnown(t, tfkit.PrefixType())); got != nil {
		t.Errorf("prefixes that are not all known are %v", got)
	}
	plain := basetypes.NewSetValueMust(tfkit.DomainType(), []attr.Value{tfkit.DomainType().Value("a.example")})
	if got, _ := tfkit.SetOf(tfkit.DomainType()).ValueFromSet(t.Context(), plain); got.(tfkit.Set).Canonical()[0] != "a.example" { //nolint:forcetypeassert // A test.
		t.Errorf("from a plain set: %v", got)
	}
	for _, s := range []string{tfkit.DomainType().String(), tfkit.SetOf(tfkit.DomainType()).String()} {
		if !strings.Contains(s, "domain") {
			t.Errorf("%s does not say what it is", s)
		}
	}
}
