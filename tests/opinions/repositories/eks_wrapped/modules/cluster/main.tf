module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 21.8"

  name               = var.name
  kubernetes_version = var.release

  authentication_mode    = "API"
  endpoint_public_access = var.open

  compute_config = {
    enabled    = true
    node_pools = ["general-purpose"]
  }

  enabled_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
}
