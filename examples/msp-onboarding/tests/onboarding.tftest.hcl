# Two technicians, three clients, from onboarding to the day one technician leaves.

variables {
  partner = {
    account_code = "CUSA00A000"
    name         = "Northwind IT"
    domains      = ["northwind-it.example"]
  }
  clients = {
    alder = { account_code = "CUSA01A001", name = "Alder Legal", primary_domain = "alderlegal.example", groups = ["legal"] }
    birch = { account_code = "CUKA02A002", name = "Birch Clinic", primary_domain = "birchclinic.example", groups = ["europe"] }
    cedar = { account_code = "CDEA03A003", name = "Cedar Bau", primary_domain = "cedarbau.example", groups = ["europe"] }
  }
  technicians = {
    "anna@northwind-it.example" = { role = "partner-admin", groups = ["all"] }
    "dev@northwind-it.example"  = { role = "Directory Team Administrator", groups = ["europe"], clients = ["alder"] }
  }
  role_templates = {
    "Directory Team Administrator" = { application_permissions = ["Directories | Groups | Edit"] }
  }
}

run "onboarding" {
  assert {
    condition     = output.access.alder == { "anna@northwind-it.example" = "Partner Administrator", "dev@northwind-it.example" = "Directory Team Administrator" }
    error_message = "Both technicians reach Alder, each with the role given."
  }

  assert {
    condition     = output.reach["dev@northwind-it.example"] == ["alder", "birch", "cedar"]
    error_message = "A technician reaches the clients named and those of the groups."
  }
}

run "one_client_less" {
  variables {
    technicians = {
      "anna@northwind-it.example" = { role = "partner-admin", groups = ["all"] }
      "dev@northwind-it.example"  = { role = "Directory Team Administrator", clients = ["alder"] }
    }
  }

  assert {
    condition     = output.reach["dev@northwind-it.example"] == ["alder"]
    error_message = "Whoever leaves a group loses its clients."
  }
}

run "access_from_a_spreadsheet" {
  variables {
    technicians = {
      "anna@northwind-it.example" = { role = "partner-admin", groups = ["all"] }
    }
    access = {
      CUSA01A001 = {
        "ben@northwind-it.example" = { role_id = "help-desk-admin" }
        "dev@northwind-it.example" = { role_id = "directory-team-administrator" }
      }
    }
  }

  assert {
    condition = output.access.alder == {
      "anna@northwind-it.example" = "Partner Administrator"
      "ben@northwind-it.example"  = "Help Desk Administrator"
      "dev@northwind-it.example"  = "Directory Team Administrator"
    }
    error_message = "Those of the spreadsheet reach Alder beside the technicians, with the role given."
  }

  assert {
    condition     = output.reach["ben@northwind-it.example"] == ["alder"] && keys(output.access.birch) == ["anna@northwind-it.example"]
    error_message = "They reach no other client."
  }
}

# The line is gone, and with it the role that nobody else holds.
run "offboarding" {
  variables {
    technicians = {
      "anna@northwind-it.example" = { role = "partner-admin", groups = ["all"] }
    }
    role_templates = {}
  }

  assert {
    condition     = keys(output.access.alder) == ["anna@northwind-it.example"]
    error_message = "Whoever has left reaches nobody."
  }
}

run "a_client_leaves" {
  variables {
    clients = {
      alder = { account_code = "CUSA01A001", name = "Alder Legal", primary_domain = "alderlegal.example" }
    }
    technicians = {
      "anna@northwind-it.example" = { role = "partner-admin", groups = ["all"] }
    }
    role_templates = {}
  }

  assert {
    condition     = keys(output.access) == ["alder"]
    error_message = "Only Alder is left."
  }
}
