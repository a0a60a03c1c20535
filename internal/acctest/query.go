package acctest

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider"
)

// Found is a result of a list block.
type Found struct {
	Name     string
	Identity map[string]string
	// Resource has the attributes of the resource, nil if they were not asked for.
	Resource map[string]tftypes.Value
}

// Has checks attributes of the resource: texts, booleans and nil for null.
func (f Found) Has(t *testing.T, want map[string]any) {
	t.Helper()
	for name, w := range want {
		got, ok := f.Resource[name]
		if expected := tftypes.NewValue(got.Type(), w); !ok || !got.Equal(expected) {
			t.Errorf("%s has %s = %s, want %v", f.Name, name, got, w)
		}
	}
}

// Query answers a list block of the type as Terraform 1.14 would have it
// answered, whichever Terraform is there: up to limit results, and what the
// errors say. The config has the block's filters; others are null.
func (d Directory) Query(resource string, config map[string]tftypes.Value, limit int64, include bool) ([]Found, []string) {
	d.t.Helper()
	server, ok := provider.NewServer("test").(interface {
		tfprotov6.ProviderServer
		tfprotov6.ListResourceServer
	})
	if !ok {
		d.t.Fatal("the provider's server does not list resources")
	}
	ctx := d.t.Context()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	must(d.t, err)
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	must(d.t, err)
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{
		Config: block(d.t, schemas.Provider, map[string]tftypes.Value{"directory": String(d.Path), "acting_as": String("super-admin")}),
	})
	must(d.t, err)
	if said := texts(configured.Diagnostics); len(said) > 0 {
		return nil, said
	}
	listed := block(d.t, schemas.ListResourceSchemas[resource], config)
	valid, err := server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: resource, Config: listed})
	must(d.t, err)
	if said := texts(valid.Diagnostics); len(said) > 0 {
		return nil, said
	}
	stream, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: resource, Config: listed, Limit: limit, IncludeResource: include})
	must(d.t, err)
	var found []Found
	var said []string
	for result := range stream.Results {
		if problems := texts(result.Diagnostics); len(problems) > 0 {
			said = append(said, problems...)
			continue
		}
		one := Found{Name: result.DisplayName, Identity: map[string]string{}}
		identity := value(d.t, result.Identity.IdentityData, identities.IdentitySchemas[resource].ValueType())
		for name, v := range identity {
			var text string
			must(d.t, v.As(&text))
			one.Identity[name] = text
		}
		if result.Resource != nil {
			one.Resource = value(d.t, result.Resource, schemas.ResourceSchemas[resource].ValueType())
		}
		found = append(found, one)
	}
	return found, said
}

// String is a text in a list block.
func String(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

// Strings is a list of texts in a list block.
func Strings(values ...string) tftypes.Value {
	elements := make([]tftypes.Value, len(values))
	for i, v := range values {
		elements[i] = String(v)
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements)
}

// block encodes a block with some attributes; the others are null.
func block(t *testing.T, schema *tfprotov6.Schema, set map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	object, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatal("a block is not an object")
	}
	values := map[string]tftypes.Value{}
	for name, ty := range object.AttributeTypes {
		values[name] = tftypes.NewValue(ty, nil)
	}
	for name, v := range set {
		if _, known := values[name]; !known {
			t.Fatalf("the block has no %s", name)
		}
		values[name] = v
	}
	encoded, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	must(t, err)
	return &encoded
}

func value(t *testing.T, encoded *tfprotov6.DynamicValue, ty tftypes.Type) map[string]tftypes.Value {
	t.Helper()
	decoded, err := encoded.Unmarshal(ty)
	must(t, err)
	attributes := map[string]tftypes.Value{}
	must(t, decoded.As(&attributes))
	return attributes
}

func texts(diags []*tfprotov6.Diagnostic) []string {
	var said []string
	for _, d := range diags {
		said = append(said, fmt.Sprintf("%s: %s", d.Summary, d.Detail))
	}
	return said
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
