data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  workflow_name  = "${var.name}-durable-workflow"
  orders_name    = "${var.name}-durable-orders"
  decisions_name = "${var.name}-durable-decisions"

  # Spelled out, since the workflow's role names the workflow and the workflow names its role. The executions of a
  # durable function belong to its versions, and no version has the bare ARN: hence the colon and the star.
  executions_arn = "arn:${local.partition}:lambda:${var.region}:${local.account}:function:${local.workflow_name}:*"

  # Likewise, since the key's policy names the log groups and they name the key. Groups below /aws/vendedlogs/ need no
  # entry of their own in the account's policy of at most 5,120 characters that lets API Gateway write.
  log_groups = {
    api       = "/aws/vendedlogs/apis/${var.name}-durable"
    decisions = "/aws/lambda/${local.decisions_name}"
    orders    = "/aws/lambda/${local.orders_name}"
    workflow  = "/aws/lambda/${local.workflow_name}"
  }
}

# One package for all three functions: they share what they know of an order, and one build.
data "archive_file" "workflow" {
  type        = "zip"
  source_dir  = var.source_dir
  output_path = "${path.root}/.build/${local.workflow_name}.zip"

  # pip writes paths of the machine it runs on into bin/ and RECORD, and the functions need neither.
  excludes = ["**/__pycache__/**", "**/.DS_Store", "bin/**", "*.dist-info/RECORD"]

  # The same bytes, and so the same hash, whatever the umask they were built under.
  output_file_mode = "0644"
}

data "aws_iam_policy_document" "lambda_trust" {
  statement {
    sid     = "LambdaRunsTheFunction"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
