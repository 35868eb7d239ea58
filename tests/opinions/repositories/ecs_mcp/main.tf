locals {
  servers = {
    search-mcp = { open = true, path = null, idle = 60 }
    wiki-mcp   = { open = false, path = "/healthz", idle = 3600 }
  }
}

resource "aws_lb" "this" {
  for_each = local.servers

  name         = each.key
  idle_timeout = each.value.idle
}

resource "aws_lb_listener" "open" {
  load_balancer_arn = aws_lb.this["search-mcp"].arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"

  default_action {
    type = "forward"

    forward {
      target_group {
        arn = aws_lb_target_group.this["search-mcp"].arn
      }
    }
  }
}

resource "aws_lb_listener" "guarded" {
  load_balancer_arn = aws_lb.this["wiki-mcp"].arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"

  default_action {
    type  = "jwt-validation"
    order = 1

    jwt_validation {
      issuer        = "https://login.example.com"
      jwks_endpoint = "https://login.example.com/keys"
    }
  }

  default_action {
    type             = "forward"
    order            = 2
    target_group_arn = aws_lb_target_group.this["wiki-mcp"].arn
  }
}

resource "aws_lb_target_group" "this" {
  for_each = local.servers

  name        = each.key
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"

  health_check {
    path = each.value.path
  }
}

resource "aws_ecs_service" "this" {
  for_each = local.servers

  name            = each.key
  cluster         = "tools"
  task_definition = each.key

  load_balancer {
    target_group_arn = aws_lb_target_group.this[each.key].arn
    container_name   = "server"
    container_port   = 8080
  }
}
