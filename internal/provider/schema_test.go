package provider_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	mimecast "github.com/msp-as-code/terraform-provider-mimecast/internal/provider"
)

// schemas is the provider's schema as Terraform gets it.
func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	response, err := mimecast.NewServer("test").GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range response.Diagnostics {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	return response
}

// blocks are all schemas by name.
func blocks(t *testing.T) map[string]*tfprotov6.SchemaBlock {
	t.Helper()
	response := schemas(t)
	all := map[string]*tfprotov6.SchemaBlock{"provider": response.Provider.Block}
	for name, s := range response.ResourceSchemas {
		all["resource "+name] = s.Block
	}
	for name, s := range response.DataSourceSchemas {
		all["data "+name] = s.Block
	}
	return all
}

// walk calls f with every attribute, nested ones included, by path.
func walk(path string, attributes []*tfprotov6.SchemaAttribute, f func(path string, a *tfprotov6.SchemaAttribute)) {
	for _, a := range attributes {
		f(path+"."+a.Name, a)
		if a.NestedType != nil {
			walk(path+"."+a.Name, a.NestedType.Attributes, f)
		}
	}
}

func TestSchemasAreValid(t *testing.T) {
	ctx := context.Background()
	p := mimecast.New("test")()
	var providerSchema provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &providerSchema)
	if d := providerSchema.Schema.ValidateImplementation(ctx); d.HasError() {
		t.Errorf("provider: %v", d)
	}
	for _, create := range p.Resources(ctx) {
		r := create()
		var named resource.MetadataResponse
		var got resource.SchemaResponse
		r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "mimecast"}, &named)
		r.Schema(ctx, resource.SchemaRequest{}, &got)
		if d := got.Schema.ValidateImplementation(ctx); d.HasError() {
			t.Errorf("%s: %v", named.TypeName, d)
		}
		identified, ok := r.(resource.ResourceWithIdentity)
		if !ok {
			t.Errorf("%s has no identity", named.TypeName)
			continue
		}
		var identity resource.IdentitySchemaResponse
		identified.IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &identity)
		if d := identity.IdentitySchema.ValidateImplementation(ctx); d.HasError() {
			t.Errorf("identity of %s: %v", named.TypeName, d)
		}
		for name, a := range identity.IdentitySchema.Attributes {
			if !strings.HasSuffix(a.GetDescription(), ".") {
				t.Errorf("identity of %s: %s is not described in sentences: %q", named.TypeName, name, a.GetDescription())
			}
		}
		if _, ok := r.(resource.ResourceWithImportState); !ok {
			t.Errorf("%s cannot be imported", named.TypeName)
		}
	}
	for _, create := range p.DataSources(ctx) {
		d := create()
		var named datasource.MetadataResponse
		var got datasource.SchemaResponse
		d.Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "mimecast"}, &named)
		d.Schema(ctx, datasource.SchemaRequest{}, &got)
		if d := got.Schema.ValidateImplementation(ctx); d.HasError() {
			t.Errorf("data source %s: %v", named.TypeName, d)
		}
	}
}

func TestEverythingIsDescribed(t *testing.T) {
	for name, block := range blocks(t) {
		if !strings.HasSuffix(block.Description, ".") {
			t.Errorf("%s is not described in sentences: %q", name, block.Description)
		}
		walk(name, block.Attributes, func(path string, a *tfprotov6.SchemaAttribute) {
			if !strings.HasSuffix(a.Description, ".") {
				t.Errorf("%s is not described in sentences: %q", path, a.Description)
			}
		})
		if len(block.BlockTypes) > 0 {
			t.Errorf("%s has blocks: nested attributes take expressions and null", name)
		}
	}
}

// TestSensitive is the list of what Terraform hides. Whoever adds to it or
// takes from it says so here.
func TestSensitive(t *testing.T) {
	want := []string{"provider.client_secret", "provider.directory"}
	var got []string
	for name, block := range blocks(t) {
		walk(name, block.Attributes, func(path string, a *tfprotov6.SchemaAttribute) {
			if a.Sensitive || a.WriteOnly {
				got = append(got, path)
			}
		})
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("sensitive are %q, want %q", got, want)
	}
}

// TestNoSetsOfObjects guards the plan time of large configurations: Terraform
// plans sets of objects in quadratic time.
func TestNoSetsOfObjects(t *testing.T) {
	for name, block := range blocks(t) {
		walk(name, block.Attributes, func(path string, a *tfprotov6.SchemaAttribute) {
			if a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSet {
				t.Errorf("%s is a set of objects: make it a map", path)
			}
		})
	}
}

// TestEverythingHasAnExample finds the folder of every type, with what the
// documentation shows.
func TestEverythingHasAnExample(t *testing.T) {
	response := schemas(t)
	want := map[string][]string{filepath.Join("provider"): {"provider.tf"}}
	for name := range response.ResourceSchemas {
		want[filepath.Join("resources", name)] = []string{"resource.tf", "import.sh", "import-by-identity.tf"}
	}
	for name := range response.DataSourceSchemas {
		want[filepath.Join("data-sources", name)] = []string{"data-source.tf"}
	}
	for name := range response.Functions {
		want[filepath.Join("functions", name)] = []string{"function.tf"}
	}
	for _, folder := range slices.Sorted(maps.Keys(want)) {
		for _, file := range want[folder] {
			if _, err := os.Stat(filepath.Join(examples, folder, file)); err != nil {
				t.Errorf("there is no examples/%s/%s", filepath.ToSlash(folder), file)
			}
		}
	}
}
