# Passes a person's decision on to the execution that waits for it.
resource "aws_lambda_function" "decisions" {
  #checkov:skip=CKV_AWS_115: a reserve would take concurrency from all other functions; the API's throttle is the limit
  #checkov:skip=CKV_AWS_116: the API waits for its answer and passes a failure on to the caller
  #checkov:skip=CKV_AWS_117: it reaches nothing inside a VPC
  #checkov:skip=CKV_AWS_173: the variables are names, no secrets
  #checkov:skip=CKV_AWS_272: the package is built from this repository by the pipeline that applies it; nothing signs it

  function_name    = local.decisions_name
  description      = "Approves or rejects an order that waits for it"
  role             = aws_iam_role.decisions.arn
  architectures    = [var.arch]
  runtime          = var.runtime
  handler          = "decisions.handler"
  filename         = data.archive_file.workflow.output_path
  source_code_hash = data.archive_file.workflow.output_base64sha256
  memory_size      = 512
  timeout          = 10

  environment {
    variables = {
      PROGRESS_TABLE = aws_dynamodb_table.progress.name
    }
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.this["decisions"].name
    application_log_level = "INFO"
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [aws_iam_role_policy.decisions]
}

resource "aws_iam_role" "decisions" {
  name               = local.decisions_name
  description        = "The rights of the code of ${local.decisions_name}"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

resource "aws_iam_role_policy" "decisions" {
  name   = "decisions"
  role   = aws_iam_role.decisions.id
  policy = data.aws_iam_policy_document.decisions.json
}

data "aws_iam_policy_document" "decisions" {
  # Who holds this can let any waiting execution of the workflow go on, and do nothing else to it (D4).
  statement {
    sid       = "CompleteCallbacks"
    actions   = ["lambda:SendDurableExecutionCallbackFailure", "lambda:SendDurableExecutionCallbackSuccess"]
    resources = [local.executions_arn]
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
    resources = ["${aws_cloudwatch_log_group.this["decisions"].arn}:*"]
  }

  # X-Ray has no narrower resource than *.
  statement {
    sid       = "WriteTraces"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }
}

resource "aws_lambda_permission" "decisions" {
  statement_id  = "ApiInvokes"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.decisions.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*/orders/*/decision"
}
