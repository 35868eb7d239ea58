"""What Terraform code is worth as far as that can be said without running or asking anything."""
