resource "mimecast_partner" "northwind" {
  account_code = "CUSA00A000"
  name         = "Northwind IT"

  # Technicians log in to the Partner Portal with addresses in these.
  domains = ["northwind-it.example", "support.northwind-it.example"]

  # Whoever comes through the Partner Portal is checked against these.
  admin_ip_ranges = ["192.0.2.0/24", "2001:db8::/32"]
}
