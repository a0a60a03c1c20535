output "partner_id" {
  description = "The account code of the partner."
  value       = mimecast_partner.this.id
}

output "access" {
  description = "Who reaches which client with which role, by client and address."
  value       = { for short_name, client in module.client : short_name => client.access }
}

output "reach" {
  description = "Which clients each technician reaches, by address."
  value       = { for email in distinct(flatten([keys(var.technicians), [for grants in values(local.access) : keys(grants)]])) : email => [for short_name, grants in local.access : short_name if contains(keys(grants), email)] }
}
