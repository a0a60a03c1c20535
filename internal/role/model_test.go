package role

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var permissions = tfkit.SetOf(tfkit.PermissionType())

func permissionSet(values ...string) tfkit.Set {
	return tfkit.SetFrom(tfkit.PermissionType(), values, permissions.Null())
}

func full() model {
	return model{
		ID:                       types.StringValue("r1"),
		TenantID:                 tfkit.AccountCodeType().Value("CUSA01A001"),
		Name:                     types.StringValue("Tier 2 Admin"),
		Description:              types.StringValue("Second line"),
		SecurityPermission:       types.StringValue("manage_application_roles"),
		ApplicationPermissions:   permissionSet("Directories | Groups | Edit"),
		ProtectedPermissions:     permissionSet("Archive | Search Content View"),
		AllowUnlistedPermissions: types.BoolValue(true),
		Protected:                types.BoolValue(true),
		Declared:                 types.BoolValue(true),
	}
}

func entry() rolemodel.Role {
	return rolemodel.Role{
		TenantID: "CUSA01A001", ID: "r1", Name: "Tier 2 Admin", Description: "Second line", SecurityPermission: rolemodel.ManageApplicationRoles,
		CarriesProtected: true, AllowUnlistedPermissions: true,
		ApplicationPermissions: []rolemodel.Permission{"Directories | Groups | Edit"}, ProtectedPermissions: []rolemodel.Permission{"Archive | Search Content View"},
	}
}

func TestModelBothWays(t *testing.T) {
	t.Parallel()
	if got := full().toDirectory(); !reflect.DeepEqual(got, entry()) {
		t.Errorf("to the directory: %+v", got)
	}
	if got := full().fromDirectory(entry(), full().Declared.ValueBool()); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", full()) {
		t.Errorf("from the directory: %+v", got)
	}
	if !full().known() {
		t.Error("it is known")
	}
}

func TestModelNullUnknownEmpty(t *testing.T) {
	t.Parallel()
	none := func(r *rolemodel.Role) {
		r.ProtectedPermissions, r.CarriesProtected = nil, false
	}
	for name, c := range map[string]struct {
		change func(*model)
		want   func(*rolemodel.Role)
		known  bool
	}{
		"unknown ID":          {func(m *model) { m.ID = types.StringUnknown() }, func(r *rolemodel.Role) { r.ID = "" }, true},
		"unknown name":        {func(m *model) { m.Name = types.StringUnknown() }, func(r *rolemodel.Role) { r.Name = "" }, false},
		"no description":      {func(m *model) { m.Description = types.StringNull() }, func(r *rolemodel.Role) { r.Description = "" }, true},
		"unknown description": {func(m *model) { m.Description = types.StringUnknown() }, func(r *rolemodel.Role) { r.Description = "" }, false},
		"unknown security":    {func(m *model) { m.SecurityPermission = types.StringUnknown() }, func(r *rolemodel.Role) { r.SecurityPermission = "" }, false},
		"unknown application": {func(m *model) { m.ApplicationPermissions = permissions.Unknown() }, func(r *rolemodel.Role) { r.ApplicationPermissions = nil }, false},
		"unknown protected":   {func(m *model) { m.ProtectedPermissions = permissions.Unknown() }, none, false},
		// Unlisted ones are let through until it is known whether they are allowed.
		"unknown unlisted":                 {func(m *model) { m.AllowUnlistedPermissions = types.BoolUnknown() }, func(r *rolemodel.Role) { r.AllowUnlistedPermissions = true }, false},
		"not given, as in a configuration": {func(m *model) { m.AllowUnlistedPermissions = types.BoolNull() }, func(r *rolemodel.Role) { r.AllowUnlistedPermissions = false }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, want := full(), entry()
			c.change(&m)
			c.want(&want)
			if got := m.toDirectory(); !reflect.DeepEqual(got, want) {
				t.Errorf("to the directory: %+v, want %+v", got, want)
			}
			if m.known() != c.known {
				t.Errorf("known is %v", !c.known)
			}
		})
	}
}

// A description that the directory does not have is what the configuration says it is.
func TestModelNoDescription(t *testing.T) {
	t.Parallel()
	bare := rolemodel.Role{TenantID: "CUSA01A001", ID: "r1", Name: "A"}
	for name, c := range map[string]struct{ prior, want types.String }{
		"null":    {types.StringNull(), types.StringNull()},
		"empty":   {types.StringValue(""), types.StringValue("")},
		"drifted": {types.StringValue("Second line"), types.StringValue("")},
	} {
		if got := (model{Description: c.prior}).fromDirectory(bare, false).Description; !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	got := (model{}).fromDirectory(bare, false)
	if !got.ApplicationPermissions.IsNull() || !got.ProtectedPermissions.IsNull() || got.Protected.ValueBool() {
		t.Errorf("imported: %+v", got)
	}
}

// A role whose name lacks "Admin" is allowed and probably not meant.
func TestValidateAdvises(t *testing.T) {
	t.Parallel()
	r := &roleResource{}
	var schema resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
	validate := func(m model) diag.Diagnostics {
		state := tfsdk.State{Schema: schema.Schema, Raw: tftypes.NewValue(schema.Schema.Type().TerraformType(t.Context()), nil)}
		if diags := state.Set(t.Context(), m); diags.HasError() {
			t.Fatal(diags)
		}
		var resp resource.ValidateConfigResponse
		r.ValidateConfig(t.Context(), resource.ValidateConfigRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: state.Raw}}, &resp)
		return resp.Diagnostics
	}
	if diags := validate(full()); len(diags) > 0 {
		t.Error(diags)
	}
	support := full()
	support.Name = types.StringValue("Tier 2")
	diags := validate(support)
	if len(diags) != 1 || diags[0].Severity() != diag.SeverityWarning || diags[0].Summary() != `Check name of the role` ||
		diags[0].Detail() != "For the role \"Tier 2\":\n\nHolders of a role named \"Tier 2\" cannot open Mimecast's Support portal: the name of the role must contain \"Admin\".\n\nCall it \"Tier 2 Administrator\", for example, if they should." {
		t.Error(diags)
	}
	unknown := full()
	unknown.Name, unknown.ApplicationPermissions = types.StringUnknown(), permissions.Unknown()
	if diags := validate(unknown); len(diags) > 0 {
		t.Error(diags)
	}
}
