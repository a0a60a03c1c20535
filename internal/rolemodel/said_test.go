package rolemodel_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

var anySaid = rapid.Custom(func(t *rapid.T) rolemodel.Said {
	said := rolemodel.Said{Complete: rapid.IntRange(0, 3).Draw(t, "complete") == 0}
	people := rapid.SampledFrom([]rolemodel.Email{"a@msp.example", "b@msp.example", "c@msp.example"})
	for _, email := range rapid.SliceOfNDistinct(people, 0, 2, rapid.ID).Draw(t, "people") {
		said.Admins = append(said.Admins, rolemodel.ObservedAdmin{Email: email, RoleName: rapid.SampledFrom([]string{"", "Reviewer", "Own Admin"}).Draw(t, "role")})
	}
	ids := rapid.Permutation([]rolemodel.RoleID{"", "one", "two"}).Draw(t, "ids")
	for i, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Desk", "Front", "Back"}), 0, 2, rapid.ID).Draw(t, "roles") {
		said.Roles = append(said.Roles, rolemodel.ObservedRole{Name: name, ID: ids[i], Absent: rapid.Bool().Draw(t, "absent")})
	}
	return said
})

func (h history) known(now rolemodel.Observation) rolemodel.Observation {
	for i := range h {
		now = now.With(rolemodel.Observation{Admins: h[i].Admins, Roles: h[i].Roles}, h[i].Complete, h[i].how())
	}
	return now
}

// history is what was said in order, each by somebody else.
type history []entry

type entry struct {
	rolemodel.Said
	by int
}

func (e *entry) how() rolemodel.Sighting {
	return rolemodel.Sighting{At: rolemodel.Time(fmt.Sprintf("2026-11-25T12:00:%02dZ", e.by)), By: fmt.Sprint(e.by), Means: rolemodel.MeansConfirmation}
}

// TestTakenBack takes back, in any order, what nothing newer touches: known is
// then what the others said, as if it had never been said.
func TestTakenBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := rolemodel.Observation{TenantID: "CCLIENT1", Admins: []rolemodel.ObservedAdmin{}, Roles: []rolemodel.ObservedRole{}}
		known, said := start, history{}
		for i, s := range rapid.SliceOfN(anySaid, 1, 6).Draw(t, "said") {
			e := entry{s, i}
			seen := rolemodel.Observation{Admins: s.Admins, Roles: s.Roles}
			e.Ended = known.EndedBy(seen, s.Complete)
			known, said = known.With(seen, s.Complete, e.how()), append(said, e)
		}
		for range rapid.IntRange(1, 8).Draw(t, "attempts") {
			if len(said) == 0 {
				return
			}
			i := rapid.IntRange(0, len(said)-1).Draw(t, "which")
			if slices.ContainsFunc(said[i+1:], func(later entry) bool { return said[i].Touched(&later.Said) != "" }) {
				continue
			}
			known = known.Without(&said[i].Said)
			said = slices.Delete(slices.Clone(said), i, i+1)
			if want := said.known(start); !reflect.DeepEqual(known, want) {
				t.Fatalf("got  %+v\nwant %+v", known, want)
			}
		}
	})
}

// TestLastWordIsFree: what was said last can be taken back, always.
func TestLastWordIsFree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := anySaid.Draw(t, "said")
		if said.Touched(&rolemodel.Said{}) != "" || (len(said.Admins) > 0 || said.Complete) && said.Touched(&rolemodel.Said{Complete: true}) == "" {
			t.Fatalf("%+v", said)
		}
	})
}
