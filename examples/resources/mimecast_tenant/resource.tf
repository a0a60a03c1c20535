resource "mimecast_tenant" "alder" {
  account_code     = "CUSA01A001"
  name             = "Alder Legal"
  region           = "us"
  primary_domain   = "alderlegal.example"
  internal_domains = ["alderlegal.example", "alder-law.example"]
  partner_id       = mimecast_partner.northwind.id
}
