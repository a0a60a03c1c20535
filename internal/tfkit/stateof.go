package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// StateOf returns the model in the state, or nil if the state is null, as it is before a create.
func StateOf[M any](ctx context.Context, state tfsdk.State, diags *diag.Diagnostics) *M {
	if state.Raw.IsNull() {
		return nil
	}
	m := new(M)
	diags.Append(state.Get(ctx, m)...)
	return m
}
