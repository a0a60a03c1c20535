// Package audit is how Terraform reads the directory's audit trail.
package audit

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var _ datasource.DataSourceWithConfigure = &eventsDataSource{}

// NewDataSource returns the data source mimecast_audit_events.
func NewDataSource() datasource.DataSource { return &eventsDataSource{} }

type eventsDataSource struct{ session *tfkit.Session }

// model is the part of the audit trail that a filter selects.
type model struct {
	TenantID tfkit.String `tfsdk:"tenant_id"`
	Email    tfkit.String `tfsdk:"email"`
	Since    types.String `tfsdk:"since"`
	Until    types.String `tfsdk:"until"`
	AfterID  types.String `tfsdk:"after_id"`
	Events   []eventModel `tfsdk:"events"`
}

// eventModel is one write, done or refused.
type eventModel struct {
	ID         types.String              `tfsdk:"id"`
	At         types.String              `tfsdk:"at"`
	Trail      types.String              `tfsdk:"trail"`
	Number     types.Int64               `tfsdk:"number"`
	Actor      types.String              `tfsdk:"actor"`
	ActorRole  types.String              `tfsdk:"actor_role"`
	Action     types.String              `tfsdk:"action"`
	Outcome    types.String              `tfsdk:"outcome"`
	Kind       types.String              `tfsdk:"kind"`
	Key        types.String              `tfsdk:"key"`
	PartnerID  types.String              `tfsdk:"partner_id"`
	Added      map[string][]types.String `tfsdk:"added"`
	Removed    map[string][]types.String `tfsdk:"removed"`
	Changed    map[string]changeModel    `tfsdk:"changed"`
	Before     types.String              `tfsdk:"before"`
	After      types.String              `tfsdk:"after"`
	Cut        types.Bool                `tfsdk:"cut"`
	Violations []types.String            `tfsdk:"violations"`
	Repeated   types.Int64               `tfsdk:"repeated"`
	Previous   types.String              `tfsdk:"previous"`
	Digest     types.String              `tfsdk:"digest"`
}

func eventModelOf(e directory.AuditEvent, d difference) eventModel {
	return eventModel{
		ID:        types.StringValue(e.ID),
		At:        types.StringValue(e.At.Format(time.RFC3339Nano)),
		Trail:     types.StringValue(e.Trail),
		Number:    types.Int64Value(e.Number),
		Actor:     types.StringValue(e.Actor),
		ActorRole: types.StringValue(string(e.ActorRole)),
		Action:    types.StringValue(e.Action),
		Outcome:   types.StringValue(e.Outcome),
		Kind:      types.StringValue(e.Kind),
		Key:       types.StringValue(e.Key),
		PartnerID: tfkit.OrNull(string(e.PartnerID)),
		Added:     d.added, Removed: d.removed, Changed: d.changed,
		Before:   tfkit.OrNull(e.Before),
		After:    tfkit.OrNull(e.After),
		Cut:      types.BoolValue(e.Cut),
		Repeated: types.Int64Value(e.Repeated),
		Previous: tfkit.OrNull(e.Previous),
		Digest:   types.StringValue(e.Digest),
		Violations: tfkit.Map(e.Violations, func(v rolemodel.Violation) types.String {
			return types.StringValue(v.Error())
		}),
	}
}

func (d *eventsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_audit_events"
}

