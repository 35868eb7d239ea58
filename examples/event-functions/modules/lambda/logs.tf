resource "aws_cloudwatch_log_group" "this" {
  for_each = local.functions

  name              = "/aws/lambda/${local.prefix}-${each.key}"
  kms_key_id        = aws_kms_key.this.arn
  retention_in_days = var.log_retention_days
}
