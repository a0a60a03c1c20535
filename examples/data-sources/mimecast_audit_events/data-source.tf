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
