# What the directory holds. A plan imports it and changes only who declares it.
# The import blocks may be deleted once they are applied.

# Northwind IT
import {
  to = mimecast_partner.cusa00a000
  id = "CUSA00A000"
}

resource "mimecast_partner" "cusa00a000" {
  account_code   = "CUSA00A000"
  name           = "Northwind IT"
  program        = "msp"
  partner_portal = true
  domains        = ["northwind.example"]
}

# Southwind IT
import {
  to = mimecast_partner.cusa90a090
  id = "CUSA90A090"
}

resource "mimecast_partner" "cusa90a090" {
  account_code   = "CUSA90A090"
  name           = "Southwind IT"
  program        = "msp"
  partner_portal = true
  domains        = ["southwind.example"]
}

# Left out: the partner "Gone IT" (CUSA99A099) is retired and goes with the last of what depends on it.

# Alder Legal
import {
  to = mimecast_tenant.cusa01a001
  id = "CUSA01A001"
}

resource "mimecast_tenant" "cusa01a001" {
  account_code   = "CUSA01A001"
  name           = "Alder Legal"
  region         = "uk"
  primary_domain = "alder.example"
  partner_id     = mimecast_partner.cusa00a000.id
}

# Birch Dental
import {
  to = mimecast_tenant.cusa02a002
  id = "CUSA02A002"
}

resource "mimecast_tenant" "cusa02a002" {
  account_code   = "CUSA02A002"
  name           = "Birch Dental"
  primary_domain = "birch.example"
  partner_id     = mimecast_partner.cusa90a090.id
}

# Left out: the tenant "Cedar Gone" (CUSA03A003) is retired and goes with the last of what depends on it.

# Directory Administrator
import {
  to = mimecast_role.cusa01a001_directory_administrator
  id = "CUSA01A001/directory-administrator"
}

resource "mimecast_role" "cusa01a001_directory_administrator" {
  tenant_id           = mimecast_tenant.cusa01a001.id
  name                = "Directory Administrator"
  description         = "Groups: $${all} of \"them\""
  security_permission = "cannot_manage_roles"
  application_permissions = [
    "Directories | Groups | Edit",
    "Directories | Internal | Read",
  ]
}

# Directory Administrator
import {
  to = mimecast_role.cusa02a002_directory_administrator
  id = "CUSA02A002/directory-administrator"
}

resource "mimecast_role" "cusa02a002_directory_administrator" {
  tenant_id           = mimecast_tenant.cusa02a002.id
  name                = "Directory Administrator"
  security_permission = "cannot_manage_roles"
}

# Left out: the role "Directory Administrator" (CUSA03A003/directory-administrator) is retired and goes with the last of what depends on it.

# Partner Administrator
import {
  to = mimecast_external_admin.cusa01a001_anna_northwind_example
  id = "CUSA01A001/anna@northwind.example"
}

resource "mimecast_external_admin" "cusa01a001_anna_northwind_example" {
  tenant_id = mimecast_tenant.cusa01a001.id
  email     = "anna@northwind.example"
  role_id   = "partner-admin"
}

# Directory Administrator
import {
  to = mimecast_external_admin.cusa01a001_bea_o_neil_northwind_example
  id = "CUSA01A001/bea+o'neil@northwind.example"
}

resource "mimecast_external_admin" "cusa01a001_bea_o_neil_northwind_example" {
  tenant_id = mimecast_tenant.cusa01a001.id
  email     = "bea+o'neil@northwind.example"
  role_id   = mimecast_role.cusa01a001_directory_administrator.id
}

# Help Desk Administrator
import {
  to = mimecast_external_admin.cusa02a002_anna_southwind_example
  id = "CUSA02A002/anna@southwind.example"
}

resource "mimecast_external_admin" "cusa02a002_anna_southwind_example" {
  tenant_id = mimecast_tenant.cusa02a002.id
  email     = "anna@southwind.example"
  role_id   = "help-desk-admin"
}

# Directory Administrator
import {
  to = mimecast_external_admin.cusa03a003_carl_gone_example
  id = "CUSA03A003/carl@gone.example"
}

resource "mimecast_external_admin" "cusa03a003_carl_gone_example" {
  tenant_id = "CUSA03A003"
  email     = "carl@gone.example"
  role_id   = "directory-administrator"
}
