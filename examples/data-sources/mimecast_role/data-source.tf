data "mimecast_role" "directory_team" {
  tenant_id = "CUSA01A001"
  name      = "Directory Team Administrator"

  # Only because this configuration creates it too.
  depends_on = [mimecast_role.directory_team]
}

output "role_id" {
  value = data.mimecast_role.directory_team.id
}
