# "help-desk-admin"
output "first_line" {
  value = provider::mimecast::least_privileged_role(["message_tracking", "policy_management=read"])
}

# "discovery-officer": it is stated to have them as Full Administrator is, and cannot manage roles.
output "export" {
  value = provider::mimecast::least_privileged_role(["message_export", "retention_adjustments"])
}
