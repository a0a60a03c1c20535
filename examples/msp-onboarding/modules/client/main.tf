resource "mimecast_tenant" "this" {
  account_code     = var.client.account_code
  name             = var.client.name
  region           = var.client.region
  primary_domain   = var.client.primary_domain
  internal_domains = setunion([var.client.primary_domain], var.client.other_domains)
  admin_ip_ranges  = var.client.admin_ip_ranges
  partner_id       = var.partner_id
}

resource "mimecast_role" "template" {
  for_each = var.role_templates

  tenant_id               = mimecast_tenant.this.id
  name                    = each.key
  description             = each.value.description
  security_permission     = each.value.security_permission
  application_permissions = each.value.application_permissions
  protected_permissions   = each.value.protected_permissions
}

# All external admins of the client. Whoever gets access in another way is removed by the next apply.
resource "mimecast_external_admins" "this" {
  tenant_id = mimecast_tenant.this.id
  admins = {
    for email, admin in var.access : email => {
      role_id    = contains(keys(var.role_templates), admin.role_id) ? mimecast_role.template[admin.role_id].id : admin.role_id
      reason     = admin.reason
      expires_at = admin.expires_at
    }
  }

  depends_on = [mimecast_role.template] # Somebody may hold one that is given by its ID.
}
