# Literals, since a backend takes no variables; the bucket is made by bootstrap/ (S1).
terraform {
  backend "s3" {
    bucket       = "ecs-api-prod-tfstate-us-east-1"
    key          = "prod/ecs-api.tfstate"
    region       = "us-east-1"
    encrypt      = true
    kms_key_id   = "alias/ecs-api-prod-tfstate" # else S3 would use its own key (S1)
    use_lockfile = true
  }
}
