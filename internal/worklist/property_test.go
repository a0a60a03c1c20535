package worklist_test

import (
	"fmt"
	"math/bits"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

const now = rolemodel.Time("2026-11-25T12:00:00Z")

// Generators. They draw from small pools, so that what was seen and what is
// declared meet, under the same and under other names.
var (
	roleNames = []string{"Auditor", "Reader", "Writer"}
	anyRole   = func(tenant rolemodel.AccountCode, id rolemodel.RoleID, name string) *rapid.Generator[rolemodel.Role] {
		return rapid.Custom(func(t *rapid.T) rolemodel.Role {
			return rolemodel.Role{
				TenantID: tenant, ID: id, Name: name, Description: rapid.SampledFrom([]string{"", "Reads."}).Draw(t, "description"),
				SecurityPermission: rolemodel.CannotManageRoles, Retired: rapid.Bool().Draw(t, "retired"),
			}
		})
	}
	anyAdmin   = rapid.SampledFrom([]rolemodel.Email{"anna@msp.example", "ben@msp.example", "carl@msp.example", "dora@other.example"})
	anyExpiry  = rapid.SampledFrom([]rolemodel.Time{"", "", "2026-11-25T12:00:00Z", "2026-11-25T12:00:01Z"})
	anyPartner = rapid.Custom(func(t *rapid.T) *rolemodel.Partner {
		return &rolemodel.Partner{AccountCode: "CMSP", Domains: []rolemodel.Domain{"msp.example"}, PartnerPortal: rapid.Bool().Draw(t, "portal")}
	})
	anyState = func(code rolemodel.AccountCode) *rapid.Generator[worklist.State] {
		return rapid.Custom(func(t *rapid.T) worklist.State {
			s := worklist.State{Tenant: rolemodel.Tenant{
				AccountCode: code, Name: rapid.SampledFrom([]string{"Alder", "ALDER", "Birch"}).Draw(t, "name"), PartnerID: "CMSP",
				InternalDomains: []rolemodel.Domain{"client.example"}, InitialAdminEmail: "msp_client@client.example",
			}, Partner: anyPartner.Draw(t, "partner")}
			names := rapid.Permutation(roleNames).Draw(t, "role names")
			ids := []rolemodel.RoleID{rolemodel.PartnerAdmin, rolemodel.Reviewer}
			for i, id := range []rolemodel.RoleID{"one", "two", "three"} {
				if rapid.Bool().Draw(t, "declared") {
					s.Roles, ids = append(s.Roles, anyRole(code, id, names[i]).Draw(t, "role")), append(ids, id)
				}
			}
			for _, email := range rapid.SliceOfDistinct(anyAdmin, rapid.ID).Draw(t, "admins") {
				s.Admins = append(s.Admins, rolemodel.ExternalAdmin{TenantID: code, Email: email, RoleID: rapid.SampledFrom(ids).Draw(t, "grant"), ExpiresAt: anyExpiry.Draw(t, "expiry")})
			}
			if rapid.Bool().Draw(t, "observed") {
				s.Seen = anyObservation(s.Roles).Draw(t, "observation")
			}
			return s
		})
	}
	anyObservation = func(roles []rolemodel.Role) *rapid.Generator[*rolemodel.Observation] {
		return rapid.Custom(func(t *rapid.T) *rolemodel.Observation {
			o := &rolemodel.Observation{CompleteAt: rapid.SampledFrom([]rolemodel.Time{"", "2026-11-24T12:00:00Z"}).Draw(t, "complete")}
			ids := rapid.Permutation([]rolemodel.RoleID{"one", "two", "three", "four"}).Draw(t, "seen roles")
			for i, name := range append([]string{"Former"}, roleNames...) {
				line := rolemodel.ObservedRole{Name: rapid.SampledFrom([]string{name, strings.ToUpper(name)}).Draw(t, "spelling")}
				switch rapid.SampledFrom([]string{"not seen", "absent", "by name", "confirmed", "as it is"}).Draw(t, "how") {
				case "not seen":
					continue
				case "absent":
					line.Absent = true
				case "confirmed":
					line.ID, line.Definition = ids[i], "of old"
				case "as it is":
					j := slices.IndexFunc(roles, func(r rolemodel.Role) bool {
						return r.ID == ids[i] && rolemodel.FoldName(r.Name) == rolemodel.FoldName(name)
					})
					if j < 0 {
						continue
					}
					line.Name, line.ID, line.Definition = roles[j].Name, ids[i], rolemodel.RoleDefinition(&roles[j])
				}
				o.Roles = append(o.Roles, line)
			}
			everybody := rapid.OneOf(anyAdmin, rapid.SampledFrom([]rolemodel.Email{"it@client.example", "msp_client@client.example"}))
			for _, email := range rapid.SliceOfDistinct(everybody, rapid.ID).Draw(t, "seen") {
				name := rapid.SampledFrom([]string{"", "Partner Administrator", "REVIEWER", "Auditor", "reader", "Writer", "Former", "Unheard of"}).Draw(t, "role name")
				o.Admins = append(o.Admins, rolemodel.ObservedAdmin{Email: email, RoleName: name})
			}
			return o
		})
	}
	anyStates = rapid.Custom(func(t *rapid.T) []worklist.State {
		return []worklist.State{anyState("CUSA01A001").Draw(t, "first"), anyState("CUSA02A002").Draw(t, "second"), anyState("CUSA03A003").Draw(t, "third")}
	})
)

// observe is what a directory makes of sights.
func observe(states []worklist.State, sights []worklist.Sight) []worklist.State {
	return worklist.Observed(states, sights, rolemodel.Sighting{At: now, Means: rolemodel.MeansConfirmation})
}

func ids(items []worklist.Item) []string {
	all := []string{}
	for _, item := range items {
		all = append(all, item.ID)
	}
	slices.Sort(all)
	return all
}

// TestAllDone: doing everything leaves nothing, and Mimecast as it is declared.
func TestAllDone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := anyStates.Draw(t, "states")
		sights, err := worklist.Confirm(now, states, worklist.Items(now, states))
		if err != nil {
			t.Fatal(err)
		}
		after := observe(states, sights)
		if left := worklist.Items(now, after); len(left) > 0 {
			t.Fatalf("left: %+v", left)
		}
		for _, s := range after {
			if got, want := there(s), declared(s); !reflect.DeepEqual(got, want) {
				t.Fatalf("at Mimecast %v, declared %v", got, want)
			}
		}
	})
}

