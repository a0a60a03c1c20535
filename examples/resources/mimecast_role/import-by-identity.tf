import {
  to = mimecast_role.directory_team
  identity = {
    tenant_id = "CUSA01A001"
    role_id   = "01a1ffc4-a65d-75ad-8903-35cc664f5032"
  }
}
