# What is still to be done at Mimecast?
data "mimecast_worklist" "all" {
  # Only because this configuration grants what is to be done.
  depends_on = [mimecast_external_admins.alder]
}

# Every plan says so. The data source stands outside of the block: inside, a plan never again has nothing to do.
check "done_at_mimecast" {
  assert {
    condition     = data.mimecast_worklist.all.total == 0
    error_message = "${data.mimecast_worklist.all.total} changes are not yet entered at Mimecast, the oldest since ${coalesce(data.mimecast_worklist.all.oldest, "an unknown time")}. Run terraform-provider-mimecast worklist."
  }
}

# Who can get in without being declared?
output "undeclared" {
  value = [for item in data.mimecast_worklist.all.items : "${item.tenant_name}: ${item.email} is ${item.from}" if item.kind == "undeclared_admin"]
}
