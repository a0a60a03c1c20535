package refactor_test

import (
	"fmt"
	"slices"
	"strings"
)

// partner is Northwind IT.
const partner = `
resource "mimecast_partner" "msp" {
  account_code = "CUSA00A000"
  name         = "Northwind IT"
  domains      = ["northwind.example"]
}
`

// clients is the partner with n tenants, and its technicians.
func clients(n int) string {
	return partner + fmt.Sprintf(`
locals {
  clients     = { for i in range(%d) : format("c%%02d", i) => { code = format("CUSA%%02dB001", i), domain = format("client%%02d.example", i) } }
  technicians = toset(["anna", "bea", "cem"])
}

resource "mimecast_tenant" "client" {
  for_each       = local.clients
  account_code   = each.value.code
  name           = "Client ${each.value.code}"
  primary_domain = each.value.domain
  partner_id     = mimecast_partner.msp.id
}
`, n)
}

// asMaps declares all grants of every client, each technician with the role.
func asMaps(name, role string, technicians ...string) string {
	return fmt.Sprintf(`
resource "mimecast_external_admins" %q {
  for_each  = local.clients
  tenant_id = mimecast_tenant.client[each.key].id
  admins    = { for t in %s : "${t}@northwind.example" => { role_id = %q } }
}
`, name, set(technicians), role)
}

// asSingles declares a Help Desk Administrator's grant for every technician at every client.
func asSingles(name string, technicians ...string) string {
	return asSinglesAt(name, "help-desk-admin", "${c}/${t}", technicians...)
}

// asSinglesAt is asSingles with another template for the keys of for_each.
func asSinglesAt(name, role, key string, technicians ...string) string {
	return fmt.Sprintf(`
resource "mimecast_external_admin" %[1]q {
  for_each  = merge([for c in keys(local.clients) : { for t in %[2]s : "%[4]s" => { client = c, technician = t } }]...)
  tenant_id = mimecast_tenant.client[each.value.client].id
  email     = "${each.value.technician}@northwind.example"
  role_id   = %[3]q
}
`, name, set(technicians), role, key)
}

// set is the technicians as the configuration has them, all if there are none.
func set(technicians []string) string {
	if len(technicians) == 0 {
		return "local.technicians"
	}
	return `["` + strings.Join(technicians, `", "`) + `"]`
}

// code is the account code of a client.
func code(client int) string { return fmt.Sprintf("CUSA%02dB001", client) }

// granted are the grants of n clients, all technicians' if there are none.
func granted(n int, role string, technicians ...string) []string {
	if len(technicians) == 0 {
		technicians = []string{"anna", "bea", "cem"}
	}
	var grants []string
	for i := range n {
		for _, t := range technicians {
			grants = append(grants, fmt.Sprintf("%s/%s@northwind.example %s", code(i), t, role))
		}
	}
	slices.Sort(grants)
	return grants
}

// one is a grant of the first client.
func one(technician, role string) string {
	return fmt.Sprintf("%s/%s@northwind.example %s", code(0), technician, role)
}

// client is the partner with one tenant at mimecast_tenant.client.
const client = partner + `
resource "mimecast_tenant" "client" {
  account_code   = "CUSA00B001"
  name           = "Alder Legal"
  primary_domain = "alder.example"
  partner_id     = mimecast_partner.msp.id
}
`

// role declares a custom role of the client at mimecast_role.NAME.
func role(name, title string) string {
	return fmt.Sprintf(`
resource "mimecast_role" %q {
  tenant_id               = mimecast_tenant.client.id
  name                    = %q
  application_permissions = ["Directories | Groups | Edit"]
}
`, name, title)
}

// single declares a grant of the client, the role given as an expression.
func single(name, technician, role string) string {
	return fmt.Sprintf(`
resource "mimecast_external_admin" %q {
  tenant_id = mimecast_tenant.client.id
  email     = "%s@northwind.example"
  role_id   = %s
}
`, name, technician, role)
}

// all declares all grants of the client, given as pairs of technician and role expression.
func all(name string, pairs ...string) string { return allWith(name, "", pairs...) }

// allWith is all with more lines.
func allWith(name, more string, pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&b, "    \"%s@northwind.example\" = { role_id = %s }\n", pairs[i], pairs[i+1])
	}
	return fmt.Sprintf("\nresource \"mimecast_external_admins\" %q {\n  tenant_id = mimecast_tenant.client.id\n  admins = {\n%s  }\n  %s\n}\n", name, b.String(), more)
}

const (
	helpDesk = `"help-desk-admin"`
	gateway  = `"gateway-admin"`
)