// there and declared are the external admins and custom roles of a tenant, as people see them.
func there(s worklist.State) map[string]string {
	all := map[string]string{}
	for _, a := range s.Seen.Admins {
		if a.RoleName != "" && a.Email.Domain() != "client.example" {
			all[string(a.Email)] = rolemodel.FoldName(a.RoleName)
		}
	}
	for _, r := range s.Seen.Roles {
		if !r.Absent && r.ID != "" { // Others are the client's own.
			all[r.Name] = r.Definition
		}
	}
	return all
}

func declared(s worklist.State) map[string]string {
	all, names := map[string]string{}, map[rolemodel.RoleID]string{}
	for _, r := range append(rolemodel.DefaultRoles(), s.Roles...) {
		if names[r.ID] = rolemodel.FoldName(r.Name); !r.IsDefault() {
			all[r.Name] = rolemodel.RoleDefinition(&r)
		}
	}
	for _, a := range s.Admins {
		if !a.ExpiresAt.Passed(now) {
			all[string(a.Email)] = names[a.RoleID]
		}
	}
	return all
}

// TestSomeDone: confirming some of the items leaves just the others, whatever
// comes first, and asks for the items that must be done before. Taken back, all is as it was.
func TestSomeDone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := anyStates.Draw(t, "states")
		items := worklist.Items(now, states)
		var some, rest []worklist.Item
		for _, item := range items {
			if rapid.Bool().Draw(t, "done") {
				some = append(some, item)
			} else {
				rest = append(rest, item)
			}
		}
		if len(rest) > 0 {
			rest = rapid.Permutation(rest).Draw(t, "rest")
		}
		sights, err := worklist.Confirm(now, states, some)
		for err != nil && len(rest) > 0 { // What is named as needed is among the rest.
			some, rest = append(some, rest[0]), rest[1:]
			sights, err = worklist.Confirm(now, states, some)
		}
		if err != nil {
			t.Fatal(err)
		}
		after := observe(states, sights)
		if got, want := ids(worklist.Items(now, after)), ids(rest); !slices.Equal(got, want) {
			t.Fatalf("left %v, want %v\nof %+v", got, want, items)
		}
		if again := worklist.Items(now, withoutAll(states, after, sights)); !reflect.DeepEqual(again, items) {
			t.Fatalf("taken back, it is %+v\nwant %+v", again, items)
		}
	})
}

// withoutAll takes back what the sights were, in reverse.
func withoutAll(before, after []worklist.State, sights []worklist.Sight) []worklist.State {
	after = slices.Clone(after)
	for _, sight := range slices.Backward(sights) {
		i := slices.IndexFunc(after, func(s worklist.State) bool { return s.Tenant.AccountCode == sight.Tenant })
		said := rolemodel.Said{Complete: sight.Complete, Admins: sight.Admins, Roles: sight.Roles}
		if before[i].Seen != nil {
			said.Ended = before[i].Seen.EndedBy(rolemodel.Observation{Admins: sight.Admins, Roles: sight.Roles}, sight.Complete)
		}
		known := after[i].Seen.Without(&said)
		after[i].Seen = &known
	}
	return after
}

// TestOrderOfInput: the same in another order is the same worklist.
func TestOrderOfInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := anyStates.Draw(t, "states")
		items := worklist.Items(now, states)
		passes := worklist.Passes(states, items)
		for i := range states {
			s := &states[i]
			s.Roles, s.Admins = shuffled(t, s.Roles), shuffled(t, s.Admins)
			if s.Seen != nil {
				o := *s.Seen
				o.Roles, o.Admins = shuffled(t, o.Roles), shuffled(t, o.Admins)
				s.Seen = &o
			}
		}
		states = shuffled(t, states)
		again := worklist.Items(now, states)
		if !reflect.DeepEqual(again, items) {
			t.Fatalf("got %+v\nwant %+v", again, items)
		}
		if again := worklist.Passes(states, shuffled(t, again)); !reflect.DeepEqual(again, passes) {
			t.Fatalf("got %+v\nwant %+v", again, passes)
		}
	})
}

