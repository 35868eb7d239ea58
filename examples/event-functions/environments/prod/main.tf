locals {
  name = "${var.project}-${var.environment}"
}

module "network" {
  source = "../../modules/network"

  name                = local.name
  region              = var.region
  availability_zones  = local.availability_zones
  cidr                = "10.0.0.0/16"
  nat                 = "per-az"
  interface_endpoints = ["ecr.api", "ecr.dkr", "logs", "sts"]
  log_retention_days  = 365
  query_logs          = true
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
