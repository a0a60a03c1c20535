package wire_test

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func sent[T any](t *testing.T, in T) T {
	t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var received T
	if err := json.Unmarshal(text, &received); err != nil {
		t.Fatal(err)
	}
	return received
}

// TestReplace: what is not known and what is empty are two things, over the wire too.
func TestReplace(t *testing.T) {
	t.Parallel()
	grants := []rolemodel.ExternalAdmin{{Email: "anna@msp.example", RoleID: rolemodel.BasicAdmin}}
	seen := []rolemodel.ExternalAdmin{{Email: "bert@msp.example", RoleID: rolemodel.Reviewer, Declaration: "d1"}}
	for name, asked := range map[string]directory.Replace{
		"not known":        {Action: directory.ActionUpdate, Admins: grants},
		"nobody was there": {Action: directory.ActionUpdate, Admins: grants, Seen: []rolemodel.ExternalAdmin{}},
		"somebody was":     {Action: directory.ActionUpdate, Admins: grants, Seen: seen},
		"nobody is to be":  {Action: directory.ActionUpdate, Admins: []rolemodel.ExternalAdmin{}, Seen: seen},
		"create":           {Action: directory.ActionCreate, Admins: grants},
		"delete":           {Action: directory.ActionDelete, Seen: seen},
	} {
		in := sent(t, wire.ReplaceOf(&asked))
		if got := in.Replace(); !reflect.DeepEqual(got, asked) {
			t.Errorf("%s: %#v\nwant %#v", name, got, asked)
		}
	}
}

// TestEntries: an input asks for just what the entry says.
func TestEntries(t *testing.T) {
	t.Parallel()
	ranges := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::1/32"), {}}
	partner := rolemodel.Partner{AccountCode: "CP", Name: "P", Program: "msp", PartnerPortal: true, Domains: []rolemodel.Domain{"a.example", ""}, AdminIPRanges: ranges}
	in := sent(t, wire.PartnerOf(&partner))
	if got, err := in.Entity(); err != nil || !reflect.DeepEqual(got, partner) {
		t.Errorf("%#v, %v", got, err)
	}
	tenant := rolemodel.Tenant{
		AccountCode: "CT", Name: "T", Region: "us", PrimaryDomain: "a.example", InternalDomains: []rolemodel.Domain{"b.example"}, PartnerID: "CP", AdminIPRanges: ranges,
	}
	inTenant := sent(t, wire.TenantOf(&tenant))
	if got, err := inTenant.Entity(); err != nil || !reflect.DeepEqual(got, tenant) {
		t.Errorf("%#v, %v", got, err)
	}
	role := rolemodel.Role{
		TenantID: "CT", Name: "R", Description: "D", SecurityPermission: "x", ApplicationPermissions: []rolemodel.Permission{"A | B"},
		ProtectedPermissions: []rolemodel.Permission{"C | D"}, AllowUnlistedPermissions: true,
	}
	inRole := sent(t, wire.RoleOf(&role))
	if got, err := inRole.Entity(); err != nil || !reflect.DeepEqual(got, role) {
		t.Errorf("%#v, %v", got, err)
	}
}

// TestIPRanges: a range that is none hides nothing else that is not well-formed.
func TestIPRanges(t *testing.T) {
	t.Parallel()
	in := wire.PartnerInput{Program: "club", AdminIPRanges: []string{"192.0.2.1", "nonsense", "192.0.2.0/24"}}
	_, err := in.Entity()
	vs, _ := rolemodel.AsViolations(err)
	var got []string
	for _, v := range vs {
		got = append(got, string(v.Rule)+" "+v.Path.String())
	}
	want := []string{"well-formed name", "well-formed program", "well-formed domains", "ip-range admin_ip_ranges", "ip-range admin_ip_ranges"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
