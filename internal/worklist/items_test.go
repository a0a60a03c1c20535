package worklist_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

var (
	auditor = rolemodel.Role{TenantID: "CUSA01A001", ID: "auditor", Name: "Auditor", SecurityPermission: rolemodel.CannotManageRoles}
	partner = &rolemodel.Partner{AccountCode: "CMSP", Name: "MSP", Domains: []rolemodel.Domain{"msp.example"}, PartnerPortal: true}
	alder   = rolemodel.Tenant{
		AccountCode: "CUSA01A001", Name: "Alder Legal", PartnerID: "CMSP", PrimaryDomain: "alder.example",
		InternalDomains: []rolemodel.Domain{"alder.example", "other.example"}, InitialAdminEmail: "msp_alder@alder.example",
	}
)

func grant(email rolemodel.Email, role rolemodel.RoleID) rolemodel.ExternalAdmin {
	return rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: email, RoleID: role}
}

func until(expires rolemodel.Time, admin rolemodel.ExternalAdmin) rolemodel.ExternalAdmin {
	admin.ExpiresAt = expires
	return admin
}

func saw(email rolemodel.Email, name string) rolemodel.ObservedAdmin {
	return rolemodel.ObservedAdmin{Email: email, RoleName: name, Sighting: rolemodel.Sighting{At: "2026-11-24T12:00:00Z", By: "me", Means: rolemodel.MeansFile}}
}

func confirmed(role rolemodel.Role, id rolemodel.RoleID) rolemodel.ObservedRole {
	return rolemodel.ObservedRole{Name: role.Name, ID: id, Definition: rolemodel.RoleDefinition(&role)}
}

