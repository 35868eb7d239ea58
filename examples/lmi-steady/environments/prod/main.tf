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

module "lambda_managed_instances" {
  source = "../../modules/lambda-managed-instances"

  name   = local.name
  region = var.region

  vpc_id             = module.network.vpc_id
  private_subnet_ids = module.network.private_subnet_ids
  egress_cidr_ipv4   = "0.0.0.0/0"

  arch           = "arm64"
  max_vcpu_count = 64

  runtime     = "python3.13"
  handler     = "handler.handler"
  source_dir  = "${path.root}/../../functions/worker/src"
  memory_size = 4096
  timeout     = 60

  execution_environment_memory_gib_per_vcpu = 4
  per_execution_environment_max_concurrency = 16

  log_retention_days = 365
}
