variable "partner" {
  description = "Your own Mimecast account: the domains that your technicians log in with, and the IP ranges that they come from (none means anywhere)."
  type = object({
    account_code    = string
    name            = string
    domains         = set(string)
    program         = optional(string, "msp")
    partner_portal  = optional(bool, true)
    admin_ip_ranges = optional(set(string))
  })
}

variable "clients" {
  description = "Your clients, by the short name that you call them. A client's groups are what technicians are given; every client is in the group \"all\"."
  type = map(object({
    account_code    = string
    name            = string
    primary_domain  = string
    other_domains   = optional(set(string), [])
    region          = optional(string)
    admin_ip_ranges = optional(set(string))
    groups          = optional(set(string), [])
  }))

  validation {
    condition     = alltrue([for client in values(var.clients) : !contains(client.groups, "all")])
    error_message = "Every client is in the group \"all\" already: leave it out of groups."
  }

  validation {
    condition     = length(distinct([for client in values(var.clients) : upper(client.account_code)])) == length(var.clients)
    error_message = "Two clients have the same account_code. Give each client the code of its own account."
  }
}

variable "technicians" {
  description = "Your technicians by the address that they log in with. The role is the ID of a default role or the name of a role template. Clients are short names of clients, groups are groups of clients. The reason and expires_at hold for all of them, but where terms, by short name of a client, say otherwise."
  type = map(object({
    role       = string
    clients    = optional(set(string), [])
    groups     = optional(set(string), [])
    reason     = optional(string)
    expires_at = optional(string)
    terms      = optional(map(object({ reason = optional(string), expires_at = optional(string) })), {})
  }))
  default = {}

  validation {
    condition     = alltrue([for technician in values(var.technicians) : contains(keys(local.role_names), technician.role)])
    error_message = "There are no such roles: ${join(", ", setsubtract([for technician in values(var.technicians) : technician.role], keys(local.role_names)))}. Write one of ${join(", ", keys(local.role_names))}, or add a role template with that name."
  }

  validation {
    condition     = alltrue([for technician in values(var.technicians) : length(technician.clients) + length(technician.groups) > 0])
    error_message = "These technicians reach no client: ${join(", ", [for email, technician in var.technicians : email if length(technician.clients) + length(technician.groups) == 0])}. Give each of them clients or groups, for example groups = [\"all\"]. To take all access from somebody, delete the line."
  }

  validation {
    condition     = alltrue([for technician in values(var.technicians) : alltrue([for client in concat(tolist(technician.clients), keys(technician.terms)) : contains(keys(var.clients), client)])])
    error_message = "There are no such clients: ${join(", ", setsubtract(flatten([for technician in values(var.technicians) : concat(tolist(technician.clients), keys(technician.terms))]), keys(var.clients)))}. Write the short names of clients, which are the keys of the variable clients."
  }

  validation {
    condition     = alltrue([for technician in values(var.technicians) : length(setsubtract(technician.groups, concat(["all"], flatten([for client in values(var.clients) : tolist(client.groups)])))) == 0])
    error_message = "No client is in these groups: ${join(", ", setsubtract(flatten([for technician in values(var.technicians) : tolist(technician.groups)]), concat(["all"], flatten([for client in values(var.clients) : tolist(client.groups)]))))}. Write \"all\", or a group that a client has in its groups."
  }
}

variable "access" {
  description = "Who reaches which client besides the technicians, by account code and address, as provider::mimecast::access_from_csv returns it."
  type        = map(map(object({ role_id = string, reason = optional(string), expires_at = optional(string) })))
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.access), [for client in values(var.clients) : client.account_code])) == 0
    error_message = "No client has these account codes: ${join(", ", setsubtract(keys(var.access), [for client in values(var.clients) : client.account_code]))}. Write account codes as the clients do; access_from_csv does so if it is given them."
  }

  validation {
    condition     = alltrue([for short_name, client in var.clients : length(setintersection(keys(lookup(var.access, client.account_code, {})), keys(local.technicians[short_name]))) == 0])
    error_message = "Somebody has a role for the same client both in technicians and in access: ${join(", ", flatten([for short_name, client in var.clients : setintersection(keys(lookup(var.access, client.account_code, {})), keys(local.technicians[short_name]))]))}. Keep one of them."
  }
}

variable "role_templates" {
  description = "Custom roles by name. Every client gets a role of its own for each, because a custom role belongs to one account."
  type = map(object({
    description             = optional(string)
    security_permission     = optional(string, "cannot_manage_roles")
    application_permissions = optional(set(string), [])
    protected_permissions   = optional(set(string), [])
  }))
  default = {}
}
