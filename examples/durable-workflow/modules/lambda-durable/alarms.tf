# Each costs $0.10 a month. Errors counts invocations, of which an execution has many; the metrics of executions say
# what became of orders (D7).

locals {
  function_names = {
    decisions = aws_lambda_function.decisions.function_name
    orders    = aws_lambda_function.orders.function_name
    workflow  = aws_lambda_function.workflow.function_name
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = local.function_names

  alarm_name          = "${each.value}-errors"
  alarm_description   = "Invocations fail or time out. Steps of the workflow are tried again; an execution fails when they were tried often enough."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = each.value }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  for_each = local.function_names

  alarm_name          = "${each.value}-throttles"
  alarm_description   = "Invocations are refused: the account's concurrency is used up, and executions stand still."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = each.value }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "failed_executions" {
  alarm_name          = "${local.workflow_name}-failed-executions"
  alarm_description   = "Executions of the workflow failed for good: look at their history, then at the dead-letter queue."
  namespace           = "AWS/Lambda"
  metric_name         = "DurableExecutionFailed"
  dimensions          = { FunctionName = aws_lambda_function.workflow.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "timed_out_executions" {
  alarm_name          = "${local.workflow_name}-timed-out-executions"
  alarm_description   = "Executions of the workflow took longer than execution_timeout."
  namespace           = "AWS/Lambda"
  metric_name         = "DurableExecutionTimedOut"
  dimensions          = { FunctionName = aws_lambda_function.workflow.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = "${var.name}-durable-dead-letters"
  alarm_description   = "Events of executions that ended badly wait in the dead-letter queue: mend the cause, then start them again."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letter.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "api_failures" {
  alarm_name          = "${var.name}-durable-api-failures"
  alarm_description   = "The API answers with 5xx: the functions behind it fail. Their logs say why."
  namespace           = "AWS/ApiGateway"
  metric_name         = "5xx"
  dimensions          = { ApiId = aws_apigatewayv2_api.this.id, Stage = aws_apigatewayv2_stage.default.name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}
