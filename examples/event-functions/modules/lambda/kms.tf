# $1 a month.
resource "aws_kms_key" "this" {
  description             = "Logs of the functions of ${var.name}"
  deletion_window_in_days = 30
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json

  tags = {
    Name = local.prefix
  }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${local.prefix}"
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
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
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

    # Spelled out, since the key's policy names the log groups and the log groups name the key.
    condition {
      test     = "ArnEquals"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = [for key in keys(local.functions) : "${local.log_group_arn}:/aws/lambda/${local.prefix}-${key}"]
    }
  }
}
