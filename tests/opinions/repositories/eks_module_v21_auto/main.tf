locals {
  name = "checkout"
}

module "eks" {
  source = "git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v21.3.1"

  name               = local.name
  kubernetes_version = "1.33"

  endpoint_public_access       = true
  endpoint_public_access_cidrs = ["198.51.100.7/32"]

  compute_config = {
    enabled    = true
    node_pools = ["general-purpose", "system"]
  }

  node_iam_role_additional_policies = {
    registry = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"
  }

  create_kms_key    = false
  encryption_config = null

  enabled_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  subnet_ids = ["subnet-1", "subnet-2"]
}
