locals {
  # Under /aws/vendedlogs/: the delivery service names every other group in one policy of the account, which fills up.
  query_log_group_name = "/aws/vendedlogs/vpc/${var.name}/queries"
  query_log_group_arn  = "arn:${data.aws_partition.current.partition}:logs:${var.region}:${data.aws_caller_identity.current.account_id}:log-group:${local.query_log_group_name}"
}

# Which names the workloads looked up; never in one log with another environment's (N8).
resource "aws_route53_resolver_query_log_config" "this" {
  count = var.query_logs ? 1 : 0

  name            = "${var.name}-queries"
  destination_arn = aws_cloudwatch_log_group.queries[0].arn

  tags = {
    Name = "${var.name}-queries"
  }

  # Without a policy of our own, AWS would write one for all that it delivers.
  depends_on = [aws_cloudwatch_log_resource_policy.queries]
}

resource "aws_route53_resolver_query_log_config_association" "this" {
  count = var.query_logs ? 1 : 0

  resolver_query_log_config_id = aws_route53_resolver_query_log_config.this[0].id
  resource_id                  = aws_vpc.this.id
}

resource "aws_cloudwatch_log_group" "queries" {
  count = var.query_logs ? 1 : 0

  name              = local.query_log_group_name
  kms_key_id        = aws_kms_key.queries[0].arn
  retention_in_days = var.log_retention_days

  tags = {
    Name = "${var.name}-queries"
  }
}

resource "aws_cloudwatch_log_resource_policy" "queries" {
  count = var.query_logs ? 1 : 0

  policy_name     = "${var.name}-queries"
  policy_document = data.aws_iam_policy_document.queries.json
}

data "aws_iam_policy_document" "queries" {
  statement {
    sid       = "ResolverWritesQueries"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.query_log_group_arn}:log-stream:*"]

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

# A key of its own, so that whoever reads flow logs does not read this; $1 a month.
resource "aws_kms_key" "queries" {
  count = var.query_logs ? 1 : 0

  description             = "DNS queries of ${var.name}"
  deletion_window_in_days = 30
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.queries_key.json

  tags = {
    Name = "${var.name}-queries"
  }
}

resource "aws_kms_alias" "queries" {
  count = var.query_logs ? 1 : 0

  name          = "alias/${var.name}-queries"
  target_key_id = aws_kms_key.queries[0].key_id
}

data "aws_iam_policy_document" "queries_key" {
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
    sid       = "LogsEncryptThisGroup"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.region}.${data.aws_partition.current.dns_suffix}"]
    }

    condition {
      test     = "ArnEquals"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = [local.query_log_group_arn]
    }
  }
}
