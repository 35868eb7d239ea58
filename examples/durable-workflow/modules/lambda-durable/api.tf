resource "aws_apigatewayv2_api" "this" {
  name          = "${var.name}-durable"
  description   = "Orders: start, look, decide"
  protocol_type = "HTTP"
}

locals {
  # The function behind each route, by what is asked.
  routes = {
    "GET /orders/{order_id}"           = aws_lambda_function.orders.invoke_arn
    "POST /orders"                     = aws_lambda_function.orders.invoke_arn
    "POST /orders/{order_id}/decision" = aws_lambda_function.decisions.invoke_arn
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.routes

  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = each.value
  payload_format_version = "2.0"
}

# No route is open (D5).
resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
  authorization_type = "AWS_IAM"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_burst_limit = var.throttling_burst_limit
    throttling_rate_limit  = var.throttling_rate_limit
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.this["api"].arn

    format = jsonencode({
      requestId        = "$context.requestId"
      time             = "$context.requestTime"
      sourceIp         = "$context.identity.sourceIp"
      caller           = "$context.identity.userArn"
      routeKey         = "$context.routeKey"
      status           = "$context.status"
      responseLatency  = "$context.responseLatency"
      integrationError = "$context.integrationErrorMessage"
      error            = "$context.error.message"
    })
  }
}
