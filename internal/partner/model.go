package partner

import (
	"net/netip"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// model is a partner as the resource and the data source see it.
type model struct {
	ID            types.String `tfsdk:"id"`
	AccountCode   tfkit.String `tfsdk:"account_code"`
	Name          types.String `tfsdk:"name"`
	Program       types.String `tfsdk:"program"`
	PartnerPortal types.Bool   `tfsdk:"partner_portal"`
	Domains       tfkit.Set    `tfsdk:"domains"`
	AdminIPRanges tfkit.Set    `tfsdk:"admin_ip_ranges"`
}

// resourceModel is a partner as the resource sees it.
type resourceModel struct {
	model

	Declared types.Bool `tfsdk:"declared"`
}

// stored returns the partner p, and whether it is declared.
func (m resourceModel) stored(p rolemodel.Partner, declared bool) resourceModel {
	return resourceModel{model: m.fromDirectory(p), Declared: types.BoolValue(declared)}
}

// identity identifies a partner.
type identity struct {
	AccountCode types.String `tfsdk:"account_code"`
}

// known says whether every value that the directory is given is known.
func (m model) known() bool {
	return !m.Name.IsUnknown() && !m.Program.IsUnknown() && !m.PartnerPortal.IsUnknown() && m.Domains.FullyKnown() && m.AdminIPRanges.FullyKnown()
}

// toDirectory returns the partner. Values that are not known are zero, but for
// PartnerPortal, which is true then.
func (m model) toDirectory() rolemodel.Partner {
	p := rolemodel.Partner{
		AccountCode:   rolemodel.AccountCode(m.AccountCode.Canonical()),
		Name:          m.Name.ValueString(),
		Program:       rolemodel.Program(m.Program.ValueString()),
		PartnerPortal: m.PartnerPortal.IsUnknown() || m.PartnerPortal.ValueBool(),
		AdminIPRanges: tfkit.Prefixes(m.AdminIPRanges),
	}
	if m.Domains.FullyKnown() {
		p.Domains = tfkit.Canonical[rolemodel.Domain](m.Domains)
	}
	return p
}

// fromDirectory returns the partner p. Where m has the same value in another
// spelling, the framework keeps that spelling.
func (m model) fromDirectory(p rolemodel.Partner) model {
	return model{
		ID:            types.StringValue(string(p.AccountCode)),
		AccountCode:   tfkit.AccountCodeType().Value(string(p.AccountCode)),
		Name:          types.StringValue(p.Name),
		Program:       types.StringValue(string(p.Program)),
		PartnerPortal: types.BoolValue(p.PartnerPortal),
		Domains:       tfkit.SetFrom(tfkit.DomainType(), p.Domains, m.Domains),
		AdminIPRanges: tfkit.SetFrom(tfkit.PrefixType(), tfkit.Map(p.AdminIPRanges, netip.Prefix.String), m.AdminIPRanges),
	}
}
