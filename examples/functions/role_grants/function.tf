# Who sees the content of messages? A role of which nothing is stated is not among them.
data "mimecast_default_roles" "all" {}

output "content_view" {
  value = {
    for role in data.mimecast_default_roles.all.roles : role.name => provider::mimecast::role_grants(role.id, "content_view")
    if !contains(["none", "not_stated"], provider::mimecast::role_grants(role.id, "content_view"))
  }
}
