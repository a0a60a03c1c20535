package rolemodel_test

import (
	"net/netip"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestAdvise(t *testing.T) {
	ranges := func(ps ...string) (all []netip.Prefix) {
		for _, p := range ps {
			all = append(all, netip.MustParsePrefix(p))
		}
		return all
	}
	restricted := client()
	restricted.AdminIPRanges = ranges("198.51.100.0/24")
	restrictedPartner := msp()
	restrictedPartner.AdminIPRanges = ranges("192.0.2.0/24")
	const narrower = "Write narrower ranges, or leave admin_ip_ranges out if no restriction is meant."

	for _, tt := range []struct {
		name                  string
		got                   []rolemodel.Advice
		path, problem, remedy string
	}{
		{name: "a name with Admin", got: rolemodel.AdviseRole(customRole("Mail Admin", "cannot_manage_roles"))},
		{name: "a name with administrator", got: rolemodel.AdviseRole(customRole("Mail administrator", "cannot_manage_roles"))},
		{name: "no name yet", got: rolemodel.AdviseRole(&rolemodel.Role{})},
		{
			"a name without Admin", rolemodel.AdviseRole(customRole("Mail Auditor", "cannot_manage_roles")), "name",
			`Holders of a role named "Mail Auditor" cannot open Mimecast's Support portal: the name of the role must contain "Admin".`,
			`Call it "Mail Auditor Administrator", for example, if they should.`,
		},

		{name: "no ranges", got: rolemodel.AdviseIPRanges(nil)},
		{name: "some ranges", got: rolemodel.AdviseIPRanges(ranges("192.0.2.0/24", "2001:db8::/32"))},
		{name: "nearly all", got: rolemodel.AdviseIPRanges(ranges("0.0.0.0/1", "128.0.0.0/2", "::/1"))},
		{name: "all but the first half", got: rolemodel.AdviseIPRanges(ranges("128.0.0.0/1", "8000::/1"))},
		{name: "not a range", got: rolemodel.AdviseIPRanges([]netip.Prefix{{}})},
		{
			"all IPv4", rolemodel.AdviseIPRanges(ranges("192.0.2.0/24", "0.0.0.0/0")), "admin_ip_ranges",
			"The admin IP ranges contain all IPv4 addresses, so they restrict nobody who comes over IPv4.", narrower,
		},
		{
			"all IPv4 in parts", rolemodel.AdviseIPRanges(ranges("128.0.0.0/1", "0.0.0.0/1", "64.0.0.0/2")), "admin_ip_ranges",
			"The admin IP ranges contain all IPv4 addresses, so they restrict nobody who comes over IPv4.", narrower,
		},
		{
			"all IPv4, one range within another", rolemodel.AdviseIPRanges(ranges("0.0.0.0/1", "10.0.0.0/8", "128.0.0.0/1")), "admin_ip_ranges",
			"The admin IP ranges contain all IPv4 addresses, so they restrict nobody who comes over IPv4.", narrower,
		},
		{
			"all IPv6", rolemodel.AdviseIPRanges(ranges("::/0", "192.0.2.0/24")), "admin_ip_ranges",
			"The admin IP ranges contain all IPv6 addresses, so they restrict nobody who comes over IPv6.", narrower,
		},
		{
			"all", rolemodel.AdviseIPRanges(ranges("0.0.0.0/0", "::/1", "8000::/1")), "admin_ip_ranges",
			"The admin IP ranges contain all addresses, so they restrict nothing.", narrower,
		},

		{name: "nobody restricts", got: rolemodel.AdvisePortalSignIn(client(), msp())},
		{name: "both restrict", got: rolemodel.AdvisePortalSignIn(restricted, restrictedPartner)},
		{name: "no tenant known", got: rolemodel.AdvisePortalSignIn(nil, msp())},
		{name: "no partner known", got: rolemodel.AdvisePortalSignIn(restricted, nil)},
		{
			"only the tenant restricts", rolemodel.AdvisePortalSignIn(restricted, msp()), "tenant_id",
			`Tenant "CCLIENT1" restricts sign-in by IP range and its partner Fabrikam MSP does not, so external admins sign in through the Partner Portal from anywhere.`,
			"Set admin_ip_ranges on the partner.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.problem == "" {
				if len(tt.got) > 0 {
					t.Errorf("unexpected advice %+v", tt.got)
				}
				return
			}
			if len(tt.got) != 1 || tt.got[0].Path.String() != tt.path || tt.got[0].Problem != tt.problem || tt.got[0].Remedy != tt.remedy {
				t.Errorf("got %+v\nwant %s: %s %s", tt.got, tt.path, tt.problem, tt.remedy)
			}
		})
	}
}
