package desk

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// The most people that the grid has, and the most cells, empty ones included.
const (
	maxColumns = 150
	maxCells   = 30_000
)

// maxLegend is how many roles are explained at most.
const maxLegend = 40

// grid is who reaches what: clients × people.
type grid struct {
	Query string
	// Legend are the first of Roles.
	Legend []sign
	Roles  int
	People []rolemodel.Email
	Rows   []gridRow
	// Clients are all there are, and Found those that match the query, on all pages.
	Clients, Found int
	// Persons are all people whom the query finds, of whom the grid has maxColumns at most.
	Persons int
	// What stands out, whatever the query is.
	Undeclared, Expired, NotSeen int
	pager
}

// gridRow is a client and its cells, one for each of the people.
type gridRow struct {
	ID      rolemodel.AccountCode
	Name    string
	Domain  rolemodel.Domain
	Retired bool
	Cells   []gridCell
}

// gridCell is what somebody has in a tenant, or nothing.
type gridCell struct {
	*review.Row
	sign
	standing
	// Hit says that it is what the query is about.
	Hit bool
}

// Partial says that not all of it is on the page.
func (g *grid) Partial() bool { return g.Pages > 1 || len(g.People) < g.Persons }

// Classes are those of the cell: the role's and what stands out.
func (c *gridCell) Classes() string {
	classes := c.Class
	switch c.standing {
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
	switch c.standing {
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
func newGrid(states []worklist.State, now rolemodel.Time, query, page string) *grid {
	report := review.New(now, review.Subject{}, states)
	g := &grid{Query: query, Clients: len(report.Tenants)}
	signs, legend := signsOf(report.Rows)
	g.Legend, g.Roles = legend[:min(len(legend), maxLegend)], len(legend)
	tenants := make(map[rolemodel.AccountCode]*rolemodel.Tenant, len(states))
	for i := range states {
		tenants[states[i].Tenant.AccountCode] = &states[i].Tenant
	}
	people := map[rolemodel.Email]bool{}
	var found []gridRow
	left := report.Rows
	for _, tenant := range report.Tenants {
		row := gridRow{ID: tenant.ID, Name: tenant.Name, Domain: tenants[tenant.ID].PrimaryDomain, Retired: tenants[tenant.ID].Retired}
		client := row.Name + " " + string(row.ID) + " " + string(row.Domain)
		if row.Retired {
			client += " retired"
		}
		shown := matches(client, query)
		for ; len(left) > 0 && left[0].TenantID == tenant.ID; left = left[1:] {
			cell := gridCell{Row: &left[0], sign: signs[left[0].RoleName], standing: standingOf(&left[0])}
			g.count(cell.standing)
			hit := query == "" || matches(client+" "+string(cell.Person)+" "+cell.RoleName+" "+string(cell.standing), query)
			cell.Hit = hit && query != ""
			if hit {
				shown, people[cell.Person] = true, true
			}
			row.Cells = append(row.Cells, cell)
		}
		if shown {
			found = append(found, row)
		}
	}
	g.People, g.Found, g.Persons = slices.Sorted(maps.Keys(people)), len(found), len(people)
	g.People = g.People[:min(len(g.People), maxColumns)]
	perPage := maxCells / max(1, len(g.People))
	g.pager = newPager("/access", page, (len(found)+perPage-1)/perPage, query)
	g.Rows = found[min(len(found), (g.Page-1)*perPage):min(len(found), g.Page*perPage)]
	g.arrange()
	return g
}

// arrange puts the cells of each row below the people.
func (g *grid) arrange() {
	column := make(map[rolemodel.Email]int, len(g.People))
	for i, email := range g.People {
		column[email] = i
	}
	for i := range g.Rows {
		cells := make([]gridCell, len(g.People))
		for _, cell := range g.Rows[i].Cells {
			if at, there := column[cell.Person]; there {
				cells[at] = cell
			}
		}
		g.Rows[i].Cells = cells
	}
}

func (g *grid) count(s standing) {
	switch s {
	case notDeclared:
		g.Undeclared++
	case expired:
		g.Expired++
	case notSeen:
		g.NotSeen++
	case asDeclared:
	}
}
