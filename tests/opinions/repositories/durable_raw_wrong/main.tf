# Everything a first attempt gets wrong.
resource "aws_lambda_function" "claims" {
  function_name = "claims"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  role          = aws_iam_role.shared.arn

  durable_config {
    execution_timeout = 86400
  }
}

resource "aws_lambda_function" "api" {
  function_name = "api"
  runtime       = "python3.13"
  handler       = "api.handler"
  filename      = "app.zip"
  role          = aws_iam_role.shared.arn

  environment {
    variables = {
      CLAIMS = aws_lambda_function.claims.arn
    }
  }
}

resource "aws_iam_role" "shared" {
  name               = "shared"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "shared" {
  role = aws_iam_role.shared.id
  policy = jsonencode({
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "lambda:CheckpointDurableExecution",
          "lambda:GetDurableExecutionState",
          "lambda:SendDurableExecutionCallbackSuccess",
        ]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "dynamodb:*"
        Resource = aws_dynamodb_table.claims.arn
      },
    ]
  })
}

resource "aws_iam_role" "approver" {
  name               = "approver"
  assume_role_policy = "{}"
}

data "aws_iam_policy_document" "approver" {
  statement {
    actions   = ["lambda:SendDurableExecutionCallbackSuccess"]
    resources = [aws_lambda_function.claims.arn]
  }

  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "approver" {
  role   = aws_iam_role.approver.id
  policy = data.aws_iam_policy_document.approver.json
}

resource "aws_dynamodb_table" "claims" {
  name           = "claims"
  hash_key       = "id"
  read_capacity  = 5
  write_capacity = 5

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_apigatewayv2_api" "claims" {
  name          = "claims"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "claims" {
  api_id           = aws_apigatewayv2_api.claims.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.claims.invoke_arn
}

resource "aws_apigatewayv2_route" "claims" {
  api_id    = aws_apigatewayv2_api.claims.id
  route_key = "POST /claims"
  target    = "integrations/${aws_apigatewayv2_integration.claims.id}"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.claims.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_lambda_permission" "api" {
  function_name = aws_lambda_function.claims.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "claims-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.claims.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
}
