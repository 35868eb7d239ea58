data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  function_name = "${var.name}-worker"

  # Spelled out, since the key's policy names the log group and the log group names the key.
  log_group_name = "/aws/lambda/${local.function_name}"
  log_group_arn  = "arn:${data.aws_partition.current.partition}:logs:${var.region}:${data.aws_caller_identity.current.account_id}:log-group:${local.log_group_name}"
}
