# Each mistake is reported by the plan, before anything is changed.

variables {
  partner = {
    account_code = "CUSA00A000"
    name         = "Northwind IT"
    domains      = ["northwind-it.example"]
  }
  clients = {
    alder = { account_code = "CUSA01A001", name = "Alder Legal", primary_domain = "alderlegal.example" }
  }
  technicians = {
    "anna@northwind-it.example" = { role = "partner-admin", groups = ["all"] }
  }
}

run "no_such_role" {
  command = plan
  variables {
    technicians = { "anna@northwind-it.example" = { role = "help-desk", groups = ["all"] } }
  }
  expect_failures = [var.technicians]
}

run "no_such_client" {
  command = plan
  variables {
    technicians = { "anna@northwind-it.example" = { role = "partner-admin", clients = ["aldr"] } }
  }
  expect_failures = [var.technicians]
}

run "no_such_group" {
  command = plan
  variables {
    technicians = { "anna@northwind-it.example" = { role = "partner-admin", groups = ["legal"] } }
  }
  expect_failures = [var.technicians]
}

run "reaches_nobody" {
  command = plan
  variables {
    technicians = { "anna@northwind-it.example" = { role = "partner-admin" } }
  }
  expect_failures = [var.technicians]
}

run "one_account_twice" {
  command = plan
  variables {
    clients = {
      alder = { account_code = "CUSA01A001", name = "Alder Legal", primary_domain = "alderlegal.example" }
      birch = { account_code = "cusa01a001", name = "Birch Clinic", primary_domain = "birchclinic.example" }
    }
  }
  expect_failures = [var.clients]
}

run "a_group_called_all" {
  command = plan
  variables {
    clients = {
      alder = { account_code = "CUSA01A001", name = "Alder Legal", primary_domain = "alderlegal.example", groups = ["all"] }
    }
  }
  expect_failures = [var.clients]
}

run "access_to_no_client" {
  command = plan
  variables {
    access = { CUKA02A002 = { "ben@northwind-it.example" = { role_id = "help-desk-admin" } } }
  }
  expect_failures = [var.access]
}

run "access_of_a_technician" {
  command = plan
  variables {
    access = { CUSA01A001 = { "anna@northwind-it.example" = { role_id = "help-desk-admin" } } }
  }
  expect_failures = [var.access]
}