func TestItems(t *testing.T) {
	const past, future = rolemodel.Time("2026-11-25T11:59:59Z"), rolemodel.Time("2026-11-25T12:00:01Z")
	const complete = rolemodel.Time("2026-11-24T12:00:00Z")
	renamed := auditor
	renamed.Name = "Reader"
	for name, test := range map[string]struct {
		roles  []rolemodel.Role
		admins []rolemodel.ExternalAdmin
		seen   *rolemodel.Observation
		want   []string
	}{
		"nothing":               {seen: &rolemodel.Observation{CompleteAt: complete}},
		"never observed":        {want: []string{"never_observed"}},
		"observed in part":      {seen: &rolemodel.Observation{Admins: []rolemodel.ObservedAdmin{saw("anna@msp.example", "")}}, want: []string{"never_observed"}},
		"not there":             {admins: []rolemodel.ExternalAdmin{grant("anna@msp.example", "reviewer")}, seen: &rolemodel.Observation{CompleteAt: complete}, want: []string{"add_admin anna@msp.example to Reviewer"}},
		"seen not to be there":  {admins: []rolemodel.ExternalAdmin{grant("anna@msp.example", "reviewer")}, seen: &rolemodel.Observation{CompleteAt: complete, Admins: []rolemodel.ObservedAdmin{saw("anna@msp.example", "")}}, want: []string{"add_admin anna@msp.example to Reviewer"}},
		"there":                 {admins: []rolemodel.ExternalAdmin{grant("anna@msp.example", "reviewer")}, seen: &rolemodel.Observation{CompleteAt: complete, Admins: []rolemodel.ObservedAdmin{saw("anna@msp.example", "REVIEWER")}}},
		"another role":          {admins: []rolemodel.ExternalAdmin{grant("anna@msp.example", "reviewer")}, seen: &rolemodel.Observation{CompleteAt: complete, Admins: []rolemodel.ObservedAdmin{saw("anna@msp.example", "Full Administrator")}}, want: []string{"change_admin_role anna@msp.example from Full Administrator to Reviewer"}},
		"undeclared":            {seen: &rolemodel.Observation{CompleteAt: complete, Admins: []rolemodel.ObservedAdmin{saw("eve@evil.example", "Full Administrator")}}, want: []string{"undeclared_admin eve@evil.example from Full Administrator since 2026-11-24T12:00:00Z"}},
		"the tenant's own":      {seen: &rolemodel.Observation{CompleteAt: complete, Admins: []rolemodel.ObservedAdmin{saw("msp_alder@alder.example", "Basic Administrator"), saw("it@other.example", "Super Administrator")}}},
		"expired, there":        {admins: []rolemodel.ExternalAdmin{until(past, grant("anna@msp.example", "reviewer"))}, seen: &rolemodel.Observation{CompleteAt: complete, Admins: []rolemodel.ObservedAdmin{saw("anna@msp.example", "Basic Administrator")}}, want: []string{"remove_admin anna@msp.example from Basic Administrator since 2026-11-25T11:59:59Z"}},
		"expired, may be there": {admins: []rolemodel.ExternalAdmin{until(past, grant("anna@msp.example", "reviewer"))}, want: []string{"remove_admin anna@msp.example from Reviewer since 2026-11-25T11:59:59Z", "never_observed"}},
		"expired, not there":    {admins: []rolemodel.ExternalAdmin{until(past, grant("anna@msp.example", "reviewer"))}, seen: &rolemodel.Observation{CompleteAt: complete}},
		"expired, seen to be gone, of a tenant seen in part": {admins: []rolemodel.ExternalAdmin{until(past, grant("anna@msp.example", "reviewer"))}, seen: &rolemodel.Observation{Admins: []rolemodel.ObservedAdmin{saw("anna@msp.example", "")}}, want: []string{"never_observed"}},
		"not yet expired":         {admins: []rolemodel.ExternalAdmin{until(future, grant("anna@msp.example", "reviewer"))}, seen: &rolemodel.Observation{CompleteAt: complete}, want: []string{"add_admin anna@msp.example to Reviewer"}},
		"role never seen":         {roles: []rolemodel.Role{auditor}, seen: &rolemodel.Observation{CompleteAt: complete}, want: []string{"create_role auditor to Auditor"}},
		"role seen to be gone":    {roles: []rolemodel.Role{auditor}, seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{{Name: "Auditor", Absent: true}}}, want: []string{"create_role auditor to Auditor"}},
		"role seen by name":       {roles: []rolemodel.Role{auditor}, seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{{Name: "AUDITOR"}}}, want: []string{"edit_role auditor from AUDITOR to Auditor"}},
		"role as confirmed":       {roles: []rolemodel.Role{auditor}, seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{confirmed(auditor, "auditor")}}},
		"role edited since":       {roles: []rolemodel.Role{auditor}, seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{{Name: "Auditor", ID: "auditor", Definition: "of old"}}}, want: []string{"edit_role auditor from Auditor to Auditor"}},
		"role renamed":            {roles: []rolemodel.Role{renamed}, seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{confirmed(auditor, "auditor")}}, want: []string{"edit_role auditor from Auditor to Reader"}},
		"holder of it":            {roles: []rolemodel.Role{renamed}, admins: []rolemodel.ExternalAdmin{grant("anna@msp.example", "auditor")}, seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{confirmed(auditor, "auditor")}, Admins: []rolemodel.ObservedAdmin{saw("anna@msp.example", "Auditor")}}, want: []string{"edit_role auditor from Auditor to Reader"}},
		"role not ours":           {seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{{Name: "Their Admins"}}}},
		"role not declared":       {seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{confirmed(auditor, "auditor")}}, want: []string{"delete_role auditor from Auditor"}},
		"another role of a name":  {roles: []rolemodel.Role{auditor}, seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{confirmed(auditor, "former")}}, want: []string{"create_role auditor to Auditor", "delete_role former from Auditor"}},
		"a holder of that former": {roles: []rolemodel.Role{auditor}, admins: []rolemodel.ExternalAdmin{grant("anna@msp.example", "auditor")}, seen: &rolemodel.Observation{CompleteAt: complete, Roles: []rolemodel.ObservedRole{confirmed(auditor, "former")}, Admins: []rolemodel.ObservedAdmin{saw("anna@msp.example", "Auditor")}}, want: []string{"create_role auditor to Auditor", "change_admin_role anna@msp.example from Auditor to Auditor", "delete_role former from Auditor"}},
	} {
		t.Run(name, func(t *testing.T) {
			items := worklist.Items(now, []worklist.State{{Tenant: alder, Partner: partner, Roles: test.roles, Admins: test.admins, Seen: test.seen}})
			var got []string
			for _, item := range items {
				got = append(got, written(item))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func written(item worklist.Item) string {
	text := string(item.Kind)
	for _, part := range [][2]string{{"", cmp.Or(string(item.Person), string(item.RoleID))}, {"from ", item.From}, {"to ", item.To}, {"since ", string(item.Since)}} {
		if part[1] != "" {
			text += " " + part[0] + part[1]
		}
	}
	return text
}

// TestIDs: an item keeps its ID as long as it means the same.
func TestIDs(t *testing.T) {
	id := func(s worklist.State) string {
		t.Helper()
		s.Tenant = alder
		items := worklist.Items(now, []worklist.State{s})
		if len(items) != 1 || len(items[0].ID) != 12 || strings.Trim(items[0].ID, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Fatalf("%+v", items)
		}
		return items[0].ID
	}
	seen := func(admins ...rolemodel.ObservedAdmin) *rolemodel.Observation {
		return &rolemodel.Observation{CompleteAt: now, Admins: admins}
	}
	anna := []rolemodel.ExternalAdmin{grant("anna@msp.example", "reviewer")}
	add := id(worklist.State{Admins: anna, Seen: seen()})
	change := id(worklist.State{Admins: anna, Seen: seen(saw("anna@msp.example", "Basic Administrator"))})
	remove := id(worklist.State{Seen: seen(saw("anna@msp.example", "Reviewer"))})
	if again := id(worklist.State{Admins: anna, Seen: seen(saw("anna@msp.example", "Full Administrator"))}); again != change {
		t.Errorf("the same change from another role is %s and %s", change, again)
	}
	expired := []rolemodel.ExternalAdmin{until(now, grant("anna@msp.example", "reviewer"))}
	if again := id(worklist.State{Admins: expired, Seen: seen(saw("anna@msp.example", "Reviewer"))}); again != remove {
		t.Errorf("the same removal, of somebody expired, is %s and %s", remove, again)
	}
	edited := auditor
	edited.Description = "Reads."
	all := []string{
		add, change, remove, id(worklist.State{}),
		id(worklist.State{Admins: []rolemodel.ExternalAdmin{grant("anna@msp.example", "basic-admin")}, Seen: seen()}),
		id(worklist.State{Admins: []rolemodel.ExternalAdmin{grant("ben@msp.example", "reviewer")}, Seen: seen()}),
		id(worklist.State{Roles: []rolemodel.Role{auditor}, Seen: seen()}), id(worklist.State{Roles: []rolemodel.Role{edited}, Seen: seen()}),
	}
	if slices.Sort(all); len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("of %q two are the same", all)
	}
}

// TestConfirmRefuses names the item that has to be done as well.
func TestConfirmRefuses(t *testing.T) {
	former := confirmed(auditor, "former")
	state := worklist.State{
		Tenant: alder, Roles: []rolemodel.Role{auditor}, Admins: []rolemodel.ExternalAdmin{grant("anna@msp.example", "auditor")},
		Seen: &rolemodel.Observation{CompleteAt: now, Roles: []rolemodel.ObservedRole{former}, Admins: []rolemodel.ObservedAdmin{saw("anna@msp.example", "Auditor")}},
	}
	items := worklist.Items(now, []worklist.State{state})
	for i, want := range []string{
		`gives a role of CUSA01A001 the name "Auditor", which the role "former" had when it was last seen: confirm the item that renames or deletes that one as well`,
		`gives anna@msp.example the role "Auditor" of CUSA01A001, and another role had that name when it was last seen: confirm the items about those roles as well`,
		`deletes the role "Auditor" of CUSA01A001, which anna@msp.example held when last seen: confirm the item about anna@msp.example as well`,
	} {
		_, err := worklist.Confirm(now, []worklist.State{state}, items[i:i+1])
		if err == nil || err.Error() != fmt.Sprintf("item %s %s", items[i].ID, want) {
			t.Errorf("got  %v\nwant item %s %s", err, items[i].ID, want)
		}
	}
	if _, err := worklist.Confirm(now, []worklist.State{state}, items); err != nil {
		t.Error(err)
	}
}

// TestPortalKnowsWhoHoldsNothing: where not all external admins were seen, somebody
// may hold another role, which the Partner Portal does not change.
func TestPortalKnowsWhoHoldsNothing(t *testing.T) {
	for completeAt, want := range map[rolemodel.Time]worklist.Place{"": worklist.Console, now: worklist.Portal} {
		states := []worklist.State{{
			Tenant: alder, Partner: partner, Admins: []rolemodel.ExternalAdmin{grant("anna@msp.example", rolemodel.PartnerAdmin)},
			Seen: &rolemodel.Observation{CompleteAt: completeAt, Admins: []rolemodel.ObservedAdmin{saw("zoe@msp.example", "Partner Administrator")}},
		}}
		items := slices.DeleteFunc(worklist.Items(now, states), func(i worklist.Item) bool { return i.Person != "anna@msp.example" })
		if passes := worklist.Passes(states, items); len(passes) != 1 || passes[0].Place != want {
			t.Errorf("seen completely at %q: got %+v, want %s", completeAt, passes, want)
		}
	}
}
