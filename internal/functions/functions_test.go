package functions_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions"
)

// call calls a function with strings and lists of strings, and returns a string
// or a map of maps of role IDs. Strings after the parameters are variadic.
func call(t testing.TB, f function.Function, arguments ...any) (any, *function.FuncError) {
	t.Helper()
	ctx := context.Background()
	var defined function.DefinitionResponse
	f.Definition(ctx, function.DefinitionRequest{}, &defined)
	var values, rest []attr.Value
	for i, argument := range arguments {
		var value attr.Value
		switch argument := argument.(type) {
		case string:
			value = types.StringValue(argument)
		case []string:
			list, diags := types.ListValueFrom(ctx, types.StringType, argument)
			if diags.HasError() {
				t.Fatal(diags)
			}
			value = list
		default:
			t.Fatalf("no argument is a %T", argument)
		}
		if i < len(defined.Definition.Parameters) {
			values = append(values, value)
		} else {
			rest = append(rest, value)
		}
	}
	if defined.Definition.VariadicParameter != nil {
		kinds := make([]attr.Type, len(rest))
		for i := range rest {
			kinds[i] = types.StringType
		}
		values = append(values, types.TupleValueMust(kinds, rest))
	}
	result, err := defined.Definition.Return.NewResultData(ctx)
	if err != nil {
		t.Fatal(err)
	}
	resp := function.RunResponse{Result: result}
	f.Run(ctx, function.RunRequest{Arguments: function.NewArgumentsData(values)}, &resp)
	if resp.Error != nil {
		return nil, resp.Error
	}
	switch value := resp.Result.Value().(type) {
	case types.String:
		return value.ValueString(), nil
	case types.Map:
		access := map[string]map[string]granted{}
		if diags := value.ElementsAs(ctx, &access, false); diags.HasError() {
			t.Fatal(diags)
		}
		return access, nil
	default:
		t.Fatalf("the result is a %T", value)
		return nil, nil
	}
}

// granted is what access_from_csv returns of one person.
type granted struct {
	RoleID    string       `tfsdk:"role_id"`
	Reason    types.String `tfsdk:"reason"`
	ExpiresAt types.String `tfsdk:"expires_at"`
}

// expect fails the test if the function does not return this.
func expect(t testing.TB, f function.Function, want any, arguments ...any) {
	t.Helper()
	if got, err := call(t, f, arguments...); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q: got %v, %v, want %v", arguments, got, err, want)
	}
}

// expectRefusal fails the test if the function does not refuse the argument with
// a text that contains this.
func expectRefusal(t testing.TB, f function.Function, argument int64, want string, arguments ...any) {
	t.Helper()
	_, err := call(t, f, arguments...)
	if err == nil || !strings.Contains(err.Text, want) || err.FunctionArgument == nil || *err.FunctionArgument != argument || strings.HasSuffix(err.Text, ".") {
		t.Errorf("%q: got %v\nwant %s", arguments, err, want)
	}
}

func TestDefinitions(t *testing.T) {
	ctx := context.Background()
	for _, f := range []function.Function{functions.NewAccessFromCSV(), functions.NewCanonicalEmail(), functions.NewLeastPrivilegedRole(), functions.NewRoleGrants()} {
		var named function.MetadataResponse
		f.Metadata(ctx, function.MetadataRequest{}, &named)
		var defined function.DefinitionResponse
		f.Definition(ctx, function.DefinitionRequest{}, &defined)
		var valid function.DefinitionValidateResponse
		defined.Definition.ValidateImplementation(ctx, function.DefinitionValidateRequest{FuncName: named.Name}, &valid)
		if valid.Diagnostics.HasError() {
			t.Errorf("%s: %v", named.Name, valid.Diagnostics)
		}
		descriptions := []string{defined.Definition.Summary, defined.Definition.MarkdownDescription}
		parameters := defined.Definition.Parameters
		if defined.Definition.VariadicParameter != nil {
			parameters = append(parameters, defined.Definition.VariadicParameter)
		}
		for _, p := range parameters {
			descriptions = append(descriptions, p.GetMarkdownDescription())
		}
		for _, description := range descriptions {
			if !strings.HasSuffix(description, ".") {
				t.Errorf("%s is not described in sentences: %q", named.Name, description)
			}
		}
	}
}
