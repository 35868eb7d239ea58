# What the workflow's steps may do: add your own statements here.
resource "aws_iam_role" "workflow" {
  name               = local.workflow_name
  description        = "The rights of the code of ${local.workflow_name}"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

resource "aws_iam_role_policy" "workflow" {
  name   = "workflow"
  role   = aws_iam_role.workflow.id
  policy = data.aws_iam_policy_document.workflow.json
}

data "aws_iam_policy_document" "workflow" {
  # The managed policy AWSLambdaBasicDurableExecutionRolePolicy allows the same on every durable function of the
  # account; this is for the workflow's own executions (D3).
  statement {
    sid       = "KeepCheckpoints"
    actions   = ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"]
    resources = [local.executions_arn]
  }

  statement {
    sid       = "RecordProgress"
    actions   = ["dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.progress.arn]
  }

  statement {
    sid       = "EncryptProgress"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = [aws_kms_key.this.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["dynamodb.${var.region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "SetFailedEventsAside"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letter.arn]
  }

  statement {
    sid       = "WriteOwnLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this["workflow"].arn}:*"]
  }

  # X-Ray has no narrower resource than *.
  statement {
    sid       = "WriteTraces"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }
}
