data "mimecast_tenants" "northwind" {
  partner_id = "CUSA00A000"

  # Only because this configuration creates them too.
  depends_on = [mimecast_tenant.alder]
}

output "clients" {
  value = { for tenant in data.mimecast_tenants.northwind.tenants : tenant.name => tenant.account_code }
}
