# One stack, policies as JSON, an image instead of a package.
provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "me" {}

resource "aws_lambda_function" "onboarding" {
  function_name = "onboarding"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/onboarding@sha256:0a0a"
  role          = aws_iam_role.onboarding.arn
  publish       = true

  durable_config {
    execution_timeout = 2592000
    retention_period  = 30
  }

  dead_letter_config {
    target_arn = aws_sns_topic.failed.arn
  }

  environment {
    variables = {
      STATUS = "onboarding-status"
    }
  }
}

resource "aws_lambda_alias" "prod" {
  name             = "prod"
  function_name    = aws_lambda_function.onboarding.arn
  function_version = aws_lambda_function.onboarding.version
}

resource "aws_cloudwatch_event_target" "signup" {
  rule = "signup"
  arn  = aws_lambda_alias.prod.arn
}

resource "aws_sns_topic" "failed" {
  name = "onboarding-failed"
}

resource "aws_iam_role" "onboarding" {
  name               = "onboarding"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy_attachment" "durable" {
  role       = aws_iam_role.onboarding.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicDurableExecutionRolePolicy"
}

resource "aws_dynamodb_table" "status" {
  name         = "onboarding-status"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key_arn
  }
}

variable "key_arn" {
  type = string
}

resource "aws_iam_role" "desk" {
  name               = "desk"
  assume_role_policy = "{}"

  inline_policy {
    name = "callbacks"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = "lambda:SendDurableExecutionCallback*"
        Resource = "arn:aws:lambda:eu-west-1:${data.aws_caller_identity.me.account_id}:function:onboarding:*"
      }]
    })
  }
}

resource "aws_cloudwatch_metric_alarm" "bad_end" {
  for_each = toset(["DurableExecutionFailed", "DurableExecutionTimedOut"])

  alarm_name          = "onboarding-${each.value}"
  namespace           = "AWS/Lambda"
  metric_name         = each.value
  dimensions          = { FunctionName = "onboarding" }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
}
