import {
  to = mimecast_role.directory_team
  identity = {
    tenant_id = "CUSA01A001"
    role_id   = "directory-team-administrator"
  }
}
