package role

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var (
	_ datasource.DataSourceWithConfigValidators = &defaultRoleDataSource{}
	_ datasource.DataSource                     = &defaultRolesDataSource{}
	_ datasource.DataSource                     = &permissionsDataSource{}
)

// defaultModel is a default role.
type defaultModel struct {
	ID                  types.String               `tfsdk:"id"`
	Name                types.String               `tfsdk:"name"`
	Description         types.String               `tfsdk:"description"`
	SecurityPermission  types.String               `tfsdk:"security_permission"`
	DefinitionProtected types.Bool                 `tfsdk:"definition_protected"`
	Protected           types.Bool                 `tfsdk:"protected"`
	Capabilities        map[string]capabilityModel `tfsdk:"capabilities"`
}

// capabilityModel is what Mimecast's description says of one capability.
type capabilityModel struct {
	Value    types.String `tfsdk:"value"`
	Sentence types.String `tfsdk:"sentence"`
}

func defaultModelOf(r rolemodel.Role) defaultModel {
	read := readModelOf(r)
	capabilities := make(map[string]capabilityModel, len(r.Capabilities))
	for _, c := range r.Capabilities {
		capabilities[string(c.Capability)] = capabilityModel{types.StringValue(c.Value), tfkit.OrNull(c.Sentence)}
	}
	return defaultModel{read.ID, read.Name, read.Description, read.SecurityPermission, read.DefinitionProtected, read.Protected, capabilities}
}

// defaultAttributes are the attributes of a default role.
func defaultAttributes() map[string]schema.Attribute {
	attributes := readAttributes()
	delete(attributes, "default")
	delete(attributes, "application_permissions")
	delete(attributes, "protected_permissions")
	delete(attributes, "retired")
	attributes["capabilities"] = schema.MapNestedAttribute{
		Computed:            true,
		MarkdownDescription: "What Mimecast's description of the role says, by capability.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"value":    schema.StringAttribute{Computed: true, MarkdownDescription: "What the role can do. `not_stated` means that the description is silent, which is not the same as no."},
			"sentence": schema.StringAttribute{Computed: true, MarkdownDescription: "The sentence of Mimecast's article \"Understanding Administrator Roles\" that says so. Null if not stated."},
		}},
	}
	return attributes
}

// NewDefaultDataSource returns the data source mimecast_default_role.
func NewDefaultDataSource() datasource.DataSource { return &defaultRoleDataSource{} }

// defaultRoleDataSource needs no directory: default roles are built in.
type defaultRoleDataSource struct{}

func (d *defaultRoleDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_default_role"
}

func (d *defaultRoleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A default role, looked up by ID or name. Give exactly one of them. It needs no directory.",
		Attributes:          byIDOrName(defaultAttributes()),
	}
}

func (d *defaultRoleDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *defaultRoleDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config defaultModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	attribute, value := readModel{ID: config.ID, Name: config.Name}.by()
	look := func(s string) (rolemodel.Role, bool) { return rolemodel.DefaultRole(rolemodel.RoleID(s)) }
	if attribute == "name" {
		look = rolemodel.DefaultRoleByName
	}
	role, ok := look(value)
	if !ok {
		known := tfkit.Map(rolemodel.DefaultRoles(), func(r rolemodel.Role) string { return string(r.ID) + " (" + r.Name + ")" })
		resp.Diagnostics.AddAttributeError(path.Root(attribute), "Unable to find the default role",
			"There is no default role with "+attribute+" \""+value+"\".\n\nThe default roles are "+strings.Join(known, ", ")+".")
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, defaultModelOf(role))...)
}

// NewDefaultListDataSource returns the data source mimecast_default_roles.
func NewDefaultListDataSource() datasource.DataSource { return &defaultRolesDataSource{} }

// defaultRolesDataSource needs no directory: default roles are built in.
type defaultRolesDataSource struct{}

// defaultListModel is the default roles.
type defaultListModel struct {
	Roles []defaultModel `tfsdk:"roles"`
}

func (d *defaultRolesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_default_roles"
}

func (d *defaultRolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The nine default roles that every tenant has. It needs no directory.",
		Attributes: map[string]schema.Attribute{
			"roles": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The default roles, in the order of Mimecast's article.",
				NestedObject:        schema.NestedAttributeObject{Attributes: defaultAttributes()},
			},
		},
	}
}

func (d *defaultRolesDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	resp.Diagnostics.Append(resp.State.Set(ctx, defaultListModel{tfkit.Map(rolemodel.DefaultRoles(), defaultModelOf)})...)
}
