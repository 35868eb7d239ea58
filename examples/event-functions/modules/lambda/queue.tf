resource "aws_sqs_queue" "work" {
  name = "${local.prefix}-work"

  # Six times the function's timeout, so that no message is worked on twice at once while Lambda tries again (F1).
  visibility_timeout_seconds = 6 * var.timeout
  message_retention_seconds  = 345600 # 4 days

  # SQS's own key, so that senders need no grant on one of ours. EventBridge and SNS need a statement in the queue's
  # policy.
  sqs_managed_sse_enabled = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter["queue"].arn
    maxReceiveCount     = 5 # a throttled delivery counts too
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  queue_url = aws_sqs_queue.dead_letter["queue"].url

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.work.arn]
  })
}

data "aws_iam_policy_document" "work_queue" {
  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.work.arn]

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

resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.url
  policy    = data.aws_iam_policy_document.work_queue.json
}

resource "aws_iam_role_policy" "take_work" {
  name   = "take-work"
  role   = aws_iam_role.execution["queue"].id
  policy = data.aws_iam_policy_document.take_work.json
}

data "aws_iam_policy_document" "take_work" {
  statement {
    sid       = "TakeWork"
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.work.arn]
  }
}

resource "aws_lambda_event_source_mapping" "work" {
  event_source_arn = aws_sqs_queue.work.arn
  function_name    = aws_lambda_alias.live["queue"].arn
  batch_size       = 10

  # Only what failed comes back, not the whole batch.
  function_response_types = ["ReportBatchItemFailures"]

  # The queue waits; a limit on the function instead would throttle deliveries, and they count as received.
  scaling_config {
    maximum_concurrency = var.maximum_concurrency
  }

  # The mapping is refused until the role may read the queue.
  depends_on = [aws_iam_role_policy.take_work]
}
