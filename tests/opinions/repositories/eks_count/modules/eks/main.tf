locals {
  enabled = var.create ? 1 : 0
  policies = toset([
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
  ])
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "trust" {
  count = local.enabled

  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["eks.${data.aws_partition.current.dns_suffix}"]
    }
  }
}

resource "aws_iam_role" "cluster" {
  count              = local.enabled
  name_prefix        = "${var.name}-"
  assume_role_policy = data.aws_iam_policy_document.trust[0].json
}

resource "aws_iam_role_policy_attachment" "cluster" {
  for_each   = var.create ? local.policies : []
  role       = aws_iam_role.cluster[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.key}"
}

resource "aws_iam_role_policy_attachment" "networking" {
  count      = var.create && var.attach ? 1 : 0
  role       = one(aws_iam_role.cluster[*].name)
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonEKSNetworkingPolicy"
}

resource "aws_cloudwatch_log_group" "this" {
  count             = var.create && var.create_log_group ? 1 : 0
  name              = "/aws/eks/${var.name}-${var.environment}/cluster"
  retention_in_days = 90
}

resource "aws_eks_cluster" "this" {
  count    = local.enabled
  name     = format("%s-%s", var.name, var.environment)
  role_arn = aws_iam_role.cluster[0].arn

  bootstrap_self_managed_addons = false
  enabled_cluster_log_types     = concat(["api", "audit"], ["authenticator", "controllerManager", "scheduler"])

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = true
  }

  compute_config {
    enabled    = true
    node_pools = []
  }

  storage_config {
    block_storage {
      enabled = true
    }
  }

  kubernetes_network_config {
    elastic_load_balancing {
      enabled = true
    }
  }

  dynamic "encryption_config" {
    for_each = var.kms_key_arn != null ? [1] : []

    content {
      resources = ["secrets"]
      provider {
        key_arn = var.kms_key_arn
      }
    }
  }

  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}
