package partner

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var (
	_ datasource.DataSourceWithConfigure        = &partnerDataSource{}
	_ datasource.DataSourceWithConfigValidators = &partnerDataSource{}
)

// NewDataSource returns the data source mimecast_partner.
func NewDataSource() datasource.DataSource { return &partnerDataSource{} }

type partnerDataSource struct{ session *tfkit.Session }

// lookup is a partner and what it is looked up by.
type lookup struct {
	model
	Domain  tfkit.String `tfsdk:"domain"`
	Retired types.Bool   `tfsdk:"retired"`
}

func (d *partnerDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_partner"
}

func (d *partnerDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *partnerDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A partner, looked up by account code, name or domain. Give exactly one of them.",
		Attributes: map[string]schema.Attribute{
			"id":              schema.StringAttribute{Computed: true, MarkdownDescription: "The partner's account code."},
			"account_code":    schema.StringAttribute{Optional: true, Computed: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "The partner's account code."},
			"name":            schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "The partner's name. Letter case does not matter."},
			"domain":          schema.StringAttribute{Optional: true, CustomType: tfkit.DomainType(), MarkdownDescription: "A domain that the partner's staff log in with."},
			"program":         schema.StringAttribute{Computed: true, MarkdownDescription: "The partner program, `msp` or `reseller`."},
			"partner_portal":  schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the partner uses the Partner Portal."},
			"domains":         schema.SetAttribute{Computed: true, CustomType: tfkit.SetOf(tfkit.DomainType()), MarkdownDescription: "The domains that the partner's staff log in with."},
			"admin_ip_ranges": schema.SetAttribute{Computed: true, CustomType: tfkit.SetOf(tfkit.PrefixType()), MarkdownDescription: "The Admin IP Ranges of the partner's account settings. Null means no restriction."},
			"retired":         schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the partner was deleted and goes with the last of its tenants."},
		},
	}
}

func (d *partnerDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("account_code"), path.MatchRoot("name"), path.MatchRoot("domain"))}
}

func (d *partnerDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config lookup
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var domains []rolemodel.Domain
	if !config.Domain.IsNull() {
		domains = []rolemodel.Domain{rolemodel.Domain(config.Domain.Canonical())}
	}
	by := tfkit.Lookup{Kind: directory.KindPartner, Code: config.AccountCode, Name: config.Name, Domain: config.Domain}
	found, ok := tfkit.Find(by, &resp.Diagnostics,
		func(code rolemodel.AccountCode) (rolemodel.Partner, error) {
			return d.session.Directory.Partner(ctx, code)
		},
		d.session.Directory.Partners(ctx, directory.PartnerFilter{Domains: domains, Name: config.Name.ValueString()}),
		func(p rolemodel.Partner) string { return string(p.AccountCode) })
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, lookup{config.fromDirectory(found), config.Domain, types.BoolValue(found.Retired)})...)
}
