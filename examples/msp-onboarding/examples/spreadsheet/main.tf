# Northwind IT's clients, and who reaches them from a spreadsheet: technicians.csv as it was saved. A leaver is one deleted row.

terraform {
  required_providers {
    mimecast = {
      source = "msp-as-code/mimecast"
    }
  }
}

locals {
  clients = {
    alder = { account_code = "CUSA01A001", name = "Alder Legal", primary_domain = "alderlegal.example" }
    birch = { account_code = "CUKA02A002", name = "Birch Clinic", primary_domain = "birchclinic.example" }
    cedar = { account_code = "CDEA03A003", name = "Cedar Bau", primary_domain = "cedarbau.example" }
  }
}

module "msp" {
  source = "../.."

  partner = {
    account_code = "CUSA00A000"
    name         = "Northwind IT"
    domains      = ["northwind-it.example", "support.northwind-it.example"]
  }

  clients = local.clients
  access  = provider::mimecast::access_from_csv(file("${path.module}/technicians.csv"), values(local.clients)[*].account_code...)

  # In the spreadsheet by its ID.
  role_templates = {
    "Directory Team Administrator" = { application_permissions = ["Directories | Groups | Edit"] }
  }
}

output "reach" {
  value = module.msp.reach
}
