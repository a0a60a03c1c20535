package tenant

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var _ datasource.DataSourceWithConfigure = &tenantsDataSource{}

// NewListDataSource returns the data source mimecast_tenants.
func NewListDataSource() datasource.DataSource { return &tenantsDataSource{} }

type tenantsDataSource struct{ session *tfkit.Session }

// listModel is the tenants of a partner, or all of them.
type listModel struct {
	PartnerID tfkit.String `tfsdk:"partner_id"`
	Tenants   []readModel  `tfsdk:"tenants"`
}

func (d *tenantsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_tenants"
}

func (d *tenantsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *tenantsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The tenants of a partner, or all tenants, by account code.",
		Attributes: map[string]schema.Attribute{
			"partner_id": schema.StringAttribute{Optional: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "Only the tenants of the partner with this account code."},
			"tenants": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The tenants.",
				NestedObject:        schema.NestedAttributeObject{Attributes: tenantAttributes()},
			},
		},
	}
}

func (d *tenantsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.Tenants = []readModel{}
	for tenant, err := range d.session.Directory.Tenants(ctx, directory.TenantFilter{PartnerID: rolemodel.AccountCode(config.PartnerID.Canonical())}) {
		if err != nil {
			resp.Diagnostics.AddError("Unable to list tenants", err.Error())
			return
		}
		config.Tenants = append(config.Tenants, readModel{model{}.fromDirectory(tenant), types.BoolValue(tenant.Retired)})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
