data "mimecast_roles" "alder" {
  tenant_id = "CUSA01A001"

  # Only because this configuration creates it too.
  depends_on = [mimecast_role.directory_team]
}

output "custom_roles" {
  value = [for role in data.mimecast_roles.alder.roles : role.name if !role.default]
}
