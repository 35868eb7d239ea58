locals {
  name = "${var.project}-${var.environment}"
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
