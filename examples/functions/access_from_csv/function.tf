locals {
  clients = toset(["CUSA01A001", "CUKA02A002"])

  # As a spreadsheet saves it; file("technicians.csv") in your configuration.
  technicians = <<-CSV
    Name;E-Mail;Role;Clients
    Anna;ANNA@northwind-it.example;Partner Administrator;all
    Ben;ben@northwind-it.example;help-desk-admin;CUSA01A001 | CUKA02A002
    ;;;
    Chloe;chloe@northwind-it.example;Gateway Administrator;cusa01a001
  CSV
}

# CUSA01A001 = { "anna@northwind-it.example" = { role_id = "partner-admin" }, ... }, CUKA02A002 = { ... }
output "access" {
  value = provider::mimecast::access_from_csv(local.technicians, local.clients...)
}
