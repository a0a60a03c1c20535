# Northwind IT's clients and technicians. A leaver is one deleted line; so is a client who leaves.

terraform {
  required_providers {
    mimecast = {
      source = "msp-as-code/mimecast"
    }
  }
}

module "msp" {
  source = "../.."

  partner = {
    account_code    = "CUSA00A000"
    name            = "Northwind IT"
    domains         = ["northwind-it.example", "support.northwind-it.example"]
    admin_ip_ranges = ["192.0.2.0/24"]
  }

  clients = {
    alder = { account_code = "CUSA01A001", name = "Alder Legal", primary_domain = "alderlegal.example", other_domains = ["alder-law.example"], region = "us", groups = ["legal"] }
    birch = { account_code = "CUKA02A002", name = "Birch Clinic", primary_domain = "birchclinic.example", region = "uk", groups = ["europe"] }
    cedar = { account_code = "CDEA03A003", name = "Cedar Bau", primary_domain = "cedarbau.example", region = "de", groups = ["europe"] }
  }

  technicians = {
    "anna@northwind-it.example"  = { role = "partner-admin", groups = ["all"] }
    "ben@northwind-it.example"   = { role = "help-desk-admin", groups = ["europe"], reason = "First line, Europe" }
    "chloe@northwind-it.example" = { role = "gateway-admin", groups = ["legal"], clients = ["cedar"] }
    "dev@support.northwind-it.example" = {
      role    = "Directory Team Administrator"
      clients = ["alder", "birch"]
      reason  = "Directory migration, CHG-1042"
      terms   = { birch = { expires_at = "2199-03-31T18:00:00Z" } } # Until the clinic's migration is done.
    }
  }

  role_templates = {
    "Directory Team Administrator" = {
      description             = "Keeps groups and addresses in order."
      application_permissions = ["Directories | Groups | Edit", "Directories | Internal | Edit", "Gateway | Tracking | Read"]
    }
  }
}

output "reach" {
  value = module.msp.reach
}
