package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

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

// fewTenants is up to how many tenants are read alone.
const fewTenants = 10

// ask reads what is asked, or answers why not.
func (d *Desk) ask(w http.ResponseWriter, r *http.Request) (asked, bool) {
	if !form(w, r) {
		return asked{}, false
	}
	a := asked{items: strings.Fields(strings.Join(r.PostForm["item"], " ")), note: strings.TrimSpace(r.PostForm.Get("note"))}
	var wrong error
	for given := range strings.FieldsSeq(strings.Join(r.PostForm["tenant"], " ")) {
		code, err := rolemodel.ParseAccountCode(given)
		a.tenants, wrong = append(a.tenants, code), errors.Join(wrong, err)
	}
	if len(a.tenants) > fewTenants { // All are read faster than many one by one.
		a.tenants = nil
	}
	switch {
	case wrong != nil:
		d.answer(w, r, http.StatusBadRequest, nil, sentence(wrong.Error()))
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
	d.answerWith(w, r, items, err, "confirmed")
}

// undo takes back that items were done. What was confirmed at once in a tenant is taken back at once.
func (d *Desk) undo(w http.ResponseWriter, r *http.Request) {
	a, ok := d.ask(w, r)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), writeTimeout)
	defer cancel()
	items, err := gather.TakeBack(ctx, d.directory, gather.Filter{Tenants: a.tenants}, a.items, a.note)
	d.done.remove(items)
	d.answerWith(w, r, items, err, "taken back")
}

// answerWith answers with the items that were done before the error, if there is one.
func (d *Desk) answerWith(w http.ResponseWriter, r *http.Request, items []worklist.Item, err error, done string) {
	if err == nil {
		d.answer(w, r, http.StatusOK, items, "")
		return
	}
	said := sentence(err.Error())
	if len(items) > 0 {
		said = fmt.Sprintf("%d were %s, and then: %s", len(items), done, said)
	}
	d.answer(w, r, statusOf(err, http.StatusConflict), items, said)
}
