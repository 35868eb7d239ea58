resource "aws_lambda_function" "workflow" {
  #checkov:skip=CKV_AWS_115: a reserve would take concurrency from all other functions; the API's throttle is the limit
  #checkov:skip=CKV_AWS_117: it reaches nothing inside a VPC
  #checkov:skip=CKV_AWS_173: the variables are names and a number, no secrets
  #checkov:skip=CKV_AWS_272: the package is built from this repository by the pipeline that applies it; nothing signs it

  function_name    = local.workflow_name
  description      = "Sees an order through: checks, reservations, an approval, the end"
  role             = aws_iam_role.workflow.arn
  architectures    = [var.arch]
  runtime          = var.runtime
  handler          = "workflow.handler"
  filename         = data.archive_file.workflow.output_path
  source_code_hash = data.archive_file.workflow.output_base64sha256
  memory_size      = 512

  # Of one invocation, not of an execution: it ends at every wait and begins again afterwards.
  timeout = 60

  # An execution stays on the version it began on, so that new code never meets old checkpoints (D2).
  publish = true

  # Cannot be added to a function that exists, nor taken from one: that is another function (D1).
  durable_config {
    execution_timeout = var.execution_timeout
    retention_period  = var.retention_period
  }

  # The events of executions that failed, were stopped or timed out: Lambda does not try a durable one again, and
  # gives it no destinations (D7).
  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letter.arn
  }

  environment {
    variables = {
      PROGRESS_TABLE = aws_dynamodb_table.progress.name

      # Shorter than the execution, so that the workflow can still say that nobody decided.
      APPROVAL_TIMEOUT_SECONDS = max(1, floor(0.9 * var.execution_timeout))
    }
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.this["workflow"].name
    application_log_level = "INFO"
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = "Active"
  }

  # Deleting a durable function takes long while executions run.
  timeouts {
    delete = "60m"
  }

  depends_on = [aws_iam_role_policy.workflow]
}

# What starts executions: a durable function takes no unqualified invocation (D2).
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The version that new executions begin on"
  function_name    = aws_lambda_function.workflow.function_name
  function_version = aws_lambda_function.workflow.version

  lifecycle {
    # Deleting a function deletes its aliases.
    replace_triggered_by = [aws_lambda_function.workflow.arn]
  }
}
