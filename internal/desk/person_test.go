package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// TestPerson: where somebody can get in, and what is to be done if they leave, which is then on the worklist.
func TestPerson(t *testing.T) {
	t.Parallel()
	d := filled(t)
	if _, err := gather.Confirm(t.Context(), d, gather.Filter{Tenants: []rolemodel.AccountCode{"CUSA01A001"}}, gather.Selection{}, "INC-9"); err != nil {
		t.Fatal(err)
	}
	see(t, d, "CUSA02A002", "anna@northwind.example", "Super Administrator")
	v := run(t, d, desk.Options{}).enter()
	v.expect("/person", "anna@northwind.example", "undeclared in 1", "4 people reach something.", "carl@gone.example")
	if text := v.expect("/person?q=undeclared", "1 of 4 people match"); strings.Contains(text, "carl@gone.example") {
		t.Error(text)
	}
	text := v.expect("/person/Anna@Northwind.example", "Reaches 2 clients. In 1 of them they are undeclared.", "Alder Legal", "Birch Dental", "INC-9", "as declared", "undeclared",
		"delete the line of <code>anna@northwind.example</code>", "takes away the grant here", "is to be done at Mimecast", "Partner Portal: anna@northwind.example in 1 account", "Untick Alder Legal (CUSA01A001).")
	if strings.Contains(text, `data-action="confirm"`) {
		t.Error("what is not due yet can be ticked off")
	}
	if _, err := directory.Delete[rolemodel.ExternalAdmin](t.Context(), d, directory.Key{Account: "CUSA01A001", Email: "anna@northwind.example"}, ""); err != nil {
		t.Fatal(err)
	}
	list, err := gather.Worklist(t.Context(), d, gather.Filter{Person: "anna@northwind.example"})
	if err != nil || len(list.Passes) != 2 {
		t.Fatalf("%v %+v", err, list)
	}
	for _, pass := range list.Passes {
		if !strings.Contains(text, `data-pass="`+pass.ID+`"`) {
			t.Errorf("pass %s was not shown before", pass.ID)
		}
	}
	// Of somebody whom nobody has seen nobody knows whether they are there.
	v.expect("/person/carl@gone.example", "not seen yet", "Remove carl@gone.example")
	v.expect("/person/nobody@northwind.example", "neither declared nor seen anywhere")
	if status, text := v.get("/person/nobody"); status != http.StatusBadRequest || !strings.Contains(text, "is not an email address") {
		t.Error(status, text)
	}
}

// TestUndo: what was ticked off by mistake is taken back, with and without script.
func TestUndo(t *testing.T) {
	t.Parallel()
	d := filled(t)
	v := run(t, d, desk.Options{}).enter()
	items := listOf(t, d).Items
	v.post("/confirm", items[:1], "")
	text := v.expect("/", `action="/undo"`, "9 items")
	if strings.Count(text, `data-action="undo"`) != 1 {
		t.Error(text)
	}
	if status, text := v.post("/undo", items[:1], ""); status != http.StatusOK || !strings.Contains(text, "10 items") || strings.Contains(text, `data-action="undo"`) {
		t.Errorf("%d %s", status, text)
	}
	if status, done, problem := v.script("/undo", items[:1]); status != http.StatusConflict || len(done) > 0 || !strings.Contains(problem, "taken back already") {
		t.Error(status, done, problem)
	}
	v.script("/confirm", items[1:3])
	if status, done, problem := v.script("/undo", items[1:2]); status != http.StatusOK || len(done) != 2 || problem != "" {
		t.Error(status, done, problem) // Both were said at once.
	}
	if left := len(listOf(t, d).Items); left != len(items) {
		t.Errorf("%d of %d are left", left, len(items))
	}
}
