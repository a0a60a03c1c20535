package role

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// NewPermissionsDataSource returns the data source mimecast_permissions.
func NewPermissionsDataSource() datasource.DataSource { return &permissionsDataSource{} }

// permissionsDataSource needs no directory: the catalogue is built in.
type permissionsDataSource struct{}

// permissionsModel is the catalogue of permissions.
type permissionsModel struct {
	Application []types.String `tfsdk:"application"`
	Protected   []types.String `tfsdk:"protected"`
}

func (d *permissionsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_permissions"
}

func (d *permissionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The catalogue of permissions that Mimecast's API documentation names. It is incomplete, since Mimecast publishes no complete list. It needs no directory.",
		Attributes: map[string]schema.Attribute{
			"application": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The application permissions."},
			"protected":   schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The permissions on protected content."},
		},
	}
}

func (d *permissionsDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m permissionsModel
	for _, listed := range rolemodel.Catalogue() {
		permission := types.StringValue(string(listed.Permission))
		if listed.Kind == rolemodel.ProtectedPermission {
			m.Protected = append(m.Protected, permission)
		} else {
			m.Application = append(m.Application, permission)
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}
