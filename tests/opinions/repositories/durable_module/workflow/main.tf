variable "name" {
  type = string
}

variable "role_arn" {
  type = string
}

variable "days" {
  type    = number
  default = 7
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  runtime       = "nodejs24.x"
  handler       = "index.handler"
  filename      = "index.zip"
  role          = var.role_arn
  publish       = true

  durable_config {
    execution_timeout = var.days * 86400
    retention_period  = 14
  }

  dead_letter_config {
    target_arn = "arn:aws:sqs:eu-west-1:123456789012:${var.name}-failed"
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version
}

resource "aws_lambda_permission" "events" {
  function_name = aws_lambda_function.this.function_name
  qualifier     = aws_lambda_alias.live.name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
}
