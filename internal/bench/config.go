package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// size is how much there is to manage.
type size struct{ tenants, admins int }

// String writes a size as -sizes has it.
func (s size) String() string { return fmt.Sprintf("%dx%d", s.tenants, s.admins) }

// way is a way of granting, as a configuration with the provider and as the
// same configuration with terraform_data instead. A configuration maps file
// names to contents.
type way struct {
	name        string
	ours, floor map[string]string
}

const partner = `
terraform {
  required_providers {
    mimecast = { source = "msp-as-code/mimecast" }
  }
}
resource "mimecast_partner" "msp" {
  account_code = "CUSA00A000"
  name         = "Northwind IT"
  domains      = ["northwind.example"]
}
`

const floorPartner = `
resource "terraform_data" "msp" {
  input = { account_code = "CUSA00A000", name = "Northwind IT", domains = ["northwind.example"] }
}
`

const allClients = `
locals {
  clients = jsondecode(file("${path.module}/clients.json"))
}
`

const eachClient = `
module "client" {
  source     = "./client"
  for_each   = local.clients
  code       = each.key
  admins     = each.value
  partner_id = %s
}
`

const variables = `
variable "code" { type = string }
variable "partner_id" { type = string }
variable "admins" { type = map(object({ role_id = string })) }
`

const tenant = `
terraform {
  required_providers {
    mimecast = { source = "msp-as-code/mimecast" }
  }
}
` + variables + `
resource "mimecast_tenant" "client" {
  account_code   = var.code
  name           = "Client ${var.code}"
  primary_domain = "${lower(var.code)}.example"
  partner_id     = var.partner_id
}
`

const floorTenant = variables + `
resource "terraform_data" "client" {
  input = {
    account_code   = var.code
    name           = "Client ${var.code}"
    primary_domain = "${lower(var.code)}.example"
    partner_id     = var.partner_id
  }
}
`

// ways returns both ways of granting, all grants of a tenant in one resource and
// one resource for each grant, both in a module for each tenant, which is the
// shape that Terraform itself is quick with.
func ways() []way {
	return []way{
		{
			name: "map",
			ours: map[string]string{
				"main.tf": partner + allClients + fmt.Sprintf(eachClient, "mimecast_partner.msp.id"),
				"client/main.tf": tenant + `
resource "mimecast_external_admins" "all" {
  tenant_id = mimecast_tenant.client.id
  admins    = var.admins
}
`,
			},
			floor: map[string]string{
				"main.tf": floorPartner + allClients + fmt.Sprintf(eachClient, "terraform_data.msp.id"),
				"client/main.tf": floorTenant + `
resource "terraform_data" "all" {
  input = { tenant_id = terraform_data.client.id, admins = var.admins }
}
`,
			},
		},
		{
			name: "single",
			ours: map[string]string{
				"main.tf": partner + allClients + fmt.Sprintf(eachClient, "mimecast_partner.msp.id"),
				"client/main.tf": tenant + `
resource "mimecast_external_admin" "each" {
  for_each  = var.admins
  tenant_id = mimecast_tenant.client.id
  email     = each.key
  role_id   = each.value.role_id
}
`,
			},
			floor: map[string]string{
				"main.tf": floorPartner + allClients + fmt.Sprintf(eachClient, "terraform_data.msp.id"),
				"client/main.tf": floorTenant + `
resource "terraform_data" "each" {
  for_each = var.admins
  input    = { tenant_id = terraform_data.client.id, email = each.key, role_id = each.value.role_id }
}
`,
			},
		},
	}
}

// write writes the configuration and its clients into the folder.
func write(folder string, size size, files map[string]string) error {
	type admin struct {
		RoleID string `json:"role_id"`
	}
	all := map[string]map[string]admin{}
	for t := range size.tenants {
		admins := map[string]admin{}
		for a := range size.admins {
			admins[string(technician(a))] = admin{"help-desk-admin"}
		}
		all[string(tenantCode(t))] = admins
	}
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(folder, "client"), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "clients.json"), data, 0o600); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}
