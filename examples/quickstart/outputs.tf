# Read back from the directory, after the change.
data "mimecast_external_admins" "all" {
  depends_on = [mimecast_external_admins.client]
}

output "access" {
  description = "Who can reach which client, with which role."
  value = join("\n", concat(
    [format("%-14s %-34s %s", "CLIENT", "EXTERNAL ADMIN", "ROLE")],
    [for admin in data.mimecast_external_admins.all.admins : format("%-14s %-34s %s", local.clients[admin.tenant_id].name, admin.email, admin.role_name)],
    [""],
  ))
}
