# All partners.
list "mimecast_partner" "all" {
  provider = mimecast
}
