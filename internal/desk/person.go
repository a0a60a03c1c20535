package desk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	reviews "github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/terminal"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/render"
)

// personBody is everywhere that somebody can get in, and how all of it is taken away.
type personBody struct {
	Email rolemodel.Email
	Lead  string
	// Rows are the first of All.
	Rows []personRow
	All  int
	// Declared is how many of the rows are declared.
	Declared int
	// Due says that something is to be done about the person now.
	Due bool
	// Offboarding are the first of Passes.
	Offboarding []passCard
	Passes      int
	Modelled    string
}

// personRow is one tenant that the person reaches.
type personRow struct {
	*review.Row
	standing
}

// person shows one person.
func (d *Desk) person(w http.ResponseWriter, r *http.Request) {
	given := r.PathValue("email")
	d.show(w, r, "person", given, http.StatusOK, func(ctx context.Context, dir directory.Directory) (any, error) {
		email, err := rolemodel.ParseEmail(given)
		if err != nil {
			return nil, inputError{err}
		}
		states, err := gather.States(ctx, dir, nil)
		if err != nil {
			return nil, err
		}
		report, err := reviews.ReportOf(ctx, dir, review.Subject{Person: email}, states)
		if err != nil {
			return nil, err
		}
		return newPerson(&report, states), nil
	})
}

func newPerson(report *review.Report, states []worklist.State) *personBody {
	body := &personBody{Email: report.Subject.Person}
	undeclared := 0
	for i := range report.Rows {
		row := personRow{&report.Rows[i], standingOf(&report.Rows[i])}
		if len(body.Rows) < maxLines {
			body.Rows = append(body.Rows, row)
		}
		if row.Undeclared {
			undeclared++
		} else {
			body.Declared++
		}
	}
	body.All = len(report.Rows)
	body.Lead = fmt.Sprintf("Reaches %s.", terminal.Count(body.All, "client", "clients"))
	if undeclared > 0 {
		body.Lead += fmt.Sprintf(" In %d of them they are undeclared.", undeclared)
	}
	body.Due = slices.ContainsFunc(worklist.Items(report.At, states), func(item worklist.Item) bool { return item.Person == body.Email })
	body.offboard(states, report.At)
	return body
}

// offboard fills in what would be to be done at Mimecast if no grant of the person
// counted any more. A grant that has expired is there as long as somebody may be.
func (b *personBody) offboard(states []worklist.State, now rolemodel.Time) {
	states = slices.Clone(states)
	for i := range states {
		at := slices.IndexFunc(states[i].Admins, func(a rolemodel.ExternalAdmin) bool { return a.Email == b.Email })
		if at >= 0 {
			states[i].Admins = slices.Clone(states[i].Admins)
			states[i].Admins[at].ExpiresAt = now
		}
	}
	items := slices.DeleteFunc(worklist.Items(now, states), func(item worklist.Item) bool { return item.Person != b.Email })
	for i := range items {
		items[i].Since = "" // It is not due yet.
	}
	list := worklist.Worklist{At: now, Items: items, Passes: worklist.Passes(states, items)}
	byID := render.ByID(&list)
	b.Passes = len(list.Passes)
	lines := 0
	for i := range list.Passes {
		if lines += len(list.Passes[i].ItemIDs); lines > maxLines && i > 0 {
			break
		}
		card := newPassCard(i+1, &list.Passes[i], byID)
		b.Offboarding = append(b.Offboarding, card)
		if slices.ContainsFunc(card.Steps, func(s stepLine) bool { return s.Modelled }) {
			b.Modelled = render.Footnote
		}
	}
}

// maxPeople is how many people a page lists at most.
const maxPeople = 500

// peopleBody is everybody who reaches something.
type peopleBody struct {
	Query        string
	People       []personLine
	All, Matched int
	pager
}

// personLine is one person in the list.
type personLine struct {
	Email                        rolemodel.Email
	Clients, Undeclared, Expired int
	// Roles are the names of the roles, by name.
	Roles []string
}

// people lists who reaches something.
func (d *Desk) people(w http.ResponseWriter, r *http.Request) {
	d.show(w, r, "people", "People", http.StatusOK, func(ctx context.Context, dir directory.Directory) (any, error) {
		states, err := gather.States(ctx, dir, nil)
		if err != nil {
			return nil, err
		}
		report := review.New(rolemodel.TimeOf(time.Now()), review.Subject{}, states)
		return newPeople(report.Rows, strings.TrimSpace(r.FormValue("q")), r.FormValue("page")), nil
	})
}

func newPeople(rows []review.Row, query, page string) *peopleBody {
	of := map[rolemodel.Email]*personLine{}
	for i := range rows {
		row := &rows[i]
		line := of[row.Person]
		if line == nil {
			line = &personLine{Email: row.Person}
			of[row.Person] = line
		}
		line.add(row)
	}
	body := &peopleBody{Query: query, All: len(of)}
	var found []personLine
	for _, line := range of {
		if matches(line.text(), query) {
			slices.Sort(line.Roles)
			found = append(found, *line)
		}
	}
	slices.SortFunc(found, func(a, b personLine) int { return strings.Compare(string(a.Email), string(b.Email)) })
	body.Matched = len(found)
	body.pager = newPager("/person", page, (len(found)+maxPeople-1)/maxPeople, query)
	body.People = found[min(len(found), (body.Page-1)*maxPeople):min(len(found), body.Page*maxPeople)]
	return body
}

func (l *personLine) add(row *review.Row) {
	l.Clients++
	switch standingOf(row) {
	case notDeclared:
		l.Undeclared++
	case expired:
		l.Expired++
	case notSeen, asDeclared:
	}
	if !slices.Contains(l.Roles, row.RoleName) {
		l.Roles = append(l.Roles, row.RoleName)
	}
}

func (l *personLine) text() string {
	text := string(l.Email) + " " + strings.Join(l.Roles, " ")
	if l.Undeclared > 0 {
		text += " " + string(notDeclared)
	}
	if l.Expired > 0 {
		text += " " + string(expired)
	}
	return text
}
