# When did somebody last sign that they looked at who can reach what?
data "mimecast_access_review" "all" {
  # Only because this configuration grants what is looked at.
  depends_on = [mimecast_external_admins.alder]
}

# Every plan says so after 90 days. The data source stands outside of the block: inside, a plan never again has nothing to do.
check "access_reviewed" {
  assert {
    condition     = timecmp(coalesce(data.mimecast_access_review.all.signed_at, "1970-01-01T00:00:00Z"), timeadd(plantimestamp(), "-2160h")) > 0
    error_message = "The last access review was signed ${coalesce(data.mimecast_access_review.all.signed_at, "never")}. Run terraform-provider-mimecast review, look, and sign."
  }
}

# What changed since?
output "changed_since_review" {
  value = [for change in data.mimecast_access_review.all.changes : "${change.tenant_name}: ${change.text}"]
}
