package refactor_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestRefusedInThePlan has what cannot work said in the plan, at the attribute, and nothing applied.
func TestRefusedInThePlan(t *testing.T) {
	t.Parallel()
	tenant := func(name, code, domain string) string {
		return fmt.Sprintf("\nresource \"mimecast_tenant\" %q {\n  account_code   = %q\n  name           = %q\n  primary_domain = %q\n}\n", name, code, name, domain)
	}
	for name, c := range map[string]struct {
		before, after string
		says          []string
	}{
		"two maps of one tenant":                 {client, client + all("a", "anna", helpDesk) + all("b", "bea", helpDesk), []string{"Declared twice", `all external admins of tenant "CUSA00B001"`}},
		"two maps, one of them there":            {client + all("a", "anna", helpDesk), client + all("a", "anna", helpDesk) + all("b", "bea", helpDesk), []string{"Declared twice"}},
		"a map and a single grant":               {client, client + all("a", "anna", helpDesk) + single("b", "bea", helpDesk), []string{"Declared twice"}},
		"a map and a single grant that is there": {client + single("b", "bea", helpDesk), client + all("a", "anna", helpDesk) + single("b", "bea", helpDesk), []string{"Declared twice"}},
		"a single grant and a map that is there": {client + all("a", "anna", helpDesk), client + all("a", "anna", helpDesk) + single("b", "bea", helpDesk), []string{"Declared twice"}},
		"one grant twice":                        {client, client + single("a", "anna", helpDesk) + single("b", "anna", helpDesk), []string{"Declared twice", `"CUSA00B001/anna@northwind.example"`}},
		"one grant twice, spelled otherwise":     {client, client + single("a", "anna", helpDesk) + single("b", "Anna", helpDesk), []string{"Declared twice"}},
		"a tenant twice":                         {client, client + tenant("x", "CUSA00E005", "x.example") + tenant("y", "CUSA00E005", "y.example"), []string{"Declared twice", `the tenant "CUSA00E005"`}},
		"two new tenants with one domain":        {client, client + tenant("x", "CUSA00E005", "x.example") + tenant("y", "CUSA00F006", "x.example"), []string{`"x.example"`}},
		"a tenant with a domain that is taken":   {client, client + tenant("x", "CUSA00E005", "alder.example"), []string{`"alder.example" belongs to tenant "CUSA00B001"`}},
		"two new roles with one name":            {client, client + role("a", "Alder Administrator") + role("b", "alder administrator"), []string{"Declared twice", `"alder administrator"`}},
		"two roles get one name":                 {client + role("a", "First Administrator") + role("b", "Second Administrator"), client + role("a", "New Administrator") + role("b", "New Administrator"), []string{"new administrator"}},
		"the code of the partner":                {partner, partner + tenant("x", "CUSA00A000", "x.example"), []string{`"CUSA00A000" is that of a partner`, `account_code = "CUSA00A000"`}},
		"the code of a tenant":                   {client, client + tenant("x", "CUSA00B001", "x.example"), []string{`Declared twice`}},
		"a role's name for its ID":               {client, client + single("a", "anna", `"Help Desk Administrator"`), []string{"help-desk-admin", "role_id"}},
		"a role's name for its ID in a map":      {client, client + all("a", "anna", `"Help Desk Administrator"`), []string{"help-desk-admin"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.apply(c.before)
			held, had := w.grants(), w.accounts()
			found := w.refuse(c.after)
			w.say(found, "error", c.says...)
			w.configure(c.before)
			w.converged(held...)
			w.has(had...)
		})
	}
}

