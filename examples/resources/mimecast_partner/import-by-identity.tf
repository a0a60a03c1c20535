import {
  to = mimecast_partner.northwind
  identity = {
    account_code = "CUSA00A000"
  }
}
