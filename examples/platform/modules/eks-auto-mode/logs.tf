# EKS writes to this name only, and creates the group itself, for ever and unencrypted, when it is not there first (E7).
resource "aws_cloudwatch_log_group" "cluster" {
  name              = local.log_group_name
  kms_key_id        = aws_kms_key.cluster.arn
  retention_in_days = var.log_retention_days

  tags = {
    Name = "${var.name}-cluster"
  }
}
