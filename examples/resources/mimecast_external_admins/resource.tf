# Everybody from outside who has access to the tenant. Nobody else has.
resource "mimecast_external_admins" "alder" {
  tenant_id = mimecast_tenant.alder.id
  admins = {
    "anna@northwind-it.example" = { role_id = "partner-admin" }
    "ben@northwind-it.example"  = { role_id = "help-desk-admin" }
    "dev@northwind-it.example" = {
      role_id    = mimecast_role.directory_team.id
      reason     = "Directory migration, CHG-1042"
      expires_at = "2199-03-31T18:00:00Z"
    }
  }
}
