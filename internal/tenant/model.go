package tenant

import (
	"net/netip"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// model is a tenant as the resource and the data sources see it.
type model struct {
	ID                types.String `tfsdk:"id"`
	AccountCode       tfkit.String `tfsdk:"account_code"`
	Name              types.String `tfsdk:"name"`
	Region            types.String `tfsdk:"region"`
	PrimaryDomain     tfkit.String `tfsdk:"primary_domain"`
	InternalDomains   tfkit.Set    `tfsdk:"internal_domains"`
	PartnerID         tfkit.String `tfsdk:"partner_id"`
	AdminIPRanges     tfkit.Set    `tfsdk:"admin_ip_ranges"`
	InitialAdminEmail types.String `tfsdk:"initial_admin_email"`
}

// readModel is a tenant as the data sources see it.
type readModel struct {
	model
	Retired types.Bool `tfsdk:"retired"`
}

// resourceModel is a tenant as the resource sees it.
type resourceModel struct {
	model

	Declared types.Bool `tfsdk:"declared"`
}

// stored returns the tenant t, and whether it is declared.
func (m resourceModel) stored(t rolemodel.Tenant, declared bool) resourceModel {
	return resourceModel{model: m.fromDirectory(t), Declared: types.BoolValue(declared)}
}

// identity identifies a tenant.
type identity struct {
	AccountCode types.String `tfsdk:"account_code"`
}

// known says whether every value that the directory is given is known, but for the partner.
func (m model) known() bool {
	return !m.Name.IsUnknown() && !m.PrimaryDomain.IsUnknown() && m.InternalDomains.FullyKnown() && m.AdminIPRanges.FullyKnown()
}

// toDirectory returns the tenant. Values that are not known are zero, but for
// the partner, which is rolemodel.NotYetKnown.
func (m model) toDirectory() rolemodel.Tenant {
	t := rolemodel.Tenant{
		AccountCode:       rolemodel.AccountCode(m.AccountCode.Canonical()),
		Name:              m.Name.ValueString(),
		Region:            m.Region.ValueString(),
		PrimaryDomain:     rolemodel.Domain(m.PrimaryDomain.Canonical()),
		PartnerID:         rolemodel.AccountCode(m.PartnerID.Canonical()),
		AdminIPRanges:     tfkit.Prefixes(m.AdminIPRanges),
		InitialAdminEmail: rolemodel.Email(m.InitialAdminEmail.ValueString()),
	}
	if m.InternalDomains.FullyKnown() {
		t.InternalDomains = tfkit.Canonical[rolemodel.Domain](m.InternalDomains)
	}
	if m.PartnerID.IsUnknown() {
		t.PartnerID = rolemodel.NotYetKnown
	}
	return t
}

// fromDirectory returns the tenant t. Where m has the same value in another
// spelling, the framework keeps that spelling.
func (m model) fromDirectory(t rolemodel.Tenant) model {
	return model{
		ID:                types.StringValue(string(t.AccountCode)),
		AccountCode:       tfkit.AccountCodeType().Value(string(t.AccountCode)),
		Name:              types.StringValue(t.Name),
		Region:            tfkit.OrNull(t.Region),
		PrimaryDomain:     tfkit.DomainType().Value(string(t.PrimaryDomain)),
		InternalDomains:   tfkit.SetFrom(tfkit.DomainType(), t.InternalDomains, m.InternalDomains),
		PartnerID:         tfkit.AccountCodeType().Value(string(t.PartnerID)),
		AdminIPRanges:     tfkit.SetFrom(tfkit.PrefixType(), tfkit.Map(t.AdminIPRanges, netip.Prefix.String), m.AdminIPRanges),
		InitialAdminEmail: types.StringValue(string(t.InitialAdminEmail)),
	}
}
