# By tenant.
terraform import mimecast_external_admins.alder CUSA01A001
