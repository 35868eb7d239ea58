locals {
  name = "${var.project}-${var.environment}"
}

module "network" {
  source = "../../modules/network"

  name               = local.name
  region             = var.region
  availability_zones = local.availability_zones
  cidr               = "10.0.0.0/16"
  nat                = "single"
  log_retention_days = 365
  query_logs         = false
}

module "lambda_durable" {
  source = "../../modules/lambda-durable"

  name   = local.name
  region = var.region

  arch       = "arm64"
  runtime    = "python3.13"
  source_dir = "${path.root}/../../functions/workflow/build/package"

  execution_timeout = 86400 # seconds: 1 day
  retention_period  = 30

  throttling_rate_limit  = 50
  throttling_burst_limit = 100

  log_retention_days = 365
}
