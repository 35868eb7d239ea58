locals {
  name = "orders-prod"

  cluster_policies = [
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
  ]
}

data "aws_iam_policy_document" "nodes" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name = "${local.name}-cluster"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
    }]
  })
}

resource "aws_iam_role_policy_attachment" "cluster" {
  count      = length(local.cluster_policies)
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/${local.cluster_policies[count.index]}"
}

resource "aws_iam_role" "nodes" {
  name               = "${local.name}-nodes"
  assume_role_policy = data.aws_iam_policy_document.nodes.json
  managed_policy_arns = [
    "arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy",
    "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
  ]
}

resource "aws_kms_key" "secrets" {
  description         = "EKS secrets"
  enable_key_rotation = true
}

resource "aws_kms_alias" "secrets" {
  name          = "alias/${local.name}"
  target_key_id = aws_kms_key.secrets.id
}

resource "aws_cloudwatch_log_group" "control_plane" {
  name              = "/aws/eks/${local.name}/cluster"
  retention_in_days = 365
}

resource "aws_eks_cluster" "orders" {
  name                          = local.name
  role_arn                      = aws_iam_role.cluster.arn
  version                       = "1.34"
  bootstrap_self_managed_addons = false
  deletion_protection           = true
  enabled_cluster_log_types     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false
  }

  compute_config {
    enabled       = true
    node_pools    = ["general-purpose", "system"]
    node_role_arn = aws_iam_role.nodes.arn
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

  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_alias.secrets.target_key_arn
    }
  }

  vpc_config {
    endpoint_private_access = true
    endpoint_public_access  = true
    public_access_cidrs     = ["203.0.113.0/24"]
    subnet_ids              = ["subnet-0a", "subnet-0b", "subnet-0c"]
  }

  upgrade_policy {
    support_type = "STANDARD"
  }

  zonal_shift_config {
    enabled = true
  }

  depends_on = [aws_cloudwatch_log_group.control_plane]
}

resource "aws_cloudwatch_log_group" "auto_mode" {
  name              = "/aws/vendedlogs/eks/${local.name}"
  retention_in_days = 365
}

resource "aws_cloudwatch_log_delivery_destination" "auto_mode" {
  name = "${local.name}-auto-mode"

  delivery_destination_configuration {
    destination_resource_arn = aws_cloudwatch_log_group.auto_mode.arn
  }
}

resource "aws_cloudwatch_log_delivery_source" "compute" {
  name         = "${local.name}-compute"
  log_type     = "AUTO_MODE_COMPUTE_LOGS"
  resource_arn = aws_eks_cluster.orders.arn
}

resource "aws_cloudwatch_log_delivery" "compute" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.compute.name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.auto_mode.arn
}

resource "aws_cloudwatch_log_delivery_source" "ipam" {
  name         = "${local.name}-ipam"
  log_type     = "AUTO_MODE_IPAM_LOGS"
  resource_arn = aws_eks_cluster.orders.arn

  depends_on = [aws_cloudwatch_log_delivery.compute]
}

resource "aws_cloudwatch_log_delivery" "ipam" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.ipam.name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.auto_mode.arn
}
