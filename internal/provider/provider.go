// Package provider is the Terraform provider: its configuration and the
// registry of its resources, data sources and functions.
package provider

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/audit"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/externaladmin"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/partner"
	review "github.com/msp-as-code/terraform-provider-mimecast/internal/review/terraform"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/role"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/signin"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tenant"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
	worklist "github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/terraform"
)

var (
	_ provider.ProviderWithFunctions     = &mimecastProvider{}
	_ provider.ProviderWithListResources = &mimecastProvider{}
)

// New returns a function that makes the provider of the version.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &mimecastProvider{version: version} }
}

type mimecastProvider struct {
	version string
	// session is that of the last configuration, nil before there is one.
	session atomic.Pointer[tfkit.Session]
}

// config is the provider block.
type config struct {
	Directory    types.String `tfsdk:"directory"`
	ActingAs     types.String `tfsdk:"acting_as"`
	ReadOnly     types.Bool   `tfsdk:"read_only"`
	ClientID     types.String `tfsdk:"client_id"`
	ClientSecret types.String `tfsdk:"client_secret"`
}

func (p *mimecastProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "mimecast"
	resp.Version = p.version
}

func (p *mimecastProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Tenants, roles and external administrators of Mimecast as code.",
		Attributes: map[string]schema.Attribute{
			"directory": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The directory, which is the system of record: the path of an embedded directory file, which is created on first use (for example `\"${path.root}/msp.directory\"`), the `postgres://` URL of a shared one, or the `https://` URL of a directory service. Environment: `MIMECAST_DIRECTORY`. It is sensitive because a URL may hold a password; give that one by environment.",
			},
			"acting_as": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The ID of the default role whose authority is used (default `basic-admin`, the administrator created with an account). See the data source `mimecast_default_roles`. A directory service acts with the role of the credential instead. Environment: `MIMECAST_ACTING_AS`.",
			},
			"read_only": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to refuse every change before it is made (default `false`), for example in a pipeline that only looks for drift. Environment: `MIMECAST_READ_ONLY`.",
			},
			"client_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The ID of the credential for a directory service. Environment: `MIMECAST_CLIENT_ID`.",
			},
			"client_secret": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The secret of the credential for a directory service. Give it by environment: `MIMECAST_CLIENT_SECRET`.",
			},
		},
	}
}

func (p *mimecastProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var c config
	resp.Diagnostics.Append(req.Config.Get(ctx, &c)...)
	if resp.Diagnostics.HasError() {
		return
	}
	session, problems := newSession(c, p.version)
	for _, problem := range problems {
		resp.Diagnostics.AddAttributeError(path.Root(problem.attribute), "Unable to configure the provider", problem.text)
	}
	if last := p.session.Swap(session); last != nil {
		last.Close()
	}
	resp.ResourceData = session
	resp.DataSourceData = session
	resp.ListResourceData = session
}

func (p *mimecastProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		partner.NewResource,
		tenant.NewResource,
		role.NewResource,
		externaladmin.NewResource,
		externaladmin.NewAllResource,
	}
}

func (p *mimecastProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		partner.NewListResource,
		tenant.NewListResource,
		role.NewListResource,
		externaladmin.NewListResource,
		externaladmin.NewAllListResource,
	}
}

func (p *mimecastProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		partner.NewDataSource,
		tenant.NewDataSource,
		tenant.NewListDataSource,
		role.NewDataSource,
		role.NewListDataSource,
		role.NewDefaultDataSource,
		role.NewDefaultListDataSource,
		role.NewPermissionsDataSource,
		externaladmin.NewListDataSource,
		signin.NewDataSource,
		audit.NewDataSource,
		worklist.NewDataSource,
		review.NewDataSource,
	}
}

func (p *mimecastProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		functions.NewAccessFromCSV,
		functions.NewCanonicalEmail,
		functions.NewLeastPrivilegedRole,
		functions.NewRoleGrants,
	}
}
