variable "partner_id" {
  description = "The id of the partner that manages the client."
  type        = string
}

variable "client" {
  description = "The client's account."
  type = object({
    account_code    = string
    name            = string
    primary_domain  = string
    other_domains   = set(string)
    region          = string
    admin_ip_ranges = set(string)
  })
}

variable "technicians" {
  description = "The role of each technician who reaches the client, by address: the ID of a default role or the name of a role template."
  type        = map(string)
}

variable "role_templates" {
  description = "The client's custom roles, by name."
  type = map(object({
    description             = string
    security_permission     = string
    application_permissions = set(string)
    protected_permissions   = set(string)
  }))
}

variable "role_names" {
  description = "The names of the roles as the console shows them, by ID or by the name of a role template."
  type        = map(string)
}
