# Where does this person get in, and with which role?
list "mimecast_external_admin" "anna" {
  provider = mimecast
  limit    = 5000

  config {
    email = "anna@northwind-it.example"
  }
}
