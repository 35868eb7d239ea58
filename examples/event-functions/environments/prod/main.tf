locals {
  name = "${var.project}-${var.environment}"
}

module "lambda" {
  source = "../../modules/lambda"

  name   = local.name
  region = var.region

  arch          = "arm64"
  functions_dir = "${path.root}/../../functions"
  runtime       = "python3.13"
  memory_size   = 512
  timeout       = 30

  maximum_concurrency = 10

  log_retention_days = 365
}
