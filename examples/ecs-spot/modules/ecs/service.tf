resource "aws_ecs_service" "this" {
  name            = "${var.name}-ecs"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.min_tasks

  # The first two tasks stay off Spot; beyond them four of five are on it (C2).
  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 2
    weight            = 1
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 4
  }

  network_configuration {
    subnets          = values(var.private_subnet_ids)
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = false
  }

  # Tasks are spread over the zones, and moved when one has too many (C12).
  availability_zone_rebalancing = "ENABLED"

  enable_execute_command  = false
  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # A new version comes beside the old one, never instead of it (C11).
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  # A version whose tasks do not stay up goes back by itself.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # So does one that makes these go off.
  alarms {
    enable      = true
    rollback    = true
    alarm_names = [aws_cloudwatch_metric_alarm.errors.alarm_name, aws_cloudwatch_metric_alarm.unavailable.alarm_name]
  }

  health_check_grace_period_seconds = 60

  load_balancer {
    container_name   = "app"
    container_port   = var.container_port
    target_group_arn = aws_lb_target_group.this.arn
  }

  # Other services of the cluster call it http://app:PORT (C13).
  service_connect_configuration {
    enabled   = true
    namespace = aws_service_discovery_http_namespace.this.arn

    service {
      port_name      = "http"
      discovery_name = "app"

      client_alias {
        dns_name = "app"
        port     = var.container_port
      }

      # Without these the proxy beside the container ends every request after 15 seconds.
      timeout {
        idle_timeout_seconds        = var.idle_timeout
        per_request_timeout_seconds = 0
      }
    }

    log_configuration {
      log_driver = "awslogs"

      options = {
        awslogs-group         = aws_cloudwatch_log_group.this["container"].name
        awslogs-region        = var.region
        awslogs-stream-prefix = "proxy"
        max-buffer-size       = "25m"
        mode                  = "non-blocking"
      }
    }
  }

  tags = {
    Name = "${var.name}-ecs"
  }

  # Application Auto Scaling owns it (C12).
  lifecycle {
    ignore_changes = [desired_count]
  }

  # Tasks need these from their first start until the last one has ended.
  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy.execution,
    aws_lb_listener.https,
    aws_vpc_security_group_egress_rule.tasks_https,
  ]
}
