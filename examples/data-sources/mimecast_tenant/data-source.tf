# Whose mail domain is this?
data "mimecast_tenant" "alder" {
  domain = "alderlegal.example"

  # Only because this configuration creates it too.
  depends_on = [mimecast_tenant.alder]
}

output "client" {
  value = "${data.mimecast_tenant.alder.name} (${data.mimecast_tenant.alder.account_code})"
}
