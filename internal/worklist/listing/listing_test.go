package listing_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/listing"
)

// states are two tenants, one with custom roles: declared, renamed, and the client's own.
func states() []worklist.State {
	tenant := func(code rolemodel.AccountCode, name string, domain rolemodel.Domain) rolemodel.Tenant {
		return rolemodel.Tenant{AccountCode: code, Name: name, InternalDomains: []rolemodel.Domain{domain}, InitialAdminEmail: "msp_x@" + rolemodel.Email(domain)}
	}
	return []worklist.State{
		{Tenant: tenant("CUSA01A001", "Müller Bau", "alder.example"), Roles: []rolemodel.Role{{ID: "auditor", Name: "Prüfer"}}, Seen: &rolemodel.Observation{
			Roles: []rolemodel.ObservedRole{{Name: "Auditor", ID: "auditor"}, {Name: "Their Own"}, {Name: "Gone", Absent: true}},
		}},
		{Tenant: tenant("CUSA02A002", "Birch", "birch.example")},
	}
}

// said writes what was seen: "CUSA01A001 complete: anna@msp.example=Reviewer; roles Auditor".
func said(l *listing.Listing) string {
	var all []string
	for _, sight := range l.Sights {
		text := string(sight.Tenant)
		if sight.Complete {
			text += " complete"
		}
		for _, a := range sight.Admins {
			text += fmt.Sprintf(" %s=%s", strings.TrimSuffix(string(a.Email), "@msp.example"), a.RoleName)
		}
		for _, r := range sight.Roles {
			text += " role " + r.Name
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func TestRead(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		o    listing.Options
		want string
	}{
		"commas":            {"Account Code,Email Address,Role\nCUSA01A001,anna@msp.example,Reviewer\n", listing.Options{}, "CUSA01A001 anna=Reviewer"},
		"tabs":              {"Role\tUser\tCustomer\nREVIEWER\tAnna@MSP.example\tcusa01a001\n", listing.Options{}, "CUSA01A001 anna=Reviewer"},
		"semicolons":        {"Role;User;Customer\r\nReviewer;anna@msp.example;Müller BAU\r\n", listing.Options{}, "CUSA01A001 anna=Reviewer"},
		"a tenant":          {"E-mail,Role\nanna@msp.example,Reviewer\n", listing.Options{Tenant: "CUSA02A002"}, "CUSA02A002 anna=Reviewer"},
		"other columns":     {"Email,Who,Role,What,Account\nx,anna@msp.example,y,Reviewer,CUSA02A002\n", listing.Options{Columns: listing.Columns{Email: "who", Role: "What"}}, "CUSA02A002 anna=Reviewer"},
		"custom roles":      {"account,email,role\nCUSA01A001,anna@msp.example,prüfer\nCUSA01A001,ben@msp.example,Auditor\nCUSA01A001,carl@msp.example,THEIR OWN\n", listing.Options{}, "CUSA01A001 anna=Prüfer ben=Auditor carl=Their Own role Prüfer role Auditor role Their Own"},
		"our own export":    {"account,name,email,role\nCUSA01A001,Müller Bau,anna@msp.example,help-desk-admin\n", listing.Options{}, "CUSA01A001 anna=Help Desk Administrator"},
		"complete":          {"account,email,role\nCUSA01A001,anna@msp.example,Reviewer\n", listing.Options{Complete: true}, "CUSA01A001 complete anna=Reviewer"},
		"nobody":            {"email,role\n", listing.Options{Complete: true, Tenant: "CUSA02A002"}, "CUSA02A002 complete"},
		"nobody in part":    {"email,role\n", listing.Options{Tenant: "CUSA02A002"}, ""},
		"twice":             {"account,email,role\nCUSA01A001,anna@msp.example,Reviewer\nCUSA01A001,ANNA@msp.example,reviewer\n", listing.Options{}, "CUSA01A001 anna=Reviewer"},
		"the tenant's own":  {"account,email,role\nCUSA01A001,msp_x@alder.example,Unheard of\nCUSA01A001,it@alder.example,Super Administrator\n", listing.Options{Complete: true}, "CUSA01A001 complete"},
		"of two tenants":    {"account,email,role\nCUSA02A002,anna@msp.example,Reviewer\nCUSA01A001,anna@msp.example,Full Administrator\n", listing.Options{}, "CUSA01A001 anna=Full Administrator; CUSA02A002 anna=Reviewer"},
		"quotes and spaces": {"account,email,role\n CUSA01A001 ,\"anna@msp.example\", \"Reviewer\"\n\n", listing.Options{}, "CUSA01A001 anna=Reviewer"},
	} {
		t.Run(name, func(t *testing.T) {
			for spelt, encoder := range map[string]encoding.Encoding{
				"UTF-8": unicode.UTF8, "UTF-8 with a mark": unicode.UTF8BOM,
				"UTF-16 with a mark": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16 big end first with a mark": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
				"UTF-16": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16 big end first": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
				"Windows-1252": charmap.Windows1252,
			} {
				data, err := encoder.NewEncoder().Bytes([]byte(test.text))
				if err != nil {
					t.Fatal(err)
				}
				got, err := listing.Read(data, states(), test.o)
				if err != nil || said(got) != test.want || len(got.Problems) > 0 {
					t.Errorf("%s: got %v, %+v\nwant %s", spelt, err, got, test.want)
				} else if spelt != "Windows-1252" && !strings.HasPrefix(spelt, got.Encoding) {
					t.Errorf("%s is taken for %s", spelt, got.Encoding)
				}
			}
		})
	}
}

func TestProblems(t *testing.T) {
	const header = "account,email,role\n"
	for name, test := range map[string]struct {
		text string
		o    listing.Options
		want []string
		said string
	}{
		"all of a file": {
			header + "CNONE,anna@msp.example,Reviewer\nAlder,anna,Reviewer\n,ben@msp.example,Reviewer\nCUSA01A001,carl,King\nCUSA01A001,dora@msp.example,\n\"CUSA01A001\"x,eve@msp.example,Reviewer\nCUSA02A002,fay@msp.example,Gone\nCUSA01A001,gil@msp.example,Reviewer\n",
			listing.Options{Complete: true},
			[]string{
				`line 2: there is no tenant "CNONE" in the directory`,
				`line 3: "Alder" is neither the code nor the name of a tenant in the directory; "anna" is not an email address: write one like "anna@example.com", without a name or spaces`,
				`line 4: there is no account: write its code`,
				`line 5: "carl" is not an email address: write one like "anna@example.com", without a name or spaces; "King" is neither a default role nor a custom role of Müller Bau (CUSA01A001): declare it, or write the role that is meant`,
				`line 6: there is no role: write its name, or delete the row`,
				`line 7: a quotation mark is not closed, or not around a whole cell: write one before and one after the cell, and two for one inside it`,
				`line 8: "Gone" is neither a default role nor a custom role of Birch (CUSA02A002): declare it, or write the role that is meant`,
			},
			"CUSA01A001 gil=Reviewer",
		},
		"one tenant is not complete": {
			header + "CUSA01A001,anna@msp.example,King\nCUSA02A002,anna@msp.example,Reviewer\n",
			listing.Options{Complete: true},
			[]string{`line 2: "King" is neither a default role nor a custom role of Müller Bau (CUSA01A001): declare it, or write the role that is meant`},
			"CUSA02A002 complete anna=Reviewer",
		},
		"two roles": {
			header + "CUSA01A001,anna@msp.example,Reviewer\nCUSA01A001,anna@msp.example,Full Administrator\n",
			listing.Options{},
			[]string{`line 3: anna@msp.example is "Full Administrator" here and "Reviewer" in line 2: an address holds one role`},
			"CUSA01A001 anna=Reviewer",
		},
		"another tenant": {
			header + "CUSA01A001,anna@msp.example,Reviewer\n",
			listing.Options{Tenant: "CUSA02A002"},
			[]string{`line 2: this is of CUSA01A001, and --tenant is CUSA02A002`},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := listing.Read([]byte(test.text), states(), test.o)
			if err != nil {
				t.Fatal(err)
			}
			var problems []string
			for _, p := range got.Problems {
				problems = append(problems, p.Error())
			}
			if !reflect.DeepEqual(problems, test.want) || said(got) != test.said {
				t.Errorf("got  %q, %s\nwant %q, %s", problems, said(got), test.want, test.said)
			}
		})
	}
}

func TestCannotBeRead(t *testing.T) {
	for want, test := range map[string]struct {
		text string
		o    listing.Options
	}{
		`there are no columns: the first line is to name them, for example "account,email,role"`:                                                                                               {"\n\n", listing.Options{}},
		"line 1: no column is known to be the address: name it with --email-column, one of [\"a\" \"b\"]\nno column is known to be the role: name it with --role-column, one of [\"a\" \"b\"]": {"a,b\n", listing.Options{}},
		`line 1: no column is known to be the account: name it with --account-column, one of ["email" "role"], or say with --tenant whose list it is`:                                          {"email,role\n", listing.Options{}},
		`line 1: --role-column is "What", and there is no such column: write one of ["email" "role" "client"]`:                                                                                 {"email,role,client\n", listing.Options{Columns: listing.Columns{Role: "What"}}},
		`line 1: two columns are called "E-mail": keep one of them, or name the one that counts with --email-column`:                                                                           {"E-mail,Email,role,client\n", listing.Options{}},
		`line 1: a quotation mark is not closed, or not around a whole cell: write one before and one after the cell, and two for one inside it`:                                               {"\"email,role\n", listing.Options{}},
	} {
		if _, err := listing.Read([]byte(test.text), states(), test.o); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// FuzzRead reads anything: what is seen is canonical, and of tenants that there are.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"account,email,role\nCUSA01A001,anna@msp.example,Reviewer\n", "\xff\xfea\x00", "\x00a\x00,", "email;role\n\x80@b;\x00", "\xfe\xff"} {
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, complete bool) {
		got, err := listing.Read(data, states(), listing.Options{Complete: complete, Tenant: "CUSA01A001"})
		if err != nil {
			return
		}
		for _, sight := range got.Sights {
			if sight.Tenant != "CUSA01A001" || sight.Complete && len(got.Problems) > 0 {
				t.Errorf("got %+v", got)
			}
			for _, admin := range sight.Admins {
				if canonical, err := rolemodel.ParseEmail(string(admin.Email)); err != nil || canonical != admin.Email || admin.RoleName == "" {
					t.Errorf("got %+v", admin)
				}
			}
		}
	})
}
