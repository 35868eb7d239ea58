locals {
  # Spelled out, since the key's policy names the log group and the log group names the key.
  log_group_name = "/aws/eks/${var.name}/cluster"
  log_groups_arn = "arn:${data.aws_partition.current.partition}:logs:${var.region}:${data.aws_caller_identity.current.account_id}:log-group:"
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109: without the account's administrators nobody could manage the key
  #checkov:skip=CKV_AWS_111: without the account's administrators nobody could manage the key
  #checkov:skip=CKV_AWS_356: in a key policy * is the key itself

  statement {
    sid       = "AccountManagesKey"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid       = "LogsEncryptThisClustersGroups"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.region}.${data.aws_partition.current.dns_suffix}"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values = [
        "${local.log_groups_arn}${local.log_group_name}",
        "${local.log_groups_arn}/aws/containerinsights/${var.name}/*",
        "${local.log_groups_arn}${local.managed_log_group_name}",
      ]
    }
  }
}

# Kubernetes secrets and control-plane logs (E6); $1 a month, and as much again for each of its first two rotations.
resource "aws_kms_key" "cluster" {
  description             = "EKS cluster ${var.name}: Kubernetes secrets and control-plane logs"
  deletion_window_in_days = 30
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json

  tags = {
    Name = "${var.name}-cluster"
  }
}

resource "aws_kms_alias" "cluster" {
  name          = "alias/${var.name}-cluster"
  target_key_id = aws_kms_key.cluster.key_id
}
