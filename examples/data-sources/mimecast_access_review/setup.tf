# What the example beside this file needs, so that the folder can be applied as it is.

terraform {
  required_providers {
    mimecast = {
      source = "msp-as-code/mimecast"
    }
  }
}

resource "mimecast_partner" "northwind" {
  account_code = "CUSA00A000"
  name         = "Northwind IT"
  domains      = ["northwind-it.example"]
}

resource "mimecast_tenant" "alder" {
  account_code   = "CUSA01A001"
  name           = "Alder Legal"
  region         = "us"
  primary_domain = "alderlegal.example"
  partner_id     = mimecast_partner.northwind.id
}

resource "mimecast_external_admins" "alder" {
  tenant_id = mimecast_tenant.alder.id
  admins = {
    "anna@northwind-it.example" = { role_id = "partner-admin" }
    "ben@northwind-it.example"  = { role_id = "help-desk-admin" }
  }
}
