// Package terraform is how Terraform reads the worklist.
package terraform

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

var _ datasource.DataSourceWithConfigure = &worklistDataSource{}

// NewDataSource returns the data source mimecast_worklist.
func NewDataSource() datasource.DataSource { return &worklistDataSource{} }

type worklistDataSource struct{ session *tfkit.Session }

// model is the worklist that a filter selects.
type model struct {
	TenantIDs []tfkit.String         `tfsdk:"tenant_ids"`
	Email     tfkit.String           `tfsdk:"email"`
	Items     []itemModel            `tfsdk:"items"`
	Passes    []passModel            `tfsdk:"passes"`
	Counts    map[string]types.Int64 `tfsdk:"counts"`
	Total     types.Int64            `tfsdk:"total"`
	Oldest    types.String           `tfsdk:"oldest"`
}

// itemModel is one thing to be done in one tenant.
type itemModel struct {
	ID         types.String `tfsdk:"id"`
	Kind       types.String `tfsdk:"kind"`
	TenantID   types.String `tfsdk:"tenant_id"`
	TenantName types.String `tfsdk:"tenant_name"`
	Email      types.String `tfsdk:"email"`
	RoleID     types.String `tfsdk:"role_id"`
	From       types.String `tfsdk:"from"`
	To         types.String `tfsdk:"to"`
	Since      types.String `tfsdk:"since"`
	DeclaredBy types.String `tfsdk:"declared_by"`
	SeenAt     types.String `tfsdk:"seen_at"`
}

// passModel is what one person does in one go.
type passModel struct {
	ID        types.String   `tfsdk:"id"`
	Place     types.String   `tfsdk:"place"`
	Email     types.String   `tfsdk:"email"`
	TenantIDs []types.String `tfsdk:"tenant_ids"`
	ItemIDs   []types.String `tfsdk:"item_ids"`
	Steps     []types.String `tfsdk:"steps"`
}

func (d *worklistDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_worklist"
}

func (d *worklistDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *worklistDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	texts := func(description string) schema.ListAttribute {
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "What is still to be done at Mimecast: the difference between what the directory has and what somebody saw there, and the fewest passes through the Administration Console and the Partner Portal that do it. " +
			"It is of what the directory has when it is read, before this configuration's own changes are applied. Use it in a `check` block, and keep the data source outside of that: inside, a plan never again has nothing to do.",
		Attributes: map[string]schema.Attribute{
			"tenant_ids": schema.SetAttribute{Optional: true, ElementType: tfkit.AccountCodeType(), MarkdownDescription: "Only what is to be done in the tenants with these account codes."},
			"email":      schema.StringAttribute{Optional: true, CustomType: tfkit.EmailType(), MarkdownDescription: "Only what is to be done about this person."},
			"total":      schema.Int64Attribute{Computed: true, MarkdownDescription: "How many items there are."},
			"counts": schema.MapAttribute{
				Computed: true, ElementType: types.Int64Type,
				MarkdownDescription: "How many items there are of each kind: `create_role`, `edit_role`, `delete_role`, `add_admin`, `change_admin_role`, `remove_admin`, `undeclared_admin` (who is there without being declared) and `never_observed` (tenants of which nobody has seen all external admins).",
			},
			"oldest": computed("Since when the oldest item is due, in RFC 3339, UTC. Null if there is none, or that is not known."),
			"items": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The items, by the tenant's name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          computed("The item's ID, for `terraform-provider-mimecast confirm`. It stays as long as the item means the same."),
					"kind":        computed("The kind, one of the keys of `counts`."),
					"tenant_id":   computed("The tenant's account code."),
					"tenant_name": computed("The tenant's name."),
					"email":       computed("Whom the item is about. Null in items about roles and tenants."),
					"role_id":     computed("The ID of the custom role, or of the role that the person is to hold. Null for none."),
					"from":        computed("The name of the role that is there, or that the person holds. Null for none."),
					"to":          computed("The name of the role that is to be, or that the person is to hold. Null for none."),
					"since":       computed("Since when it is due, in RFC 3339, UTC. Null if the audit trail does not tell."),
					"declared_by": computed("Who declared it. Null if the audit trail does not tell."),
					"seen_at":     computed("When the person or role was last seen, or seen not to be there, in RFC 3339, UTC. Null for never."),
				}},
			},
			"passes": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The fewest passes that do all items.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":         computed("The pass's ID, for `terraform-provider-mimecast confirm --pass`."),
					"place":      computed("`administration_console`, one login to one tenant's, or `partner_portal`, one visit to User Maintenance for one person."),
					"email":      computed("Whom a pass in the Partner Portal is about. Null at the console."),
					"tenant_ids": texts("The account codes, in the order in which one walks them."),
					"item_ids":   texts("The items in the order in which they are done."),
					"steps":      texts("The steps, as Mimecast's articles have them."),
				}},
			},
		},
	}
}

func (d *worklistDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	filter := gather.Filter{Tenants: tfkit.CanonicalOf[rolemodel.AccountCode](m.TenantIDs), Person: rolemodel.Email(m.Email.Canonical())}
	for _, tenant := range filter.Tenants {
		if !d.session.CheckCreated(ctx, tenant, "tenant_ids", &resp.Diagnostics) {
			return
		}
	}
	list, err := gather.Worklist(ctx, d.session.Directory, filter)
	about := tfkit.Subject{Verb: "read", Kind: "worklist", Attributes: []string{"tenant_ids"}}
	if directory.IsNotFound(err) {
		resp.Diagnostics.AddError("Unable to read the worklist", err.Error())
		return
	}
	if about.AddError(&resp.Diagnostics, err) {
		return
	}
	m.fill(&list)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// fill gives the model what is on the worklist.
func (m *model) fill(list *worklist.Worklist) {
	m.Items, m.Passes, m.Counts = []itemModel{}, []passModel{}, map[string]types.Int64{}
	counts := list.Counts()
	for _, kind := range worklist.Kinds() {
		m.Counts[string(kind)] = types.Int64Value(int64(counts[kind]))
	}
	m.Total, m.Oldest = types.Int64Value(int64(len(list.Items))), tfkit.OrNull(list.Oldest())
	for _, item := range list.Items {
		of := itemModel{
			ID: tfkit.OrNull(item.ID), Kind: tfkit.OrNull(item.Kind), TenantID: tfkit.OrNull(item.TenantID), TenantName: tfkit.OrNull(item.TenantName), Email: tfkit.OrNull(item.Person),
			RoleID: tfkit.OrNull(item.RoleID), From: tfkit.OrNull(item.From), To: tfkit.OrNull(item.To), Since: tfkit.OrNull(item.Since), DeclaredBy: tfkit.OrNull(item.DeclaredBy),
		}
		if item.Seen != nil {
			of.SeenAt = tfkit.OrNull(item.Seen.At)
		}
		m.Items = append(m.Items, of)
	}
	for _, pass := range list.Passes {
		m.Passes = append(m.Passes, passModel{
			ID: tfkit.OrNull(pass.ID), Place: tfkit.OrNull(pass.Place), Email: tfkit.OrNull(pass.Person),
			TenantIDs: tfkit.Map(pass.Accounts, func(a worklist.Account) types.String { return tfkit.OrNull(a.Code) }),
			ItemIDs:   tfkit.Map(pass.ItemIDs, types.StringValue),
			Steps:     tfkit.Map(pass.Steps, func(s worklist.Step) types.String { return types.StringValue(s.Text) }),
		})
	}
}
