# What was granted to and taken from this person, and by whom?
data "mimecast_audit_events" "ben" {
  email = "ben@northwind-it.example"
  since = "2026-01-01T00:00:00Z"

  # Only because this configuration grants it too.
  depends_on = [mimecast_external_admins.alder]
}

output "ben_history" {
  value = [for event in data.mimecast_audit_events.ben.events : "${event.at} ${event.actor}: ${event.action} ${event.kind} ${event.key}, ${event.outcome}"]
}

# Where did anybody get a role that carries protected permissions, and who gave it?
data "mimecast_default_roles" "all" {}

data "mimecast_audit_events" "all" {
  depends_on = [mimecast_external_admins.alder]
}

locals {
  protected = [for role in data.mimecast_default_roles.all.roles : role.id if role.protected]
}

output "protected_roles_given" {
  value = [
    for event in data.mimecast_audit_events.all.events : "${event.at} ${event.actor}: ${event.key}"
    if length(setintersection(local.protected, concat(flatten(values(event.added)), values(event.changed)[*].after))) > 0
  ]
}
