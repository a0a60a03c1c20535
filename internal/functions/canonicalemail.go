package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// NewCanonicalEmail returns the function canonical_email.
func NewCanonicalEmail() function.Function {
	return &fn{
		name: "canonical_email",
		definition: function.Definition{
			Summary: "The form of an email address under which it is compared and stored.",
			MarkdownDescription: "Returns the canonical form of an email address, under which the directory compares and stores it: lower case, an international domain in its ASCII form (`xn--`). " +
				"It fails if the text is not an email address. Use it where addresses from different sources meet, for example as keys of a map.",
			Parameters: []function.Parameter{
				function.StringParameter{Name: "email", MarkdownDescription: "An email address, without a display name or spaces."},
			},
			Return: function.StringReturn{},
		},
		run: func(ctx context.Context, arguments function.ArgumentsData) (any, *function.FuncError) {
			var email string
			if err := arguments.Get(ctx, &email); err != nil {
				return nil, err
			}
			canonical, err := rolemodel.ParseEmail(email)
			if err != nil {
				return nil, refuse(0, err)
			}
			return string(canonical), nil
		},
	}
}
