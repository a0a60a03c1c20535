package tfkit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// WellFormed validates a string with one of rolemodel's Parse functions. The
// name is what the value is, for example "region".
func WellFormed[T ~string](name string, parse func(string) (T, error)) validator.String {
	return wellFormed{name, func(s string) error {
		_, err := parse(s)
		return err
	}}
}

type wellFormed struct {
	name  string
	check func(string) error
}

func (w wellFormed) Description(context.Context) string {
	return fmt.Sprintf("The value must be a well-formed %s.", w.name)
}

func (w wellFormed) MarkdownDescription(ctx context.Context) string { return w.Description(ctx) }

func (w wellFormed) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := w.check(req.ConfigValue.ValueString()); err != nil {
		v := rolemodel.NotWellFormed(rolemodel.WellFormed, nil, err)
		resp.Diagnostics.AddAttributeError(req.Path, fmt.Sprintf("Invalid %s", w.name), detail(v))
	}
}

// NotEmpty validates that a set has an element. What says what to write.
func NotEmpty(attribute, what string) validator.Set { return notEmpty{attribute, what} }

type notEmpty struct{ attribute, what string }

func (n notEmpty) Description(context.Context) string { return "The set must not be empty." }

func (n notEmpty) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (n notEmpty) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || len(req.ConfigValue.Elements()) > 0 {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, fmt.Sprintf("%s is empty", n.attribute),
		fmt.Sprintf("Write %s.\n\nRule: %s", n.what, rolemodel.WellFormed))
}