// TestAllMistakesAtOnce makes one mistake in each resource: one run says all of
// them. What is wrong without looking at the directory is said by the validation,
// after which Terraform does not plan.
func TestAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	account := func(kind, name, code, domain string) string {
		return fmt.Sprintf("\nresource \"mimecast_%s\" %q {\n  account_code = %q\n  name = %q\n  %s\n}\n", kind, name, code, name, domain)
	}
	for name, c := range map[string]struct {
		config string
		says   [][]string
	}{
		"in the plan": {
			single("a", "anna", `"no-such-role"`) + strings.Replace(single("b", "bea", helpDesk), "northwind.example", "nortwind.example", 1) +
				strings.Replace(single("c", "cem", `"reviewer"`), "northwind.example", "alder.example", 1) +
				account("partner", "p", "CUSA00B001", `domains = ["p.example"]`) + account("tenant", "x", "CUSA00A000", `primary_domain = "x.example"`) +
				account("tenant", "y", "CUSA00G007", `primary_domain = "alder.example"`) + account("tenant", "z", "CUSA00H008", "primary_domain = \"z.example\"\n  partner_id = \"CUSA99Z999\""),
			[][]string{
				{"no-such-role"},
				{`"bea@nortwind.example"`, "partner-login"},
				{`"cem@alder.example"`, "external-address"},
				{"cem", "protected-assignment"},
				{`"CUSA00B001"`},
				{`"CUSA00A000"`},
				{`"alder.example" belongs to`},
				{`"CUSA99Z999"`},
			},
		},
		"in the validation": {
			single("a", "anna", `"Help Desk Administrator"`) + strings.Replace(role("r", "Reviewer"), "Directories | Groups | Edit", "Directories | Grups | Edit", 1) +
				account("tenant", "x", "12", "primary_domain = \"no domain\"\n  internal_domains = [\"x.example\"]") + account("partner", "p", "CUSA00B001", `domains = ["p p"]`),
			[][]string{{"help-desk-admin"}, {"Directories | Grups | Edit"}, {"default-role-fixed"}, {`"12"`}, {"no domain"}, {"p p"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.apply(client)
			found := w.refuse(client, c.config)
			for _, texts := range c.says {
				w.say(found, "error", texts...)
			}
		})
	}
}

// TestKnownInThePlan onboards a client with a custom role: the plan knows all that can be computed.
func TestKnownInThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.plan(client, alderRole, all("a", "anna", "mimecast_role.custom.id"))
	for _, known := range [][3]string{
		{"mimecast_role.custom", "id", "alder-administrator"},
		{"mimecast_tenant.client", "id", "CUSA00B001"},
		{"mimecast_tenant.client", "initial_admin_email", "msp_alderlegal@alder.example"},
	} {
		if value := p.after(known[0], known[1]); value != known[2] {
			t.Errorf("%s of %s is planned as %v, want %s", known[1], known[0], value, known[2])
		}
	}
	if text := fmt.Sprint(p.after("mimecast_external_admins.a", "admins")); !strings.Contains(text, "alder-administrator") {
		t.Errorf("the map is planned as %s", text)
	}
}

// TestOneWarningForEachAdvice plans 40 tenants that are advised on: the advice is said once.
func TestOneWarningForEachAdvice(t *testing.T) {
	t.Parallel()
	const n = 40
	ranges := strings.Replace(clients(n), "  partner_id     = mimecast_partner.msp.id\n", "  partner_id     = mimecast_partner.msp.id\n  admin_ip_ranges = [\"192.0.2.0/24\"]\n", 1)
	everywhere := strings.Replace(ranges, "192.0.2.0/24", "0.0.0.0/0", 1)
	for name, c := range map[string]struct{ before, after string }{
		"IP ranges of tenants, maps":          {"", ranges + asMaps("all", "help-desk-admin")},
		"IP ranges of tenants, single grants": {"", ranges + asSingles("all")},
		"IP ranges that restrict nothing":     {"", everywhere},
		"a role's name lacks Admin":           {"", clients(n) + "\nresource \"mimecast_role\" \"all\" {\n  for_each  = local.clients\n  tenant_id = mimecast_tenant.client[each.key].id\n  name      = \"Support\"\n}\n"},
		"others hold a role as well":          {clients(n) + asSingles("all", "anna"), clients(n) + asMaps("all", "help-desk-admin", "bea")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.before != "" {
				w.apply(c.before)
			}
			w.configure(c.after)
			found := w.run("plan")
			if said := found.summaries("warning"); len(said) > 1 {
				t.Errorf("the plan warns in %d ways: %q", len(said), said)
			}
			out := w.cli.Succeed("plan")
			if said := strings.Count(out, "Warning: ") - 1; said != 1 { // One is the CLI's own.
				t.Errorf("a person reads %d warnings", said)
			}
		})
	}
}

