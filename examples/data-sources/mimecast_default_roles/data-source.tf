data "mimecast_default_roles" "all" {}

# The roles that an MSP can grant without reaching protected content.
output "unprotected" {
  value = { for role in data.mimecast_default_roles.all.roles : role.id => role.name if !role.protected }
}
