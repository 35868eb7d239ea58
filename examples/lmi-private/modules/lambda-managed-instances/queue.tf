locals {
  queues = {
    dead_letter = aws_sqs_queue.dead_letter
    work        = aws_sqs_queue.work
  }
}

# Work waits here while capacity grows: more than twice the traffic within five minutes is throttled (L8).
resource "aws_sqs_queue" "work" {
  name = "${var.name}-work"

  # Six times the function's timeout, as AWS advises, so that no message is worked on twice at once.
  visibility_timeout_seconds = 6 * var.timeout
  message_retention_seconds  = 345600 # 4 days

  # SQS's own key, so that senders need no grant on one of ours. EventBridge and SNS need a statement in the queue's
  # policy.
  sqs_managed_sse_enabled = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
    maxReceiveCount     = 10 # a throttled delivery counts too
  })

  tags = {
    Name = "${var.name}-work"
  }
}

resource "aws_sqs_queue" "dead_letter" {
  name                      = "${var.name}-dead-letter"
  message_retention_seconds = 1209600 # 14 days, the most there is
  sqs_managed_sse_enabled   = true

  tags = {
    Name = "${var.name}-dead-letter"
  }
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  queue_url = aws_sqs_queue.dead_letter.url

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.work.arn]
  })
}

data "aws_iam_policy_document" "tls_only" {
  for_each = local.queues

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
}

resource "aws_sqs_queue_policy" "tls_only" {
  for_each = local.queues

  queue_url = each.value.url
  policy    = data.aws_iam_policy_document.tls_only[each.key].json
}

resource "aws_lambda_event_source_mapping" "work" {
  event_source_arn = aws_sqs_queue.work.arn
  function_name    = aws_lambda_alias.live.arn
  batch_size       = 10

  # Only what failed comes back, not the whole batch.
  function_response_types = ["ReportBatchItemFailures"]

  # The mapping is refused until the role may read the queue.
  depends_on = [aws_iam_role_policy.execution]
}
