# By tenant and address.
terraform import mimecast_external_admin.ben CUSA01A001/ben@northwind-it.example
