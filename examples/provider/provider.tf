terraform {
  required_providers {
    mimecast = {
      source  = "msp-as-code/mimecast"
      version = "~> 0.1"
    }
  }
}

provider "mimecast" {
  # A file beside the configuration, created on first use.
  directory = "${path.root}/msp.directory"

  # Or a PostgreSQL database that a team shares, with the password in PGPASSWORD:
  # directory = "postgres://terraform@db.example.com/mimecast"

  # Whose authority is used: the administrator created with an account.
  acting_as = "basic-admin"
}
