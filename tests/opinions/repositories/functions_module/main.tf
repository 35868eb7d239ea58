variable "mappings" {
  type = map(any)
}

variable "queue_arn" {
  type = string
}

variable "statements" {
  type = any
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 30
}

resource "aws_sqs_queue" "failed" {
  name = "failed"
}

module "wide" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 7.0"

  function_name = "wide"
  timeout       = 30

  attach_policies    = true
  number_of_policies = 1
  policies           = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]

  attach_policy_statements = true
  policy_statements = {
    workers = {
      effect    = "Allow"
      actions   = ["lambda:InvokeFunction"]
      resources = ["*"]
    }
  }

  event_source_mapping = {
    orders = {
      event_source_arn = aws_sqs_queue.orders.arn
    }
  }

  create_async_event_config = true
}

module "unknown" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 7.0"

  function_name = "unknown"

  attach_policy_statements = true
  policy_statements        = var.statements

  event_source_mapping = var.mappings
}

module "narrow" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 7.0"

  function_name = "narrow"
  tracing_mode  = "Active"

  logging_log_format                = "JSON"
  cloudwatch_logs_retention_in_days = 30

  dead_letter_target_arn    = aws_sqs_queue.failed.arn
  attach_dead_letter_policy = true

  attach_policy_json = true
  policy_json = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [aws_sqs_queue.orders.arn]
    }]
  })

  event_source_mapping = {
    elsewhere = {
      event_source_arn        = var.queue_arn
      function_response_types = ["ReportBatchItemFailures"]
      scaling_config          = { maximum_concurrency = 5 }
    }
  }

  create_async_event_config = true
  destination_on_failure    = aws_sqs_queue.failed.arn
}
