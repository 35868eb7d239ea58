# The security boundary: functions on one capacity provider share its instances, and containers are no wall between
# them. One capacity provider for each trust zone (L11).
resource "aws_lambda_capacity_provider" "this" {
  name = var.name

  vpc_config {
    # Lambda spreads its first three instances over these (L2).
    subnet_ids         = values(var.private_subnet_ids)
    security_group_ids = [aws_security_group.instances.id]
  }

  permissions_config {
    capacity_provider_operator_role_arn = aws_iam_role.operator.arn
  }

  instance_requirements {
    architectures = [var.arch]
  }

  capacity_provider_scaling_config {
    max_vcpu_count = var.max_vcpu_count
    scaling_mode   = "Auto"
  }

  tags = {
    Name = var.name
  }

  # Instances need these from their first start until their last one has ended.
  depends_on = [
    aws_iam_role_policy_attachment.operator,
    aws_vpc_security_group_egress_rule.https,
    aws_vpc_security_group_egress_rule.gateway_endpoint,
  ]
}
