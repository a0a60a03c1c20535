package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// asked is what a form or the script asks to be done with items of the worklist.
type asked struct {
	items   []string
	tenants []rolemodel.AccountCode
	note    string
}

// ask reads what is asked, or answers why not.
func (d *Desk) ask(w http.ResponseWriter, r *http.Request) (asked, bool) {
	if !form(w, r) {
		return asked{}, false
	}
	a := asked{items: strings.Fields(strings.Join(r.PostForm["item"], " ")), note: strings.TrimSpace(r.PostForm.Get("note"))}
	for code := range strings.FieldsSeq(strings.Join(r.PostForm["tenant"], " ")) {
		a.tenants = append(a.tenants, rolemodel.AccountCode(code))
	}
	switch {
	case d.options.ReadOnly:
		d.answer(w, r, http.StatusForbidden, nil, "This desk only reads, with the rights of whoever started it: nothing was confirmed or taken back.")
	case len(a.items) == 0:
		d.answer(w, r, http.StatusBadRequest, nil, "No item was named, so nothing was done.")
	default:
		return a, true
	}
	return asked{}, false
}

// answered is what the script is told.
type answered struct {
	// Items are the IDs of what was done.
	Items []string `json:"items"`
	// Problem is why something was not done, "" if all was.
	Problem string `json:"problem,omitempty"`
}

// answer tells the script, or shows the worklist as it is now.
func (d *Desk) answer(w http.ResponseWriter, r *http.Request, status int, items []worklist.Item, problem string) {
	if r.Header.Get("Accept") == "application/json" {
		said := answered{Items: []string{}, Problem: problem}
		for i := range items {
			said.Items = append(said.Items, items[i].ID)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(said) // Whoever has gone needs no answer.
		return
	}
	if problem == "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	d.showWorklist(w, r, status, problem)
}

// confirm says in the directory that items were done at Mimecast.
func (d *Desk) confirm(w http.ResponseWriter, r *http.Request) {
	a, ok := d.ask(w, r)
	if !ok {
		return
	}
	// What was done is recorded though the browser may go away meanwhile.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), writeTimeout)
	defer cancel()
	items, err := gather.Confirm(ctx, d.directory, gather.Filter{Tenants: a.tenants}, gather.Selection{ItemIDs: a.items}, a.note)
	d.done.add(items)
	if err != nil {
		said := sentence(err.Error())
		if len(items) > 0 {
			said = fmt.Sprintf("%d of %d were confirmed, and then: %s", len(items), len(a.items), said)
		}
		d.answer(w, r, statusOf(err), items, said)
		return
	}
	d.answer(w, r, http.StatusOK, items, "")
}

// maxRecent is how many items that were confirmed here can be taken back here.
const maxRecent = 100

// recent are the items that were confirmed at this desk last, the latest first.
type recent struct {
	mutex sync.Mutex
	items []doneItem
}

// doneItem is an item that was confirmed at this desk.
type doneItem struct{ worklist.Item }

// Said is what was done.
func (d doneItem) Said() string { return sentence(d.Item.String()) }

func (r *recent) add(items []worklist.Item) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for i := range items {
		r.items = slices.Insert(r.items, 0, doneItem{items[i]})
	}
	r.items = r.items[:min(len(r.items), maxRecent)]
}

func (r *recent) list() []doneItem {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.Clone(r.items)
}