func shuffled[T any](t *rapid.T, list []T) []T {
	if len(list) == 0 {
		return list
	}
	return rapid.Permutation(list).Draw(t, "order")
}

// TestPassesDoEverything: each item is in one pass, whose kind can do it, and no
// fewer passes do all of them.
func TestPassesDoEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := portalStates.Draw(t, "states")
		items := worklist.Items(now, states)
		passes := worklist.Passes(states, items)
		left := map[string]worklist.Item{}
		for _, item := range items {
			left[item.ID] = item
		}
		for _, pass := range passes {
			if len(pass.ItemIDs) == 0 {
				t.Fatalf("nothing is done in %+v", pass)
			}
			for _, id := range pass.ItemIDs {
				item, ok := left[id]
				if !ok {
					t.Fatalf("%s is done twice", id)
				}
				delete(left, id)
				console := pass.Place == worklist.Console && pass.Accounts[0].Code == item.TenantID
				if portal := pass.Place == worklist.Portal && pass.Person == item.Person && inPortal(states, item); !console && !portal {
					t.Fatalf("%+v is done in %+v", item, pass)
				}
			}
		}
		if len(left) > 0 {
			t.Fatalf("not done: %v", left)
		}
		if fewest := fewestPasses(states, items); len(passes) != fewest {
			t.Fatalf("%d passes, and %d do", len(passes), fewest)
		}
	})
}

// portalStates have much that the Partner Portal can do.
var portalStates = rapid.Custom(func(t *rapid.T) []worklist.State {
	partner := &rolemodel.Partner{AccountCode: "CMSP", Domains: []rolemodel.Domain{"msp.example"}, PartnerPortal: true}
	people := []rolemodel.Email{"anna@msp.example", "ben@msp.example", "carl@msp.example", "dora@msp.example", "eve@other.example"}
	states := make([]worklist.State, rapid.IntRange(0, 5).Draw(t, "tenants"))
	for i := range states {
		code := rolemodel.AccountCode(fmt.Sprintf("CUSA0%dA00%d", i, i))
		s := worklist.State{Tenant: rolemodel.Tenant{AccountCode: code, Name: string(code), PartnerID: "CMSP"}, Partner: partner, Seen: &rolemodel.Observation{CompleteAt: now}}
		s.Seen.Admins = append(s.Seen.Admins, rolemodel.ObservedAdmin{Email: "zoe@msp.example", RoleName: rapid.SampledFrom([]string{"Partner Administrator", "Partner Administrator", "Reviewer"}).Draw(t, "zoe")})
		s.Admins = append(s.Admins, rolemodel.ExternalAdmin{Email: "zoe@msp.example", RoleID: rolemodel.PartnerAdmin})
		for _, email := range people {
			if name := rapid.SampledFrom([]string{"Partner Administrator", "", "", "", "", "Reviewer"}).Draw(t, "seen"); name != "" {
				s.Seen.Admins = append(s.Seen.Admins, rolemodel.ObservedAdmin{Email: email, RoleName: name})
			}
			if id := rapid.SampledFrom([]rolemodel.RoleID{rolemodel.PartnerAdmin, "", "", "", rolemodel.PartnerAdmin}).Draw(t, "granted"); id != "" {
				s.Admins = append(s.Admins, rolemodel.ExternalAdmin{Email: email, RoleID: id})
			}
		}
		states[i] = s
	}
	return states
})

// inPortal says in other words than the package what the Partner Portal can do.
func inPortal(states []worklist.State, item worklist.Item) bool {
	s := states[slices.IndexFunc(states, func(s worklist.State) bool { return s.Tenant.AccountCode == item.TenantID })]
	established := slices.ContainsFunc(s.Seen.Admins, func(a rolemodel.ObservedAdmin) bool {
		return a.RoleName == "Partner Administrator" && a.Email.Domain() == "msp.example"
	})
	only := item.From == "" && item.To == "Partner Administrator" || item.From == "Partner Administrator" && item.To == ""
	return established && only && item.Person.Domain() == "msp.example"
}

// fewestPasses tries all sets of tenants at whose console somebody is.
func fewestPasses(states []worklist.State, items []worklist.Item) int {
	fewest := len(items)
	for consoles := range 1 << len(states) {
		people, possible := map[rolemodel.Email]bool{}, true
		for _, item := range items {
			i := slices.IndexFunc(states, func(s worklist.State) bool { return s.Tenant.AccountCode == item.TenantID })
			if consoles>>i&1 == 0 {
				people[item.Person] = true
				possible = possible && inPortal(states, item)
			}
		}
		if n := bits.OnesCount(uint(consoles)) + len(people); possible {
			fewest = min(fewest, n)
		}
	}
	return fewest
}
