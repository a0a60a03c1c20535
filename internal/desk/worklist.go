package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/render"
)

// maxAlarms is how many people who are not declared are named above the passes at most.
const maxAlarms = 20

// maxLines is how many items a page of the worklist has at most, if its first pass has no more.
const maxLines = 1000

// worklistBody is the view of what is still to be done.
type worklistBody struct {
	head
	// Problem is why what was asked for was not done, "" without one.
	Problem string
	Summary string
	Query   string
	// Undeclared are the first of AllUndeclared.
	Undeclared    []undeclared
	AllUndeclared int
	Passes        []passCard
	// Matching are all passes that match the query, on all pages.
	Matching, Total int
	pager
	Modelled string
	Done     []doneItem
}

// undeclared is somebody who is there without being declared.
type undeclared struct {
	*worklist.Item
	// At is the address of the pass that removes them.
	At string
}

// passCard is a pass as it is walked through.
type passCard struct {
	Number int
	*worklist.Pass
	Heading, Due string
	// Items and Tenants are IDs and account codes, as the form sends them.
	Items, Tenants string
	Steps          []stepLine
}

// stepLine is a step of a pass, with the item that is done after it, if there is one.
type stepLine struct {
	worklist.Step
	Item *worklist.Item
	Due  string
}

// Undeclared says whether the step removes somebody who is there without being declared.
func (s *stepLine) Undeclared() bool { return s.Item != nil && s.Item.Kind == worklist.UndeclaredAdmin }

// About is the address that the step is about, or "".
func (s *stepLine) About() string {
	if s.Item == nil {
		return ""
	}
	return string(s.Item.Person)
}

// worklist shows what is still to be done.
func (d *Desk) worklist(w http.ResponseWriter, r *http.Request) {
	d.showWorklist(w, r, http.StatusOK, "")
}

func (d *Desk) showWorklist(w http.ResponseWriter, r *http.Request, status int, problem string) {
	d.show(w, r, "worklist", "Worklist", status, func(ctx context.Context, dir directory.Directory) (any, error) {
		list, err := gather.Worklist(ctx, dir, gather.Filter{})
		if err != nil {
			return nil, err
		}
		body := worklistBody{
			head: head{Options: d.options}, Problem: problem, Summary: render.Summary(&list), Total: len(list.Passes),
			Query: strings.TrimSpace(r.FormValue("q")), Done: d.done.list(),
		}
		body.fill(&list, r.FormValue("page"))
		return body, nil
	})
}

// fill puts one page of the passes that match the query into the body.
func (b *worklistBody) fill(list *worklist.Worklist, wanted string) {
	items := render.ByID(list)
	var pages [][]passCard
	lines := 0
	for i := range list.Passes {
		pass := &list.Passes[i]
		for _, id := range pass.ItemIDs {
			if items[id].Kind == worklist.UndeclaredAdmin {
				b.alarm(items[id])
			}
		}
		if !passMatches(pass, items, b.Query) {
			continue
		}
		b.Matching++
		if lines += len(pass.ItemIDs); len(pages) == 0 || lines > maxLines {
			pages, lines = append(pages, nil), len(pass.ItemIDs)
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], newPassCard(i+1, pass, items))
	}
	b.pager = newPager("/", wanted, len(pages), b.Query)
	if len(pages) > 0 {
		b.Passes = pages[b.Page-1]
	}
	for i := range b.Passes {
		for j := range b.Passes[i].Steps {
			if b.Passes[i].Steps[j].Modelled {
				b.Modelled = render.Footnote
			}
		}
	}
}

func (b *worklistBody) alarm(item *worklist.Item) {
	if b.AllUndeclared++; b.AllUndeclared > maxAlarms {
		return
	}
	// The pass may be on another page, or not match the query that there is now.
	b.Undeclared = append(b.Undeclared, undeclared{item, "/?" + url.Values{"q": {item.ID}}.Encode()})
}

func newPassCard(number int, pass *worklist.Pass, items map[string]*worklist.Item) passCard {
	card := passCard{Number: number, Pass: pass, Heading: render.Place(pass), Due: render.AllDue(pass, items), Items: strings.Join(pass.ItemIDs, " ")}
	codes := make([]string, len(pass.Accounts))
	for i, account := range pass.Accounts {
		codes[i] = string(account.Code)
	}
	card.Tenants = strings.Join(codes, " ")
	for _, step := range pass.Steps {
		line := stepLine{Step: step, Item: items[step.ItemID]}
		if due := render.Due(line.Item); due != card.Due {
			line.Due = due
		}
		card.Steps = append(card.Steps, line)
	}
	return card
}

// passMatches says whether the pass, or an item of it, has each word of the query.
func passMatches(pass *worklist.Pass, items map[string]*worklist.Item, query string) bool {
	if query == "" {
		return true
	}
	var text strings.Builder
	text.WriteString(render.Place(pass) + " " + pass.ID)
	for _, account := range pass.Accounts {
		text.WriteString(" " + account.Name + " " + string(account.Code))
	}
	for _, id := range pass.ItemIDs {
		item := items[id]
		text.WriteString(" " + id + " " + item.String() + " " + strings.ReplaceAll(string(item.Kind), "_", " "))
	}
	return matches(text.String(), query)
}

// matches says whether the text has each word of the query, whatever the letter case.
func matches(text, query string) bool {
	text = strings.ToLower(text)
	for word := range strings.FieldsSeq(strings.ToLower(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
