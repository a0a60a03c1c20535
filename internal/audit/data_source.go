// Package audit is how Terraform reads the directory's audit trail.
package audit

import (
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
	Events   []eventModel `tfsdk:"events"`
}

// eventModel is one write, done or refused.
type eventModel struct {
	ID         types.Int64    `tfsdk:"id"`
	At         types.String   `tfsdk:"at"`
	Actor      types.String   `tfsdk:"actor"`
	ActorRole  types.String   `tfsdk:"actor_role"`
	Action     types.String   `tfsdk:"action"`
	Outcome    types.String   `tfsdk:"outcome"`
	Kind       types.String   `tfsdk:"kind"`
	Key        types.String   `tfsdk:"key"`
	Before     types.String   `tfsdk:"before"`
	After      types.String   `tfsdk:"after"`
	Violations []types.String `tfsdk:"violations"`
}

func eventModelOf(e directory.AuditEvent) eventModel {
	return eventModel{
		ID:        types.Int64Value(e.ID),
		At:        types.StringValue(e.At.Format(time.RFC3339Nano)),
		Actor:     types.StringValue(e.Actor),
		ActorRole: types.StringValue(string(e.ActorRole)),
		Action:    types.StringValue(e.Action),
		Outcome:   types.StringValue(e.Outcome),
		Kind:      types.StringValue(e.Kind),
		Key:       types.StringValue(e.Key),
		Before:    jsonOrNull(e.Before),
		After:     jsonOrNull(e.After),
		Violations: tfkit.Map(e.Violations, func(v rolemodel.Violation) types.String {
			return types.StringValue(v.Error())
		}),
	}
}

func jsonOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
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
			"events": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The events.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":         schema.Int64Attribute{Computed: true, MarkdownDescription: "The event's number; later events have higher ones."},
					"at":         schema.StringAttribute{Computed: true, MarkdownDescription: "When, in RFC 3339, UTC."},
					"actor":      schema.StringAttribute{Computed: true, MarkdownDescription: "Who: for an embedded directory, the user and host that ran Terraform."},
					"actor_role": schema.StringAttribute{Computed: true, MarkdownDescription: "The ID of the role whose authority was used."},
					"action":     schema.StringAttribute{Computed: true, MarkdownDescription: "`create`, `update`, `delete` or `replace`."},
					"outcome":    schema.StringAttribute{Computed: true, MarkdownDescription: "`done` or `refused`."},
					"kind":       schema.StringAttribute{Computed: true, MarkdownDescription: "What: `partner`, `tenant`, `role`, `external admin` or `external admins`."},
					"key":        schema.StringAttribute{Computed: true, MarkdownDescription: "Its key, for example `CUSA00A000/anna@example.com`."},
					"before":     schema.StringAttribute{Computed: true, MarkdownDescription: "What it was before, as JSON. Null if it was not there."},
					"after":      schema.StringAttribute{Computed: true, MarkdownDescription: "What it is after, or what was asked for if refused, as JSON. Null if it is gone."},
					"violations": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Why it was refused, as sentences with rule IDs."},
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
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.session.CheckCreated(ctx, rolemodel.AccountCode(config.TenantID.Canonical()), "tenant_id", &resp.Diagnostics) {
		return
	}
	events, err := directory.Collect(d.session.Directory.AuditEvents(ctx, filter))
	if err != nil {
		resp.Diagnostics.AddError("Unable to read the audit trail", err.Error())
		return
	}
	config.Events = tfkit.Map(events, eventModelOf)
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
