# Someone else's way to do it right: inline JSON, a function for each entry of a map, alarms by a loop.
locals {
  functions = {
    intake = { timeout = 10, memory = 256 }
    ledger = { timeout = 60, memory = 1024 }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name               = "bank-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.trust.json

  inline_policy {
    name = "own"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        {
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${aws_cloudwatch_log_group.function[each.key].arn}:*"
        },
        {
          Effect   = "Allow"
          Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
          Resource = "*"
        },
        {
          Effect    = "Allow"
          Action    = "kms:Decrypt"
          Resource  = "*"
          Condition = { StringEquals = { "kms:ViaService" = "sqs.eu-west-1.amazonaws.com" } }
        },
      ]
    })
  }
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/bank-${each.key}"
  retention_in_days = 400
}

resource "aws_lambda_function" "function" {
  for_each = local.functions

  function_name = "bank-${each.key}"
  role          = aws_iam_role.function[each.key].arn
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/bank@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  timeout       = each.value.timeout
  memory_size   = each.value.memory

  logging_config {
    log_format = "JSON"
  }

  tracing_config {
    mode = "Active"
  }
}

resource "aws_sqs_queue" "ledger" {
  name                       = "bank-ledger"
  visibility_timeout_seconds = 360
}

resource "aws_sqs_queue" "dead" {
  name = "bank-ledger-dead"
}

resource "aws_sqs_queue_redrive_policy" "ledger" {
  queue_url = aws_sqs_queue.ledger.id

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_lambda_event_source_mapping" "ledger" {
  event_source_arn        = aws_sqs_queue.ledger.arn
  function_name           = aws_lambda_function.function["ledger"].function_name
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 5
  }
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = {
    for pair in setproduct(keys(local.functions), ["Errors", "Throttles"]) : "${pair[0]}-${pair[1]}" => pair
  }

  alarm_name          = "bank-${each.key}"
  namespace           = "AWS/Lambda"
  metric_name         = each.value[1]
  dimensions          = { FunctionName = "bank-${each.value[0]}" }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
}

resource "aws_cloudwatch_metric_alarm" "dead" {
  alarm_name          = "bank-ledger-dead"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.dead.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
}
