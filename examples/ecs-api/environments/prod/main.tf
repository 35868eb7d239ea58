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

module "ecs" {
  source = "../../modules/ecs"

  name   = local.name
  region = var.region

  vpc_id             = module.network.vpc_id
  private_subnet_ids = module.network.private_subnet_ids
  egress_cidr_ipv4   = "0.0.0.0/0"

  arch           = "arm64"
  cpu            = 512
  memory         = 1024
  image          = "public.ecr.aws/docker/library/python:3.13.9-slim-bookworm"
  command        = ["python", "-m", "http.server", "8080", "--directory", "/srv"]
  user           = "10001:10001"
  container_port = 8080
  health_command = ["CMD", "python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/', timeout=3)"]

  load_balancer_subnet_ids = module.network.public_subnet_ids
  client_cidrs_ipv4        = ["0.0.0.0/0"]
  certificate_arn          = "arn:aws:acm:us-east-1:123456789012:certificate/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"
  health_path              = "/"
  idle_timeout             = 60
  deletion_protection      = true

  min_tasks = 2
  max_tasks = 20

  log_retention_days = 365
}
