// Command listschemas adds the schemas of the provider's list resources to what
// `tofu providers schema -json` prints, from standard input to standard output:
// OpenTofu has no list resources and leaves them out, and the documentation is
// generated from it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider"
)

func main() {
	if err := add(context.Background(), os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func add(ctx context.Context, in io.Reader, out io.Writer) error {
	var document struct {
		FormatVersion   string                                `json:"format_version"`
		ProviderSchemas map[string]map[string]json.RawMessage `json:"provider_schemas"`
	}
	if err := json.NewDecoder(in).Decode(&document); err != nil {
		return err
	}
	if len(document.ProviderSchemas) != 1 {
		return errors.New("there is not exactly one provider")
	}
	schemas, err := provider.NewServer("docs").GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	lists := map[string]any{}
	for name, schema := range schemas.ListResourceSchemas {
		if lists[name], err = listed(schema); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	encoded, err := json.Marshal(lists)
	if err != nil {
		return err
	}
	for name := range document.ProviderSchemas {
		document.ProviderSchemas[name]["list_resource_schemas"] = encoded
	}
	return json.NewEncoder(out).Encode(document)
}

// listed is a schema as Terraform 1.14 prints it. List blocks have attributes only.
func listed(schema *tfprotov6.Schema) (map[string]any, error) {
	if len(schema.Block.BlockTypes) > 0 {
		return nil, errors.New("the schema has nested blocks, which this command does not know")
	}
	attributes := map[string]any{}
	for _, a := range schema.Block.Attributes {
		var ty any
		switch {
		case a.Type == nil: // It is nested.
		case a.Type.Is(tftypes.String):
			ty = "string"
		case a.Type.Is(tftypes.List{ElementType: tftypes.String}):
			ty = []string{"list", "string"}
		}
		if ty == nil {
			return nil, fmt.Errorf("%s is neither a text nor a list of texts, and this command knows no others", a.Name)
		}
		attribute := map[string]any{"type": ty, "description": a.Description, "description_kind": "markdown"}
		if a.Optional {
			attribute["optional"] = true
		}
		if a.Required {
			attribute["required"] = true
		}
		attributes[a.Name] = attribute
	}
	return map[string]any{
		"version": schema.Version,
		"block":   map[string]any{"attributes": attributes, "description": schema.Block.Description, "description_kind": "markdown"},
	}, nil
}
