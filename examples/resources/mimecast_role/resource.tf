resource "mimecast_role" "directory_team" {
  tenant_id   = mimecast_tenant.alder.id
  name        = "Directory Team Administrator"
  description = "Keeps groups and addresses in order."

  application_permissions = [
    "Directories | Groups | Edit",
    "Directories | Internal | Edit",
    "Gateway | Tracking | Read",
  ]
}
