package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// KeepSpelling plans the state's spelling where the configuration only spells
// the same value in another way. Terraform applies semantic equality to what a
// provider returns, but not to a plan, so without it a respelled address would
// be shown as a change, or even as a replacement. It comes first among modifiers.
func KeepSpelling() interface {
	planmodifier.String
	planmodifier.Set
} {
	return keepSpelling{}
}

type keepSpelling struct{}

func (keepSpelling) Description(context.Context) string {
	return "A different spelling of the same value is no change."
}

func (k keepSpelling) MarkdownDescription(ctx context.Context) string { return k.Description(ctx) }

func (keepSpelling) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if !respelled(req.StateValue, req.PlanValue) {
		return
	}
	var state, plan String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, req.Path, &state)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, req.Path, &plan)...)
	if same, _ := state.StringSemanticEquals(ctx, plan); same && !resp.Diagnostics.HasError() {
		resp.PlanValue = basetypes.NewStringValue(state.ValueString())
	}
}

func (keepSpelling) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if !respelled(req.StateValue, req.PlanValue) {
		return
	}
	var state, plan Set
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, req.Path, &state)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, req.Path, &plan)...)
	if same, _ := state.SetSemanticEquals(ctx, plan); same && !resp.Diagnostics.HasError() {
		resp.PlanValue = req.StateValue
	}
}

// respelled says whether the plan's value could be the state's in another spelling.
func respelled(state, plan attr.Value) bool {
	return !state.IsNull() && !plan.IsNull() && !plan.IsUnknown() && !plan.Equal(state)
}
