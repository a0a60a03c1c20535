package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// NewRoleGrants returns the function role_grants.
func NewRoleGrants() function.Function {
	return &fn{
		name: "role_grants",
		definition: function.Definition{
			Summary: "What Mimecast's description of a default role says of one capability.",
			MarkdownDescription: "Returns what Mimecast's article \"Understanding Administrator Roles\" says of one capability of a default role:\n\n" +
				"- `yes` or `no`;\n" +
				"- for `content_view`, one of `none`, `held_messages`, `discovery_cases`, `archive_search`, `all`; for `create_administrators`, one of `none`, `basic_only`, " +
				"`without_protected_permissions`, `all_below_super`; for `policy_management`, one of `none`, `read`, `edit`;\n" +
				"- `not_stated` where the description is silent, which is not the same as no.\n\n" +
				"The data source `mimecast_default_roles` gives the sentence with it. It fails if there is no such default role or capability, and names the one that was probably meant.",
			Parameters: []function.Parameter{
				function.StringParameter{Name: "role", MarkdownDescription: "The ID of a default role, for example `help-desk-admin`."},
				function.StringParameter{Name: "capability", MarkdownDescription: "A capability: " + capabilityNames() + "."},
			},
			Return: function.StringReturn{},
		},
		run: func(ctx context.Context, arguments function.ArgumentsData) (any, *function.FuncError) {
			var id, name string
			if err := arguments.Get(ctx, &id, &name); err != nil {
				return nil, err
			}
			role, noRole := rolemodel.ParseDefaultRole(id)
			capability, noCapability := rolemodel.ParseCapability(name)
			if err := function.ConcatFuncErrors(refuse(0, noRole), refuse(1, noCapability)); err != nil {
				return nil, err
			}
			return stated(role, capability), nil
		},
	}
}

// stated returns what is stated of a capability of a default role.
func stated(role rolemodel.Role, capability rolemodel.Capability) string {
	for _, c := range role.Capabilities {
		if c.Capability == capability {
			return c.Value
		}
	}
	return rolemodel.NotStated
}
