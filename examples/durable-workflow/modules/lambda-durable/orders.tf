# Starts an execution and answers at once; a request through the API may last 30 seconds, an execution a year.
resource "aws_lambda_function" "orders" {
  #checkov:skip=CKV_AWS_115: a reserve would take concurrency from all other functions; the API's throttle is the limit
  #checkov:skip=CKV_AWS_116: the API waits for its answer and passes a failure on to the caller
  #checkov:skip=CKV_AWS_117: it reaches nothing inside a VPC
  #checkov:skip=CKV_AWS_173: the variables are names, no secrets
  #checkov:skip=CKV_AWS_272: the package is built from this repository by the pipeline that applies it; nothing signs it

  function_name    = local.orders_name
  description      = "Starts the workflow for an order, and says how far one is"
  role             = aws_iam_role.orders.arn
  architectures    = [var.arch]
  runtime          = var.runtime
  handler          = "orders.handler"
  filename         = data.archive_file.workflow.output_path
  source_code_hash = data.archive_file.workflow.output_base64sha256
  memory_size      = 512
  timeout          = 10

  environment {
    variables = {
      PROGRESS_TABLE = aws_dynamodb_table.progress.name

      # The alias: a durable function takes no unqualified invocation (D2).
      WORKFLOW_ARN = aws_lambda_alias.live.arn
    }
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.this["orders"].name
    application_log_level = "INFO"
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [aws_iam_role_policy.orders]
}

resource "aws_iam_role" "orders" {
  name               = local.orders_name
  description        = "The rights of the code of ${local.orders_name}"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

resource "aws_iam_role_policy" "orders" {
  name   = "orders"
  role   = aws_iam_role.orders.id
  policy = data.aws_iam_policy_document.orders.json
}

data "aws_iam_policy_document" "orders" {
  statement {
    sid       = "StartExecutions"
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_alias.live.arn]
  }

  statement {
    sid       = "ReadProgress"
    actions   = ["dynamodb:GetItem"]
    resources = [aws_dynamodb_table.progress.arn]
  }

  statement {
    sid       = "DecryptProgress"
    actions   = ["kms:Decrypt", "kms:DescribeKey"]
    resources = [aws_kms_key.this.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["dynamodb.${var.region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "WriteOwnLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this["orders"].arn}:*"]
  }

  # X-Ray has no narrower resource than *.
  statement {
    sid       = "WriteTraces"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }
}

resource "aws_lambda_permission" "orders" {
  statement_id  = "ApiInvokes"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*/orders*"
}
