package functions

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// grant is one external admin of a client.
type grant struct {
	RoleID    string  `tfsdk:"role_id"`
	Reason    *string `tfsdk:"reason"`
	ExpiresAt *string `tfsdk:"expires_at"`
}

// given returns a pointer to the text, nil for none.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// NewAccessFromCSV returns the function access_from_csv.
func NewAccessFromCSV() function.Function {
	return &fn{
		name: "access_from_csv",
		definition: function.Definition{
			Summary: "Who reaches which client with which role, from a spreadsheet.",
			MarkdownDescription: "Reads technicians' rows as people keep them and returns who reaches which client: a map by account code of maps by address of objects with `role_id`, `reason` and `expires_at`, the last of which is what `mimecast_external_admins` takes as `admins`.\n\n" +
				"The first line names the columns, in any order; others are ignored. Of a name only the letters count, and of several that fit, the first of these is taken:\n\n" +
				sheet.Columns() + "\nAbout the cells:\n\n" +
				"- Columns are separated by `,`, `;` or tabs, whichever the first line has most of. A byte order mark, CRLF, blanks around cells, upper case and empty lines do not matter.\n" +
				"- A cell may hold several clients, separated by `|`, blanks or, in quotation marks, `,` or `;`. `all` or `*` stands for all clients given after the text.\n" +
				"- A role is the ID or the name of a default role, or the ID of a custom role. Whether that exists is for the plan to say.\n" +
				"- Several rows for one person are fine, as long as they say the same of the same client.\n\n" +
				"If a row cannot be used, the function fails and says of every such row, by its line, what is wrong with it: ten lines and how many more. " +
				"If clients are given after the text, a row that names another one cannot be used, and each of them is in the result, spelled as it is given, whoever reaches it.",
			Parameters: []function.Parameter{
				function.StringParameter{Name: "text", MarkdownDescription: "The content of the CSV file, for example `file(\"technicians.csv\")`."},
			},
			VariadicParameter: function.StringParameter{Name: "clients", MarkdownDescription: "The account codes of all clients, for example `keys(local.clients)...`."},
			Return: function.MapReturn{ElementType: types.MapType{ElemType: types.ObjectType{AttrTypes: map[string]attr.Type{
				"role_id": types.StringType, "reason": types.StringType, "expires_at": types.StringType,
			}}}},
		},
		run: func(ctx context.Context, arguments function.ArgumentsData) (any, *function.FuncError) {
			var text string
			var codes []string
			if err := arguments.Get(ctx, &text, &codes); err != nil {
				return nil, err
			}
			clients := make([]rolemodel.AccountCode, len(codes))
			spelling := make(map[rolemodel.AccountCode]string, len(codes))
			for i, code := range codes {
				client, err := rolemodel.ParseAccountCode(code)
				if err != nil {
					return nil, refuse(1, err)
				}
				clients[i], spelling[client] = client, code
			}
			access, err := sheet.Read(text, clients)
			if err != nil {
				return nil, refuse(0, err)
			}
			grants := make(map[string]map[string]grant, len(access))
			for client, admins := range access {
				of := make(map[string]grant, len(admins))
				for email, g := range admins {
					of[string(email)] = grant{string(g.RoleID), given(g.Reason), given(string(g.ExpiresAt))}
				}
				grants[cmp.Or(spelling[client], string(client))] = of
			}
			return grants, nil
		},
	}
}
