# The events of executions that ended badly, to look at and to start again (D7).
resource "aws_sqs_queue" "dead_letter" {
  name                      = "${var.name}-durable-dead-letter"
  message_retention_seconds = 1209600 # 14 days, the most there is
  sqs_managed_sse_enabled   = true

  tags = {
    Name = "${var.name}-durable-dead-letter"
  }
}

data "aws_iam_policy_document" "dead_letter" {
  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.dead_letter.arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "dead_letter" {
  queue_url = aws_sqs_queue.dead_letter.url
  policy    = data.aws_iam_policy_document.dead_letter.json
}
