# By account code.
terraform import mimecast_partner.northwind CUSA00A000
