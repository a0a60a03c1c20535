package externaladmin

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var _ datasource.DataSourceWithConfigure = &adminsDataSource{}

// NewListDataSource returns the data source mimecast_external_admins.
func NewListDataSource() datasource.DataSource { return &adminsDataSource{} }

type adminsDataSource struct{ session *tfkit.Session }

// listModel is the external admins that a filter selects.
type listModel struct {
	TenantID tfkit.String `tfsdk:"tenant_id"`
	Email    tfkit.String `tfsdk:"email"`
	RoleID   types.String `tfsdk:"role_id"`
	Admins   []listed     `tfsdk:"admins"`
}

// listed is an external admin in the list.
type listed struct {
	ID       types.String `tfsdk:"id"`
	TenantID tfkit.String `tfsdk:"tenant_id"`
	Email    tfkit.String `tfsdk:"email"`
	RoleID   types.String `tfsdk:"role_id"`
	RoleName types.String `tfsdk:"role_name"`
	term
	ConfirmedAt types.String `tfsdk:"confirmed_at"`
}

func (d *adminsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_external_admins"
}

func (d *adminsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *adminsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "External admins across tenants, by tenant and address: with `email`, where can this person get in? Without a filter, all of them.",
		Attributes: map[string]schema.Attribute{
			"tenant_id": schema.StringAttribute{Optional: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "Only those of this tenant."},
			"email":     schema.StringAttribute{Optional: true, CustomType: tfkit.EmailType(), MarkdownDescription: "Only those of this address."},
			"role_id":   schema.StringAttribute{Optional: true, MarkdownDescription: "Only those who hold the role with this ID."},
			"admins": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The external admins.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "The tenant's account code and the address, as `tenant_id/email`."},
					"tenant_id":    schema.StringAttribute{Computed: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "The tenant's account code."},
					"email":        schema.StringAttribute{Computed: true, CustomType: tfkit.EmailType(), MarkdownDescription: "The address, in lower case."},
					"role_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "The role's ID."},
					"role_name":    schema.StringAttribute{Computed: true, MarkdownDescription: "The role's name."},
					"reason":       schema.StringAttribute{Computed: true, CustomType: tfkit.ReasonType(), MarkdownDescription: "Why the person has the grant, null if that is not said."},
					"expires_at":   schema.StringAttribute{Computed: true, CustomType: tfkit.TimeType(), MarkdownDescription: "From when on the grant does not count any more, in UTC, null for never."},
					"confirmed_at": schema.StringAttribute{Computed: true, MarkdownDescription: "When somebody last saw the person with this role at Mimecast, in RFC 3339, UTC. Null for never: see the data source `mimecast_worklist`."},
				}},
			},
		},
	}
}

func (d *adminsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.session.CheckCreated(ctx, rolemodel.AccountCode(config.TenantID.Canonical()), "tenant_id", &resp.Diagnostics) {
		return
	}
	filter := directory.ExternalAdminFilter{
		Email:  rolemodel.Email(config.Email.Canonical()),
		RoleID: rolemodel.RoleID(config.RoleID.ValueString()),
	}
	if !config.TenantID.IsNull() {
		filter.TenantIDs = []rolemodel.AccountCode{rolemodel.AccountCode(config.TenantID.Canonical())}
	}
	config.Admins = []listed{}
	about := tfkit.Subject{Verb: "list", Kind: directory.KindExternalAdmins}
	var admins []rolemodel.ExternalAdmin
	for admin, err := range d.session.Directory.ExternalAdmins(ctx, filter) {
		if about.AddError(&resp.Diagnostics, err) {
			return
		}
		admins = append(admins, admin)
	}
	confirmed, err := d.confirmed(ctx, admins)
	if about.AddError(&resp.Diagnostics, err) {
		return
	}
	for i, admin := range admins {
		config.Admins = append(config.Admins, listed{
			ID:       types.StringValue(directory.KeyOf(admin).String()),
			TenantID: tfkit.AccountCodeType().Value(string(admin.TenantID)),
			Email:    tfkit.EmailType().Value(string(admin.Email)),
			RoleID:   types.StringValue(string(admin.RoleID)),
			RoleName: types.StringValue(admin.RoleName),
			term:     term{}.of(&admin),

			ConfirmedAt: confirmed[i],
		})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// confirmed returns when each of the grants was last seen at Mimecast as it is.
func (d *adminsDataSource) confirmed(ctx context.Context, admins []rolemodel.ExternalAdmin) ([]types.String, error) {
	at := make([]types.String, len(admins))
	var tenants []rolemodel.AccountCode
	for _, admin := range admins {
		if n := len(tenants); n == 0 || tenants[n-1] != admin.TenantID {
			tenants = append(tenants, admin.TenantID)
		}
	}
	if len(tenants) == 0 {
		return at, nil
	}
	seen := map[rolemodel.AccountCode]rolemodel.Observation{}
	for o, err := range d.session.Directory.Observations(ctx, directory.ObservationFilter{TenantIDs: tenants}) {
		if err != nil {
			return nil, err
		}
		seen[o.TenantID] = o
	}
	for i, admin := range admins {
		of := seen[admin.TenantID]
		if line := of.Admin(admin.Email); line != nil && rolemodel.FoldName(line.RoleName) == rolemodel.FoldName(admin.RoleName) {
			at[i] = types.StringValue(string(line.At))
		}
	}
	return at, nil
}