func (d *eventsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (d *eventsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The directory's audit trail, oldest first: every write that was made or refused. It is this directory's trail, not Mimecast's.",
		Attributes: map[string]schema.Attribute{
			"tenant_id": schema.StringAttribute{Optional: true, CustomType: tfkit.AccountCodeType(), MarkdownDescription: "Only events about this tenant, its roles and its external admins."},
			"email":     schema.StringAttribute{Optional: true, CustomType: tfkit.EmailType(), MarkdownDescription: "Only events about grants of this address."},
			"since":     schema.StringAttribute{Optional: true, MarkdownDescription: "Only events at or after this time, in RFC 3339, for example `2026-01-31T00:00:00Z`."},
			"until":     schema.StringAttribute{Optional: true, MarkdownDescription: "Only events before this time, in RFC 3339."},
			"after_id":  schema.StringAttribute{Optional: true, MarkdownDescription: "Only events after the one with this ID."},
			"events": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The events.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "The event's ID. Later events have higher ones."},
					"at":         schema.StringAttribute{Computed: true, MarkdownDescription: "When, in RFC 3339, UTC."},
					"trail":      schema.StringAttribute{Computed: true, MarkdownDescription: "The trail that the event belongs to: a tenant's under its partner, a partner's or the directory's own."},
					"number":     schema.Int64Attribute{Computed: true, MarkdownDescription: "The event's place in its trail, from 1."},
					"actor":      schema.StringAttribute{Computed: true, MarkdownDescription: "Who: for an embedded directory, the user and host that ran Terraform."},
					"actor_role": schema.StringAttribute{Computed: true, MarkdownDescription: "The ID of the role whose authority was used."},
					"action":     schema.StringAttribute{Computed: true, MarkdownDescription: "`create`, `update` or `delete`; `take up` or `adopt` for a creation of what was there, `retire` for a deletion of what is in use; `observe` for what was seen at Mimecast, `sign` for an access review; `rotate`, `revoke` or `use` of a credential."},
					"outcome":    schema.StringAttribute{Computed: true, MarkdownDescription: "`done`; `refused` where rules are broken; `conflict` where the key was taken or the entry had changed; `denied` where it was out of the credential's reach."},
					"kind":       schema.StringAttribute{Computed: true, MarkdownDescription: "What: `partner`, `tenant`, `role`, `external admin`, `external admins`, `observation`, `access review` or `credential`."},
					"key":        schema.StringAttribute{Computed: true, MarkdownDescription: "Its key, for example `CUSA00A000/anna@example.com`."},
					"partner_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The partner concerned when it was written. Null if none."},
					"added":      schema.MapAttribute{Computed: true, ElementType: types.ListType{ElemType: types.StringType}, MarkdownDescription: "What came. For external admins, the role ID by address, so that `contains(flatten(values(event.added)), \"full-admin\")` finds who was given one; for other kinds, the values by attribute, for example the `application_permissions` that a role got. Empty for what was not done."},
					"removed":    schema.MapAttribute{Computed: true, ElementType: types.ListType{ElemType: types.StringType}, MarkdownDescription: "What went, as in `added`: `contains(keys(event.removed), \"ben@example.com\")` finds the access that was taken away."},
					"changed": schema.MapNestedAttribute{
						Computed:            true,
						MarkdownDescription: "What became something else, with the keys of `added`: who got another role, or a name that changed.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"before": schema.StringAttribute{Computed: true, MarkdownDescription: "What it was before."},
							"after":  schema.StringAttribute{Computed: true, MarkdownDescription: "What it is after."},
						}},
					},
					"before":     schema.StringAttribute{Computed: true, MarkdownDescription: "What it was before, as JSON. Null if it was not there."},
					"after":      schema.StringAttribute{Computed: true, MarkdownDescription: "What it is after, or what was asked for if it was not done, as JSON. Null if it is gone."},
					"cut":        schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether `after` is only the beginning of what was asked for."},
					"violations": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Why it was refused, as sentences with rule IDs."},
					"repeated":   schema.Int64Attribute{Computed: true, MarkdownDescription: "How often the same refusal came again, in an event that sums up."},
					"previous":   schema.StringAttribute{Computed: true, MarkdownDescription: "The `digest` of the event before it in its trail. Null for the first one."},
					"digest":     schema.StringAttribute{Computed: true, MarkdownDescription: "The SHA-256 of everything else in the event, so that a trail that was altered shows."},
				}},
			},
		},
	}
}

func (d *eventsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	filter := directory.AuditFilter{
		TenantID: rolemodel.AccountCode(config.TenantID.Canonical()),
		Email:    rolemodel.Email(config.Email.Canonical()),
		Since:    timeOf("since", config.Since, &resp.Diagnostics),
		Until:    timeOf("until", config.Until, &resp.Diagnostics),
		After:    config.AfterID.ValueString(),
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.session.CheckCreated(ctx, rolemodel.AccountCode(config.TenantID.Canonical()), "tenant_id", &resp.Diagnostics) {
		return
	}
	config.Events = []eventModel{}
	for e, err := range d.session.Directory.AuditEvents(ctx, filter) {
		made, malformed := differenceOf(e)
		if (tfkit.Subject{Verb: "read", Kind: "audit trail"}).AddError(&resp.Diagnostics, cmp.Or(err, malformed)) {
			return
		}
		config.Events = append(config.Events, eventModelOf(e, made))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// timeOf returns the time of an attribute, zero if it is null.
func timeOf(attribute string, value types.String, diags *diag.Diagnostics) time.Time {
	if value.IsNull() {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, value.ValueString())
	if err != nil {
		diags.AddAttributeError(path.Root(attribute), "Invalid time",
			fmt.Sprintf("%q is not a time in RFC 3339. Write one like \"2026-01-31T00:00:00Z\".", value.ValueString()))
	}
	return t
}
