# Every alarm costs $0.10 a month. Capacity grows after the load, never with it: these say when it lags (L8).

resource "aws_cloudwatch_metric_alarm" "throttles" {
  alarm_name          = "${local.function_name}-throttles"
  alarm_description   = "Invocations are refused. ConcurrencyThrottles, CPUThrottles, MemoryThrottles and DiskThrottles say what ran out."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.worker.function_name }
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

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.function_name}-errors"
  alarm_description   = "Invocations fail or time out. Code that timed out is still running: look for its request id."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.worker.function_name }
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

resource "aws_cloudwatch_metric_alarm" "cpu_utilization" {
  alarm_name          = "${var.name}-lmi-cpu-utilization"
  alarm_description   = "The instances are busy and no more are coming: max_vcpu_count may be reached."
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  threshold           = 80
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns

  # The metric has the instance type as a second dimension, and Lambda chooses the type.
  metric_query {
    id          = "cpu"
    label       = "CPUUtilization over all instance types"
    expression  = "SELECT AVG(CPUUtilization) FROM SCHEMA(\"AWS/Lambda\", CapacityProviderName, InstanceType) WHERE CapacityProviderName = '${aws_lambda_capacity_provider.this.name}'"
    period      = 300
    return_data = true
  }
}

# Lambda publishes no metric of unhealthy execution environments. The nearest sign is the platform's log line of one that
# did not start: an extension or the code's initialisation crashed, or took longer than its 15 minutes (L12).
resource "aws_cloudwatch_log_metric_filter" "failed_starts" {
  name           = "${local.function_name}-failed-starts"
  log_group_name = aws_cloudwatch_log_group.worker.name
  pattern        = "{ $.type = \"platform.init*\" && ($.record.status = \"error\" || $.record.status = \"failure\" || $.record.status = \"timeout\") }"

  metric_transformation {
    namespace = "LambdaManagedInstances"
    name      = "${local.function_name}-FailedStarts"
    value     = "1"
    unit      = "Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "failed_starts" {
  alarm_name          = "${local.function_name}-failed-starts"
  alarm_description   = "Execution environments fail to start: an extension or the code's initialisation crashes, or is too slow."
  namespace           = aws_cloudwatch_log_metric_filter.failed_starts.metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.failed_starts.metric_transformation[0].name
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
  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "Work was given up: mend the cause, then redrive the dead-letter queue."
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

resource "aws_cloudwatch_metric_alarm" "oldest_message" {
  alarm_name          = "${var.name}-oldest-message"
  alarm_description   = "Work has waited for a quarter of an hour: capacity does not keep up."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.work.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  threshold           = 900 # seconds
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}
