# Literals, since a backend takes no variables; the bucket is made by bootstrap/ (S1).
terraform {
  backend "s3" {
    bucket       = "lmi-private-prod-tfstate-us-east-1"
    key          = "prod/lmi-private.tfstate"
    region       = "us-east-1"
    encrypt      = true
    use_lockfile = true
  }
}
