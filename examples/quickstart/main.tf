# One partner, three clients, four technicians and one custom role.
# The clients and technicians are rows of two CSV files: a leaver is one deleted line.

terraform {
  required_providers {
    mimecast = {
      source = "msp-as-code/mimecast"
    }
  }
}

# The directory is a file beside this configuration, unless another is named.
# It is created on first use.
variable "directory" {
  description = "Another directory: the path of a file, a postgres:// URL or the https:// URL of a directory service."
  type        = string
  default     = null
}

provider "mimecast" {
  directory = coalesce(var.directory, "${path.root}/msp.directory")
}

locals {
  clients = { for row in csvdecode(file("${path.module}/clients.csv")) : row.account_code => row }

  # Who reaches which client, by account code and address. Every row that cannot be used is an error with its line.
  access = provider::mimecast::access_from_csv(file("${path.module}/technicians.csv"), keys(local.clients)...)
}

resource "mimecast_partner" "northwind" {
  account_code = "CUSA00A000"
  name         = "Northwind IT"
  domains      = ["northwind-it.example", "support.northwind-it.example"]
}

resource "mimecast_tenant" "client" {
  for_each = local.clients

  account_code     = each.key
  name             = each.value.name
  region           = each.value.region
  primary_domain   = each.value.primary_domain
  internal_domains = compact(concat([each.value.primary_domain], split(" ", each.value.other_domains)))
  partner_id       = mimecast_partner.northwind.id
}

# A custom role belongs to one tenant, so each client gets its own.
resource "mimecast_role" "directory_team" {
  for_each = local.clients

  tenant_id   = mimecast_tenant.client[each.key].id
  name        = "Directory Team Administrator"
  description = "Keeps groups and addresses in order."

  application_permissions = [
    "Directories | Groups | Edit",
    "Directories | Internal | Edit",
    "Gateway | Tracking | Read",
  ]
}

# All external admins of a client in one resource: whoever is added in another
# way shows up as a removal in the next plan.
resource "mimecast_external_admins" "client" {
  for_each = local.clients

  tenant_id = mimecast_tenant.client[each.key].id
  admins    = local.access[each.key]

  depends_on = [mimecast_role.directory_team] # Which some of them hold.
}
