package tfkit_test

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var thing = schema.Schema{Attributes: map[string]schema.Attribute{
	"domain":  schema.StringAttribute{Optional: true, CustomType: tfkit.DomainType()},
	"domains": schema.SetAttribute{Optional: true, CustomType: tfkit.SetOf(tfkit.DomainType())},
}}

// things are a plan and a state with the values.
func things(domain any, domains ...string) tftypes.Value {
	elements := make([]tftypes.Value, len(domains))
	for i, d := range domains {
		elements[i] = tftypes.NewValue(tftypes.String, d)
	}
	var set any
	if domains != nil {
		set = elements
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"domain": tftypes.String, "domains": tftypes.Set{ElementType: tftypes.String}}},
		map[string]tftypes.Value{"domain": tftypes.NewValue(tftypes.String, domain), "domains": tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, set)})
}

func TestKeepSpellingOfAString(t *testing.T) {
	t.Parallel()
	text := func(v any) basetypes.StringValue {
		switch v := v.(type) {
		case string:
			return types.StringValue(v)
		case nil:
			return types.StringNull()
		}
		return types.StringUnknown()
	}
	for name, c := range map[string]struct{ state, plan, want any }{
		"respelled": {"Alder.example", "alder.EXAMPLE", "Alder.example"},
		"changed":   {"alder.example", "birch.example", "birch.example"},
		"created":   {nil, "alder.example", "alder.example"},
		"removed":   {"alder.example", nil, nil},
		"unknown":   {"alder.example", tftypes.UnknownValue, tftypes.UnknownValue},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := planmodifier.StringRequest{
				Path: path.Root("domain"), StateValue: text(c.state), PlanValue: text(c.plan),
				State: tfsdk.State{Schema: thing, Raw: things(c.state)}, Plan: tfsdk.Plan{Schema: thing, Raw: things(c.plan)},
			}
			resp := planmodifier.StringResponse{PlanValue: req.PlanValue}
			tfkit.KeepSpelling().PlanModifyString(t.Context(), req, &resp)
			if !resp.PlanValue.Equal(text(c.want)) || resp.Diagnostics.HasError() {
				t.Errorf("planned %v, want %v (%v)", resp.PlanValue, c.want, resp.Diagnostics)
			}
		})
	}
}

func TestKeepSpellingOfASet(t *testing.T) {
	t.Parallel()
	set := func(values []string) basetypes.SetValue {
		if values == nil {
			return types.SetNull(tfkit.DomainType())
		}
		elements := make([]attr.Value, len(values))
		for i, v := range values {
			elements[i] = tfkit.DomainType().Value(v)
		}
		return types.SetValueMust(tfkit.DomainType(), elements)
	}
	for name, c := range map[string]struct{ state, plan, want []string }{
		"respelled":     {[]string{"B.example", "a.example"}, []string{"A.example", "b.example"}, []string{"B.example", "a.example"}},
		"one more":      {[]string{"A.example"}, []string{"a.example", "b.example"}, []string{"a.example", "b.example"}},
		"null to empty": {nil, []string{}, []string{}},
		"empty to null": {[]string{}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := planmodifier.SetRequest{
				Path: path.Root("domains"), StateValue: set(c.state), PlanValue: set(c.plan),
				State: tfsdk.State{Schema: thing, Raw: things(nil, c.state...)}, Plan: tfsdk.Plan{Schema: thing, Raw: things(nil, c.plan...)},
			}
			resp := planmodifier.SetResponse{PlanValue: req.PlanValue}
			tfkit.KeepSpelling().PlanModifySet(t.Context(), req, &resp)
			if !resp.PlanValue.Equal(set(c.want)) || resp.Diagnostics.HasError() {
				t.Errorf("planned %v, want %v (%v)", resp.PlanValue, c.want, resp.Diagnostics)
			}
		})
	}
}

func TestImportParts(t *testing.T) {
	t.Parallel()
	identity := func(tenant, role any) *tfsdk.ResourceIdentity {
		return &tfsdk.ResourceIdentity{
			Schema: identityschema.Schema{Attributes: map[string]identityschema.Attribute{
				"tenant_id": identityschema.StringAttribute{RequiredForImport: true}, "role_id": identityschema.StringAttribute{RequiredForImport: true},
			}},
			Raw: tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"tenant_id": tftypes.String, "role_id": tftypes.String}},
				map[string]tftypes.Value{"tenant_id": tftypes.NewValue(tftypes.String, tenant), "role_id": tftypes.NewValue(tftypes.String, role)}),
		}
	}
	for name, c := range map[string]struct {
		req  resource.ImportStateRequest
		want [2]string
	}{
		"ID":              {resource.ImportStateRequest{ID: "CUSA00A000/r"}, [2]string{"CUSA00A000", "r"}},
		"last has more":   {resource.ImportStateRequest{ID: "CUSA00A000/a/b"}, [2]string{"CUSA00A000", "a/b"}},
		"identity":        {resource.ImportStateRequest{Identity: identity("CUSA00A000", "r")}, [2]string{"CUSA00A000", "r"}},
		"one part":        {resource.ImportStateRequest{ID: "CUSA00A000"}, [2]string{}},
		"empty part":      {resource.ImportStateRequest{ID: "/r"}, [2]string{}},
		"nothing":         {resource.ImportStateRequest{}, [2]string{}},
		"empty identity":  {resource.ImportStateRequest{Identity: identity("CUSA00A000", "")}, [2]string{}},
		"ID and identity": {resource.ImportStateRequest{ID: "A/b", Identity: identity("CUSA00A000", "r")}, [2]string{"A", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp resource.ImportStateResponse
			parts, ok := tfkit.ImportParts(t.Context(), c.req, &resp, "CUSA00A000/x", "tenant_id", "role_id")
			if wanted := c.want != [2]string{}; ok != wanted || resp.Diagnostics.HasError() == wanted || wanted && [2]string(parts) != c.want {
				t.Errorf("got %q, %v, %v", parts, ok, resp.Diagnostics)
			}
		})
	}
	var resp resource.ImportStateResponse
	tfkit.ImportParts(t.Context(), resource.ImportStateRequest{ID: "x"}, &resp, "CUSA00A000/y", "tenant_id", "role_id")
	expect(t, resp.Diagnostics, `Error @ -: Unable to import / The import ID "x" is not of the form tenant_id/role_id. Write one like "CUSA00A000/y".`)
}

