import {
  to = mimecast_external_admins.alder
  identity = {
    tenant_id = "CUSA01A001"
  }
}
