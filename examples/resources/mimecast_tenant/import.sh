# By account code.
terraform import mimecast_tenant.alder CUSA01A001
