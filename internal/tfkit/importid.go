package tfkit

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ImportParts returns the parts of what is imported, in the order of names,
// which are the identity's attributes: from an import ID, its parts separated
// by "/" (the last one may contain more of them), or from an identity
// (Terraform 1.12+). It reports an ID of another form, showing the form by example.
func ImportParts(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse, example string, names ...string) ([]string, bool) {
	parts := strings.SplitN(req.ID, "/", len(names))
	if req.ID == "" && req.Identity != nil {
		parts = make([]string, len(names))
		for i, name := range names {
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(name), &parts[i])...)
		}
		if resp.Diagnostics.HasError() {
			return nil, false
		}
	}
	complete := len(parts) == len(names)
	for _, part := range parts {
		complete = complete && part != ""
	}
	if !complete {
		resp.Diagnostics.AddError("Unable to import", fmt.Sprintf("The import ID %q is not of the form %s. Write one like %q.", req.ID, strings.Join(names, "/"), example))
		return nil, false
	}
	return parts, true
}
