package tenant

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
	_ datasource.DataSourceWithConfigure        = &tenantDataSource{}
	_ datasource.DataSourceWithConfigValidators = &tenantDataSource{}
)

// NewDataSource returns the data source mimecast_tenant.
func NewDataSource() datasource.DataSource { return &tenantDataSource{} }

type tenantDataSource struct{ session *tfkit.Session }

// lookup is a tenant and what it is looked up by.
type lookup struct {
	readModel
	Domain tfkit.String `tfsdk:"domain"`
}

func (d *tenantDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_tenant"
}

func (d *tenantDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *tenantDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := tenantAttributes()
	attributes["account_code"] = schema.StringAttribute{Optional: true, Computed: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "The tenant's account code."}
	attributes["name"] = schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "The client's name. Letter case does not matter."}
	attributes["domain"] = schema.StringAttribute{Optional: true, CustomType: tfkit.DomainType(), MarkdownDescription: "One of the client's internal domains."}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A tenant, looked up by account code, name or domain. Give exactly one of them.",
		Attributes:          attributes,
	}
}

// tenantAttributes are the attributes of a tenant that is read.
func tenantAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                  schema.StringAttribute{Computed: true, MarkdownDescription: "The tenant's account code."},
		"account_code":        schema.StringAttribute{Computed: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "The tenant's account code."},
		"name":                schema.StringAttribute{Computed: true, MarkdownDescription: "The client's name."},
		"region":              schema.StringAttribute{Computed: true, MarkdownDescription: "Mimecast's region."},
		"primary_domain":      schema.StringAttribute{Computed: true, CustomType: tfkit.DomainType(), MarkdownDescription: "The client's primary domain."},
		"internal_domains":    schema.SetAttribute{Computed: true, CustomType: tfkit.SetOf(tfkit.DomainType()), MarkdownDescription: "All domains of the client."},
		"partner_id":          schema.StringAttribute{Computed: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "The partner that manages the tenant."},
		"admin_ip_ranges":     schema.SetAttribute{Computed: true, CustomType: tfkit.SetOf(tfkit.PrefixType()), MarkdownDescription: "The Admin IP Ranges of the tenant's account settings. Null means no restriction."},
		"initial_admin_email": schema.StringAttribute{Computed: true, MarkdownDescription: "The administrator created with the account."},
		"retired":             schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the tenant was deleted and goes with the last of its external admins and custom roles."},
	}
}

func (d *tenantDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("account_code"), path.MatchRoot("name"), path.MatchRoot("domain"))}
}

func (d *tenantDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config lookup
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var domains []rolemodel.Domain
	if !config.Domain.IsNull() {
		domains = []rolemodel.Domain{rolemodel.Domain(config.Domain.Canonical())}
	}
	by := tfkit.Lookup{Kind: directory.KindTenant, Code: config.AccountCode, Name: config.Name, Domain: config.Domain}
	found, ok := tfkit.Find(by, &resp.Diagnostics,
		func(code rolemodel.AccountCode) (rolemodel.Tenant, error) {
			return d.session.Directory.Tenant(ctx, code)
		},
		d.session.Directory.Tenants(ctx, directory.TenantFilter{Domains: domains, Name: config.Name.ValueString()}),
		func(t rolemodel.Tenant) string { return string(t.AccountCode) })
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, lookup{readModel{config.fromDirectory(found), types.BoolValue(found.Retired)}, config.Domain})...)
}
