data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_eks_cluster" "this" {
  name     = var.name
  role_arn = aws_iam_role.cluster.arn
  version  = var.kubernetes_version

  # Auto Mode runs DNS, the CNI and kube-proxy on the nodes themselves (E1).
  bootstrap_self_managed_addons = false
  deletion_protection           = var.deletion_protection
  enabled_cluster_log_types     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = var.creator_admin
  }

  # Compute, block storage and load balancing are on or off together: the provider refuses a mixture, but only at plan.
  # To leave Auto Mode, apply enabled = false in all three before removing the blocks (E1).
  compute_config {
    enabled       = true
    node_pools    = var.builtin_node_pools
    node_role_arn = aws_iam_role.node.arn
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = aws_kms_key.cluster.arn
    }
  }

  kubernetes_network_config {
    service_ipv4_cidr = var.service_ipv4_cidr

    elastic_load_balancing {
      enabled = true
    }
  }

  storage_config {
    block_storage {
      enabled = true
    }
  }

  upgrade_policy {
    support_type = var.upgrade_policy
  }

  vpc_config {
    endpoint_private_access = true
    endpoint_public_access  = false
    subnet_ids              = var.subnet_ids
  }

  zonal_shift_config {
    enabled = var.zonal_shift
  }

  tags = {
    Name = var.name
  }

  # EKS would create a log group of its own without retention, and needs its rights until the last node is gone.
  depends_on = [
    aws_cloudwatch_log_group.cluster,
    aws_iam_role_policy_attachment.cluster,
    aws_iam_role_policy_attachment.node,
  ]
}
