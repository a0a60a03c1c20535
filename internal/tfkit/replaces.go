package tfkit

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// replaces is the key in a plan's private data.
const replaces = "replaces"

// setter and getter are the framework's private data, whose type has no name outside it.
type (
	setter interface {
		SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
	}
	getter interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
)

// NoteHeld notes in a plan's private data what the resource holds now. Terraform
// plans a replacement twice: first as an update, and if that needs a
// replacement or -replace asks for one, again as a create. All that the create
// gets from the update is this private data.
func NoteHeld(ctx context.Context, private setter, key string, diags *diag.Diagnostics) {
	value, err := json.Marshal(key)
	if err != nil {
		diags.AddError("Unable to plan", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, replaces, value)...)
}

// Replaces returns what a create is planned to replace, "" for nothing.
func Replaces(ctx context.Context, private getter, diags *diag.Diagnostics) string {
	value, found := private.GetKey(ctx, replaces)
	diags.Append(found...)
	var key string
	if err := json.Unmarshal(value, &key); err != nil {
		return "" // Nothing was noted.
	}
	return key
}
