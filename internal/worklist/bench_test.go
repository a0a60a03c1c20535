package worklist_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions/sheet"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// BenchmarkWorklist is the worklist of 10^5 grants, half of which are as seen.
func BenchmarkWorklist(b *testing.B) {
	states := clients(2000, 50)
	done(b, states)
	for i := range states {
		for j := range states[i].Admins[:25] {
			states[i].Admins[j].RoleID = rolemodel.Reviewer
		}
	}
	for b.Loop() {
		items := worklist.Items(now, states)
		passes := worklist.Passes(states, items)
		b.ReportMetric(float64(len(items)), "items")
		b.ReportMetric(float64(len(passes)), "passes")
	}
}

// BenchmarkPasses tells how many passes do what typical changes leave to do.
func BenchmarkPasses(b *testing.B) {
	for name, sized := range map[string]func() []worklist.State{
		"quickstart": func() []worklist.State { return quickstart(b) },
		"40x12":      func() []worklist.State { return clients(40, 12) },
		"500x10":     func() []worklist.State { return clients(500, 10) },
	} {
		for change, happens := range changes() {
			b.Run(name+"/"+change, func(b *testing.B) {
				states := sized()
				if change != "everything" {
					done(b, states)
				}
				states = happens(states)
				for b.Loop() {
					items := worklist.Items(now, states)
					passes := worklist.Passes(states, items)
					b.ReportMetric(float64(len(items)), "items")
					b.ReportMetric(float64(len(passes)), "passes")
				}
			})
		}
	}
}

// changes are what typically happens, after which there is something to do.
func changes() map[string]func([]worklist.State) []worklist.State {
	each := func(change func(*worklist.State)) func([]worklist.State) []worklist.State {
		return func(states []worklist.State) []worklist.State {
			for i := range states {
				change(&states[i])
			}
			return states
		}
	}
	joins := func(id rolemodel.RoleID) func([]worklist.State) []worklist.State {
		return each(func(s *worklist.State) { s.Admins = append(s.Admins, grant("new@msp.example", id)) })
	}
	leaves := func(id rolemodel.RoleID) func([]worklist.State) []worklist.State {
		return each(func(s *worklist.State) {
			i := slices.IndexFunc(s.Admins, func(a rolemodel.ExternalAdmin) bool { return a.RoleID == id })
			s.Admins = slices.Delete(s.Admins, i, i+1)
		})
	}
	return map[string]func([]worklist.State) []worklist.State{
		"everything":                     func(states []worklist.State) []worklist.State { return states },
		"new Partner Administrator":      joins(rolemodel.PartnerAdmin),
		"new Help Desk Administrator":    joins(rolemodel.HelpDeskAdmin),
		"Partner Administrator leaves":   leaves(rolemodel.PartnerAdmin),
		"Help Desk Administrator leaves": leaves(rolemodel.HelpDeskAdmin),
		"role changes":                   each(func(s *worklist.State) { s.Roles[0].Description = "Another one." }),
		"new client":                     func(states []worklist.State) []worklist.State { states[0].Seen = nil; return states },
		"new client, one comes, one leaves": func(states []worklist.State) []worklist.State {
			states = leaves(rolemodel.PartnerAdmin)(joins(rolemodel.PartnerAdmin)(states))
			states[0].Seen = nil
			return states
		},
	}
}

// clients are n clients with a custom role each and m technicians, half of them
// Partner Administrators.
func clients(n, m int) []worklist.State {
	states := make([]worklist.State, n)
	for i := range states {
		tenant := alder
		tenant.AccountCode, tenant.Name = rolemodel.AccountCode(fmt.Sprintf("CUSA%05d", i)), fmt.Sprintf("Client %d", i)
		states[i] = worklist.State{Tenant: tenant, Partner: partner, Roles: []rolemodel.Role{auditor}}
		for j := range m {
			id := []rolemodel.RoleID{rolemodel.PartnerAdmin, rolemodel.HelpDeskAdmin, rolemodel.PartnerAdmin, "auditor"}[j%4]
			states[i].Admins = append(states[i].Admins, grant(rolemodel.Email(fmt.Sprintf("technician%02d@msp.example", j)), id))
		}
	}
	return states
}

// quickstart is examples/quickstart.
func quickstart(b *testing.B) []worklist.State {
	b.Helper()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", "examples", "quickstart", name))
		if err != nil {
			b.Fatal(err)
		}
		return string(text)
	}
	rows, err := csv.NewReader(strings.NewReader(read("clients.csv"))).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	var codes []rolemodel.AccountCode
	for _, row := range rows[1:] {
		codes = append(codes, rolemodel.AccountCode(row[0]))
	}
	access, err := sheet.Read(read("technicians.csv"), codes)
	if err != nil {
		b.Fatal(err)
	}
	northwind := &rolemodel.Partner{AccountCode: "CUSA00A000", Domains: []rolemodel.Domain{"msp.example", "northwind-it.example", "support.northwind-it.example"}, PartnerPortal: true}
	team := auditor
	team.ID, team.Name = "directory-team-administrator", "Directory Team Administrator"
	var states []worklist.State
	for i, code := range codes {
		tenant := alder
		tenant.AccountCode, tenant.Name = code, rows[i+1][1]
		s := worklist.State{Tenant: tenant, Partner: northwind, Roles: []rolemodel.Role{team}}
		for email, id := range access[code] {
			s.Admins = append(s.Admins, grant(email, id.RoleID))
		}
		states = append(states, s)
	}
	return states
}

// done makes everything that is to be done seen as done.
func done(b *testing.B, states []worklist.State) {
	b.Helper()
	sights, err := worklist.Confirm(now, states, worklist.Items(now, states))
	if err != nil {
		b.Fatal(err)
	}
	copy(states, observe(states, sights))
}
