import {
  to = mimecast_external_admin.ben
  identity = {
    tenant_id = "CUSA01A001"
    email     = "ben@northwind-it.example"
  }
}
