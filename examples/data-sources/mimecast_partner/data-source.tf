data "mimecast_partner" "northwind" {
  domain = "northwind-it.example"

  # Only because this configuration creates it too.
  depends_on = [mimecast_partner.northwind]
}

output "partner_account" {
  value = data.mimecast_partner.northwind.account_code
}
