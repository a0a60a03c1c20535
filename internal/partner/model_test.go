package partner

import (
	"context"
	"fmt"
	"net/netip"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var (
	domains = tfkit.SetOf(tfkit.DomainType())
	ranges  = tfkit.SetOf(tfkit.PrefixType())
)

func full() model {
	return model{
		ID:            types.StringValue("CUSA00A000"),
		AccountCode:   tfkit.AccountCodeType().Value("CUSA00A000"),
		Name:          types.StringValue("Northwind IT"),
		Program:       types.StringValue("reseller"),
		PartnerPortal: types.BoolValue(false),
		Domains:       tfkit.SetFrom(tfkit.DomainType(), []string{"northwind.example"}, domains.Null()),
		AdminIPRanges: tfkit.SetFrom(tfkit.PrefixType(), []string{"192.0.2.0/24"}, ranges.Null()),
	}
}

func entry() rolemodel.Partner {
	return rolemodel.Partner{
		AccountCode: "CUSA00A000", Name: "Northwind IT", Program: rolemodel.ProgramReseller,
		Domains: []rolemodel.Domain{"northwind.example"}, AdminIPRanges: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
	}
}

func TestModelBothWays(t *testing.T) {
	t.Parallel()
	if got := full().toDirectory(); !reflect.DeepEqual(got, entry()) {
		t.Errorf("to the directory: %+v", got)
	}
	if got := full().fromDirectory(entry()); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", full()) {
		t.Errorf("from the directory: %+v", got)
	}
	if !full().known() {
		t.Error("it is known")
	}
}

func TestModelNullUnknownEmpty(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*model)
		want   func(*rolemodel.Partner)
		known  bool
	}{
		"unknown code":     {func(m *model) { m.AccountCode = tfkit.AccountCodeType().Null() }, func(p *rolemodel.Partner) { p.AccountCode = "" }, true},
		"respelled code":   {func(m *model) { m.AccountCode = tfkit.AccountCodeType().Value("cusa00a000") }, func(*rolemodel.Partner) {}, true},
		"unknown name":     {func(m *model) { m.Name = types.StringUnknown() }, func(p *rolemodel.Partner) { p.Name = "" }, false},
		"unknown program":  {func(m *model) { m.Program = types.StringUnknown() }, func(p *rolemodel.Partner) { p.Program = "" }, false},
		"unknown portal":   {func(m *model) { m.PartnerPortal = types.BoolUnknown() }, func(p *rolemodel.Partner) { p.PartnerPortal = true }, false},
		"unknown domains":  {func(m *model) { m.Domains = domains.Unknown() }, func(p *rolemodel.Partner) { p.Domains = nil }, false},
		"unknown ranges":   {func(m *model) { m.AdminIPRanges = ranges.Unknown() }, func(p *rolemodel.Partner) { p.AdminIPRanges = nil }, false},
		"no ranges (null)": {func(m *model) { m.AdminIPRanges = ranges.Null() }, func(p *rolemodel.Partner) { p.AdminIPRanges = []netip.Prefix{} }, true},
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
	without := entry()
	without.AdminIPRanges = nil
	if got := full().fromDirectory(without); !got.AdminIPRanges.IsNull() {
		t.Errorf("no ranges are %v, want null", got.AdminIPRanges)
	}
	if got := (model{}).fromDirectory(entry()); got.AdminIPRanges.IsNull() || got.ID.ValueString() != "CUSA00A000" {
		t.Errorf("imported: %+v", got)
	}
}

// A range that contains all addresses is allowed and probably not meant.
func TestPlanAdvises(t *testing.T) {
	t.Parallel()
	db, err := sqldb.New(t.TempDir() + "/test.directory")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	role, _ := rolemodel.DefaultRole(rolemodel.BasicAdmin)
	actor := rolemodel.Actor{Name: "test", Role: role}
	d := db.Open(directory.Owner(actor))
	who := func(context.Context) (rolemodel.Actor, error) { return actor, nil }
	r := &partnerResource{session: &tfkit.Session{Directory: d, Planned: tfkit.NewPlanned(d), Who: who}}
	var schema resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
	null := tftypes.NewValue(schema.Schema.Type().TerraformType(t.Context()), nil)
	planned := resourceModel{model: full()}
	planned.AdminIPRanges = tfkit.SetFrom(tfkit.PrefixType(), []string{"0.0.0.0/0"}, ranges.Null())
	plan := tfsdk.Plan{Schema: schema.Schema, Raw: null}
	if diags := plan.Set(t.Context(), planned); diags.HasError() {
		t.Fatal(diags)
	}
	resp := resource.ModifyPlanResponse{Plan: plan}
	r.ModifyPlan(t.Context(), resource.ModifyPlanRequest{Plan: plan, State: tfsdk.State{Schema: schema.Schema, Raw: null}}, &resp)
	want := "For the partner \"CUSA00A000\":\n\nThe admin IP ranges contain all IPv4 addresses, so they restrict nobody who comes over IPv4.\n\nWrite narrower ranges, or leave admin_ip_ranges out if no restriction is meant."
	if d := resp.Diagnostics; len(d) != 1 || d[0].Severity() != diag.SeverityWarning || d[0].Summary() != "Check admin_ip_ranges of the partner" || d[0].Detail() != want {
		t.Errorf("got %v", resp.Diagnostics)
	}
}
