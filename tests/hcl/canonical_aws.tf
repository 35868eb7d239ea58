# What the modules of a platform look like, in the canonical format.
terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.24"
    }
  }
}

variable "azs" {
  description = "Availability zones; one subnet of each kind in each."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.azs) >= 2 && length(var.azs) <= 6
    error_message = "azs: ${length(var.azs)} zones; choose 2 to 6."
  }
}

locals {
  azs         = { for index, az in var.azs : az => index } # N5
  endpoints   = toset(["ecr.api", "ecr.dkr", "logs", "sts"])
  is_regional = var.nat == "regional"
  private = {
    for az, index in local.azs : az => cidrsubnet(var.cidr, 4, index)
    if !local.is_regional
  }
}

data "aws_partition" "current" {}

resource "aws_subnet" "private" {
  for_each = local.private

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = {
    Name                              = "${var.name}-private-${each.key}"
    "kubernetes.io/role/internal-elb" = "1" # load balancers of the inside land here
  }
}

resource "aws_route" "nat" {
  for_each = var.nat == "per-az" ? aws_route_table.private : {}

  route_table_id         = each.value.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.key].id
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  #checkov:skip=CKV_AWS_1: an example of a reason
  security_group_id = aws_security_group.endpoints.id
  cidr_ipv4         = var.cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

data "aws_iam_policy_document" "flow_logs" {
  statement {
    sid       = "WriteFlowLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.flow.arn}:*"]
  }

  statement {
    sid     = "DenyPlainTransport"
    effect  = "Deny"
    actions = ["s3:*"]
    resources = [
      aws_s3_bucket.state.arn,
      "${aws_s3_bucket.state.arn}/*",
    ]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name = "${var.name}-cluster"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "eks.amazonaws.com" }
    }]
  })
}

resource "aws_eks_cluster" "this" {
  name     = var.name
  role_arn = aws_iam_role.cluster.arn
  version  = var.kubernetes_version

  bootstrap_self_managed_addons = false
  enabled_cluster_log_types     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  compute_config {
    enabled       = true
    node_pools    = ["general-purpose", "system"]
    node_role_arn = aws_iam_role.node.arn
  }

  storage_config {
    block_storage { enabled = true }
  }

  dynamic "encryption_config" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]
    content {
      resources = ["secrets"]
      provider { key_arn = encryption_config.value }
    }
  }

  lifecycle {
    precondition {
      condition = alltrue([
        for cidr in var.public_access_cidrs : cidr != "0.0.0.0/0"
      ])
      error_message = <<-EOT
        public_access_cidrs: ${join(", ", var.public_access_cidrs)}
          opens the API to everyone.
      EOT
    }
  }

  depends_on = [aws_iam_role_policy_attachment.cluster]
}

output "subnet_ids" {
  description = "Private subnets, by zone."
  value       = { for az, subnet in aws_subnet.private : az => subnet.id }
}

run "names_follow_the_environment" {
  command = plan

  assert {
    condition     = output.name == "platform-dev"
    error_message = "The name is ${output.name}."
  }
}
