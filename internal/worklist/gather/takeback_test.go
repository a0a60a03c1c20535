package gather_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// TestTakeBack confirms items in any order and portions, takes them back in any
// other, later ones first where the directory asks for it, and finds the worklist as it was.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	d := dir.As(rolemodel.SuperAdmin)
	before := read(t, d, gather.Filter{})
	ids := func(items []worklist.Item) []string {
		var all []string
		for _, item := range items {
			all = append(all, item.ID)
		}
		return all
	}
	done := func() []string {
		still := ids(read(t, d, gather.Filter{}).Items)
		return slices.DeleteFunc(ids(before.Items), func(id string) bool { return slices.Contains(still, id) })
	}
	for seed := range uint64(6) { // Each round makes the trail longer.
		random := rand.New(rand.NewPCG(seed, 0))
		rest := ids(before.Items)
		random.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
		for len(rest) > 2 {
			n := 1 + random.IntN(3)
			if _, err := gather.Confirm(t.Context(), d, gather.Filter{}, gather.Selection{ItemIDs: rest[:n]}, ""); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		for off := done(); len(off) > 0; off = done() {
			one := off[random.IntN(len(off))]
			back, err := gather.TakeBack(t.Context(), d, gather.Filter{}, []string{one}, "")
			if err != nil && !strings.Contains(err.Error(), "[last-word]") || err == nil && !slices.Contains(ids(back), one) {
				t.Fatalf("taking back %s: %v, %v", one, back, err)
			}
		}
		after := read(t, d, gather.Filter{})
		if !reflect.DeepEqual(after.Items, before.Items) || !reflect.DeepEqual(after.Passes, before.Passes) {
			t.Fatalf("round %d: got  %+v\nwant %+v", seed, after, before)
		}
	}
}

// TestNotTakenBack: what somebody saw since stays, and is named.
func TestNotTakenBack(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	d := dir.As(rolemodel.SuperAdmin)
	anna, bea := idOf(t, d, "add_admin anna@northwind.example"), idOf(t, d, "add_admin bea+o'neil@northwind.example")
	for _, id := range []string{anna, bea} {
		if _, err := gather.Confirm(t.Context(), d, gather.Filter{}, gather.Selection{ItemIDs: []string{id}}, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := directory.SayObserved(t.Context(), d, directory.Observe{Tenant: tenant, Means: rolemodel.MeansFile, Admins: []rolemodel.ObservedAdmin{{Email: "anna@northwind.example", RoleName: "Reviewer"}}}); err != nil {
		t.Fatal(err)
	}
	_, err := gather.TakeBack(t.Context(), d, gather.Filter{Tenants: []rolemodel.AccountCode{tenant}}, []string{anna}, "")
	if err == nil || !strings.Contains(err.Error(), "Since then anna@northwind.example was seen, by ") {
		t.Errorf("got %v", err)
	}
	if _, err := gather.TakeBack(t.Context(), d, gather.Filter{Tenants: []rolemodel.AccountCode{"CUSA02A002"}}, []string{bea}, ""); err == nil {
		t.Error("it was found in another tenant")
	}
	back, err := gather.TakeBack(t.Context(), d, gather.Filter{Tenants: []rolemodel.AccountCode{tenant}}, []string{bea}, "")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, back, "CUSA01A001 add_admin bea+o'neil@northwind.example")
}

// TestTakenBackItems are as the worklist has them again: of somebody whose grant
// was deleted it is known that they were declared.
func TestTakenBackItems(t *testing.T) {
	t.Parallel()
	dir := acctest.NewDirectory(t)
	dir.Fill()
	d := dir.As(rolemodel.SuperAdmin)
	all(t, d)
	if err := acctest.Delete[rolemodel.ExternalAdmin](t.Context(), d, directory.Key{Account: tenant, Email: "anna@northwind.example"}); err != nil {
		t.Fatal(err)
	}
	list := read(t, d, gather.Filter{})
	all(t, d)
	back, err := gather.TakeBack(t.Context(), d, gather.Filter{}, []string{list.Items[0].ID}, "")
	if err != nil || back[0].Kind != worklist.RemoveAdmin || back[0].DeclaredBy == "" {
		t.Errorf("got %+v, %v", back, err)
	}
	if again := read(t, d, gather.Filter{}); !reflect.DeepEqual(again.Items, back) {
		t.Errorf("got  %+v\nwant %+v", again.Items, back)
	}
}
