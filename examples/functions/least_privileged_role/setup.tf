# What the example beside this file needs, so that the folder can be applied as it is.

terraform {
  required_providers {
    mimecast = {
      source = "msp-as-code/mimecast"
    }
  }
}
