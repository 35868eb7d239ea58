locals {
  name = "${var.project}-${var.environment}"
}

module "network" {
  source = "../../modules/network"

  name                = local.name
  region              = var.region
  availability_zones  = local.availability_zones
  cidr                = "10.0.0.0/16"
  interface_endpoints = ["ecr.api", "ecr.dkr", "logs", "sts"]
  log_retention_days  = 365
}

module "eks" {
  source = "../../modules/eks-auto-mode"

  name              = local.name
  region            = var.region
  service_ipv4_cidr = "172.20.0.0/16"
  subnet_ids        = values(module.network.private_subnet_ids)

  builtin_node_pools  = ["general-purpose", "system"]
  deletion_protection = true
  kubernetes_version  = "1.35"
  log_retention_days  = 365
  upgrade_policy      = "STANDARD"
  zonal_shift         = true

  creator_admin = false
}
