# Instances write here from the private subnets: through NAT or the logs endpoint, or not at all (L7).
resource "aws_cloudwatch_log_group" "worker" {
  name              = local.log_group_name
  kms_key_id        = aws_kms_key.logs.arn
  retention_in_days = var.log_retention_days

  tags = {
    Name = local.function_name
  }
}
