# May Ben get in from home?
data "mimecast_sign_in_decision" "ben_at_home" {
  tenant_id = "CUSA01A001"
  email     = "ben@northwind-it.example"
  source_ip = "203.0.113.7"
  entrance  = "partner_portal"

  # Only because this configuration grants it too.
  depends_on = [mimecast_external_admins.alder]
}

output "ben_at_home" {
  value = data.mimecast_sign_in_decision.ben_at_home
}
