# By tenant and name, or by tenant and ID.
terraform import mimecast_role.directory_team "CUSA01A001/Directory Team Administrator"
