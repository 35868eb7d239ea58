# Whoever the listener lets through; without a firewall of yours in front.
resource "aws_lb" "this" {
  #checkov:skip=CKV2_AWS_28: which requests a web firewall should refuse depends on the service
  #checkov:skip=CKV_AWS_150: the environments decide, and production has it

  name               = "${local.short_name}-ecs"
  load_balancer_type = "application"
  internal           = false
  subnets            = values(var.load_balancer_subnet_ids)
  security_groups    = [aws_security_group.load_balancer.id]

  idle_timeout               = var.idle_timeout
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection

  access_logs {
    bucket  = aws_s3_bucket.access_logs.id
    enabled = true
  }

  tags = {
    Name = "${var.name}-ecs"
  }

  # It writes a test file at once.
  depends_on = [aws_s3_bucket_policy.access_logs]
}

# Two target groups: one serves, and the next version starts in the other (C11).
resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378: TLS ends at the load balancer; beyond it traffic stays in the private subnets
  for_each = toset(["a", "b"])

  name                 = "${local.short_name}-ecs-${each.key}"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = 80 # of targets that name none; ECS names the container's
  deregistration_delay = "30"

  health_check {
    path                = var.health_path
    matcher             = "200"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  tags = {
    Name = "${var.name}-ecs-${each.key}"
  }
}

resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-ecs-load-balancer"
  description = "Load balancer of ${var.name}: HTTPS in, the tasks out"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-ecs-load-balancer"
  }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_https" {
  for_each = var.client_cidrs_ipv4

  security_group_id = aws_security_group.load_balancer.id
  description       = "HTTPS of clients"
  cidr_ipv4         = each.key
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_http" {
  #checkov:skip=CKV_AWS_260: plain HTTP is answered with where HTTPS is, and with nothing else
  for_each = var.client_cidrs_ipv4

  security_group_id = aws_security_group.load_balancer.id
  description       = "HTTP of clients, to be sent on to HTTPS"
  cidr_ipv4         = each.key
  from_port         = 80
  to_port           = 80
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_to_tasks" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Requests and health checks"
  referenced_security_group_id = aws_security_group.tasks.id
  from_port                    = var.container_port
  to_port                      = var.container_port
  ip_protocol                  = "tcp"
}
