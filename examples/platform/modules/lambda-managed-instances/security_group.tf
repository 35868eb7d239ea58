# Nothing comes in: invocations do not arrive through the VPC (L2).
resource "aws_security_group" "instances" {
  #checkov:skip=CKV2_AWS_5: the capacity provider attaches it to the instances it starts

  name        = "${var.name}-lmi"
  description = "Lambda Managed Instances of ${var.name}: HTTPS out, nothing in"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-lmi"
  }
}

# DNS needs no rule: security groups do not filter the VPC's own resolver.
resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.instances.id
  description       = "HTTPS to AWS services and to whatever else the code calls"
  cidr_ipv4         = var.egress_cidr_ipv4
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}
