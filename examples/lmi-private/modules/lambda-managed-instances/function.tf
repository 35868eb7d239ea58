data "archive_file" "worker" {
  type        = "zip"
  source_dir  = var.source_dir
  excludes    = ["**/__pycache__/**", "**/.DS_Store"]
  output_path = "${path.root}/.build/${local.function_name}.zip"

  # The same bytes, and so the same hash, whatever the umask they were built under.
  output_file_mode = "0644"
}

resource "aws_lambda_function" "worker" {
  #checkov:skip=CKV_AWS_115: Managed Instances has no reserved concurrency; max_vcpu_count is the limit
  #checkov:skip=CKV_AWS_117: the capacity provider holds the subnets; vpc_config conflicts with it
  #checkov:skip=CKV_AWS_272: the package is built from this repository by the pipeline that applies it; nothing signs it
  #checkov:skip=CKV_AWS_116: work comes from a queue, which has the dead-letter queue

  function_name    = local.function_name
  description      = "Works on Lambda Managed Instances"
  role             = aws_iam_role.execution.arn
  architectures    = [var.arch]
  runtime          = var.runtime
  handler          = var.handler
  filename         = data.archive_file.worker.output_path
  source_code_hash = data.archive_file.worker.output_base64sha256
  memory_size      = var.memory_size
  timeout          = var.timeout

  # $LATEST never runs on an instance (L5). One version that moves, since each numbered one would keep three execution
  # environments running, and a capacity provider holds no more than 100.
  publish    = true
  publish_to = "LATEST_PUBLISHED"

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn                     = aws_lambda_capacity_provider.this.arn
      execution_environment_memory_gib_per_vcpu = var.execution_environment_memory_gib_per_vcpu
      per_execution_environment_max_concurrency = var.per_execution_environment_max_concurrency
    }
  }

  # Managed Instances logs JSON only.
  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.worker.name
    application_log_level = "INFO"
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = "Active"
  }

  # Publishing waits until three instances run and the code has started, which may take 15 minutes (L12).
  timeouts {
    create = "30m"
    update = "30m"
  }

  lifecycle {
    # A capacity provider with versions attached cannot be deleted, and a function cannot leave its own: when Terraform
    # replaces the capacity provider, the function goes first and comes back on the new one (L14).
    replace_triggered_by = [aws_lambda_capacity_provider.this.arn]
  }

  depends_on = [aws_iam_role_policy.execution]
}

# What callers invoke: its ARN stays when the version behind it changes (L5).
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The version that takes traffic"
  function_name    = aws_lambda_function.worker.function_name
  function_version = "$LATEST.PUBLISHED"

  lifecycle {
    # Deleting a function deletes its aliases.
    replace_triggered_by = [aws_lambda_function.worker.arn]
  }
}
