package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/render"
)

var update = flag.Bool("update", false, "write the files in testdata anew")

const now = rolemodel.Time("2026-11-25T12:00:00Z")

// list has an item of each kind, and names that are more than names to a
// spreadsheet, to Markdown and to a terminal.
func list() *worklist.Worklist {
	partner := &rolemodel.Partner{AccountCode: "CMSP", Domains: []rolemodel.Domain{"msp.example"}, PartnerPortal: true}
	saw := func(email rolemodel.Email, name string) rolemodel.ObservedAdmin {
		return rolemodel.ObservedAdmin{Email: email, RoleName: name, Sighting: rolemodel.Sighting{At: "2026-11-24T12:00:00Z", By: "dora@msp"}}
	}
	role := func(id rolemodel.RoleID, name string) rolemodel.Role {
		return rolemodel.Role{
			ID: id, Name: name, Description: "Keeps *groups* and addresses in order.", SecurityPermission: rolemodel.ManageApplicationRoles,
			ApplicationPermissions: []rolemodel.Permission{"Directories | Groups | Edit", "Directories | Internal | Edit", "Gateway | Tracking | Read"},
			ProtectedPermissions:   []rolemodel.Permission{"Archive | Search Content View"},
		}
	}
	states := []worklist.State{{
		Tenant: rolemodel.Tenant{AccountCode: "CUSA02A002", Name: "=Birch & <b>Co</b>\x1b[31m", PartnerID: "CMSP", InitialAdminEmail: "msp_birchco@birch.example"}, Partner: partner,
		Roles:  []rolemodel.Role{role("new", "Directory Team Administrator"), role("edited", "@Reader_Administrator")},
		Admins: []rolemodel.ExternalAdmin{{Email: "anna@msp.example", RoleID: rolemodel.PartnerAdmin}, {Email: "ben@msp.example", RoleID: "new"}, {Email: "carl@msp.example", RoleID: rolemodel.Reviewer, ExpiresAt: "2026-11-20T00:00:00Z"}, {Email: "fay@msp.example", RoleID: rolemodel.FullAdmin}},
		Seen: &rolemodel.Observation{
			Admins: []rolemodel.ObservedAdmin{saw("ben@msp.example", "Help Desk Administrator"), saw("carl@msp.example", "Reviewer"), saw("eve@evil.example", "Super Administrator")},
			Roles:  []rolemodel.ObservedRole{{Name: "-Reader", ID: "edited", Definition: "of old"}, {Name: "Former", ID: "former", Definition: "of old"}},
		},
	}, {
		Tenant: rolemodel.Tenant{AccountCode: "CUSA01A001", Name: "Alder Legal", PartnerID: "CMSP", InitialAdminEmail: "msp_alderlegal@alder.example"}, Partner: partner,
		Admins: []rolemodel.ExternalAdmin{{Email: "anna@msp.example", RoleID: rolemodel.PartnerAdmin}},
		Seen:   &rolemodel.Observation{CompleteAt: now, Admins: []rolemodel.ObservedAdmin{saw("zoe@msp.example", "Partner Administrator")}},
	}, {
		Tenant: rolemodel.Tenant{AccountCode: "CUSA03A003", Name: "Cedar Bau", PartnerID: "CMSP"}, Partner: partner,
		Admins: []rolemodel.ExternalAdmin{{Email: "anna@msp.example", RoleID: rolemodel.PartnerAdmin}, {Email: "zoe@msp.example", RoleID: rolemodel.PartnerAdmin}},
		Seen:   &rolemodel.Observation{CompleteAt: now, Admins: []rolemodel.ObservedAdmin{saw("zoe@msp.example", "Partner Administrator")}},
	}}
	items := worklist.Items(now, states)
	for i := range items {
		if items[i].Kind == worklist.AddAdmin {
			items[i].Since, items[i].DeclaredBy = "2026-11-16T09:00:00Z", "terraform@ci"
		}
		if items[i].Person == "zoe@msp.example" {
			items[i].Kind, items[i].Since, items[i].DeclaredBy = worklist.RemoveAdmin, "2026-11-23T09:00:00Z", "dora@msp"
		}
	}
	return &worklist.Worklist{At: now, Items: items, Passes: worklist.Passes(states, items)}
}

func write(t *testing.T, format string, l *worklist.Worklist) string {
	t.Helper()
	var out bytes.Buffer
	if err := render.Write(&out, format, l); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestFormats compares with files that people have looked at.
func TestFormats(t *testing.T) {
	for file, format := range map[string]string{"worklist.txt": "text", "worklist.md": "markdown", "worklist.csv": "csv"} {
		got, path := write(t, format, list()), filepath.Join("testdata", file)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || got != string(want) {
			t.Errorf("%s (%v) is to be\n%s", path, err, got)
		}
	}
}

func TestTextFitsTerminal(t *testing.T) {
	for line := range strings.Lines(write(t, "text", list())) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
		if strings.ContainsRune(line, '\x1b') {
			t.Errorf("a terminal obeys %q", line)
		}
	}
}

func TestJSONIsTheWorklist(t *testing.T) {
	want := list()
	var got worklist.Worklist
	if err := json.Unmarshal([]byte(write(t, "json", want)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Items) != len(want.Items) || !reflect.DeepEqual(got.Passes, want.Passes) || !reflect.DeepEqual(got.Counts(), want.Counts()) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestCSVHasNoFormulas(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(write(t, "csv", list()))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, row := range rows {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
				t.Errorf("%q is a formula", cell)
			}
			if strings.HasPrefix(cell, "'") {
				kept++
			}
		}
	}
	if kept < 3 { // The client's name, the role's former and its present name.
		t.Errorf("%d cells were kept from being formulas", kept)
	}
}

func TestNothing(t *testing.T) {
	if got := write(t, "text", &worklist.Worklist{At: now}); got != "Nothing is to be done at Mimecast.\n" {
		t.Error(got)
	}
	var out bytes.Buffer
	if err := render.Write(&out, "xml", list()); err == nil || err.Error() != `--format is "xml": write text, markdown, csv or json` {
		t.Error(err)
	}
}
