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

variable "access" {
  description = "What each person who reaches the client has, by address. The role is its ID or the name of a role template."
  type        = map(object({ role_id = string, reason = optional(string), expires_at = optional(string) }))
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
  description = "The names of the roles as the console shows them, by ID, those of role templates by their name."
  type        = map(string)
}
