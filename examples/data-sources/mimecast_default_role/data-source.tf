data "mimecast_default_role" "help_desk" {
  name = "Help Desk Administrator"
}

# What the role can do, with the sentence of Mimecast's description that says so.
output "help_desk" {
  value = { for name, capability in data.mimecast_default_role.help_desk.capabilities : name => capability if capability.sentence != null }
}
