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
