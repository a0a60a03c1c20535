package worklist

import (
	"cmp"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// person is somebody of one partner, as the Partner Portal knows them.
type person struct {
	partner rolemodel.AccountCode
	email   rolemodel.Email
}

// Passes returns the fewest passes that do all the items, which Items returned
// for the states, or some of them. What only the console does forces its
// tenant's pass there, which then does all of the tenant's items. For the rest
// people and tenants are the two sides of a graph and items its edges: a minimum
// vertex cover is the fewest passes.
func Passes(states []State, items []Item) []Pass {
	of := byTenant(items)
	var views []*view
	for _, v := range newViews(states) {
		if items := of[v.Tenant.AccountCode]; len(items) > 0 {
			slices.SortFunc(items, asDone)
			views = append(views, v)
		}
	}
	console := consolePasses(views, of)
	passes := []Pass{}
	portal := map[person]*pass{}
	for i, v := range views {
		if items := of[v.Tenant.AccountCode]; console[i] {
			p := newPass(Console, v.Tenant.AccountCode, "")
			p.visit(v, items)
			p.consoleSteps(v, items)
			passes = append(passes, p.finished())
		} else {
			for _, item := range items {
				who := item.who()
				if portal[who] == nil {
					portal[who] = newPass(Portal, who.partner, who.email)
				}
				portal[who].visit(v, []*Item{item})
			}
		}
	}
	for _, who := range sortedPeople(portal) {
		portal[who].portalSteps()
		passes = append(passes, portal[who].finished())
	}
	return passes
}

func byTenant(items []Item) map[rolemodel.AccountCode][]*Item {
	of := map[rolemodel.AccountCode][]*Item{}
	for i := range items {
		of[items[i].TenantID] = append(of[items[i].TenantID], &items[i])
	}
	return of
}

// consolePasses says of which tenants there is a pass at the console.
func consolePasses(views []*view, of map[rolemodel.AccountCode][]*Item) []bool {
	console := make([]bool, len(views))
	tenants := map[person][]int{}
	for i, v := range views {
		items := of[v.Tenant.AccountCode]
		if console[i] = slices.ContainsFunc(items, func(item *Item) bool { return !item.portal }); console[i] {
			continue
		}
		for _, item := range items {
			tenants[item.who()] = append(tenants[item.who()], i)
		}
	}
	edges := make([][]int, 0, len(tenants))
	for _, who := range sortedPeople(tenants) {
		edges = append(edges, tenants[who])
	}
	_, covered := minimumCover(edges, len(views))
	for i := range views {
		console[i] = console[i] || covered[i]
	}
	return console
}

func (i *Item) who() person { return person{i.partner, i.Person} }

func sortedPeople[T any](people map[person]T) []person {
	sorted := make([]person, 0, len(people))
	for who := range people {
		sorted = append(sorted, who)
	}
	slices.SortFunc(sorted, func(a, b person) int {
		return cmp.Or(cmp.Compare(a.email, b.email), cmp.Compare(a.partner, b.partner))
	})
	return sorted
}

// pass is a Pass that is being made.
type pass struct {
	Pass
	of    rolemodel.AccountCode
	items []*Item
}

func newPass(place Place, of rolemodel.AccountCode, email rolemodel.Email) *pass {
	return &pass{Pass: Pass{Place: place, Person: email}, of: of}
}

func (p *pass) visit(v *view, items []*Item) {
	p.Accounts = append(p.Accounts, Account{Code: v.Tenant.AccountCode, Name: v.Tenant.Name})
	p.items = append(p.items, items...)
}

func (p *pass) finished() Pass {
	meaning := []string{string(p.Place), string(p.of), string(p.Person)}
	for _, item := range p.items {
		p.ItemIDs = append(p.ItemIDs, item.ID)
	}
	sorted := slices.Sorted(slices.Values(p.ItemIDs))
	p.ID = idOf(append(meaning, sorted...)...)
	return p.Pass
}
