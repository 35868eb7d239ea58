locals {
  # Under /aws/vendedlogs/: the delivery service names every other group in one policy of the account, which fills up.
  managed_log_group_name = "/aws/vendedlogs/eks/${var.name}/auto-mode"
}

# What Auto Mode's own controllers say; nothing else tells why a node came or went (E9).
resource "aws_cloudwatch_log_group" "managed" {
  name              = local.managed_log_group_name
  kms_key_id        = aws_kms_key.cluster.arn
  retention_in_days = var.log_retention_days

  tags = {
    Name = "${var.name}-auto-mode"
  }
}

resource "aws_cloudwatch_log_resource_policy" "managed" {
  policy_name     = "${var.name}-auto-mode"
  policy_document = data.aws_iam_policy_document.managed_logs.json
}

data "aws_iam_policy_document" "managed_logs" {
  statement {
    sid       = "DeliverAutoModeLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_groups_arn}${local.managed_log_group_name}:log-stream:*"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:logs:${var.region}:${data.aws_caller_identity.current.account_id}:*"]
    }
  }
}

resource "aws_cloudwatch_log_delivery_destination" "managed" {
  name = "${var.name}-auto-mode"

  delivery_destination_configuration {
    destination_resource_arn = aws_cloudwatch_log_group.managed.arn
  }

  tags = {
    Name = "${var.name}-auto-mode"
  }

  # Nothing is delivered to a group that the service may not write to.
  depends_on = [aws_cloudwatch_log_resource_policy.managed]
}

resource "aws_cloudwatch_log_delivery_source" "compute" {
  name         = "${var.name}-compute"
  log_type     = "AUTO_MODE_COMPUTE_LOGS"
  resource_arn = aws_eks_cluster.this.arn

  tags = {
    Name = "${var.name}-compute"
  }
}

resource "aws_cloudwatch_log_delivery" "compute" {
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.managed.arn
  delivery_source_name     = aws_cloudwatch_log_delivery_source.compute.name

  tags = {
    Name = "${var.name}-compute"
  }
}
