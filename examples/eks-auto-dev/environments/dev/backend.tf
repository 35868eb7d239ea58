# Literals, since a backend takes no variables; the bucket is made by bootstrap/ (S1).
terraform {
  backend "s3" {
    bucket       = "eks-dev-dev-tfstate-us-east-1"
    key          = "dev/eks-dev.tfstate"
    region       = "us-east-1"
    encrypt      = true
    use_lockfile = true
  }
}
