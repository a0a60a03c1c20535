# "jürgen@xn--bcher-kva.example"
output "address" {
  value = provider::mimecast::canonical_email("Jürgen@Bücher.example")
}