func TestWellFormed(t *testing.T) {
	t.Parallel()
	v := tfkit.WellFormed("region", rolemodel.ParseRegion)
	check := func(value types.String) diag.Diagnostics {
		var resp validator.StringResponse
		v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("region"), ConfigValue: value}, &resp)
		return resp.Diagnostics
	}
	expect(t, check(types.StringNull()))
	expect(t, check(types.StringUnknown()))
	expect(t, check(types.StringValue("us")))
	expect(t, check(types.StringValue("US")), "Error @ region: Invalid region / \"US\" is not a region: write it as Mimecast's API does, in lower-case letters, for example \"us\", \"uk\" or \"de\".\n\nCorrect the value.\n\nRule: well-formed")
	if got := v.MarkdownDescription(t.Context()); got != "The value must be a well-formed region." {
		t.Error(got)
	}
}

func TestNotEmpty(t *testing.T) {
	t.Parallel()
	v := tfkit.NotEmpty("domains", "the domains")
	check := func(value types.Set) diag.Diagnostics {
		var resp validator.SetResponse
		v.ValidateSet(t.Context(), validator.SetRequest{Path: path.Root("domains"), ConfigValue: value}, &resp)
		return resp.Diagnostics
	}
	expect(t, check(types.SetNull(types.StringType)))
	expect(t, check(types.SetUnknown(types.StringType)))
	expect(t, check(types.SetValueMust(types.StringType, []attr.Value{types.StringValue("a.example")})))
	expect(t, check(types.SetValueMust(types.StringType, nil)), "Error @ domains: domains is empty / Write the domains.\n\nRule: well-formed")
}

// memory is private data of a plan.
type memory map[string][]byte

func (m memory) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	m[key] = value
	return nil
}

func (m memory) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) { return m[key], nil }

func TestNote(t *testing.T) {
	t.Parallel()
	private := memory{}
	var diags diag.Diagnostics
	if got := tfkit.NoteOf(t.Context(), private, &diags); !reflect.DeepEqual(got, tfkit.Note{}) {
		t.Errorf("a plain create has the note %+v", got)
	}
	want := tfkit.Note{As: "d1", Seen: "d2", Directory: "id", Replaces: "CUSA00A000", Instance: "d1", Grants: map[rolemodel.Email]rolemodel.Declaration{"a@b.example": "d3"}}
	want.Put(t.Context(), private, &diags)
	if got := tfkit.NoteOf(t.Context(), private, &diags); !reflect.DeepEqual(got, want) || !got.Foreign() {
		t.Errorf("the note is %+v", got)
	}
	wire, err := json.Marshal(private)
	if err != nil {
		t.Fatal(err)
	}
	if got := tfkit.NoteIn(wire); !reflect.DeepEqual(got, want) {
		t.Errorf("on the wire the note is %+v", got)
	}
	expect(t, diags)
	private["note"] = []byte("{")
	tfkit.NoteOf(t.Context(), private, &diags)
	expect(t, diags, "Error @ -: Unable to read the state / What the provider noted in it cannot be read. Restore the state from a backup, or import the resource again.")
}

func TestDeclare(t *testing.T) {
	t.Parallel()
	var session tfkit.Session
	var diags diag.Diagnostics
	for _, what := range []string{"the tenant \"CUSA00A000\"", "the tenant \"CUSB00B000\""} {
		for range 2 { // Terraform plans an instance more than once.
			if !session.Declare(what, "one", &diags) {
				t.Errorf("one instance declares %s twice", what)
			}
		}
	}
	expect(t, diags)
	if session.Declare("the tenant \"CUSA00A000\"", "other", &diags) {
		t.Error("two instances declare a tenant")
	}
	expect(t, diags, `Error @ -: Declared twice / Another resource of this configuration declares the tenant "CUSA00A000" too, so neither would ever have its way. Keep one of them.`)
}

func TestConfigure(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	if tfkit.Configure(nil, &diags) != nil || diags.HasError() {
		t.Error("without provider data there is neither a session nor an error")
	}
	if tfkit.Configure(&tfkit.Session{Unconfigured: "Choose one."}, &diags) != nil {
		t.Error("a session without a directory is handed out")
	}
	expect(t, diags, "Error @ -: No directory is configured / Choose one.")
	var session tfkit.Session
	if !session.Once("a") || session.Once("a") || !session.Once("b") {
		t.Error("Once is not once")
	}
}
