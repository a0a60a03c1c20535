# Clients × technicians × role templates: one module instance for each client, so that planning
# stays in proportion to the number of clients.

locals {
  # Which technician reaches which client, with which role, why and until when.
  technicians = {
    for short_name, client in var.clients : short_name => {
      for email, technician in var.technicians : email => {
        role_id    = technician.role
        reason     = try(coalesce(try(technician.terms[short_name].reason, null), technician.reason), null)
        expires_at = try(coalesce(try(technician.terms[short_name].expires_at, null), technician.expires_at), null)
      }
      if contains(technician.clients, short_name) || contains(technician.groups, "all") || length(setintersection(technician.groups, client.groups)) > 0
    }
  }

  # With those of the variable access.
  access = {
    for short_name, client in var.clients : short_name => merge(
      local.technicians[short_name],
      lookup(var.access, client.account_code, {}),
    )
  }

  # By the name that the console shows.
  role_names = merge(
    { for name in keys(var.role_templates) : name => name },
    { for role in data.mimecast_default_roles.all.roles : role.id => role.name },
  )
}

# Built in: this reads no directory.
data "mimecast_default_roles" "all" {}

resource "mimecast_partner" "this" {
  account_code    = var.partner.account_code
  name            = var.partner.name
  domains         = var.partner.domains
  program         = var.partner.program
  partner_portal  = var.partner.partner_portal
  admin_ip_ranges = var.partner.admin_ip_ranges
}

module "client" {
  source   = "./modules/client"
  for_each = var.clients

  partner_id     = mimecast_partner.this.id
  client         = each.value
  access         = local.access[each.key]
  role_templates = var.role_templates
  role_names     = local.role_names
}
