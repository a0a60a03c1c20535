# One person, one role in one tenant. Whoever else has access is left alone.
resource "mimecast_external_admin" "ben" {
  tenant_id = mimecast_tenant.alder.id
  email     = "ben@northwind-it.example"
  role_id   = "help-desk-admin"
  reason    = "First line, Europe"
}
