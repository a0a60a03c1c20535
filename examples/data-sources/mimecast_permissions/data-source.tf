data "mimecast_permissions" "all" {}

# All that a role may only look at.
output "read_only" {
  value = [for permission in data.mimecast_permissions.all.application : permission if endswith(permission, "| Read")]
}
