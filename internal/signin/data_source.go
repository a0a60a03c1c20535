// Package signin is how Terraform asks for a sign-in decision.
package signin

import (
	"context"
	"net/netip"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var _ datasource.DataSourceWithConfigure = &decisionDataSource{}

// NewDataSource returns the data source mimecast_sign_in_decision.
func NewDataSource() datasource.DataSource { return &decisionDataSource{} }

type decisionDataSource struct{ session *tfkit.Session }

// model is a sign-in attempt and the decision on it.
type model struct {
	TenantID   tfkit.String   `tfsdk:"tenant_id"`
	Email      tfkit.String   `tfsdk:"email"`
	SourceIP   types.String   `tfsdk:"source_ip"`
	Entrance   types.String   `tfsdk:"entrance"`
	Allowed    types.Bool     `tfsdk:"allowed"`
	Reasons    []types.String `tfsdk:"reasons"`
	RoleID     types.String   `tfsdk:"role_id"`
	IPRangesOf types.String   `tfsdk:"ip_ranges_of"`
}

func (d *decisionDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_sign_in_decision"
}

func (d *decisionDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *decisionDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Whether an address may sign in to a tenant, and why. It is decided by the role model from what the directory holds; nobody signs in and Mimecast is not asked.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":    schema.StringAttribute{Required: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "The tenant's account code."},
			"email":        schema.StringAttribute{Required: true, CustomType: tfkit.EmailType(), MarkdownDescription: "The address that signs in."},
			"source_ip":    schema.StringAttribute{Required: true, MarkdownDescription: "The IP address it signs in from, IPv4 or IPv6.", Validators: []validator.String{tfkit.WellFormed("IP address", rolemodel.ParseSourceIP)}},
			"entrance":     schema.StringAttribute{Required: true, MarkdownDescription: "Where it signs in: `partner_portal` or `administration_console`.", Validators: []validator.String{tfkit.WellFormed("entrance", rolemodel.ParseEntrance)}},
			"allowed":      schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it may sign in."},
			"reasons":      schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Every reason against if it may not, why if it may, as sentences."},
			"role_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "The role that the address holds in the tenant. Null if none."},
			"ip_ranges_of": schema.StringAttribute{Computed: true, MarkdownDescription: "Whose Admin IP Ranges were applied: `partner` at the Partner Portal, `tenant` at the console."},
		},
	}
}

func (d *decisionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.session.CheckCreated(ctx, rolemodel.AccountCode(m.TenantID.Canonical()), "tenant_id", &resp.Diagnostics) {
		return
	}
	source, err := netip.ParseAddr(m.SourceIP.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("source_ip"), "Invalid IP address", err.Error())
		return
	}
	decision, err := directory.SignIn(ctx, d.session.Directory, rolemodel.AccountCode(m.TenantID.Canonical()), rolemodel.Email(m.Email.Canonical()), source, rolemodel.Entrance(m.Entrance.ValueString()))
	if (tfkit.Subject{Verb: "decide", Kind: "sign-in", Attributes: []string{"tenant_id"}}).AddError(&resp.Diagnostics, err) {
		return
	}
	m.Allowed = types.BoolValue(decision.Allowed)
	m.Reasons = tfkit.Map(decision.Reasons, types.StringValue)
	m.IPRangesOf = types.StringValue(string(decision.IPRangesOf))
	m.RoleID = tfkit.OrNull(decision.RoleID)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}
