package role

import (
	"context"
	"slices"

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
	_ datasource.DataSourceWithConfigure        = &roleDataSource{}
	_ datasource.DataSourceWithConfigValidators = &roleDataSource{}
	_ datasource.DataSourceWithConfigure        = &rolesDataSource{}
)

// readModel is a role of a tenant, default or custom, that is read.
type readModel struct {
	ID                     types.String   `tfsdk:"id"`
	Name                   types.String   `tfsdk:"name"`
	Description            types.String   `tfsdk:"description"`
	Default                types.Bool     `tfsdk:"default"`
	SecurityPermission     types.String   `tfsdk:"security_permission"`
	DefinitionProtected    types.Bool     `tfsdk:"definition_protected"`
	Protected              types.Bool     `tfsdk:"protected"`
	ApplicationPermissions []types.String `tfsdk:"application_permissions"`
	ProtectedPermissions   []types.String `tfsdk:"protected_permissions"`
	Retired                types.Bool     `tfsdk:"retired"`
}

func readModelOf(r rolemodel.Role) readModel {
	return readModel{
		ID:                     types.StringValue(string(r.ID)),
		Name:                   types.StringValue(r.Name),
		Description:            types.StringValue(r.Description),
		Default:                types.BoolValue(r.IsDefault()),
		SecurityPermission:     types.StringValue(string(r.SecurityPermission)),
		DefinitionProtected:    types.BoolValue(r.DefinitionProtected),
		Protected:              types.BoolValue(r.CarriesProtected),
		ApplicationPermissions: permissionList(r.ApplicationPermissions),
		ProtectedPermissions:   permissionList(r.ProtectedPermissions),
		Retired:                types.BoolValue(r.Retired),
	}
}

func permissionList(permissions []rolemodel.Permission) []types.String {
	return tfkit.Map(permissions, func(p rolemodel.Permission) types.String { return types.StringValue(string(p)) })
}

// readAttributes are the attributes of a role that is read.
func readAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                      schema.StringAttribute{Computed: true, MarkdownDescription: "The role's ID, this project's and not Mimecast's."},
		"name":                    schema.StringAttribute{Computed: true, MarkdownDescription: "The role's name."},
		"description":             schema.StringAttribute{Computed: true, MarkdownDescription: "What the role is for."},
		"default":                 schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it is a default role."},
		"security_permission":     schema.StringAttribute{Computed: true, MarkdownDescription: "What the role may do in the Role Editor: `cannot_manage_roles`, `manage_application_roles`, `manage_application_and_protected_roles`, or `manage_synchronization_engine_sites`, which cannot manage roles."},
		"definition_protected":    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether Mimecast protects the role's definition, so that it cannot be edited."},
		"protected":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the role carries permissions on protected content."},
		"application_permissions": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The application permissions of a custom role. Mimecast publishes none for default roles."},
		"protected_permissions":   schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The protected permissions of a custom role. Mimecast publishes none for default roles."},
		"retired":                 schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the role was deleted and goes with its last holder."},
	}
}

// NewDataSource returns the data source mimecast_role.
func NewDataSource() datasource.DataSource { return &roleDataSource{} }

type roleDataSource struct{ session *tfkit.Session }

// lookup is a role and the tenant it is looked up in.
type lookup struct {
	readModel
	TenantID tfkit.String `tfsdk:"tenant_id"`
}

func (d *roleDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role"
}

func (d *roleDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *roleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := byIDOrName(readAttributes())
	attributes["tenant_id"] = schema.StringAttribute{Required: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "The tenant's account code."}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A role of a tenant, default or custom, looked up by ID or name. Give exactly one of them.",
		Attributes:          attributes,
	}
}

// byIDOrName makes id and name what a role is looked up by.
func byIDOrName(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["id"] = schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "The role's ID, this project's and not Mimecast's."}
	attributes["name"] = schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "The role's name. Letter case does not matter."}
	return attributes
}

func (d *roleDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *roleDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config lookup
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tenant := rolemodel.AccountCode(config.TenantID.Canonical())
	if !d.session.CheckCreated(ctx, tenant, "tenant_id", &resp.Diagnostics) {
		return
	}
	attribute, value := config.by()
	roles, err := directory.RolesOf(ctx, d.session.Directory, tenant)
	if (tfkit.Subject{Verb: "find", Kind: directory.KindRole, Attributes: []string{"tenant_id"}}).AddError(&resp.Diagnostics, err) {
		return
	}
	found := slices.IndexFunc(roles, func(r rolemodel.Role) bool {
		if attribute == "id" {
			return string(r.ID) == value
		}
		return rolemodel.FoldName(r.Name) == rolemodel.FoldName(value)
	})
	if found < 0 {
		v := rolemodel.RoleOfTenantViolation(tenant, rolemodel.RoleID(value), roles)
		resp.Diagnostics.AddAttributeError(path.Root(attribute), "Unable to find the role", v.Problem+"\n\n"+v.Advice)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, lookup{readModelOf(roles[found]), config.TenantID})...)
}

// by returns the attribute and the value that the role is looked up by.
func (m readModel) by() (attribute, value string) {
	if m.ID.IsNull() {
		return "name", m.Name.ValueString()
	}
	return "id", m.ID.ValueString()
}

// NewListDataSource returns the data source mimecast_roles.
func NewListDataSource() datasource.DataSource { return &rolesDataSource{} }

type rolesDataSource struct{ session *tfkit.Session }

// listModel is the roles of a tenant.
type listModel struct {
	TenantID tfkit.String `tfsdk:"tenant_id"`
	Roles    []readModel  `tfsdk:"roles"`
}

func (d *rolesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_roles"
}

func (d *rolesDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *rolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The roles of a tenant: the default ones, then the custom ones by ID.",
		Attributes: map[string]schema.Attribute{
			"tenant_id": schema.StringAttribute{Required: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "The tenant's account code."},
			"roles": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The roles.",
				NestedObject:        schema.NestedAttributeObject{Attributes: readAttributes()},
			},
		},
	}
}

func (d *rolesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.session.CheckCreated(ctx, rolemodel.AccountCode(config.TenantID.Canonical()), "tenant_id", &resp.Diagnostics) {
		return
	}
	roles, err := directory.RolesOf(ctx, d.session.Directory, rolemodel.AccountCode(config.TenantID.Canonical()))
	if (tfkit.Subject{Verb: "list", Kind: "roles", Attributes: []string{"tenant_id"}}).AddError(&resp.Diagnostics, err) {
		return
	}
	config.Roles = tfkit.Map(roles, readModelOf)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
