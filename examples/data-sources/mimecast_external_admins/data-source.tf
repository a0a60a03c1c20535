# Where can this person get in?
data "mimecast_external_admins" "ben" {
  email = "ben@northwind-it.example"

  # Only because this configuration grants it too.
  depends_on = [mimecast_external_admins.alder]
}

output "ben_reaches" {
  value = { for admin in data.mimecast_external_admins.ben.admins : admin.tenant_id => admin.role_name }
}
