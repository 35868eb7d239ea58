# Tasks write from the private subnets: through NAT or the logs endpoint (C8).
resource "aws_cloudwatch_log_group" "this" {
  for_each = local.log_groups

  name              = each.value
  kms_key_id        = aws_kms_key.this.arn
  retention_in_days = var.log_retention_days

  tags = {
    Name = "${var.name}-ecs-${each.key}"
  }
}
