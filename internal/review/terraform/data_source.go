// Package terraform is how Terraform reads what was signed of an access review.
package terraform

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// maxChanges is how many changes are listed at most: a state is no place for thousands.
const maxChanges = 100

var _ datasource.DataSourceWithConfigure = &reviewDataSource{}

// NewDataSource returns the data source mimecast_access_review.
func NewDataSource() datasource.DataSource { return &reviewDataSource{} }

type reviewDataSource struct{ session *tfkit.Session }

// model is the last signed review of what the filter selects.
type model struct {
	TenantID     tfkit.String  `tfsdk:"tenant_id"`
	Email        tfkit.String  `tfsdk:"email"`
	Digest       types.String  `tfsdk:"digest"`
	SignedAt     types.String  `tfsdk:"signed_at"`
	SignedBy     types.String  `tfsdk:"signed_by"`
	SignedDigest types.String  `tfsdk:"signed_digest"`
	Note         types.String  `tfsdk:"note"`
	ChangedSince types.Int64   `tfsdk:"changed_since"`
	Changes      []changeModel `tfsdk:"changes"`
	Traced       types.Bool    `tfsdk:"traced"`
}

// changeModel is one thing that is other than it was.
type changeModel struct {
	Kind       types.String `tfsdk:"kind"`
	Text       types.String `tfsdk:"text"`
	TenantID   types.String `tfsdk:"tenant_id"`
	TenantName types.String `tfsdk:"tenant_name"`
	Email      types.String `tfsdk:"email"`
	RoleID     types.String `tfsdk:"role_id"`
	From       types.String `tfsdk:"from"`
	To         types.String `tfsdk:"to"`
	At         types.String `tfsdk:"at"`
	By         types.String `tfsdk:"by"`
}

func (d *reviewDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_review"
}

func (d *reviewDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *reviewDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "When somebody last signed that they looked at who can reach what, and what changed since. `terraform-provider-mimecast review` shows it and `review sign` signs it. " +
			"It is of what the directory has when it is read, before this configuration's own changes are applied. Use it in a `check` block, and keep the data source outside of that: inside, a plan never again has nothing to do.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":     schema.StringAttribute{Optional: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "The account code of the tenant that the review is of. Without it, it is of all that the provider sees."},
			"email":         schema.StringAttribute{Optional: true, CustomType: tfkit.EmailType(), MarkdownDescription: "The person whom the review is of. Without it, it is of everybody."},
			"digest":        computed("The digest of what there is now, which `review sign` takes."),
			"signed_at":     computed("When it was last signed, in RFC 3339, UTC. Null for never."),
			"signed_by":     computed("Who signed it. Null if nobody did."),
			"signed_digest": computed("The digest of what was looked at then. Null if nobody signed."),
			"note":          computed("What the reviewer wrote. Null for nothing."),
			"changed_since": schema.Int64Attribute{Computed: true, MarkdownDescription: "How many things are other now than they were when it was signed. What came and went does not count. Null if nobody signed."},
			"traced":        schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the audit trail leads back from what there is now to what was signed, so that it tells all that changed. It does not where a tenant has left what the provider sees, or the trail was altered. Null if nobody signed."},
			"changes": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: fmt.Sprintf("What changed since, by the tenant's name: the first %d.", maxChanges),
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"kind":        computed("`tenant_added`, `tenant_removed`, `undeclared_seen`, `undeclared_gone`, `undeclared_role`, `grant_added`, `grant_removed`, `role_changed`, `reason_changed`, `expiry_changed` or `definition_changed`."),
					"text":        computed("What changed, in words."),
					"tenant_id":   computed("The tenant's account code."),
					"tenant_name": computed("The tenant's name."),
					"email":       computed("Whom the change is about. Null in changes of tenants and of roles."),
					"role_id":     computed("The ID of the custom role that is defined otherwise. Null in other changes."),
					"from":        computed("What was: the name of a role, a reason or a time. Null for nothing."),
					"to":          computed("What is. Null for nothing."),
					"at":          computed("When it last changed, in RFC 3339, UTC. Null if the audit trail does not tell."),
					"by":          computed("Who changed it. Null if the audit trail does not tell."),
				}},
			},
		},
	}
}

func (d *reviewDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	subject := review.Subject{TenantID: rolemodel.AccountCode(m.TenantID.Canonical()), Person: rolemodel.Email(m.Email.Canonical())}
	if subject.TenantID != "" && !d.session.CheckCreated(ctx, subject.TenantID, "tenant_id", &resp.Diagnostics) {
		return
	}
	status, err := gather.StatusOf(ctx, d.session.Directory, subject)
	if directory.IsNotFound(err) {
		resp.Diagnostics.AddError("Unable to read the access review", err.Error())
		return
	}
	about := tfkit.Subject{Verb: "read", Kind: "access review", Attributes: []string{"tenant_id"}}
	if about.AddError(&resp.Diagnostics, err) {
		return
	}
	m.fill(&status)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// fill gives the model what was signed.
func (m *model) fill(status *gather.Status) {
	m.Digest, m.Changes = tfkit.OrNull(status.Digest), []changeModel{}
	last := status.LastSigned
	if last == nil {
		return
	}
	m.SignedAt, m.SignedBy, m.SignedDigest, m.Note = tfkit.OrNull(last.At), tfkit.OrNull(last.By), tfkit.OrNull(last.Digest), tfkit.OrNull(last.Note)
	m.ChangedSince, m.Traced = types.Int64Value(int64(len(last.Changes))), types.BoolValue(last.Traced)
	m.Changes = tfkit.Map(last.Changes[:min(len(last.Changes), maxChanges)], func(c review.Change) changeModel {
		return changeModel{
			Kind: tfkit.OrNull(c.Kind), Text: tfkit.OrNull(c.String()), TenantID: tfkit.OrNull(c.TenantID), TenantName: tfkit.OrNull(c.TenantName), Email: tfkit.OrNull(c.Person),
			RoleID: tfkit.OrNull(c.RoleID), From: tfkit.OrNull(c.From), To: tfkit.OrNull(c.To), At: tfkit.OrNull(c.At), By: tfkit.OrNull(c.By),
		}
	})
}
