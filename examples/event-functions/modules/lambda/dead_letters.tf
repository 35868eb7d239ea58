# What was given up waits here for somebody to mend the cause: a queue for each thing that can fail by itself.
locals {
  dead_letter_queues = toset([
    "fan-out-audit",
    "fan-out-notify",
    "queue",
  ])
}

resource "aws_sqs_queue" "dead_letter" {
  for_each = local.dead_letter_queues

  name                      = "${local.prefix}-${each.key}-dead-letter"
  message_retention_seconds = 1209600 # 14 days, the most there is
  sqs_managed_sse_enabled   = true
}

data "aws_iam_policy_document" "dead_letter" {
  for_each = aws_sqs_queue.dead_letter

  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value.arn]

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

  # What EventBridge could not deliver to a subscriber goes to that subscriber's queue.
  dynamic "statement" {
    for_each = contains(keys(local.subscribers), each.key) ? [each.key] : []

    content {
      sid       = "UndeliveredEvents"
      actions   = ["sqs:SendMessage"]
      resources = [each.value.arn]

      principals {
        type        = "Service"
        identifiers = ["events.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [aws_cloudwatch_event_rule.subscriber[statement.value].arn]
      }
    }
  }
}

resource "aws_sqs_queue_policy" "dead_letter" {
  for_each = aws_sqs_queue.dead_letter

  queue_url = each.value.url
  policy    = data.aws_iam_policy_document.dead_letter[each.key].json
}
