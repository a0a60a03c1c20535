package tenant

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var (
	domains = tfkit.SetOf(tfkit.DomainType())
	ranges  = tfkit.SetOf(tfkit.PrefixType())
)

func domainSet(values ...string) tfkit.Set {
	return tfkit.SetFrom(tfkit.DomainType(), values, domains.Null())
}

func full() model {
	return model{
		ID:                types.StringValue("CUSA01A001"),
		AccountCode:       tfkit.AccountCodeType().Value("CUSA01A001"),
		Name:              types.StringValue("Alder Legal"),
		Region:            types.StringValue("us"),
		PrimaryDomain:     tfkit.DomainType().Value("alder.example"),
		InternalDomains:   domainSet("alder-law.example", "alder.example"),
		PartnerID:         tfkit.AccountCodeType().Value("CUSA00A000"),
		AdminIPRanges:     tfkit.SetFrom(tfkit.PrefixType(), []string{"192.0.2.0/24"}, ranges.Null()),
		InitialAdminEmail: types.StringValue("msp_alderlegal@alder.example"),
	}
}

func entry() rolemodel.Tenant {
	return rolemodel.Tenant{
		AccountCode: "CUSA01A001", Name: "Alder Legal", Region: "us", PrimaryDomain: "alder.example", PartnerID: "CUSA00A000",
		InternalDomains: []rolemodel.Domain{"alder-law.example", "alder.example"}, AdminIPRanges: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
		InitialAdminEmail: "msp_alderlegal@alder.example",
	}
}

func TestModelBothWays(t *testing.T) {
	t.Parallel()
	if got := full().toDirectory(); !reflect.DeepEqual(got, entry()) {
		t.Errorf("to the directory: %+v", got)
	}
	if got := full().fromDirectory(entry()); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", full()) {
		t.Errorf("from the directory: %+v", got)
	}
	if !full().known() {
		t.Error("it is known")
	}
	bare := full().fromDirectory(rolemodel.Tenant{AccountCode: "CUSA01A001", Name: "A", PrimaryDomain: "a.example", InternalDomains: []rolemodel.Domain{"a.example"}})
	if !bare.Region.IsNull() || !bare.PartnerID.IsNull() || !bare.AdminIPRanges.IsNull() {
		t.Errorf("what the directory does not have is null: %+v", bare)
	}
}

func unknownCode(t *testing.T) tfkit.String {
	t.Helper()
	value, _ := tfkit.AccountCodeType().ValueFromString(t.Context(), basetypes.NewStringUnknown())
	return value.(tfkit.String) //nolint:forcetypeassert // A test.
}

func TestModelNullUnknownEmpty(t *testing.T) {
	t.Parallel()
	unknownDomain, _ := tfkit.DomainType().ValueFromString(t.Context(), basetypes.NewStringUnknown())
	for name, c := range map[string]struct {
		change func(*model)
		want   func(*rolemodel.Tenant)
		known  bool
	}{
		"unknown code":           {func(m *model) { m.AccountCode = unknownCode(t) }, func(e *rolemodel.Tenant) { e.AccountCode = "" }, true},
		"unknown name":           {func(m *model) { m.Name = types.StringUnknown() }, func(e *rolemodel.Tenant) { e.Name = "" }, false},
		"no region":              {func(m *model) { m.Region = types.StringNull() }, func(e *rolemodel.Tenant) { e.Region = "" }, true},
		"unknown primary domain": {func(m *model) { m.PrimaryDomain = unknownDomain.(tfkit.String) }, func(e *rolemodel.Tenant) { e.PrimaryDomain = "" }, false}, //nolint:forcetypeassert // A test.
		"unknown domains":        {func(m *model) { m.InternalDomains = domains.Unknown() }, func(e *rolemodel.Tenant) { e.InternalDomains = nil }, false},
		"no partner":             {func(m *model) { m.PartnerID = tfkit.AccountCodeType().Null() }, func(e *rolemodel.Tenant) { e.PartnerID = "" }, true},
		"unknown partner":        {func(m *model) { m.PartnerID = unknownCode(t) }, func(e *rolemodel.Tenant) { e.PartnerID = rolemodel.NotYetKnown }, true},
		"unknown ranges":         {func(m *model) { m.AdminIPRanges = ranges.Unknown() }, func(e *rolemodel.Tenant) { e.AdminIPRanges = nil }, false},
		"unknown initial admin":  {func(m *model) { m.InitialAdminEmail = types.StringUnknown() }, func(e *rolemodel.Tenant) { e.InitialAdminEmail = "" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, want := full(), entry()
			c.change(&m)
			c.want(&want)
			if got := m.toDirectory(); !reflect.DeepEqual(got, want) {
				t.Errorf("to the directory: %+v, want %+v", got, want)
			}
			if m.known() != c.known {
				t.Errorf("known is %v", !c.known)
			}
		})
	}
}

func TestDefaultInternalDomains(t *testing.T) {
	t.Parallel()
	unknownDomain, _ := tfkit.DomainType().ValueFromString(t.Context(), basetypes.NewStringUnknown())
	held := func(values ...string) *resourceModel {
		return &resourceModel{model: model{InternalDomains: domainSet(values...)}}
	}
	for name, c := range map[string]struct {
		primary tfkit.String
		state   *resourceModel
		want    tfkit.Set
	}{
		"created":         {tfkit.DomainType().Value("Alder.example"), nil, domainSet("alder.example")},
		"unknown primary": {unknownDomain.(tfkit.String), held("alder.example"), domains.Unknown()}, //nolint:forcetypeassert // A test.
		"spelling kept":   {tfkit.DomainType().Value("alder.example"), held("ALDER.example"), domainSet("ALDER.example")},
		"one too many":    {tfkit.DomainType().Value("alder.example"), held("alder.example", "rogue.example"), domainSet("alder.example")},
		"another one":     {tfkit.DomainType().Value("alder.example"), held("birch.example"), domainSet("alder.example")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := defaultInternalDomains(resourceModel{model: model{PrimaryDomain: c.primary}}, c.state); !got.Equal(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
