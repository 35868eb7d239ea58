resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn

  # TLS 1.2 and 1.3, with ciphers that keep past traffic secret (C10).
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"

  # Requests are checked before they reach a task (C16).
  default_action {
    type  = "jwt-validation"
    order = 1

    jwt_validation {
      issuer        = var.jwt.issuer
      jwks_endpoint = var.jwt.jwks_endpoint
    }
  }

  default_action {
    type             = "forward"
    order            = 2
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
