package provider_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// BenchmarkUnchangedGrant is what the provider does for one external admin in
// a plan that changes nothing: validate, upgrade, read and plan.
func BenchmarkUnchangedGrant(b *testing.B) {
	ctx := context.Background()
	file := filepath.Join(b.TempDir(), "bench.directory")
	role, _ := rolemodel.DefaultRole(rolemodel.BasicAdmin)
	db, err := sqldb.New(file)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	d := db.Open(directory.Owner(rolemodel.Actor{Name: "bench", Role: role}))
	if _, err := directory.Create(ctx, d, rolemodel.Partner{AccountCode: "CUSA00A000", Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}}, ""); err != nil {
		b.Fatal(err)
	}
	if _, err := directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CUSA01A001", Name: "Client", PrimaryDomain: "client.example", PartnerID: "CUSA00A000"}, ""); err != nil {
		b.Fatal(err)
	}
	if _, err := directory.Create(ctx, d, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "anna@msp.example", RoleID: rolemodel.HelpDeskAdmin}, ""); err != nil {
		b.Fatal(err)
	}

	server := provider.NewServer("test")
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	dynamic := func(schema *tfprotov6.Schema, values map[string]string) *tfprotov6.DynamicValue {
		object, ok := schema.Block.ValueType().(tftypes.Object)
		if !ok {
			b.Fatal("a block is not an object")
		}
		attributes := map[string]tftypes.Value{}
		for name, typ := range object.AttributeTypes {
			attributes[name] = tftypes.NewValue(typ, nil)
			if value, ok := values[name]; ok {
				attributes[name] = tftypes.NewValue(typ, value)
			}
		}
		v, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, attributes))
		if err != nil {
			b.Fatal(err)
		}
		return &v
	}
	if _, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: dynamic(schemas.Provider, map[string]string{"directory": file})}); err != nil {
		b.Fatal(err)
	}
	const resource = "mimecast_external_admin"
	schema := schemas.ResourceSchemas[resource]
	config := dynamic(schema, map[string]string{"tenant_id": "CUSA01A001", "email": "anna@msp.example", "role_id": "help-desk-admin"})
	state := dynamic(schema, map[string]string{
		"id": "CUSA01A001/anna@msp.example", "tenant_id": "CUSA01A001", "email": "anna@msp.example", "role_id": "help-desk-admin", "role_name": "Help Desk Administrator",
	})
	stored := []byte(`{"id":"CUSA01A001/anna@msp.example","tenant_id":"CUSA01A001","email":"anna@msp.example","role_id":"help-desk-admin","role_name":"Help Desk Administrator"}`)

	b.ReportAllocs()
	for b.Loop() {
		if _, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: resource, Config: config}); err != nil {
			b.Fatal(err)
		}
		if _, err := server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: resource, RawState: &tfprotov6.RawState{JSON: stored}}); err != nil {
			b.Fatal(err)
		}
		read, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: resource, CurrentState: state})
		if err != nil || len(read.Diagnostics) > 0 {
			b.Fatal(err, read.Diagnostics)
		}
		if _, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: resource, Config: config, PriorState: state, ProposedNewState: state, PriorIdentity: read.NewIdentity}); err != nil {
			b.Fatal(err)
		}
	}
}
