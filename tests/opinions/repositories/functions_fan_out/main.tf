# Two subscribers that share what they should not, and settings that nobody here can know.
variable "role_arn" {
  type = string
}

variable "log_format" {
  type = string
}

variable "visibility_timeout" {
  type = number
}

resource "aws_cloudwatch_log_group" "mail" {
  name              = "/aws/lambda/mail"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_group" "stock" {
  name = "/aws/lambda/stock"
}

resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = var.role_arn

  logging_config {
    log_format = var.log_format
    log_group  = aws_cloudwatch_log_group.mail.name
  }

  tracing_config {
    mode = "Active"
  }
}

resource "aws_lambda_function" "stock" {
  function_name = "stock"
  role          = "arn:aws:iam::111122223333:role/stock"

  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }

  logging_config {
    log_format = "JSON"
  }

  tracing_config {
    mode = "PassThrough"
  }
}

resource "aws_sqs_queue" "failed" {
  name = "failed"
}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.mail.arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
  })
}

resource "aws_sns_topic_subscription" "stock" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.stock.arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
  })
}

resource "aws_sqs_queue" "resize" {
  name                       = "resize"
  visibility_timeout_seconds = var.visibility_timeout

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
    maxReceiveCount     = 4
  })
}

resource "aws_lambda_event_source_mapping" "resize" {
  event_source_arn        = aws_sqs_queue.resize.arn
  function_name           = aws_lambda_function.stock.arn
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 2
  }
}

resource "aws_cloudwatch_metric_alarm" "stock" {
  for_each = toset(["Errors", "Throttles"])

  alarm_name          = "stock-${each.key}"
  namespace           = "AWS/Lambda"
  metric_name         = each.key
  dimensions          = { FunctionName = aws_lambda_function.stock.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
}
