locals {
  clients = toset(["CUSA01A001", "CUKA02A002"])

  # As a spreadsheet saves it; file("technicians.csv") in your configuration.
  technicians = <<-CSV
    Name;E-Mail;Role;Clients;Reason;Expires
    Anna;ANNA@northwind-it.example;Partner Administrator;all
    Ben;ben@northwind-it.example;help-desk-admin;CUSA01A001 | CUKA02A002
    ;;;;;
    Chloe;chloe@northwind-it.example;Gateway Administrator;cusa01a001;Mail migration;2199-01-31T18:00:00Z
  CSV
}

# CUSA01A001 = { "anna@northwind-it.example" = { role_id = "partner-admin", reason = null, expires_at = null }, ... }, CUKA02A002 = { ... }
output "access" {
  value = provider::mimecast::access_from_csv(local.technicians, local.clients...)
}
