# Only the load balancer comes in (C9).
resource "aws_security_group" "tasks" {
  name        = "${var.name}-ecs-tasks"
  description = "ECS tasks of ${var.name}: HTTPS out, the load balancer in"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-ecs-tasks"
  }
}

resource "aws_vpc_security_group_ingress_rule" "tasks_from_load_balancer" {
  security_group_id            = aws_security_group.tasks.id
  description                  = "Requests and health checks of the load balancer"
  referenced_security_group_id = aws_security_group.load_balancer.id
  from_port                    = var.container_port
  to_port                      = var.container_port
  ip_protocol                  = "tcp"
}

# DNS needs no rule: security groups do not filter the VPC's own resolver.
resource "aws_vpc_security_group_egress_rule" "tasks_https" {
  security_group_id = aws_security_group.tasks.id
  description       = "HTTPS to AWS services and to whatever else the code calls"
  cidr_ipv4         = var.egress_cidr_ipv4
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}
