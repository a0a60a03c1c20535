# All tenants of a partner: Terraform shows a hundred unless a limit is given.
list "mimecast_tenant" "northwind" {
  provider = mimecast
  limit    = 5000

  config {
    partner_id = "CUSA00A000"
  }
}
