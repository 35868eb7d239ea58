resource "aws_eks_cluster" "this" {
  name     = "${var.cluster_name}-${var.environment}"
  role_arn = aws_iam_role.cluster.arn
  version  = "1.29"

  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  access_config {
    authentication_mode = "API_AND_CONFIG_MAP"
  }

  vpc_config {
    subnet_ids              = data.aws_subnets.private.ids
    endpoint_private_access = true
    endpoint_public_access  = true
  }
}

resource "aws_cloudwatch_log_group" "eks" {
  name = "/aws/eks/${var.cluster_name}-${var.environment}/cluster"
}

data "aws_subnets" "private" {
  tags = { Tier = "private" }
}

resource "aws_iam_role" "cluster" {
  name                = "${var.cluster_name}-${var.environment}-cluster"
  assume_role_policy  = file("${path.module}/policies/eks-trust.json")
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]
}

resource "aws_iam_role" "nodes" {
  name               = "${var.cluster_name}-${var.environment}-nodes"
  assume_role_policy = file("${path.module}/policies/ec2-trust.json")
}

resource "aws_iam_role_policy_attachment" "nodes" {
  for_each = {
    worker   = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"
    cni      = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
    registry = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
  }

  role       = aws_iam_role.nodes.name
  policy_arn = each.value
}

resource "aws_eks_node_group" "this" {
  for_each = var.node_groups

  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.key
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = data.aws_subnets.private.ids
  instance_types  = each.value.instance_types

  scaling_config {
    desired_size = each.value.desired
    min_size     = 1
    max_size     = 10
  }
}
