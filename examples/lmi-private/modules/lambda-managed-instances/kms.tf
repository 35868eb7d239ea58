# $1 a month. The instances' volumes keep the AWS managed key: what Managed Instances needs of another one is not
# documented.
resource "aws_kms_key" "logs" {
  description             = "Logs of ${local.function_name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  tags = {
    Name = "${var.name}-lmi-logs"
  }
}

resource "aws_kms_alias" "logs" {
  name          = "alias/${var.name}-lmi-logs"
  target_key_id = aws_kms_key.logs.key_id
}

resource "aws_kms_key_policy" "logs" {
  key_id = aws_kms_key.logs.key_id
  policy = data.aws_iam_policy_document.logs_key.json
}

data "aws_iam_policy_document" "logs_key" {
  #checkov:skip=CKV_AWS_109: in a key policy * is this key, and without the account's administrators nobody could change it
  #checkov:skip=CKV_AWS_111: in a key policy * is this key, and without the account's administrators nobody could change it
  #checkov:skip=CKV_AWS_356: in a key policy * is this key

  statement {
    sid       = "AccountAdministers"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid = "CloudWatchLogsEncrypts"
    actions = [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey*",
      "kms:ReEncrypt*",
    ]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${data.aws_region.current.region}.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values = [join(":", [
        "arn",
        data.aws_partition.current.partition,
        "logs",
        data.aws_region.current.region,
        data.aws_caller_identity.current.account_id,
        "log-group:/aws/lambda/${local.function_name}",
      ])]
    }
  }
}
