# Everybody from outside, one map for each tenant.
list "mimecast_external_admins" "northwind" {
  provider = mimecast
  limit    = 5000

  config {
    partner_id = "CUSA00A000"
  }
}
