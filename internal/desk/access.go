package desk

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// The most people that the grid has, and the most cells, empty ones included.
const (
	maxColumns = 150
	maxCells   = 30_000
)

// grid is who reaches what: clients × people.
type grid struct {
	Query          string
	Legend         []sign
	People         []rolemodel.Email
	Rows           []gridRow
	Clients, Found int
	// Persons are all people whom the query finds, of whom the grid has maxColumns at most.
	Persons int
	// Standings counts what stands out.
	Undeclared, Expired, NotSeen int
	pager
}

// gridRow is a client and its cells, one for each of the people.
type gridRow struct {
	Tenant *rolemodel.Tenant
	Cells  []gridCell
}

// gridCell is what somebody has in a tenant, or nothing.
type gridCell struct {
	*access
	sign
	// Hit says that it is what the query is about.
	Hit bool
}

// Classes are those of the cell: the role's and what stands out.
func (c *gridCell) Classes() string {
	classes := c.Class
	switch c.Standing {
	case notDeclared:
		classes += " u"
	case expired:
		classes += " x"
	case notSeen:
		classes += " n"
	case asDeclared:
	}
	if c.Hit {
		classes += " hit"
	}
	return classes
}

// Label is the letter with the mark of what stands out.
func (c *gridCell) Label() string {
	switch c.Standing {
	case notDeclared:
		return "!" + c.Letter
	case expired:
		return c.Letter + "×"
	case notSeen:
		return c.Letter + "·"
	case asDeclared:
	}
	return c.Letter
}

// access shows who reaches what.
func (d *Desk) access(w http.ResponseWriter, r *http.Request) {
	d.show(w, r, "access", "Access", http.StatusOK, func(ctx context.Context, dir directory.Directory) (any, error) {
		states, err := gather.States(ctx, dir, nil)
		if err != nil {
			return nil, err
		}
		return newGrid(states, rolemodel.TimeOf(time.Now()), strings.TrimSpace(r.FormValue("q")), r.FormValue("page")), nil
	})
}

// newGrid arranges what the query finds: the clients and the people of what it is about.
func newGrid(states []worklist.State, now rolemodel.Time, query, page string) grid {
	g := grid{Query: query, Clients: len(states)}
	sortByName(states)
	all := make([][]access, len(states))
	for i := range states {
		all[i] = accessOf(&states[i], now)
	}
	signs, legend := signsOf(all)
	g.Legend = legend
	people := map[rolemodel.Email]bool{}
	hits := make([]map[rolemodel.Email]bool, len(states))
	var rows []int
	for i := range states {
		hits[i] = map[rolemodel.Email]bool{}
		for j := range all[i] {
			a := &all[i][j]
			g.count(a)
			if query == "" || matches(a.text(), query) {
				hits[i][a.Email], people[a.Email] = true, true
			}
		}
		if len(hits[i]) > 0 || matches(clientText(&states[i].Tenant), query) {
			rows = append(rows, i)
		}
	}
	g.People, g.Found, g.Persons = slices.Sorted(maps.Keys(people)), len(rows), len(people)
	g.People = g.People[:min(len(g.People), maxColumns)]
	perPage := maxCells / max(1, len(g.People))
	g.pager = newPager("/access", page, (len(rows)+perPage-1)/perPage, query)
	rows = rows[min(len(rows), (g.Page-1)*perPage):min(len(rows), g.Page*perPage)]
	column := make(map[rolemodel.Email]int, len(g.People))
	for i, email := range g.People {
		column[email] = i
	}
	for _, i := range rows {
		row := gridRow{Tenant: &states[i].Tenant, Cells: make([]gridCell, len(g.People))}
		for j := range all[i] {
			a := &all[i][j]
			if at, shown := column[a.Email]; shown {
				row.Cells[at] = gridCell{access: a, sign: signs[a.Role], Hit: query != "" && hits[i][a.Email]}
			}
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func (g *grid) count(a *access) {
	switch a.Standing {
	case notDeclared:
		g.Undeclared++
	case expired:
		g.Expired++
	case notSeen:
		g.NotSeen++
	case asDeclared:
	}
}

func clientText(t *rolemodel.Tenant) string {
	return t.Name + " " + string(t.AccountCode) + " " + string(t.PrimaryDomain)
}

// sortByName puts the tenants in the order in which people look for them.
func sortByName(states []worklist.State) {
	slices.SortFunc(states, func(a, b worklist.State) int {
		return cmp.Or(cmp.Compare(rolemodel.FoldName(a.Tenant.Name), rolemodel.FoldName(b.Tenant.Name)), cmp.Compare(a.Tenant.AccountCode, b.Tenant.AccountCode))
	})
}
