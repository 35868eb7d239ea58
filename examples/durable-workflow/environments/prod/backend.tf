# Literals, since a backend takes no variables; the bucket is made by bootstrap/ (S1).
terraform {
  backend "s3" {
    bucket       = "durable-workflow-prod-tfstate-us-east-1"
    key          = "prod/durable-workflow.tfstate"
    region       = "us-east-1"
    encrypt      = true
    kms_key_id   = "alias/durable-workflow-prod-tfstate" # else S3 would use its own key (S1)
    use_lockfile = true
  }
}
