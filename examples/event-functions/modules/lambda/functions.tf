data "archive_file" "package" {
  for_each = toset([for each in local.functions : each.folder])

  type        = "zip"
  source_dir  = "${var.functions_dir}/${each.key}/src"
  excludes    = ["**/__pycache__/**", "**/.DS_Store"]
  output_path = "${path.root}/.build/${local.prefix}-${each.key}.zip"

  # The same bytes, and so the same hash, whatever the umask they were built under.
  output_file_mode = "0644"
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_115: concurrency is the account's to share; the queue and the alarms on throttles bound it
  #checkov:skip=CKV_AWS_116: what fails goes where the queue's redrive policy or the on-failure destination says
  #checkov:skip=CKV_AWS_117: nothing in a VPC has to be reached (F4)
  #checkov:skip=CKV_AWS_173: the variables are no secrets, and Lambda encrypts them with its own key
  #checkov:skip=CKV_AWS_272: the package is built from this repository by the pipeline that applies it; nothing signs it

  for_each = local.functions

  function_name    = "${local.prefix}-${each.key}"
  description      = each.value.description
  role             = aws_iam_role.execution[each.key].arn
  architectures    = [var.arch]
  runtime          = var.runtime
  handler          = each.value.handler
  filename         = data.archive_file.package[each.value.folder].output_path
  source_code_hash = data.archive_file.package[each.value.folder].output_base64sha256
  memory_size      = var.memory_size
  timeout          = var.timeout

  # Callers name the alias, so that a version can be gone back to.
  publish = true

  environment {
    variables = merge(
      {
        METRICS_NAMESPACE = local.prefix
        ZONE_ENDPOINTS    = jsonencode(var.zone_endpoints)
      },
      var.fail_in_zone == null ? {} : { FAIL_IN_ZONE = var.fail_in_zone },
      each.value.environment,
    )
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.this[each.key].name
    application_log_level = "INFO"
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [
    aws_iam_role_policy.execution,
  ]
}

# What callers and event sources invoke: its ARN stays when the version behind it changes.
resource "aws_lambda_alias" "live" {
  for_each = aws_lambda_function.this

  name             = "live"
  description      = "The version that takes traffic"
  function_name    = each.value.function_name
  function_version = each.value.version
}
