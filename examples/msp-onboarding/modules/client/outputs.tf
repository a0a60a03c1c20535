locals {
  role_names = merge(var.role_names, { for name, role in mimecast_role.template : role.id => name })

  access = { for email, admin in var.access : email => lookup(local.role_names, admin.role_id, admin.role_id) }
}

output "access" {
  description = "The name of each technician's role, by address."
  value       = local.access

  # What is said here is in the directory.
  depends_on = [mimecast_external_admins.this]
}
