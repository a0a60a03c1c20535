locals {
  role_names = merge(var.role_names, { for name, role in mimecast_role.template : role.id => name })

  access = { for email, admin in var.access : email => lookup(local.role_names, admin.role_id, admin.role_id) }

  # As the Role Editor writes them.
  security_permissions = {
    cannot_manage_roles                    = "Cannot Manage Roles"
    manage_application_roles               = "Manage Application Roles"
    manage_application_and_protected_roles = "Manage Application and Protected Roles"
  }
}

output "access" {
  description = "The name of each technician's role, by address."
  value       = local.access

  # What is said here is in the directory.
  depends_on = [mimecast_external_admins.this]
}

output "checklist" {
  description = "What the client's Administration Console must show."
  value = join("\n", concat(
    ["${var.client.name} (${var.client.account_code}): log in as an administrator of the account, for example ${mimecast_tenant.this.initial_admin_email}"],
    flatten([for name, role in var.role_templates : concat(
      ["  [ ] Account | Roles has \"${name}\", ${local.security_permissions[role.security_permission]}, with exactly"],
      [for permission in concat(sort(role.application_permissions), sort(role.protected_permissions)) : "        ${permission}"],
    )]),
    ["  [ ] Account | Roles | Manage External Administrators has exactly"],
    [for email, role in local.access : "        ${email}: ${role}"],
    [""],
  ))
}
