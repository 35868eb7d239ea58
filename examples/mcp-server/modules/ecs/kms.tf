# $1 a month, for everything of ECS that is kept: logs, images.
resource "aws_kms_key" "this" {
  description             = "Logs and images of ${var.name}-ecs"
  deletion_window_in_days = 30
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json

  tags = {
    Name = "${var.name}-ecs"
  }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}-ecs"
  target_key_id = aws_kms_key.this.key_id
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
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  statement {
    sid       = "LogsEncryptTheseGroups"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.region}.${data.aws_partition.current.dns_suffix}"]
    }

    condition {
      test     = "ArnEquals"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values = [
        for name in values(local.log_groups) :
        "arn:${local.partition}:logs:${var.region}:${local.account_id}:log-group:${name}"
      ]
    }
  }
}
