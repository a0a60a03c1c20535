import {
  to = mimecast_tenant.alder
  identity = {
    account_code = "CUSA01A001"
  }
}