// TestOneWarningForAllThatRetire deletes 26 tenants with all that is in them from
// the configuration. Terraform plans that in no order and folds no warnings about
// it: what is declared in them is said once, and what is declared nowhere, and so stays, each time.
func TestOneWarningForAllThatRetire(t *testing.T) {
	t.Parallel()
	const n = 26
	for name, grants := range map[string]string{"maps": asMaps("all", "help-desk-admin"), "single grants": asSingles("all")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.apply(clients(n), grants, "\nresource \"mimecast_role\" \"all\" {\n  for_each  = local.clients\n  tenant_id = mimecast_tenant.client[each.key].id\n  name      = \"Support Administrator\"\n}\n")
			w.configure(partner)
			if warnings := w.run("plan").only("warning"); len(warnings) > 2 { // Of external admins and of custom roles.
				t.Errorf("%d warnings:\n%s", len(warnings), warnings)
			}
		})
	}
	t.Run("declared nowhere", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.apply(clients(n), asSingles("all"))
		for _, i := range []int{3, 7, 20} {
			w.directory(func(d directory.Directory) error {
				_, err := directory.Create(t.Context(), d, rolemodel.ExternalAdmin{TenantID: rolemodel.AccountCode(code(i)), Email: "zoe@northwind.example", RoleID: rolemodel.HelpDeskAdmin}, "")
				return err
			})
		}
		w.configure(partner)
		found := w.run("plan")
		for _, i := range []int{3, 7, 20} {
			w.say(found, "warning", "What is in use is retired", code(i), "zoe@northwind.example")
		}
		if warnings := found.only("warning"); len(warnings) > 4 {
			t.Errorf("%d warnings:\n%s", len(warnings), warnings)
		}
	})
}

// TestOneMistakeOfForty misspells one thing that 40 clients share: it is explained
// once, and 39 errors say where in one line. Terraform 1.16 folds those to one.
func TestOneMistakeOfForty(t *testing.T) {
	t.Parallel()
	const n = 40
	role := fmt.Sprintf("\nresource \"mimecast_role\" \"all\" {\n  for_each  = local.clients\n  tenant_id = mimecast_tenant.client[each.key].id\n  name      = \"Support Administrator\"\n%s}\n",
		`  application_permissions = [startswith(each.key, "c") ? "Directories | Grups | Edit" : ""]`+"\n")
	misspelled := func(config string) string {
		return strings.Replace(config, "@northwind.example", "@nortwind.example", 1)
	}
	for name, c := range map[string]struct{ config, full, short string }{
		"address in maps":          {misspelled(asMaps("all", "help-desk-admin", "anna")), "is not a login of Northwind IT", `: admins["anna@nortwind.example"]`},
		"address in single grants": {misspelled(asSingles("all", "anna")), "is not a login of Northwind IT", ": partner-login"},
		"malformed in maps":        {strings.Replace(asMaps("all", "help-desk-admin", "anna"), "${t}@northwind", "${t}${substr(each.key, 9, 1)}@@northwind", 1), "is not an email address", `: admins["anna@@northwind.example"]`},
		"role in maps":             {asMaps("all", "helpdesk", "anna"), `Write "help-desk-admin"`, `: admins["anna@northwind.example"].role_id`},
		"role in single grants":    {asSinglesAt("all", "helpdesk", "${c}/${t}", "anna"), `Write "help-desk-admin"`, ": role-of-tenant"},
		"permission of roles":      {role, "Directories | Groups | Edit", ": known-permission"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.apply(clients(n))
			found := w.refuse(clients(n), c.config).only("error")
			full := w.say(found, "error", c.full)
			at := code(clientAt(full.Address))
			if folded := 2; len(found) != n && len(found) != folded {
				t.Errorf("%d errors", len(found))
			}
			for _, d := range found {
				if d != full && (d.Detail != "" || !strings.Contains(d.Summary, "The same as for ") || !strings.Contains(d.Summary, fmt.Sprintf("%q", at)) || !strings.HasSuffix(d.Summary, c.short)) {
					t.Errorf("at %s: %s\n%s\nthe full one is at %s", d.Address, d.Summary, d.Detail, full.Address)
				}
			}
		})
	}
}

// clientAt is the number of the client in an address such as x.all["c07"].
func clientAt(address string) int {
	var n int
	_, key, _ := strings.Cut(address, `"c`)
	_, _ = fmt.Sscanf(key, "%d", &n)
	return n
}
