terraform {
  required_version = ">= 1.11"

  required_providers {
    mimecast = {
      source = "msp-as-code/mimecast"
    }
  }
}
