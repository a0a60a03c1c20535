# The custom roles of two tenants.
list "mimecast_role" "some" {
  provider = mimecast

  config {
    tenant_ids = ["CUSA01A001", "CUKA02A002"]
  }
}
